import type { Scale } from "./generate.ts";
import { keyOf, type Linked } from "./link-all.ts";

/** How well records were put together, against the truth that the generator kept. */
export interface Measured {
  readonly jobs: number;
  readonly records: number;
  /** Links that would make of every real job's records one job. */
  readonly trueLinks: number;
  readonly made: number;
  readonly wrong: number;
  readonly proposed: number;
  /** Of the true links, made or proposed. */
  readonly found: number;
  /** Pairs of jobs that wait for a person, by all real jobs. */
  readonly inReview: number;
  readonly pairsInReview: number;
}

export function measure({ jobs }: Scale, { groups, links, review }: Linked): Measured {
  const truth = new Map(jobs.map((job) => [keyOf(job), job.truth]));
  const real = new Map<number, string[]>();
  for (const [key, of] of truth) real.set(of, [...(real.get(of) ?? []), key]);
  const isTrue = (a: string, b: string): boolean => truth.get(a) === truth.get(b);
  const wrong = links.filter(([a, b]) => !isTrue(a, b)).length;
  const trueLinks = [...real.values()].reduce((sum, records) => sum + records.length - 1, 0);
  const up = new Map<string, string>();
  const find = (key: string): string => {
    let at = key;
    for (let next = up.get(at); next !== undefined; next = up.get(at)) at = next;
    return at;
  };
  let proposed = 0;
  for (const { left, right } of review) {
    if (!isTrue(left.record, right.record)) continue;
    const [a, b] = [find(groups.get(left.record) ?? ""), find(groups.get(right.record) ?? "")];
    if (a === b) continue;
    up.set(a, b);
    proposed++;
  }
  return {
    jobs: real.size,
    records: jobs.length,
    trueLinks,
    made: links.length,
    wrong,
    proposed,
    found: (links.length - wrong + proposed) / trueLinks,
    inReview: review.length / real.size,
    pairsInReview: review.length,
  };
}
