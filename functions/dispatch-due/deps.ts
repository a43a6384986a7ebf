import { streams } from "#shared/connectors/registry.ts";
import { connectionOf } from "#shared/domain/policy.ts";
import type { DispatchPorts } from "#shared/pipeline/dispatch.ts";
import { clockAt } from "#shared/runtime/clock.ts";
import { readAws, readEnv } from "#shared/runtime/env.ts";
import { dynamoClient } from "#shared/store/client.ts";
import { jobsOf, openCell } from "#shared/store/open.ts";
import { sqsClient, sqsQueues } from "#shared/store/sqs-queues.ts";
import { envSchema } from "./env.ts";

export type Deps = Omit<DispatchPorts, "timeLeftMs">;

/** The live adapters: the only place of this function that makes clients. */
export function liveDeps(): Deps {
  const env = readEnv(envSchema);
  const access = readAws();
  const table = { client: dynamoClient(access), tableName: env.TABLE_NAME };
  const { due, config, schedules } = openCell({ ...table, cell: env.CELL });
  const queues = sqsQueues(sqsClient(access), {
    hints: env.HINT_QUEUES,
    outbound: env.OUTBOUND_QUEUES,
    inbound: env.INBOUND_QUEUE_URL,
    sweeps: env.SWEEP_QUEUE_URL,
  });
  return {
    clock: clockAt(env.PLUMBLINE_CLOCK_URL),
    config,
    schedules,
    due,
    queues,
    streamsOf: (vendor) => streams[vendor] ?? {},
    async vendorOfIntent(id, job, intent) {
      const company = await config.company(id);
      const { state } = await jobsOf(table, id).load(job);
      const found = state.intents.find((one) => one.id === intent);
      return (company && found && connectionOf(company, found.record.connection)?.vendor) ?? null;
    },
  };
}
