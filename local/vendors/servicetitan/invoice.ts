import { isRecord, type Json, type JsonRecord } from "../kit/json.ts";
import { bodyFields } from "./body-fields.ts";
import { cents, centsOfProduct, printedMoney } from "./money.ts";
import type { Shelf } from "./query.ts";

/** `{id, name}` as invoices print their customer, location and business unit; null when the record is not there. */
function named(shelf: Shelf, collection: string, id: Json | undefined): JsonRecord | null {
  const record = typeof id === "number" ? shelf.find(collection, id) : undefined;
  return record ? { id: record["id"] ?? null, name: record["name"] ?? null } : null;
}

const emptyInvoice: JsonRecord = {
  syncStatus: "Pending",
  summary: null,
  dueDate: null,
  subTotal: "0.00",
  salesTax: "0.00",
  salesTaxCode: null,
  total: "0.00",
  balance: "0.00",
  invoiceType: null,
  termName: "Due Upon Receipt",
  createdBy: "api",
  batch: null,
  depositedOn: null,
  adjustmentToId: null,
  projectId: null,
  royalty: { status: "Pending", date: null, sentOn: null, memo: null },
  employeeInfo: null,
  commissionEligibilityDate: null,
  sentStatus: "NotSent",
  reviewStatus: "NeedsReview",
  assignedTo: null,
  items: [],
  customFields: [],
  active: true,
  paidOn: null,
  exportId: null,
};

/** The invoice of 0.00 that every job has from the moment it is booked. */
export function bookedInvoice(shelf: Shelf, job: JsonRecord, id: number): JsonRecord {
  const addressOf = (collection: string, field: string) => {
    const owner = typeof job[field] === "number" ? shelf.find(collection, Number(job[field])) : undefined;
    return owner?.["address"] ?? null;
  };
  return {
    ...emptyInvoice,
    id,
    referenceNumber: job["jobNumber"] ?? String(id),
    invoiceDate: null,
    customer: named(shelf, "customers", job["customerId"]),
    customerAddress: addressOf("customers", "customerId"),
    location: named(shelf, "locations", job["locationId"]),
    locationAddress: addressOf("locations", "locationId"),
    businessUnit: named(shelf, "businessUnits", job["businessUnitId"]),
    job: { id: job["id"] ?? null, number: job["jobNumber"] ?? null, type: null },
    projectId: job["projectId"] ?? null,
  };
}

/** An adjustment starts as the original's twin in all but money, dates and state. */
export function adjustmentOf(original: JsonRecord, id: number, now: string): JsonRecord {
  const kept = [
    "customer",
    "customerAddress",
    "location",
    "locationAddress",
    "businessUnit",
    "job",
    "projectId",
    "termName",
  ];
  const same = Object.fromEntries(kept.map((name) => [name, original[name] ?? null]));
  return {
    ...emptyInvoice,
    ...same,
    id,
    adjustmentToId: original["id"] ?? null,
    referenceNumber: String(id),
    invoiceDate: `${now.slice(0, 10)}T00:00:00Z`,
  };
}

/** What one invoice item may say; `PATCH .../items` takes exactly one of these, never an array. */
export const itemFields = bodyFields(
  { description: "string", quantity: "number" },
  {
    id: "integer",
    skuId: "integer",
    skuName: "string",
    technicianId: "integer",
    unitPrice: "number",
    cost: "number",
    isAddOn: "boolean",
    signature: "string",
    technicianAcknowledgementSignature: "string",
    installedOn: "instant",
    inventoryWarehouseName: "string",
    inventoryLocationId: "integer",
    skipUpdatingMembershipPrices: "boolean",
    itemGroupName: "string",
    itemGroupRootId: "integer",
    durationBillingId: "integers",
  },
);

export function itemsOf(invoice: JsonRecord): JsonRecord[] {
  const items = invoice["items"];
  return Array.isArray(items) ? items.filter(isRecord) : [];
}

/** The item after a write; `old` is undefined for a new one. Money is printed as decimal strings. */
export function writtenItem(
  old: JsonRecord | undefined,
  fields: JsonRecord,
  id: number,
  modifiedOn: string,
): JsonRecord {
  const price = fields["unitPrice"] ?? old?.["price"] ?? 0;
  const cost = fields["cost"] ?? old?.["cost"] ?? 0;
  const quantity = fields["quantity"] ?? old?.["quantity"] ?? 1;
  return {
    type: "Service",
    inventory: false,
    taxable: false,
    inventoryLocation: null,
    ...old,
    id,
    description: fields["description"] ?? old?.["description"] ?? "",
    quantity: String(quantity),
    price: printedMoney(cents(price)),
    cost: printedMoney(cents(cost)),
    total: printedMoney(centsOfProduct(quantity, price)),
    totalCost: printedMoney(centsOfProduct(quantity, cost)),
    skuId: fields["skuId"] ?? old?.["skuId"] ?? null,
    skuName: fields["skuName"] ?? old?.["skuName"] ?? null,
    modifiedOn,
  };
}

/** The fields of an invoice whose items change: the subtotal moves by the items' difference, the tax stays or follows. */
export function withItems(invoice: JsonRecord, items: JsonRecord[], tax: string): JsonRecord {
  const sum = (list: JsonRecord[]) => list.reduce((total, item) => total + cents(item["total"]), 0);
  const [before, salesTax] = [cents(invoice["subTotal"]), cents(invoice["salesTax"])];
  const subTotal = before + sum(items) - sum(itemsOf(invoice));
  const follows = tax === "by-rate" && before !== 0;
  return { items, ...totals(subTotal, follows ? Math.round((salesTax * subTotal) / before) : salesTax) };
}

/** `subTotal`, `salesTax` and `total` as printed, from cents. */
export function totals(subTotal: number, salesTax: number): JsonRecord {
  return {
    subTotal: printedMoney(subTotal),
    salesTax: printedMoney(salesTax),
    total: printedMoney(subTotal + salesTax),
  };
}
