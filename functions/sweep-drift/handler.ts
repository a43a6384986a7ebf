import { sweepSchema } from "#shared/messages/hint.ts";
import { sweepStream } from "#shared/pipeline/sweep.ts";
import { sqsBatch } from "#shared/runtime/sqs-batch.ts";
import { liveDeps } from "./deps.ts";

const deps = liveDeps();

export const handler = sqsBatch({
  name: "sweep-drift",
  schema: sweepSchema,
  groupOf: (order) => `${order.company}/${order.connection}`,
  work: async (order, run) => {
    const { readable, ports } = await deps.sweepOf(order);
    const { failure, ...counts } = await sweepStream({ ...ports, timeLeftMs: run.timeLeftMs }, readable);
    const about = { company: order.company, connection: order.connection, stream: order.stream };
    run.metrics.emit({ DriftFound: counts.differing }, readable.connection.vendor);
    if (failure) run.log.failure("PL021", failure, { ...about, ...counts });
    else run.log.write(counts.outcome === "asks" ? "PL022" : "PL020", { ...about, ...counts });
  },
});
