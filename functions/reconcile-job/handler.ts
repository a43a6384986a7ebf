import { type Inbound, inboundSchema } from "#shared/messages/inbound.ts";
import { takeInAll } from "#shared/pipeline/take-in.ts";
import { sqsWholeBatch } from "#shared/runtime/sqs-batch.ts";
import { liveDeps } from "./deps.ts";

const deps = liveDeps();

/** Jobs worked on side by side: each waits for the table more than it computes. */
const width = 8;

export const handler = sqsWholeBatch({
  name: "reconcile-job",
  schema: inboundSchema,
  workAll: async (messages, run) => {
    const kept = new Set<number>();
    const byCompany = Map.groupBy(messages.entries(), ([, message]) => message.company);
    for (const [id, entries] of byCompany) {
      const failed = await failuresOf(
        id,
        entries.map(([, message]) => message),
        run,
      );
      for (const [position, cause] of failed) {
        const entry = entries[position];
        if (entry) kept.add(entry[0]);
        run.log.failure("PL003", cause);
      }
    }
    return kept;
  },
});

/** Positions of the messages to keep, with what kept them. One company's failure is none of another's. */
async function failuresOf(
  id: string,
  messages: readonly Inbound[],
  run: Parameters<Parameters<typeof sqsWholeBatch>[0]["workAll"]>[1],
): Promise<ReadonlyMap<number, unknown>> {
  try {
    const { company, ports } = await deps.companyOf(id);
    const { failed, ...taken } = await takeInAll(ports, company, messages, width);
    run.log.write("PL050", { company: company.id, messages: messages.length, ...taken });
    return failed;
  } catch (cause) {
    return new Map(messages.map((_, position) => [position, cause]));
  }
}
