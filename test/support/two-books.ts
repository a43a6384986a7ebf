import { moneyLine } from "#shared/domain/balance.ts";
import type { Cause } from "#shared/domain/break.ts";
import type { InvoiceFacts, PaymentFacts } from "#shared/domain/facts.ts";
import type { Amount } from "#shared/domain/money.ts";
import type { Policy } from "#shared/domain/policy.ts";
import type { Seen, View } from "#shared/domain/view.ts";
import { causesOf, type Gap } from "#shared/pipeline/causes.ts";
import type { Context, Held } from "#shared/pipeline/context.ts";
import { contextWith } from "./compared.ts";
import { invoice, payment, root, viewWith } from "./money-view.ts";

/** Two systems that both state their money by invoices and payments: `s1` the office, `s2` the branch. */
export type Book = "s1" | "s2";

/** An invoice of a book. */
export const bill = (at: Book, id: string, total: Amount, more: Partial<InvoiceFacts> = {}): Seen<InvoiceFacts> =>
  invoice({ total, ...more }, { connection: at, id });

/** A payment on the book's invoice `1`, unless its shares are said. */
export const paid = (at: Book, id: string, minor: number, more: Partial<PaymentFacts> = {}): Seen<PaymentFacts> =>
  payment([["1", minor]], { total: minor, ...more }, { connection: at, id });

/** A payment or credit memo whose shares lie on these invoices. */
export const laid = (
  at: Book,
  id: string,
  shares: readonly (readonly [invoice: string, minor: number])[],
  more: Partial<PaymentFacts> = {},
): Seen<PaymentFacts> => payment(shares, more, { connection: at, id });

export const heldBy = (id: string, unapplied: number): Held => ({
  ...{ payment: `s1/payments/${id}`, connection: "s1", customer: "s1/customers/1" },
  ...{ unapplied, total: unapplied, shares: [], losing: [] },
});

export interface World {
  readonly line: "charge" | "payment";
  readonly records: readonly (Seen<InvoiceFacts> | Seen<PaymentFacts>)[];
  readonly held?: readonly Held[];
  readonly policy?: Partial<Policy>;
  /** How each book states its money; `record` makes it a total that no record is known to make. */
  readonly books?: Partial<Record<Book, "invoices" | "record">>;
  /** What was accepted at cutover. */
  readonly accepted?: number;
  readonly more?: Partial<Gap>;
  readonly roots?: View["roots"];
}

export function viewOf({ records, roots }: World): View {
  return viewWith({
    roots: roots ?? [root({}, { connection: "s1" }), root({}, { connection: "s2" })],
    invoices: records.filter((one): one is Seen<InvoiceFacts> => one.facts.kind === "invoice"),
    payments: records.filter((one): one is Seen<PaymentFacts> => one.facts.kind === "payment"),
  });
}

/** The gap of a world: what its lines differ by, less what was accepted; null where they agree or one is not stated. */
export function gapOf(world: World): Gap | null {
  const view = viewOf(world);
  const sources = { s1: "invoices", s2: "invoices", ...world.books } as const;
  const [reference, other] = [moneyLine(view, "s1", sources.s1), moneyLine(view, "s2", sources.s2)];
  const [ours, theirs] = [reference[world.line], other[world.line]];
  const minor = ours === null || theirs === null ? 0 : theirs - ours - (world.accepted ?? 0);
  if (minor === 0) return null;
  const context = booksContext(world, sources);
  const plain = { before: undefined, takenBack: null, inDoubt: false };
  return { line: world.line, minor, reference, other, ...plain, view, context, ...world.more };
}

function booksContext({ policy, held }: World, sources: Record<Book, "invoices" | "record">): Context {
  const plain = contextWith(policy ?? {});
  const states = (at: Book) => ({ ...plain.vocabularies[at]!, money: sources[at] });
  return { ...plain, held: held ?? [], vocabularies: { ...plain.vocabularies, s1: states("s1"), s2: states("s2") } };
}

/** The causes of a world's gap; none where there is none. */
export function causesIn(world: World): readonly Cause[] {
  const gap = gapOf(world);
  return gap === null ? [] : causesOf(gap);
}

/** As kind, certainty, cents and records without their system's stream: `s2/3`. */
export function told(causes: readonly Cause[]): readonly (readonly (string | number)[])[] {
  return causes.map(({ kind, certainty, minor, records }) => [kind, certainty, minor, ...records.map(short)]);
}

const short = (record: string): string => record.replace("/payments", "").replace("/invoices", "");
