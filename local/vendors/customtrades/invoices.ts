import type { JsonRecord } from "../kit/json.ts";
import { bodyRecord, type Context, type Reply, type Route } from "../kit/vendor.ts";
import { fromCents, toCents } from "./amounts.ts";
import { type FieldSheet, readCreate } from "./fields.ts";
import { byEqual, bySearch } from "./lists.ts";
import { nextNumber } from "./numbering.ts";
import { related } from "./related.ts";
import { failed, succeeded } from "./replies.ts";
import type { Resource } from "./resource.ts";

const fields: FieldSheet = {
  customer_uuid: { kind: "of", collection: "customers", required: true },
  job_uuid: { kind: "of", collection: "jobs" },
  estimate_uuid: { kind: "text" },
  location_uuid: { kind: "of", collection: "locations" },
  invoice_type: { kind: "word", words: ["Full", "Partial", "Progress"], default: "Full" },
  progress_percentage: { kind: "amount" },
  issue_date: { kind: "day" },
  due_date: { kind: "day" },
  subtotal: { kind: "amount", default: 0 },
  tax_amount: { kind: "amount", default: 0 },
  discount_amount: { kind: "amount", default: 0 },
  total_amount: { kind: "amount" },
  line_items: { kind: "json" },
  notes: { kind: "text" },
  terms: { kind: "text" },
  internal_notes: { kind: "text" },
  status: { kind: "word", words: ["Draft", "Pending", "Paid", "Overdue"], default: "Draft" },
};

const shownOfCustomer = ["uuid", "first_name", "last_name", "company_name"];
const print = (context: Context, invoice: JsonRecord): JsonRecord => ({
  ...invoice,
  customer: related(context, "customers", invoice["customer_uuid"], shownOfCustomer),
});

/** The invoice; `paid_amount` and `balance_amount` are the server's own. */
export const invoices: Resource = {
  name: "invoices",
  singular: "invoice",
  fields,
  filter: ({ request }, records) => {
    const status = request.query.get("status");
    const byStatus = records.filter((invoice) => status === null || status === "All" || invoice["status"] === status);
    return bySearch(request.query, ["invoice_number"], byEqual(request.query, ["customer_uuid", "job_uuid"], byStatus));
  },
  printInList: print,
  printAlone: print,
  complete: (context, invoice) => ({
    invoice_number: nextNumber(context.store, {
      collection: "invoices",
      field: "invoice_number",
      prefix: "INV-",
      digits: 4,
    }),
    ...withTotals(invoice),
    issue_date: invoice["issue_date"] ?? context.now.slice(0, 10),
    due_date: invoice["due_date"] ?? context.now.slice(0, 10),
  }),
  amend: (context, old, sent) => {
    const after = { ...old, ...sent };
    const total = sent["total_amount"] !== undefined ? toCents(sent["total_amount"]) : newTotal(old, sent);
    if (total === undefined || context.dials.text("recalculate") === "never") return {};
    return { total_amount: fromCents(total), balance_amount: fromCents(total - toCents(after["paid_amount"])) };
  },
};

/** `POST /invoices/preview`: the amounts an invoice would have; stores nothing. */
export const previewInvoice: Route = {
  method: "POST",
  path: "/invoices/preview",
  operation: "previewInvoice",
  writes: false,
  handle: (context): Reply => {
    const sent = bodyRecord(context.request, () => failed(400, "Request body must be a JSON object"));
    return succeeded(withTotals(readCreate(context.store, fields, sent)));
  },
};

function withTotals(invoice: JsonRecord): JsonRecord {
  const given = invoice["total_amount"];
  const total = given === null || given === undefined ? sumOf(invoice) : toCents(given);
  return { ...invoice, total_amount: fromCents(total), paid_amount: 0, balance_amount: fromCents(total) };
}

function sumOf(invoice: JsonRecord): number {
  return toCents(invoice["subtotal"]) + toCents(invoice["tax_amount"]) - toCents(invoice["discount_amount"]);
}

/** Cents of the total when one of its parts was sent and the total was not. */
function newTotal(old: JsonRecord, sent: JsonRecord): number | undefined {
  const parts = ["subtotal", "tax_amount", "discount_amount"];
  return parts.some((part) => sent[part] !== undefined) ? sumOf({ ...old, ...sent }) : undefined;
}
