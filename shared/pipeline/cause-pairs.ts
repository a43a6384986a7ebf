import type { Entry } from "#shared/domain/entries.ts";
import type { Minor } from "#shared/domain/money.ts";
import type { Part } from "./cause-parts.ts";
import { kindOf, otherAmounts, type Side } from "./cause-records.ts";

/** What of two systems' records has no counterpart, and what was found on the way. */
export interface Paired {
  /** Parts that stand by themselves. */
  readonly parts: readonly Part[];
  /** Entries without a counterpart that prove nothing by themselves, by side. */
  readonly left: ReadonlyMap<Side, readonly Entry[]>;
}

/**
 * Where both lines are made of records, each record is put beside its counterpart: of the same amount and day, of the
 * same amount, of an amount that the record itself explains (less its card fee, before its discount, the whole of a check
 * that lies on several jobs), or of one amount for several. A record that is left while the other side has nothing left is
 * really absent there, so it is a proven part by itself. While both sides have some left, they may be the same money
 * keyed otherwise: nothing is proven then.
 *
 * Of records that are alike to the cent the earlier ones are paired first: what is missing is taken to be the latest.
 * Linear but for sorting. Null where a line is a total that no record is known to make.
 */
export function pairEntries(other: Side, reference: Side): Paired | null {
  if (other.entries === null || reference.entries === null) return null;
  const left: Left = new Map([
    [other, inOrder(other)],
    [reference, inOrder(reference)],
  ]);
  const both = [
    [other, reference],
    [reference, other],
  ] as const;
  const parts: Part[] = [];
  for (const keyOf of [dayAndAmount, amount]) {
    const match = matched(remaining(left, other), remaining(left, reference), keyOf, keyOf);
    left.set(other, match.a).set(reference, match.b);
  }
  for (const [side, against] of both) {
    parts.push(...byOtherAmount(side, against, left), ...byUncounted(side, against, left));
  }
  for (const [side, against] of both) oneForSeveral(side, against, left);
  for (const [side, against] of both) {
    if (remaining(left, against).length > 0) continue;
    const unclear = unclearOf(against);
    const alone = Map.groupBy(remaining(left, side), ({ minor }) => unclear.has(side.sign * minor));
    const gone = alone.get(false) ?? [];
    parts.push(...gone.map((entry) => absent(side, entry, gone)));
    left.set(side, alone.get(true) ?? []);
  }
  return { parts, left };
}

/** Entries of each side that have no counterpart yet. */
type Left = Map<Side, readonly Entry[]>;

const remaining = (left: ReadonlyMap<Side, readonly Entry[]>, side: Side): readonly Entry[] => left.get(side) ?? [];

const amount = ({ minor }: Entry): string => String(minor);
const dayAndAmount = ({ minor, day, record }: Entry): string => (day === null ? record : `${minor} ${day}`);

/** What says more than that money moved comes last, then by day: so it is plain money that is paired. */
function inOrder(side: Side): readonly Entry[] {
  const rank = (entry: Entry): string => `${side.isPlain(entry) ? 0 : 1} ${entry.day ?? ""} ${entry.record}`;
  return (side.entries ?? []).toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** One of `b` for each of `a` whose key it has, in their order; what is left of both. */
function matched(
  a: readonly Entry[],
  b: readonly Entry[],
  keyOfA: (entry: Entry) => string,
  keyOfB: (entry: Entry) => string,
): { readonly a: readonly Entry[]; readonly b: readonly Entry[]; readonly pairs: readonly Entry[] } {
  const waiting = Map.groupBy(b.toReversed(), keyOfB);
  const paired = new Set<Entry>();
  for (const entry of a) {
    const found = waiting.get(keyOfA(entry))?.pop();
    if (found) paired.add(entry).add(found);
  }
  const free = (entries: readonly Entry[]): readonly Entry[] => entries.filter((entry) => !paired.has(entry));
  return { a: free(a), b: free(b), pairs: a.filter((entry) => paired.has(entry)) };
}

/** The counterpart has the amount that the record would have without what it prints beside it. */
function byOtherAmount(side: Side, against: Side, left: Left): readonly Part[] {
  const parts: Part[] = [];
  for (const way of otherAmounts) {
    const keyOf = (entry: Entry): string => {
      const would = way.amount(entry, side);
      return would === null ? entry.record : String(would);
    };
    const match = matched(remaining(left, side), remaining(left, against), keyOf, amount);
    left.set(side, match.a).set(against, match.b);
    if (way.kind === null) continue;
    for (const entry of match.pairs) {
      const minor = side.sign * (entry.minor - (way.amount(entry, side) ?? entry.minor));
      parts.push({ kind: way.kind, minor, records: [entry.record] });
    }
  }
  return parts;
}

/** The counterpart counts what this side has as a record, and does not count (yet, or any more). */
function byUncounted(side: Side, against: Side, left: Left): readonly Part[] {
  const waiting = Map.groupBy(remaining(left, against).toReversed(), ({ minor }) => minor);
  const gone = new Set<Entry>();
  const unclear = unclearOf(side);
  const parts = side.uncounted.filter(({ kind, minor }) => {
    if (kind === "unapplied" && unclear.has(minor)) return false;
    const found = waiting.get(-side.sign * minor)?.pop();
    if (found) gone.add(found);
    return found !== undefined;
  });
  left.set(
    against,
    remaining(left, against).filter((entry) => !gone.has(entry)),
  );
  return parts;
}

/** Amounts of which several payments lie on no invoice: nobody can say which of them a counterpart is. */
function unclearOf(side: Side): ReadonlySet<Minor> {
  const amounts = side.uncounted.filter(({ kind }) => kind === "unapplied").map(({ minor }) => minor);
  return new Set(amounts.toSorted((a, b) => a - b).filter((minor, at, all) => minor === all[at + 1]));
}

/** One record is all that the other side has left, put down in several: nothing of it is missing. */
function oneForSeveral(side: Side, against: Side, left: Left): void {
  const [ours, theirs] = [remaining(left, side), remaining(left, against)];
  const whole: Minor = theirs.reduce((sum, { minor }) => sum + minor, 0);
  const one = theirs.length > 1 ? ours.find(({ minor }) => minor === whole) : undefined;
  if (!one) return;
  left.set(
    side,
    ours.filter((entry) => entry !== one),
  );
  left.set(against, []);
}

function absent(side: Side, entry: Entry, alone: readonly Entry[]): Part {
  const { kind, records } = kindOf(entry, side, alone);
  return { kind, minor: side.sign * entry.minor, records };
}

/** What both sides have left, for those who look for the rest of a gap; all of a line's records where nothing was paired. */
export function leftOf(paired: Paired | null, side: Side): readonly Entry[] {
  return paired ? remaining(paired.left, side) : (side.entries ?? []);
}
