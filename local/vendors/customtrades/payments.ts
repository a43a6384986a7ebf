import type { Dials } from "../kit/dials.ts";
import { type Json, type JsonRecord, textOf } from "../kit/json.ts";
import type { Store } from "../kit/store.ts";
import type { Context } from "../kit/vendor.ts";
import type { Change } from "../kit/world.ts";
import { fromCents, toCents } from "./amounts.ts";
import { type FieldSheet, isDeleted } from "./fields.ts";
import { byEqual } from "./lists.ts";
import { nextNumber } from "./numbering.ts";
import { related } from "./related.ts";
import type { Resource } from "./resource.ts";

const fields: FieldSheet = {
  invoice_uuid: { kind: "of", collection: "invoices", required: true },
  customer_uuid: { kind: "of", collection: "customers" },
  payment_type: { kind: "word", words: ["credit_card", "ach", "check", "cash", "other"], default: "other" },
  payment_method: { kind: "text" },
  amount: { kind: "amount", required: true },
  processing_fee: { kind: "amount", default: 0 },
  payment_date: { kind: "day" },
  transaction_id: { kind: "text" },
  reference_number: { kind: "text" },
  authorization_code: { kind: "text" },
  payment_details: { kind: "json" },
  notes: { kind: "text" },
  status: { kind: "word", words: ["Pending", "Completed", "Failed", "Refunded"] },
};

const print = (context: Context, payment: JsonRecord): JsonRecord => ({
  ...payment,
  invoice: related(context, "invoices", payment["invoice_uuid"], ["uuid", "invoice_number"]),
});

/** The payment; it always belongs to an invoice, and to its customer when none is sent. */
export const payments: Resource = {
  name: "payments",
  singular: "payment",
  fields,
  filter: ({ request }, records) =>
    byEqual(request.query, ["invoice_uuid", "customer_uuid", "payment_type", "status"], records),
  printInList: print,
  printAlone: print,
  complete: (context, payment) => {
    const status = payment["status"] ?? context.dials.text("newPaymentStatus");
    const invoice = context.store.get("invoices", textOf(payment["invoice_uuid"]));
    return {
      payment_number: nextNumber(context.store, {
        collection: "payments",
        field: "payment_number",
        prefix: "PAY-",
        digits: 4,
      }),
      ...payment,
      status,
      customer_uuid: payment["customer_uuid"] ?? invoice?.["customer_uuid"] ?? null,
      net_amount: netOf(payment),
      payment_date: payment["payment_date"] ?? context.now.slice(0, 10),
      processed_at: status === "Completed" ? context.now : null,
      created_by_user_id: null,
    };
  },
  amend: (_context, old, sent) =>
    sent["amount"] === undefined && sent["processing_fee"] === undefined
      ? {}
      : { net_amount: netOf({ ...old, ...sent }) },
};

function netOf(payment: JsonRecord): number {
  return fromCents(toCents(payment["amount"]) - toCents(payment["processing_fee"]));
}

/**
 * Moves the invoice's paid and balance amounts by what a change of a payment adds or takes. Whether the server does
 * this at all is not documented: the dial `recalculate` says when (API writes, planted edits too, or never).
 */
export function recalculateInvoices(
  change: Change,
  store: Store,
  how: { source: "write" | "edit"; dials: Dials },
): void {
  if (change.collection !== "payments") return;
  const when = how.dials.text("recalculate");
  if (when === "never" || (when === "writes" && how.source === "edit")) return;
  const added = new Map<string, number>();
  for (const [payment, sign] of [[change.before, -1] as const, [change.after, 1] as const]) {
    const invoice = payment?.["invoice_uuid"];
    if (!payment || typeof invoice !== "string") continue;
    added.set(invoice, (added.get(invoice) ?? 0) + sign * receivedBy(payment));
  }
  for (const [invoice, cents] of added) addPaid(store, invoice, cents);
}

function receivedBy(payment: JsonRecord): number {
  return payment["status"] === "Completed" && !isDeleted(payment) ? toCents(payment["amount"]) : 0;
}

function addPaid(store: Store, uuid: string, cents: number): void {
  const invoice = store.get("invoices", uuid);
  if (!invoice || cents === 0) return;
  const paid = toCents(invoice["paid_amount"]) + cents;
  const balance = toCents(invoice["total_amount"]) - paid;
  const fields = { paid_amount: fromCents(paid), balance_amount: fromCents(balance) };
  store.update("invoices", uuid, { ...fields, status: statusAfter(invoice["status"], balance) });
}

function statusAfter(status: Json | undefined, balance: number): Json {
  if (balance <= 0) return "Paid";
  return status === "Paid" ? "Pending" : (status ?? "Pending");
}
