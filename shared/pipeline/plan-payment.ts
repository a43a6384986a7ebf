import type { Cause, CauseKind } from "#shared/domain/break.ts";
import type { InvoiceFacts, PaymentFacts } from "#shared/domain/facts.ts";
import { type RecordRef, recordKey } from "#shared/domain/ids.ts";
import { formatMinor, type Minor, stated } from "#shared/domain/money.ts";
import type { Seen, View } from "#shared/domain/view.ts";
import { askedInstead } from "./abilities.ts";
import { nameOf, type Wanted } from "./plan.ts";
import { type Books, type Lone, loneGap, sentBefore } from "./plan-books.ts";

/**
 * Payments that the reference has and the other system's invoice lacks, each recorded there once. Planned only where one
 * payment of the reference is a part of the gap to the cent and nothing there could be the same money: not one payment
 * of that amount, whatever became of it. What was ever sent is not sent again: one that no reading shows is looked for by a
 * person.
 */
export function paymentsRecorded(books: Books): readonly Wanted[] {
  const lone = loneGap(books, "payment", "payment");
  const stream = lone?.vocabulary.makes?.payment;
  if (!lone || stream === undefined) return [];
  return lone.found.causes.flatMap((cause): Wanted[] => {
    const missing = missingPayment(books.view, lone, cause);
    return missing ? recorded(books, lone, stream, missing) : [];
  });
}

interface Missing {
  readonly cause: Cause;
  /** The reference's payment, and what of it lies on this job's invoices. */
  readonly payment: Seen<PaymentFacts>;
  readonly minor: Minor;
  readonly day: string;
  readonly invoice: Seen<InvoiceFacts>;
}

const missingKinds: readonly CauseKind[] = ["missing-payment", "unexplained"];

function missingPayment(view: View, { other, reference }: Lone, cause: Cause): Missing | null {
  const minor = -cause.minor;
  if (minor <= 0 || !missingKinds.includes(cause.kind)) return null;
  const fits = received(view, reference).filter((one) => one.minor === minor);
  const [found, ...more] = fits.filter(({ payment }) => fits.length === 1 || cause.records.includes(payment.key));
  const day = found?.payment.facts.day;
  const invoice = openInvoice(view, other.id, minor);
  if (!found || more.length > 0 || !day || !invoice) return null;
  return hasSame(view, invoice.key, minor) ? null : { cause, payment: found.payment, minor, day, invoice };
}

/** Money that came in for this job in a system, payment by payment. */
function received(view: View, connection: string): readonly { payment: Seen<PaymentFacts>; minor: Minor }[] {
  const invoices = view.invoices.filter((one) => one.live && one.connection === connection).map(({ key }) => key);
  return view.payments.flatMap((payment) => {
    const { live, facts } = payment;
    return live && !facts.credit && facts.state === "received" ? [{ payment, minor: sharesOn(payment, invoices) }] : [];
  });
}

function sharesOn({ facts }: Seen<PaymentFacts>, invoices: readonly string[]): Minor {
  const shares = facts.shares.filter(({ invoice }) => invoices.includes(recordKey(invoice)));
  return shares.reduce((sum, { amount }) => sum + (stated(amount) ?? 0), 0);
}

/** The one invoice of the job there that has room for the payment. */
function openInvoice(view: View, connection: string, minor: Minor): Seen<InvoiceFacts> | undefined {
  const paid = received(view, connection);
  const [invoice, ...more] = view.invoices.filter(({ live, connection: of, key, facts }) => {
    if (!live || of !== connection || facts.stage !== "posted") return false;
    const came = paid.reduce((sum, { payment }) => sum + sharesOn(payment, [key]), 0);
    return (stated(facts.total) ?? 0) - came >= minor;
  });
  return more.length === 0 ? invoice : undefined;
}

/** A payment of the amount is known there: expected, failed, taken back or deleted, it may be the same money. */
function hasSame(view: View, invoice: string, minor: Minor): boolean {
  return view.payments.some((payment) => sharesOn(payment, [invoice]) === minor);
}

function recorded(books: Books, lone: Lone, stream: string, missing: Missing): Wanted[] {
  const { state, view, context } = books;
  const { cause, payment, minor, day, invoice } = missing;
  const record: RecordRef = { connection: lone.other.id, stream, id: `new:${payment.key}` };
  const root = view.roots.find(({ key }) => invoice.observation.hangsOn.includes(key));
  const sent = sentBefore(state, record, "payment");
  if (!root || sent.some(({ outcome }) => outcome === "applied")) return [];
  const given = {
    invoiceId: invoice.observation.record.id,
    amountMinor: minor,
    day,
    method: payment.facts.method,
    marker: `plumbline:${payment.key}`,
  };
  const wanted = `recorded ${formatMinor(minor)}`;
  const there = view.payments.filter((one) => one.live && one.connection === lone.other.id);
  const read = context.shows(
    { target: "payment", record, wanted, arguments: given },
    there.map(({ observation }) => observation),
  );
  const change: Wanted = {
    kind: "write",
    target: "payment",
    record,
    read,
    wanted,
    arguments: given,
    moneyMinor: minor,
    requests: 4,
    ask: cause.certainty === "likely",
    sentence: `${nameOf(root)}: record the payment of ${formatMinor(minor)} of ${day}${payment.facts.method ? ` (${payment.facts.method})` : ""} on its invoice ${invoice.facts.number ?? given.invoiceId}, as ${lone.reference} has it (${payment.key})`,
  };
  return [
    sent.length === 0
      ? change
      : askedInstead(change, `it was sent before; look there for ${given.marker} first`, context),
  ];
}
