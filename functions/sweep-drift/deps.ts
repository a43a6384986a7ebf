import { vendorClients } from "#shared/connectors/clients.ts";
import { connectorOf } from "#shared/connectors/registry.ts";
import { Failure } from "#shared/domain/failure.ts";
import { connectionOf } from "#shared/domain/policy.ts";
import type { SweepOrder } from "#shared/messages/hint.ts";
import type { Readable } from "#shared/pipeline/reading.ts";
import type { SweepPorts } from "#shared/pipeline/sweep.ts";
import { clockAt } from "#shared/runtime/clock.ts";
import { readAws, readEnv } from "#shared/runtime/env.ts";
import { s3Archive } from "#shared/store/archive.ts";
import { dynamoClient } from "#shared/store/client.ts";
import { openCell, openStore } from "#shared/store/open.ts";
import { secretsManager } from "#shared/store/secrets.ts";
import { signedCalls } from "#shared/store/signed-call.ts";
import { sqsClient, sqsQueues } from "#shared/store/sqs-queues.ts";
import { envSchema } from "./env.ts";

export interface Deps {
  /** What the order names. Throws Failure `bad-input` for a company, connection or stream nobody configured. */
  sweepOf(order: SweepOrder): Promise<{ readonly readable: Readable; readonly ports: Omit<SweepPorts, "timeLeftMs"> }>;
}

/** The live adapters: the only place of this function that makes clients. */
export function liveDeps(): Deps {
  const env = readEnv(envSchema);
  const access = readAws();
  const aws = signedCalls(access);
  const clock = clockAt(env.PLUMBLINE_CLOCK_URL);
  const archive = s3Archive(aws, env.ARCHIVE_BUCKET);
  const queues = sqsQueues(sqsClient(access), { hints: env.HINT_QUEUES, inbound: env.INBOUND_QUEUE_URL });
  const table = { client: dynamoClient(access), tableName: env.TABLE_NAME };
  const { config } = openCell(table);
  const clientOf = vendorClients({ secrets: secretsManager(aws), clock });
  return {
    async sweepOf(order) {
      const company = await config.company(order.company);
      const connection = company ? connectionOf(company, order.connection) : undefined;
      const connector = connection ? connectorOf(connection.vendor) : undefined;
      const spec = connector?.streams[order.stream];
      if (!company || !connection || !connector || !spec) {
        throw new Failure("bad-input", `${order.company}/${order.connection}/${order.stream} is not configured`);
      }
      const store = openStore({ ...table, company: company.id, config, archive });
      const asked = { connector, company: company.id, connection, budget: store.budget, tokens: store.tokens };
      const readable: Readable = {
        company: company.id,
        connection,
        spec,
        reader: connector.reader,
        client: (purpose) => clientOf({ ...asked, purpose }),
      };
      return { readable, ports: { ...store, clock, archive, queues } };
    },
  };
}
