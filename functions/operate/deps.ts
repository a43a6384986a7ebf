import { normalisers } from "#shared/connectors/registry.ts";
import { vendors } from "#shared/connectors/vendors.ts";
import { clockAt } from "#shared/runtime/clock.ts";
import { readAws, readEnv } from "#shared/runtime/env.ts";
import { s3Archive } from "#shared/store/archive.ts";
import { dynamoClient } from "#shared/store/client.ts";
import { openCell, openStore } from "#shared/store/open.ts";
import { signedCalls } from "#shared/store/signed-call.ts";
import { sqsClient, sqsQueues } from "#shared/store/sqs-queues.ts";
import { envSchema } from "./env.ts";
import type { OperateDeps } from "./work.ts";

/** The live adapters: the only place of this function that makes clients. */
export function liveDeps(): OperateDeps {
  const env = readEnv(envSchema);
  const access = readAws();
  const aws = signedCalls(access);
  const clock = clockAt(env.PLUMBLINE_CLOCK_URL);
  const archive = s3Archive(aws, env.ARCHIVE_BUCKET);
  const queues = sqsQueues(sqsClient(access), {
    inbound: env.INBOUND_QUEUE_URL,
    hints: env.HINT_QUEUES,
    outbound: env.OUTBOUND_QUEUES,
  });
  const table = { client: dynamoClient(access), tableName: env.TABLE_NAME, cell: env.CELL };
  const { config, applyCompany } = openCell(table);
  return {
    titles: Object.fromEntries(vendors.map(({ id, title }) => [id, title])),
    vendors: vendors.map(({ id }) => id),
    async companyOf(id) {
      const company = await config.company(id);
      if (!company) return null;
      const store = openStore({ ...table, company: company.id, config, archive });
      return { company, ports: { ...store, clock, archive, queues, describer: (vendor) => normalisers[vendor] } };
    },
    applyCompany,
  };
}
