import { countedShares, type MoneySource, unbilledOf, wasBilled } from "./balance.ts";
import type { InvoiceFacts, PaymentFacts } from "./facts.ts";
import { type Minor, stated } from "./money.ts";
import type { Seen, View } from "./view.ts";

/** What one invoice, payment or credit memo adds to its system's line. */
export interface Entry {
  /** Key of the record. */
  readonly record: string;
  /** Minor units, signed as the line counts it: a credit memo takes from the charge. Never 0. */
  readonly minor: Minor;
  /** Printed day; null when not stated. */
  readonly day: string | null;
  readonly facts: InvoiceFacts | PaymentFacts;
}

/**
 * The records that make a system's line and sum to it, by key; null where the line is a total that no record is known to
 * make: a system without invoices, a record beside them that prints its own amount, an amount that is not stated.
 */
export function entriesOf(
  view: View,
  connection: string,
  source: MoneySource,
  line: "charge" | "payment",
): readonly Entry[] | null {
  if (source !== "invoices") return null;
  const roots = view.roots.filter((root) => root.live && root.connection === connection);
  const invoices = view.invoices.filter((invoice) => invoice.live && invoice.connection === connection);
  const billed = invoices.filter((invoice) => invoice.facts.stage !== "draft");
  if (billed.length === 0) return wasBilled(view, connection, roots) ? [] : null;
  const keys = new Set(invoices.map((invoice) => invoice.key));
  if (line === "payment") return settled(view, connection, keys, false);
  if (unbilledOf(roots, billed).length > 0) return null;
  const credits = settled(view, connection, keys, true);
  const charged = billed.map(({ key, facts }) => entryOf(key, stated(facts.total), facts));
  return credits === null || !charged.every((one) => one !== null) ? null : sorted([...charged, ...credits]);
}

/** Payments (or credit memos, which take from their line) with what they lay on these invoices. */
function settled(
  view: View,
  connection: string,
  invoices: ReadonlySet<string>,
  credit: boolean,
): readonly Entry[] | null {
  const sums = new Map<string, Minor>();
  for (const { key, amount } of countedShares(view, connection, invoices, credit)) {
    const minor = stated(amount);
    if (minor === null) return null;
    sums.set(key, (sums.get(key) ?? 0) + minor);
  }
  const byKey = new Map(view.payments.map((one): [string, Seen<PaymentFacts>] => [one.key, one]));
  const entries = [...sums].flatMap(([key, minor]): Entry[] => {
    const seen = byKey.get(key);
    return seen ? [{ record: key, minor: credit ? -minor : minor, day: seen.facts.day, facts: seen.facts }] : [];
  });
  return sorted(entries);
}

function entryOf(record: string, minor: Minor | null, facts: InvoiceFacts): Entry | null {
  return minor === null ? null : { record, minor, day: facts.day, facts };
}

function sorted(entries: readonly Entry[]): readonly Entry[] {
  return entries.filter(({ minor }) => minor !== 0).toSorted((a, b) => (a.record < b.record ? -1 : 1));
}
