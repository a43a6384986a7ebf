import type { Inbound } from "#shared/messages/inbound.ts";
import { takeInAll } from "#shared/pipeline/take-in.ts";
import type { Run } from "#shared/runtime/run.ts";
import type { Deps } from "./deps.ts";

/** Jobs worked on side by side: each waits for the table more than it computes. */
const width = 32;

/** Takes in a batch, company by company; returns the positions of messages to keep. One company's failure is none of another's. */
export async function takeInBatch(
  deps: Deps,
  messages: readonly Inbound[],
  run: Pick<Run, "log">,
): Promise<ReadonlySet<number>> {
  const kept = new Set<number>();
  for (const [id, entries] of Map.groupBy(messages.entries(), ([, message]) => message.company)) {
    const own = entries.map(([, message]) => message);
    for (const [position, cause] of await failuresOf(deps, id, own, run)) {
      const entry = entries[position];
      if (entry) kept.add(entry[0]);
      run.log.failure("PL003", cause);
    }
  }
  return kept;
}

/** Positions of the messages to keep, with what kept them. */
async function failuresOf(
  deps: Deps,
  id: string,
  messages: readonly Inbound[],
  run: Pick<Run, "log">,
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
