import { shortHash } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import * as z from "#shared/domain/schema.ts";

/**
 * A job too large for one item keeps its records (observations and links) in parts, by hash of the record's key, and
 * everything else in its item. A part is immutable, named by the version that wrote it and by its content: a commit
 * puts the parts that changed before the item, and takes those it no longer names away after it.
 */
export interface SplitJob {
  /** The job without what stands in parts. */
  readonly rest: JobState;
  /** JSON of each part; equal content gives equal text. */
  readonly parts: readonly string[];
}

/** Where a job's parts stand, one reference a part, in their order. */
export const partRefsSchema = z.array(z.strictObject({ version: z.int(), digest: z.string() }));
export type PartRef = z.infer<typeof partRefsSchema>[number];

const partSchema = z.strictObject({
  observations: z.record(z.string(), z.unknown()),
  /** With their place in the job's list. */
  links: z.array(z.tuple([z.int(), z.unknown()])),
});

/** JSON of some 256 KB packs to about a dozen KB: what one changed record of a large job costs to write. */
const partChars = 256 * 1024;

/** As many parts as the size asks for; as many as there are, while those are neither tiny nor huge. */
export function partCount(chars: number, before: number): number {
  const each = before > 0 ? chars / before : 0;
  if (each > partChars / 4 && each < partChars * 2) return before;
  return 2 ** Math.ceil(Math.log2(Math.max(2, chars / partChars)));
}

export function splitJob(state: JobState, count: number): SplitJob {
  const partOf = (record: string): number => Number.parseInt(shortHash(record).slice(0, 8), 16) % count;
  const records = Object.keys(state.observations).toSorted();
  const observed = Map.groupBy(records, partOf);
  const linked = Map.groupBy(state.links.entries(), ([, link]) => partOf(link.record));
  const parts = Array.from({ length: count }, (_, part) => {
    const observations = (observed.get(part) ?? []).map((record) => [record, state.observations[record]] as const);
    return JSON.stringify({ observations: Object.fromEntries(observations), links: linked.get(part) ?? [] });
  });
  return { rest: { ...state, observations: {}, links: [] }, parts };
}

/** The job's members that stand in parts, put together again. Throws on a part that splitJob cannot have made. */
export function joinParts(parts: readonly unknown[]): { readonly observations: unknown; readonly links: unknown } {
  const read = parts.map((part) => partSchema.parse(part));
  const observations = read.flatMap((part) => Object.entries(part.observations));
  const links = read.flatMap((part) => part.links).toSorted(([a], [b]) => a - b);
  return {
    observations: Object.fromEntries(observations.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    links: links.map(([, link]) => link),
  };
}
