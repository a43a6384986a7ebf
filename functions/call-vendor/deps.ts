import { vendorClients } from "#shared/connectors/clients.ts";
import { connectorOf, operations } from "#shared/connectors/registry.ts";
import { clockAt } from "#shared/runtime/clock.ts";
import { readAws, readEnv } from "#shared/runtime/env.ts";
import { s3Archive } from "#shared/store/archive.ts";
import { dynamoClient } from "#shared/store/client.ts";
import { openCell, openStore } from "#shared/store/open.ts";
import { secretsManager } from "#shared/store/secrets.ts";
import { signedCalls } from "#shared/store/signed-call.ts";
import { sqsClient, sqsQueues } from "#shared/store/sqs-queues.ts";
import { envSchema } from "./env.ts";
import type { CallDeps } from "./work.ts";

/** The live adapters: the only place of this function that makes clients. */
export function liveDeps(): CallDeps {
  const env = readEnv(envSchema);
  const access = readAws();
  const aws = signedCalls(access);
  const clock = clockAt(env.PLUMBLINE_CLOCK_URL);
  const archive = s3Archive(aws, env.ARCHIVE_BUCKET);
  const queues = sqsQueues(sqsClient(access), { outbound: env.OUTBOUND_QUEUES });
  const table = { client: dynamoClient(access), tableName: env.TABLE_NAME };
  const { config, controlAll } = openCell(table);
  const clientOf = vendorClients({ secrets: secretsManager(aws), clock });
  return {
    operationsOf: (vendor) => operations[vendor] ?? [],
    async companyOf(id) {
      const company = await config.company(id);
      if (!company) return null;
      const { jobs, control, budget, tokens } = openStore({ ...table, company: company.id, config, archive });
      return {
        company,
        ports: {
          ...{ jobs, control, controlAll, budget, clock, archive, queues },
          client: (connection) =>
            clientOf({
              connector: connectorOf(connection.vendor),
              company: company.id,
              connection,
              purpose: "person",
              budget,
              tokens,
            }),
        },
      };
    },
  };
}
