import { vendorClients } from "#shared/connectors/clients.ts";
import { connectorOf } from "#shared/connectors/registry.ts";
import { Failure } from "#shared/domain/failure.ts";
import { connectionOf } from "#shared/domain/policy.ts";
import type { Hint } from "#shared/messages/hint.ts";
import type { Readable, ReadingPorts } from "#shared/pipeline/reading.ts";
import { clockAt } from "#shared/runtime/clock.ts";
import { readAws, readEnv } from "#shared/runtime/env.ts";
import { s3Archive } from "#shared/store/archive.ts";
import { dynamoClient } from "#shared/store/client.ts";
import { type CompanyStore, openCell, openStore } from "#shared/store/open.ts";
import { secretsManager } from "#shared/store/secrets.ts";
import { signedCalls } from "#shared/store/signed-call.ts";
import { sqsClient, sqsQueues } from "#shared/store/sqs-queues.ts";
import { envSchema } from "./env.ts";

export interface Deps {
  readonly vendor: string;
  /**
   * What the hint names. Throws Failure `bad-input` for a company, connection or stream nobody configured, and for
   * another vendor's connection: a message is never trusted for what it may touch.
   */
  readableOf(hint: Hint): Promise<{ readonly readable: Readable; readonly ports: Omit<ReadingPorts, "timeLeftMs"> }>;
}

/** The live adapters: the only place of this function that makes clients. */
export function liveDeps(): Deps {
  const env = readEnv(envSchema);
  const access = readAws();
  const aws = signedCalls(access);
  const clock = clockAt(env.PLUMBLINE_CLOCK_URL);
  const archive = s3Archive(aws, env.ARCHIVE_BUCKET);
  const queues = sqsQueues(sqsClient(access), {
    hints: { [env.VENDOR]: env.HINT_QUEUE_URL },
    inbound: env.INBOUND_QUEUE_URL,
    backfill: env.BACKFILL_QUEUE_URL,
  });
  const table = { client: dynamoClient(access), tableName: env.TABLE_NAME };
  const { config } = openCell(table);
  const stores = new Map<string, CompanyStore>();
  const storeOf = (company: string): CompanyStore => {
    const store = stores.get(company) ?? openStore({ ...table, company, config, archive });
    stores.set(company, store);
    return store;
  };
  const clientOf = vendorClients({ secrets: secretsManager(aws), clock });
  return {
    vendor: env.VENDOR,
    async readableOf(hint) {
      const company = await config.company(hint.company);
      const connection = company ? connectionOf(company, hint.connection) : undefined;
      if (!company || !connection) throw notConfigured(`connection ${hint.company}/${hint.connection}`);
      const connector = connectorOf(connection.vendor);
      const spec = connector.streams[hint.stream];
      if (connection.vendor !== env.VENDOR || !spec) throw notConfigured(`stream ${hint.connection}/${hint.stream}`);
      const store = storeOf(company.id);
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

function notConfigured(what: string): Failure {
  return new Failure("bad-input", `${what} is not configured for this poller`);
}
