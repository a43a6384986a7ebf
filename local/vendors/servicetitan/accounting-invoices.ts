import { isRecord, type JsonRecord } from "../kit/json.ts";
import { type Context, Refusal, type Reply, type Route } from "../kit/vendor.ts";
import { bodyFields, type Kind, knownFields } from "./body-fields.ts";
import { EMPTY, freshId, idInPath, listRoute, mustExist, route, sent, shelfOf, stored } from "./endpoints.ts";
import { printedInstant } from "./instants.ts";
import { adjustmentOf, itemFields, itemsOf, totals, withItems, writtenItem } from "./invoice.ts";
import { invoiceList } from "./invoice-list.ts";
import { cents } from "./money.ts";
import { absent, invalid, refused } from "./problems.ts";

const POSTED = ["Pending", "Posted", "Exported"] as const;
const REVIEW = ["NeedsReview", "OnHold", "Reviewed"] as const;

const shared: Readonly<Record<string, Kind>> = {
  number: "string",
  typeId: "integer",
  invoicedOn: "instant",
  subtotal: "number",
  tax: "number",
  summary: "string",
  royaltyStatus: ["Pending", "Sent", "Failed"],
  royaltyDate: "instant",
  royaltySentOn: "instant",
  royaltyMemo: "string",
  exportId: "string",
  reviewStatus: REVIEW,
  assignedToId: "integer",
  items: "objects",
};

const newAdjustment = bodyFields({ adjustmentToId: "integer" }, shared);
const changedInvoice = bodyFields({}, { ...shared, payments: "objects" });

/** Refuses what the office's rules forbid on an exported invoice. */
function mustBeOpen(context: Context, invoice: JsonRecord): void {
  if (invoice["syncStatus"] === "Exported" && context.dials.flag("exportedLocked")) {
    throw new Refusal(
      refused(`Invoice ${Number(invoice["id"])} is exported and cannot be edited. Use an adjustment invoice.`),
    );
  }
}

/** The invoice's fields as a write of these body fields leaves them; items first, then a stated subtotal and tax win. */
function written(context: Context, invoice: JsonRecord, fields: JsonRecord): JsonRecord {
  const items = Array.isArray(fields["items"]) ? fields["items"].filter(isRecord) : undefined;
  const withLines = items
    ? { ...invoice, ...withItems(invoice, mergedItems(context, invoice, items), context.dials.text("itemTax")) }
    : invoice;
  const money =
    fields["subtotal"] === undefined && fields["tax"] === undefined
      ? {}
      : totals(cents(fields["subtotal"] ?? withLines["subTotal"]), cents(fields["tax"] ?? withLines["salesTax"]));
  const renamed: JsonRecord = {};
  const names = {
    number: "referenceNumber",
    invoicedOn: "invoiceDate",
    summary: "summary",
    exportId: "exportId",
    reviewStatus: "reviewStatus",
  };
  for (const [from, to] of Object.entries(names)) {
    const value = fields[from];
    if (value !== undefined) renamed[to] = value;
  }
  if (fields["typeId"] !== undefined) renamed["invoiceType"] = { id: fields["typeId"], name: null };
  if (fields["assignedToId"] !== undefined) renamed["assignedTo"] = { id: fields["assignedToId"], name: null };
  return { ...withLines, ...money, ...renamed, royalty: royaltyAfter(invoice["royalty"], fields) };
}

function royaltyAfter(old: JsonRecord[string] | undefined, fields: JsonRecord): JsonRecord {
  const royalty: JsonRecord = isRecord(old) ? { ...old } : {};
  for (const [from, to] of Object.entries({
    royaltyStatus: "status",
    royaltyDate: "date",
    royaltySentOn: "sentOn",
    royaltyMemo: "memo",
  })) {
    const value = fields[from];
    if (value !== undefined) royalty[to] = value;
  }
  return royalty;
}

/** The invoice's items after some were sent: one with a known id is changed, one without an id is added. */
function mergedItems(context: Context, invoice: JsonRecord, sentItems: JsonRecord[]): JsonRecord[] {
  const items = [...itemsOf(invoice)];
  for (const body of sentItems) {
    const { fields, errors } = knownFields(body, itemFields);
    if (Object.keys(errors).length > 0) throw new Refusal(invalid(errors));
    const at = items.findIndex((item) => item["id"] === fields["id"]);
    if (fields["id"] !== undefined && at < 0) {
      throw new Refusal(invalid({ id: [`Item ${Number(fields["id"])} is not on invoice ${Number(invoice["id"])}.`] }));
    }
    const old = at < 0 ? undefined : items[at];
    const id = old ? Number(old["id"]) : freshId(context, "invoices");
    items.splice(at < 0 ? items.length : at, 1, writtenItem(old, fields, id, printedInstant(context.now)));
  }
  return items;
}

/** Makes an adjustment invoice, the only kind this endpoint can make; the reply is its bare id. */
function createInvoices(context: Context): Reply {
  const fields = sent(context, newAdjustment);
  const original = mustExist(context, "adjustmentToId", "invoices", fields["adjustmentToId"]);
  if (original["syncStatus"] === "Pending") {
    throw new Refusal(refused("Adjustment invoices can be created only for posted or exported invoices."));
  }
  const job = isRecord(original["job"]) ? shelfOf(context).find("jobs", Number(original["job"]["id"])) : undefined;
  const pending = job !== undefined && job["jobStatus"] !== "Completed" && job["jobStatus"] !== "Canceled";
  if (pending && !context.dials.flag("adjustsPendingJobs")) {
    throw new Refusal(refused(`Job ${Number(job["id"])} is pending; its invoice cannot be adjusted.`));
  }
  const id = freshId(context, "invoices");
  context.store.create("invoices", written(context, adjustmentOf(original, id, context.now), fields));
  return { status: 200, body: id };
}

function updateInvoice(context: Context): Reply {
  const invoice = stored(context, "invoices", "Invoice");
  const { payments, ...fields } = sent(context, changedInvoice);
  mustBeOpen(context, invoice);
  context.store.update("invoices", String(invoice["id"]), written(context, invoice, fields));
  for (const one of Array.isArray(payments) ? payments.filter(isRecord) : []) settle(context, one);
  return EMPTY;
}

/** Settlement of a payment, sent with its invoice. */
function settle(context: Context, sentPayment: JsonRecord): void {
  const payment = mustExist(context, "payments", "payments", sentPayment["id"]);
  const { settlementStatus, settlementDate } = sentPayment;
  const settled: JsonRecord = {};
  if (settlementStatus !== undefined) settled["settlementStatus"] = settlementStatus;
  if (settlementDate !== undefined) settled["settlementDate"] = settlementDate;
  context.store.update("payments", String(payment["id"]), settled);
}

/** One flat item: changed by its id, or added when it has none. Anything but an object is refused. */
function updateInvoiceItems(context: Context): Reply {
  const invoice = stored(context, "invoices", "Invoice");
  sent(context, itemFields);
  mustBeOpen(context, invoice);
  const body = context.request.body;
  context.store.update(
    "invoices",
    String(invoice["id"]),
    withItems(invoice, mergedItems(context, invoice, isRecord(body) ? [body] : []), context.dials.text("itemTax")),
  );
  return EMPTY;
}

function deleteInvoiceItem(context: Context): Reply {
  const invoice = stored(context, "invoices", "Invoice");
  const itemId = idInPath(context, "itemId");
  mustBeOpen(context, invoice);
  const rest = itemsOf(invoice).filter((item) => item["id"] !== itemId);
  if (rest.length === itemsOf(invoice).length) throw new Refusal(absent("Invoice item", itemId));
  context.store.update("invoices", String(invoice["id"]), withItems(invoice, rest, context.dials.text("itemTax")));
  return EMPTY;
}

/** `operations: [{objectId, customFields: [{name, value}]}]`: each named field is set, the others stay. */
export function setCustomFields(collection: "invoices" | "payments"): (context: Context) => Reply {
  return (context) => {
    const { operations } = sent(context, bodyFields({ operations: "objects" }, {}));
    for (const operation of Array.isArray(operations) ? operations.filter(isRecord) : []) {
      const record = mustExist(context, "objectId", collection, operation["objectId"]);
      const fresh = Array.isArray(operation["customFields"]) ? operation["customFields"].filter(isRecord) : [];
      const held = Array.isArray(record["customFields"]) ? record["customFields"].filter(isRecord) : [];
      const kept = held.filter((field) => !fresh.some((other) => other["name"] === field["name"]));
      const set = fresh.map((field) => ({ name: field["name"] ?? null, value: field["value"] ?? null }));
      context.store.update(collection, String(record["id"]), { customFields: [...kept, ...set] });
    }
    return EMPTY;
  };
}

export const invoiceRoutes: Route[] = [
  listRoute("accounting", "/invoices", "listInvoices", "invoices", invoiceList(POSTED, REVIEW)),
  route("POST", "accounting", "/invoices", "createInvoices", createInvoices),
  route("PATCH", "accounting", "/invoices/custom-fields", "updateInvoiceCustomFields", setCustomFields("invoices")),
  route("PATCH", "accounting", "/invoices/{id}", "updateInvoice", updateInvoice),
  route("PATCH", "accounting", "/invoices/{id}/items", "updateInvoiceItems", updateInvoiceItems),
  route("DELETE", "accounting", "/invoices/{id}/items/{itemId}", "deleteInvoiceItem", deleteInvoiceItem),
];
