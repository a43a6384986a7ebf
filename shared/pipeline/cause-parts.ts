import type { Cause, CauseKind } from "#shared/domain/break.ts";
import type { Minor } from "#shared/domain/money.ts";

/** A typed part of a gap that named records make, minor units, signed as the gap is: other minus reference. */
export interface Part {
  readonly kind: CauseKind;
  readonly minor: Minor;
  readonly records: readonly string[];
}

export const proven = ({ kind, minor, records }: Part): Cause => ({ kind, certainty: "proven", minor, records });

/** Most candidates among which two are looked for: beyond it any amount is soon the sum of two that have nothing to do with it. */
const mostForPairs = 12;

/**
 * Which parts of a gap are proven. `standing` parts are so by themselves: the record is there on one side and absent on
 * the other. `closing` ones are amounts of named records too, but what shows that they are a part of this gap is only that
 * they make what is left of it to the cent; so they are taken when they close it and never to make it smaller.
 *
 * No record is used twice, and no part goes beyond the gap or against it, unless all together make it exactly: where the
 * rest is not known, a part that overshoots would only show that the rest is larger still.
 */
export function chosenParts(gap: Minor, standing: readonly Part[], closing: readonly Part[]): readonly Part[] {
  const toward = standing.filter(({ minor }) => minor > 0 === gap > 0);
  for (const stands of toward.length < standing.length ? [standing, toward] : [standing]) {
    const closes = closedBy(gap - sumOf(stands), freeOf(stands, closing));
    if (closes !== null) return [...stands, ...closes];
  }
  if (toward.length > 0 && Math.abs(sumOf(toward)) <= Math.abs(gap)) return toward;
  // More than the gap: a part of it was accepted at cutover, and one of these is what came since.
  return closedBy(gap, freeOf([], [...closing, ...standing])) ?? [];
}

/**
 * The candidates that make this amount exactly: one, else two, else all of a kind; null where none do, and where several
 * do, since nobody can say which. Linear but for the pairs, of which few are tried; larger sets are not searched.
 */
export function closedBy(rest: Minor, candidates: readonly Part[]): readonly Part[] | null {
  if (rest === 0) return [];
  for (const sets of [candidates.map((one) => [one]), pairsOf(candidates), kindsOf(candidates)]) {
    const fitting = sets.filter((set) => sumOf(set) === rest);
    const [only] = fitting;
    if (only) return fitting.length === 1 ? only : null;
  }
  return null;
}

function pairsOf(candidates: readonly Part[]): readonly (readonly Part[])[] {
  if (candidates.length > mostForPairs) return [];
  return candidates.flatMap((a, at) => candidates.slice(at + 1).map((b) => [a, b])).filter((pair) => areApart(pair));
}

function kindsOf(candidates: readonly Part[]): readonly (readonly Part[])[] {
  const byKind = Map.groupBy(candidates, ({ kind }) => kind);
  return [...byKind.values()].filter((group) => group.length > 2 && areApart(group));
}

/** No record stands in two of them. */
function areApart(parts: readonly Part[]): boolean {
  const records = parts.flatMap((part) => part.records);
  return new Set(records).size === records.length;
}

function freeOf(taken: readonly Part[], candidates: readonly Part[]): readonly Part[] {
  const used = new Set(taken.flatMap((part) => part.records));
  return candidates.filter(({ minor, records }) => minor !== 0 && !records.some((record) => used.has(record)));
}

export function sumOf(parts: readonly Part[]): Minor {
  return parts.reduce((sum, { minor }) => sum + minor, 0);
}
