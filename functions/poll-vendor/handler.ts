import { hintSchema } from "#shared/messages/hint.ts";
import { readStream } from "#shared/pipeline/ingest.ts";
import { readRecords } from "#shared/pipeline/ingest-records.ts";
import { sqsBatch } from "#shared/runtime/sqs-batch.ts";
import { liveDeps } from "./deps.ts";

const deps = liveDeps();

export const handler = sqsBatch({
  name: "poll-vendor",
  schema: hintSchema,
  // Streams of a connection are read side by side; two hints of one stream would read the same twice at once.
  groupOf: (hint) => `${hint.company}/${hint.connection}/${hint.stream}`,
  work: async (hint, run) => {
    const { readable, ports } = await deps.readableOf(hint);
    const reading = { ...ports, timeLeftMs: run.timeLeftMs };
    const about = { company: hint.company, connection: hint.connection, stream: hint.stream, purpose: hint.purpose };
    const { failure, ...counts } =
      hint.kind === "stream"
        ? await readStream(reading, readable, hint.purpose)
        : await readRecords(reading, readable, hint);
    run.metrics.emit({ RecordsForwarded: counts.forwarded, RecordsQuarantined: counts.quarantined }, deps.vendor);
    const [done, put] = hint.kind === "stream" ? (["PL010", "PL011"] as const) : (["PL012", "PL013"] as const);
    if (failure) run.log.failure(put, failure, { ...about, ...counts });
    else run.log.write(done, { ...about, ...counts });
  },
});
