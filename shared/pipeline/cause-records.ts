import type { CauseKind } from "#shared/domain/break.ts";
import { type Entry, entriesOf } from "#shared/domain/entries.ts";
import type { InvoiceFacts, JobFacts, PaymentFacts } from "#shared/domain/facts.ts";
import { recordKey } from "#shared/domain/ids.ts";
import { type Minor, stated } from "#shared/domain/money.ts";
import { kindByWords } from "#shared/domain/payment-words.ts";
import type { Seen, View } from "#shared/domain/view.ts";
import type { Part } from "./cause-parts.ts";
import type { Context } from "./context.ts";

/** One of the two systems of a gap, with what its records say of the line. */
export interface Side {
  readonly connection: string;
  /** What it has more makes the gap larger (the other system) or smaller (the reference). */
  readonly sign: 1 | -1;
  readonly line: "charge" | "payment";
  readonly view: View;
  /** Null where its line is a total. */
  readonly entries: readonly Entry[] | null;
  /** Keys of its invoices of this job, also of those that are gone. */
  readonly known: ReadonlySet<string>;
  /** What the name of an entry's type, or the record itself, says of it beside that money moved. */
  readonly worded: (entry: Entry) => CauseKind | null;
  readonly isPlain: (entry: Entry) => boolean;
  /** Records that are there and that its line does not count. */
  readonly uncounted: readonly Part[];
}

export function sideOf(
  connection: string,
  sign: 1 | -1,
  line: "charge" | "payment",
  view: View,
  context: Context,
): Side {
  const entries = entriesOf(view, connection, context.vocabularies[connection]?.money ?? "record", line);
  const own = view.invoices.filter((invoice) => invoice.connection === connection);
  const received = new Set(line === "payment" ? entries?.map(({ minor }) => minor) : []);
  const worded = (entry: Entry): CauseKind | null => wordedKind(entry, received, context);
  const invoices = new Set(own.filter(({ live }) => live).map(({ key }) => key));
  const counted = new Set(entries?.map(({ record }) => record));
  const kept = line === "charge" ? drafts(view) : notReceived(view, invoices);
  const uncounted = kept.filter(({ seen }) => isRead(seen, connection) && !counted.has(seen.key)).map(toPart(sign));
  return {
    ...{ connection, sign, line, view, entries, worded },
    known: new Set(own.map(({ key }) => key)),
    isPlain: (entry) => worded(entry) === null,
    uncounted: line === "payment" && sign < 0 ? [...uncounted, ...unapplied(connection, context)] : uncounted,
  };
}

/** Null for plain money: an invoice, or a payment received. */
function wordedKind({ facts, minor }: Entry, received: ReadonlySet<Minor>, context: Context): CauseKind | null {
  if (facts.kind === "invoice") return facts.adjusts === null ? null : "adjustment";
  const said = kindByWords(facts.method, !facts.credit && minor < 0, context.company.policy.paymentWords);
  if (facts.credit) return said === "write-off" ? said : "credit";
  if (minor > 0) return said;
  // Money that goes out as it came in is taken back; another amount is given back.
  return said ?? (received.has(-minor) ? "payment-reversed" : "refund");
}

/** What it means that this record, one of those that are alone, has no counterpart, and which records show it. */
export function kindOf(
  entry: Entry,
  side: Side,
  alone: readonly Entry[],
): { readonly kind: CauseKind; readonly records: readonly string[] } {
  const twins = side.line === "charge" ? twinsOf(side, entry, alone) : undefined;
  if (twins) return { kind: "duplicate", records: [entry.record, ...twins.keys] };
  const plain = side.line === "charge" ? "missing-charge" : "missing-payment";
  return { kind: side.worded(entry) ?? plain, records: [entry.record] };
}

/** The call that the side holds twice, of which this invoice, and no other that is alone, bills one. */
function twinsOf({ view, connection }: Side, { record, minor }: Entry, alone: readonly Entry[]): Twins | undefined {
  const parents = new Map(view.invoices.map(({ key, observation }) => [key, observation.hangsOn]));
  const bills = (invoice: string, { keys }: Twins): boolean =>
    parents.get(invoice)?.some((parent) => keys.includes(parent)) === true;
  const twins = duplicates(view, connection).find((call) => call.minor === minor && bills(record, call));
  return twins && alone.filter((one) => bills(one.record, twins)).length === 1 ? twins : undefined;
}

/** A call that a system holds exactly twice, and what each says it costs. */
export interface Twins {
  readonly minor: Minor;
  readonly keys: readonly string[];
}

/** Calls of the same title, day and amount that a system holds exactly twice. */
export function duplicates(view: View, connection: string): readonly Twins[] {
  const roots = view.roots.filter((root) => root.live && root.connection === connection);
  return [...Map.groupBy(roots, callOf).values()].flatMap((same): Twins[] => {
    const minor = stated(same[0]?.facts.charge) ?? 0;
    return same.length === 2 && minor > 0 ? [{ minor, keys: same.map(({ key }) => key).toSorted() }] : [];
  });
}

const callOf = ({ facts }: Seen<JobFacts>): string =>
  JSON.stringify([facts.title, facts.serviceDay, stated(facts.charge)]);

/**
 * Amounts under which the other system may have the same record, and what the difference is then. Tax has no kind: that a
 * system's amount is without tax is for the company to say, so only the rest of the gap can be likely to be it.
 */
export const otherAmounts: readonly {
  readonly kind: CauseKind | null;
  readonly amount: (entry: Entry, side: Side) => Minor | null;
}[] = [
  { kind: "fee", amount: ({ minor, facts }) => less(minor, facts.kind === "payment" ? feeOf(facts) : 0) },
  { kind: "shared", amount: ({ minor, facts }, side) => more(minor, elsewhereOf(facts, side)) },
  { kind: "discount", amount: ({ minor, facts }) => more(minor, facts.kind === "invoice" ? discountOf(facts) : 0) },
  { kind: null, amount: ({ minor, facts }) => less(minor, facts.kind === "invoice" ? (stated(facts.tax) ?? 0) : 0) },
];

const less = (minor: Minor, by: Minor): Minor | null => (by > 0 && by < minor ? minor - by : null);
const more = (minor: Minor, by: Minor): Minor | null => (by > 0 ? (minor < 0 ? minor - by : minor + by) : null);

/** Card fee that the vendor prints; 0 where none is. */
export function feeOf({ fee }: PaymentFacts): Minor {
  return Math.max(0, stated(fee) ?? 0);
}

/** Discount that the vendor prints, with whichever sign; 0 where none is. */
export function discountOf({ discount }: InvoiceFacts): Minor {
  return Math.abs(stated(discount) ?? 0);
}

/** What of a payment or credit memo lies on invoices of other jobs. */
export function elsewhereOf(facts: InvoiceFacts | PaymentFacts, { known }: Side): Minor {
  if (facts.kind === "invoice") return 0;
  return facts.shares
    .filter(({ invoice }) => !known.has(recordKey(invoice)))
    .reduce((sum, { amount }) => sum + (stated(amount) ?? 0), 0);
}

const notCounted: Readonly<Record<PaymentFacts["state"], CauseKind | null>> = {
  received: null,
  expected: "timing",
  failed: "payment-reversed",
  refunded: "refund",
};

/** A record that its system has and does not count, and what it would add to the line if it did. */
interface Uncounted {
  readonly seen: Seen;
  readonly kind: CauseKind;
  readonly minor: Minor;
}

/** Invoices that their system calls drafts. */
function drafts({ invoices }: View): readonly Uncounted[] {
  return invoices
    .filter(({ facts }) => facts.stage === "draft")
    .map((seen) => ({ seen, kind: "timing", minor: stated(seen.facts.total) ?? 0 }));
}

/** Payments on these invoices that their system calls pending, failed or refunded. */
function notReceived({ payments }: View, invoices: ReadonlySet<string>): readonly Uncounted[] {
  return payments.flatMap((seen): Uncounted[] => {
    const kind = seen.facts.credit ? null : notCounted[seen.facts.state];
    const here = seen.facts.shares.filter(({ invoice }) => invoices.has(recordKey(invoice)));
    const minor = here.reduce((sum, { amount }) => sum + (stated(amount) ?? 0), 0);
    return kind === null ? [] : [{ seen, kind, minor }];
  });
}

/** There, of this system, and in words that are known: an unknown word says nothing of why it is not counted. */
function isRead({ live, connection, observation }: Seen, of: string): boolean {
  const notices = observation.notices ?? [];
  return live && connection === of && !notices.some((notice) => notice.startsWith("unknown-word"));
}

/** What a side does not count makes it smaller than a system that counts it. */
function toPart(sign: 1 | -1): (one: Uncounted) => Part {
  return ({ seen, kind, minor }) => ({ kind, minor: -sign * Math.max(0, minor), records: [seen.key] });
}

/** Money of the customer that lies on no invoice in the reference's system. */
function unapplied(connection: string, { held }: Context): readonly Part[] {
  return held
    .filter((one) => one.connection === connection && one.unapplied > 0)
    .map((one) => ({ kind: "unapplied", minor: one.unapplied, records: [one.payment] }));
}
