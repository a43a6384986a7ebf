import type { CauseKind } from "#shared/domain/break.ts";
import type { Entry } from "#shared/domain/entries.ts";
import { type Minor, stated } from "#shared/domain/money.ts";
import { leftOf, type Paired } from "./cause-pairs.ts";
import type { Part } from "./cause-parts.ts";
import { discountOf, duplicates, elsewhereOf, feeOf, type Side } from "./cause-records.ts";
import type { Context } from "./context.ts";

/** What the two systems of a gap say, and what was found of it so far. */
export interface Sides {
  readonly other: Side;
  readonly reference: Side;
  readonly paired: Paired | null;
  readonly context: Context;
}

type Source = (sides: Sides, side: Side) => readonly Part[];

const part = (side: Side, kind: CauseKind, minor: Minor, ...records: readonly string[]): Part => ({
  kind,
  minor: side.sign * minor,
  records,
});

/** Entries of a side that may be absent on the other. */
const open = ({ paired }: Sides, side: Side): readonly Entry[] => leftOf(paired, side);

/** What the side's own records say it does not count. */
const uncounted: Source = (_sides, side) => side.uncounted;

/** Who took the card books the amount, the other what arrived. */
const fees: Source = (sides, side) => {
  const counted = new Set((side.entries ?? []).map(({ record }) => record));
  const free = new Set(open(sides, side).map(({ record }) => record));
  return side.view.payments
    .filter(({ live, connection, facts }) => live && connection === side.connection && facts.state === "received")
    .filter(({ key }) => !counted.has(key) || free.has(key))
    .map(({ key, facts }) => part(side, "fee", feeOf(facts), key));
};

/** Payments, credit memos and invoices that say of themselves what they are. */
const worded: Source = (sides, side) =>
  open(sides, side).flatMap((entry) => {
    const kind = side.worded(entry);
    return kind === null ? [] : [part(side, kind, entry.minor, entry.record)];
  });

/** A check that lies on several jobs here, and wholly on this one there. */
const shared: Source = (sides, side) =>
  open(sides, side).map((entry) => {
    const elsewhere = elsewhereOf(entry.facts, side);
    return part(side, "shared", entry.minor < 0 ? elsewhere : -elsewhere, entry.record);
  });

const discounts: Source = (sides, side) =>
  open(sides, side).flatMap(({ facts, record }) =>
    facts.kind === "invoice" ? [part(side, "discount", -discountOf(facts), record)] : [],
  );

/** The same call twice, where each record's own amount is in the line. */
const twice: Source = (_sides, side) =>
  side.entries === null
    ? duplicates(side.view, side.connection).map(({ minor, keys }) => part(side, "duplicate", minor, ...keys))
    : [];

const sources: Readonly<Record<Side["line"], readonly Source[]>> = {
  payment: [uncounted, fees, worded, shared],
  charge: [uncounted, twice, worded, discounts, shared],
};

/** Amounts of named records that may close what is left of a gap, by kind and record. */
export function closingParts(sides: Sides): readonly Part[] {
  const { other, reference } = sides;
  return sources[other.line]
    .flatMap((source) => [...source(sides, other), ...source(sides, reference)])
    .filter(({ minor }) => minor !== 0)
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

const nameOf = ({ kind, records }: Part): string => `${kind} ${records.join(" ")}`;

/** What of a printed amount is stated; for who looks for it among plain entries. */
export function plainEntries(sides: Sides, side: Side): readonly Entry[] {
  return open(sides, side).filter(side.isPlain);
}

/** Tax that the reference's invoices hold. */
export function taxOf({ reference }: Sides): Minor {
  const own = reference.view.invoices.filter(({ live, connection }) => live && connection === reference.connection);
  return own.reduce((sum, { facts }) => sum + (stated(facts.tax) ?? 0), 0);
}
