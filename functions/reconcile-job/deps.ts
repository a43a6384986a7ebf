import { normalisers } from "#shared/connectors/registry.ts";
import { Failure } from "#shared/domain/failure.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import type { TakeInPorts } from "#shared/pipeline/take-in.ts";
import { clockAt } from "#shared/runtime/clock.ts";
import { readAws, readEnv } from "#shared/runtime/env.ts";
import { s3Archive } from "#shared/store/archive.ts";
import { dynamoClient } from "#shared/store/client.ts";
import { openCell, openStore } from "#shared/store/open.ts";
import { signedCalls } from "#shared/store/signed-call.ts";
import { sqsClient, sqsQueues } from "#shared/store/sqs-queues.ts";
import { envSchema } from "./env.ts";

export interface Deps {
  /** The company's configuration and its ports. Throws Failure `bad-input` for a company nobody configured. */
  companyOf(id: string): Promise<{ readonly company: CompanyConfig; readonly ports: TakeInPorts }>;
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
    hints: env.HINT_QUEUES,
    outbound: env.OUTBOUND_QUEUES,
  });
  const table = { client: dynamoClient(access), tableName: env.TABLE_NAME };
  const { config } = openCell(table);
  return {
    async companyOf(id) {
      const company = await config.company(id);
      if (!company) throw new Failure("bad-input", `no company ${id} is configured`);
      const store = openStore({ ...table, company: company.id, config, archive });
      return { company, ports: { ...store, clock, archive, queues, describer: (vendor) => normalisers[vendor] } };
    },
  };
}
