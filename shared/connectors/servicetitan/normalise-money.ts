import type { InvoiceFacts, PaymentFacts } from "#shared/domain/facts.ts";
import type { RecordRef } from "#shared/domain/ids.ts";
import { isUnreadable } from "#shared/domain/money.ts";
import type * as z from "#shared/domain/schema.ts";
import { printedDay } from "#shared/domain/time.ts";
import { amountOf } from "../amount.ts";
import type { NormaliseContext, Normalised } from "../connector.ts";
import { exactKeys, keysOf, reading, refOf } from "./reading.ts";
import { creditMemo, invoice, payment } from "./schemas-accounting.ts";
import { unitsOf } from "./settings.ts";

const syncWords = ["Pending", "Posted", "Exported"];
const sentWords = ["NotSent", "Sent", "Opened"];

function invoiceFacts(value: z.infer<typeof invoice>, context: NormaliseContext): Normalised {
  const posted = value.syncStatus === "Posted" || value.syncStatus === "Exported";
  const sent = value.sentStatus === "Sent" || value.sentStatus === "Opened";
  const adjusts = refOf(context, "invoices", value.adjustmentToId);
  const keys = keysOf({ referenceNumber: value.referenceNumber });
  const job = refOf(context, "jobs", value.job?.id);
  const hasProjects = Object.values(unitsOf(context.connection)).includes("project");
  const unit = job === null && hasProjects ? refOf(context, "projects", value.projectId) : null;
  const facts: InvoiceFacts = {
    kind: "invoice",
    presence: value.active === false ? "inactive" : "present",
    number: value.referenceNumber?.trim() || String(value.id),
    total: amountOf(value.total),
    tax: amountOf(value.salesTax),
    balance: amountOf(value.balance),
    discount: amountOf(value.discountTotal),
    stage: posted || sent ? "posted" : "pending",
    partial: false,
    adjusts,
    day: printedDay(value.invoiceDate ?? ""),
    customer: refOf(context, "customers", value.customer?.id),
    keys,
    ...(unit ? { unit } : {}),
  };
  return {
    facts,
    // An adjustment without a job of its own belongs where the invoice belongs that it adjusts.
    parents: [job ?? adjusts ?? unit ?? []].flat(),
    keys: exactKeys(keys),
    // An adjustment changes the balance of its original, whose modified time may stand still.
    alsoRead: adjusts ? [adjusts] : [],
    notices: [
      ...unknown("invoice syncStatus", value.syncStatus, syncWords),
      ...unknown("invoice sentStatus", value.sentStatus, sentWords),
      ...unreadable({ total: facts.total, salesTax: facts.tax, balance: facts.balance }),
    ],
  };
}

/** Negative payments on adjustment invoices are how refunds and returned checks are recorded: their sign is kept. */
function paymentFacts(value: z.infer<typeof payment>, context: NormaliseContext): Normalised {
  const shares = (value.appliedTo ?? []).map((share) => ({
    invoice: { connection: context.connection.id, stream: "invoices", id: String(share.appliedTo) },
    amount: amountOf(share.appliedAmount),
  }));
  const facts: PaymentFacts = {
    kind: "payment",
    presence: value.active === false ? "inactive" : "present",
    credit: false,
    state: "received",
    total: amountOf(value.total),
    fee: null,
    shares,
    unapplied: amountOf(value.unappliedAmount),
    customer: refOf(context, "customers", value.customer?.id),
    day: printedDay(value.date ?? ""),
    method: value.type ?? null,
  };
  const invoices = distinct(shares.map((share) => share.invoice));
  return {
    facts,
    parents: invoices,
    keys: [],
    // A payment changes the balance of its invoices, whose modified time may stand still.
    alsoRead: invoices,
    notices: unreadable({ total: facts.total, unappliedAmount: facts.unapplied }),
  };
}

/** A credit memo settles invoices by its own shares and is in no list of payments. Its rest is nobody's money: none is held. */
function creditFacts(value: z.infer<typeof creditMemo>, context: NormaliseContext): Normalised {
  const shares = (value.splits ?? []).flatMap((share) => {
    const to = refOf(context, "invoices", share.invoiceId);
    return to === null ? [] : [{ invoice: to, amount: amountOf(share.amount) }];
  });
  const facts: PaymentFacts = {
    kind: "payment",
    presence: value.active === false ? "inactive" : "present",
    credit: true,
    state: "received",
    total: amountOf(value.total),
    fee: null,
    shares,
    unapplied: null,
    customer: refOf(context, "customers", value.customer?.id),
    day: printedDay(value.date ?? ""),
    method: value.type ?? null,
  };
  const invoices = distinct(shares.map((share) => share.invoice));
  // As a payment does, it changes the balance of invoices whose modified time may stand still.
  return { facts, parents: invoices, keys: [], alsoRead: invoices, notices: unreadable({ total: facts.total }) };
}

function distinct(records: readonly RecordRef[]): RecordRef[] {
  return [...new Map(records.map((record) => [record.id, record])).values()];
}

function unknown(field: string, word: string | null | undefined, known: readonly string[]): string[] {
  return word && !known.includes(word) ? [`unknown-word: ${field} ${word}`] : [];
}

function unreadable(amounts: Readonly<Record<string, InvoiceFacts["total"]>>): string[] {
  return Object.entries(amounts).flatMap(([field, amount]) =>
    isUnreadable(amount) ? [`unreadable amount in ${field}: ${amount.unreadable}`] : [],
  );
}

export const invoiceOf = reading(invoice, invoiceFacts);
export const paymentOf = reading(payment, paymentFacts);
export const creditOf = reading(creditMemo, creditFacts);
