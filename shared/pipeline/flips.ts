import type { Flip, JobState } from "#shared/domain/job.ts";
import { type MergeField, mergeFields } from "#shared/domain/policy.ts";
import { addHours, compareInstants, earlier } from "#shared/domain/time.ts";
import type { MergedFields } from "./merge-fields.ts";
import { fieldWords } from "./words.ts";

/** More than any field has meanings that exclude each other: a back and forth among fewer is always seen. */
const flipsKept = 16;

/** Law 9: of three flips within an hour, two that went back. Steps forward, however many, are none. */
const returnsThatFreeze = 2;

/** The flips of the last hour, with the one that this merge made. Before anybody edited, meanings only grow together. */
export function trackFlips(state: JobState, merged: MergedFields, now: string): JobState["flips"] {
  const flips: Partial<Record<MergeField, readonly Flip[]>> = {};
  for (const field of mergeFields) {
    const recent = withinTheHour(flipsOf(field, state.flips), now);
    const from = state.fields[field]?.agreed ?? null;
    const { agreed: to, by } = merged[field] ?? { agreed: null, by: [] };
    const flipped =
      from !== null && to !== null && by.length > 0 && !fieldWords[field].algebra.meets(...pair(from, to));
    const all = flipped ? [...recent, { at: now, from, to, by }].slice(-flipsKept) : recent;
    if (all.length > 0) flips[field] = all;
  }
  return flips;
}

function withinTheHour(flips: readonly Flip[], now: string): readonly Flip[] {
  const since = addHours(now, -1);
  return flips.filter((flip) => compareInstants(flip.at, since) > 0);
}

/** Flips of one field, oldest first. An entry that says only when it was, as they once did, tells of no way back. */
export function flipsOf(field: MergeField, flips: JobState["flips"]): readonly Flip[] {
  const kept: readonly (Flip | string)[] = flips[field] ?? [];
  return kept.filter((flip) => typeof flip !== "string");
}

/** True while two of the flips that are kept went back: the first leaves A for B, the second returns to A, the third to B. */
export function isFrozen(field: MergeField, flips: JobState["flips"]): boolean {
  return returnsAmong(field, flipsOf(field, flips)) >= returnsThatFreeze;
}

/** How many of these flips, oldest first, led back to a meaning that one before them had left. */
export function returnsAmong(field: MergeField, flips: readonly Flip[]): number {
  return flips.filter(({ to }, place) => flips.slice(0, place).some(({ from }) => isBack(field, to, from))).length;
}

/**
 * The same meaning, told as exactly, more so or less so: what was agreed is often narrower than the word that brings it
 * back. Two that merely overlap are two meanings, else coarse words would make a return of every other edit.
 */
function isBack(field: MergeField, to: unknown, from: unknown): boolean {
  const { algebra } = fieldWords[field];
  if (!algebra.meets(...pair(to, from))) return false;
  const common = algebra.common(...pair(to, from));
  return algebra.same(...pair(common, to)) || algebra.same(...pair(common, from));
}

/** Meanings of one field have that field's form by construction of `fieldWords`; the table's type cannot say so. */
const pair = (a: unknown, b: unknown): [never, never] => [a as never, b as never];

/** Everybody whose edit took part, in the order in which they came in. */
export function flippers(flips: readonly Flip[]): readonly string[] {
  return [...new Set(flips.flatMap(({ by }) => by))];
}

/** When the oldest flip of a frozen field is an hour old; null while none is frozen. */
export function thawsAt(flips: JobState["flips"]): string | null {
  let thaws: string | null = null;
  for (const field of mergeFields) {
    const [oldest] = flipsOf(field, flips);
    if (oldest && isFrozen(field, flips)) thaws = earlier(thaws, addHours(oldest.at, 1));
  }
  return thaws;
}
