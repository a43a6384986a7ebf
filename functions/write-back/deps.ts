import { vendorClients } from "#shared/connectors/clients.ts";
import { connectorOf, connectors, normalisers } from "#shared/connectors/registry.ts";
import { Failure } from "#shared/domain/failure.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import type { WriteBackPorts } from "#shared/pipeline/write-back.ts";
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
  /** The company's configuration and its ports. Throws Failure `bad-input` for a company nobody configured. */
  companyOf(id: string): Promise<{ readonly company: CompanyConfig; readonly ports: WriteBackPorts }>;
}

/** The live adapters: the only place of this function that makes clients. */
export function liveDeps(): Deps {
  const env = readEnv(envSchema);
  const access = readAws();
  const aws = signedCalls(access);
  const clock = clockAt(env.PLUMBLINE_CLOCK_URL);
  const archive = s3Archive(aws, env.ARCHIVE_BUCKET);
  const queues = sqsQueues(sqsClient(access), {
    inbound: env.INBOUND_QUEUE_URL,
    outbound: { [env.VENDOR]: env.OUTBOUND_QUEUE_URL },
  });
  const table = { client: dynamoClient(access), tableName: env.TABLE_NAME };
  const { config, controlAll } = openCell(table);
  const clientOf = vendorClients({ secrets: secretsManager(aws), clock });
  return {
    async companyOf(id) {
      const company = await config.company(id);
      if (!company) throw new Failure("bad-input", `no company ${id} is configured`);
      const store = openStore({ ...table, company: company.id, config, archive });
      const client: WriteBackPorts["client"] = (connection) =>
        clientOf({
          connector: connectorOf(connection.vendor),
          company: company.id,
          connection,
          purpose: "write",
          budget: store.budget,
          tokens: store.tokens,
        });
      const ports = {
        ...store,
        clock,
        archive,
        queues,
        controlAll,
        client,
        describer: (vendor: string) => normalisers[vendor],
        connector: (vendor: string) => connectors[vendor],
      };
      return { company, ports };
    },
  };
}
