import type { Cause } from "#shared/domain/break.ts";
import type { MoneyLine } from "#shared/domain/job.ts";
import type { Minor } from "#shared/domain/money.ts";
import type { View } from "#shared/domain/view.ts";
import { likeliest, type Rest, reversed } from "./cause-guesses.ts";
import { pairEntries } from "./cause-pairs.ts";
import { chosenParts, type Part, proven, sumOf } from "./cause-parts.ts";
import { closingParts } from "./cause-proofs.ts";
import { sideOf } from "./cause-records.ts";
import type { Context } from "./context.ts";

export interface Gap {
  readonly line: "charge" | "payment";
  /** Other minus reference, not 0. */
  readonly minor: Minor;
  readonly reference: MoneyLine;
  readonly other: MoneyLine;
  /** The other's line as it stood before, to tell a reversal from a payment never made. */
  readonly before: MoneyLine | undefined;
  /** What a break of this very gap, which still stands, called taken back. */
  readonly takenBack: Minor | null;
  /** A person has to say whether the records of these two systems belong together. */
  readonly inDoubt: boolean;
  readonly view: View;
  readonly context: Context;
}

/**
 * Why two lines differ: causes that sum to the gap to the cent (law 5). First what is proven, each part with the records
 * whose amounts make it; then, of what is left, the first `likely` cause that makes all of it by arithmetic; else one
 * `unexplained` line. The same in every order of records; near-linear in their number.
 */
export function causesOf(gap: Gap): readonly Cause[] {
  const { line, minor, reference, other, view, context } = gap;
  const [theirs, ours] = [
    sideOf(other.connection, 1, line, view, context),
    sideOf(reference.connection, -1, line, view, context),
  ];
  const paired = pairEntries(theirs, ours);
  const sides = { other: theirs, reference: ours, paired, context };
  const closing = closingParts(sides);
  const rest = { ...gap, sides, closing, proven: [] };
  const parts = chosenParts(minor, standingOf(paired?.parts ?? [], rest), closing);
  const left = minor - sumOf(parts);
  return [...parts.map(proven), ...(left === 0 ? [] : [likeliest({ ...rest, minor: left, proven: parts })])];
}

/** What the other system had and took back is told as that, not as money it never had. */
function standingOf(parts: readonly Part[], gap: Rest): readonly Part[] {
  const isTakenBack = gap.sides.other.line === "payment" && reversed(gap) !== null;
  return isTakenBack ? parts.filter(({ kind }) => kind !== "missing-payment") : parts;
}
