import type { InvoiceFacts, PaymentFacts } from "#shared/domain/facts.ts";
import type { RecordRef } from "#shared/domain/ids.ts";
import { type Amount, stated } from "#shared/domain/money.ts";
import * as z from "#shared/domain/schema.ts";
import { printedDay } from "#shared/domain/time.ts";
import { amountOf } from "../amount.ts";
import type { NormaliseContext, Normalised } from "../connector.ts";
import { problemsOf } from "../problems.ts";
import { invoiceSchema, paymentSchema } from "./schemas.ts";

type Result = Normalised | { readonly unfit: string };

/** Draft is no charge yet; Overdue and Paid are Pending invoices that time or money passed over. */
const stages: Readonly<Record<string, InvoiceFacts["stage"]>> = {
  Draft: "draft",
  Pending: "posted",
  Overdue: "posted",
  Paid: "posted",
};

const states: Readonly<Record<string, PaymentFacts["state"]>> = {
  Pending: "expected",
  Completed: "received",
  Failed: "failed",
  Refunded: "refunded",
};

export function invoice(raw: unknown, context: NormaliseContext): Result {
  const parsed = z.safeParse(invoiceSchema, raw);
  if (!parsed.success) return { unfit: problemsOf(parsed.error, raw) };
  const printed = parsed.data;
  const customer = printed.customer_uuid ?? printed.customer?.uuid;
  const known = stages[printed.status ?? ""];
  const facts: InvoiceFacts = {
    kind: "invoice",
    presence: printed.deleted_at ? "deleted" : "present",
    number: printed.invoice_number ?? null,
    total: amountOf(printed.total_amount),
    tax: amountOf(printed.tax_amount),
    balance: amountOf(printed.balance_amount),
    discount: amountOf(printed.discount_amount),
    // An unknown word may be either: provisional until somebody says.
    stage: known ?? "pending",
    partial: printed.invoice_type === "Partial" || printed.invoice_type === "Progress",
    adjusts: null,
    day: dayOf(printed.issue_date),
    customer: customer ? ref(context, "customers", customer) : null,
    keys: {},
  };
  const parents = printed.job_uuid ? [ref(context, "jobs", printed.job_uuid)] : [];
  return { facts, parents, keys: [], alsoRead: [], notices: unknownStatus(known, printed.status) };
}

export function payment(raw: unknown, context: NormaliseContext): Result {
  const parsed = z.safeParse(paymentSchema, raw);
  if (!parsed.success) return { unfit: problemsOf(parsed.error, raw) };
  const printed = parsed.data;
  const invoiceId = printed.invoice_uuid ?? printed.invoice?.uuid;
  const parent = invoiceId ? ref(context, "invoices", invoiceId) : null;
  const total = amountOf(printed.amount);
  const known = states[printed.status ?? ""];
  const facts: PaymentFacts = {
    kind: "payment",
    presence: printed.deleted_at ? "deleted" : "present",
    credit: false,
    // An unknown word may mean that nothing came in: money is never taken as received on a guess.
    state: known ?? "expected",
    total,
    fee: feeOf(total, amountOf(printed.net_amount), amountOf(printed.processing_fee)),
    shares: parent ? [{ invoice: parent, amount: total }] : [],
    unapplied: parent ? 0 : total,
    customer: printed.customer_uuid ? ref(context, "customers", printed.customer_uuid) : null,
    day: dayOf(printed.payment_date),
    method: printed.payment_type ?? null,
    ...(isMarker(printed.reference_number) ? { marker: printed.reference_number } : {}),
  };
  return {
    facts,
    parents: parent ? [parent] : [],
    keys: [],
    alsoRead: [],
    notices: unknownStatus(known, printed.status),
  };
}

/** Whether a payment's reference number is one that we gave; what people type there stays in the raw record. */
function isMarker(printed: string | null | undefined): printed is string {
  return printed?.startsWith("plumbline:") === true;
}

/** What was paid and did not arrive; received is the amount, never the net amount. */
function feeOf(total: Amount, net: Amount, fee: Amount): Amount {
  const paid = stated(total);
  const arrived = stated(net);
  return paid !== null && arrived !== null ? paid - arrived : fee;
}

function unknownStatus(known: string | undefined, word: string | null | undefined): readonly string[] {
  return known === undefined ? [`unknown-word: status ${JSON.stringify(word ?? null)}`] : [];
}

function dayOf(text: string | null | undefined): string | null {
  return text ? printedDay(text) : null;
}

function ref(context: NormaliseContext, stream: string, id: string): RecordRef {
  return { connection: context.connection.id, stream, id };
}
