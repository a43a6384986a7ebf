import type { JsonRecord } from "./demo.ts";
import { localDay } from "./instants.ts";
import { decimal, dollars, type Price } from "./money.ts";
import type { Customer } from "./people.ts";
import { type OfficeJob, officeName, utcSeconds } from "./servicetitan.ts";
import type { World } from "./world.ts";

/** What the office does with invoices and payments. ServiceTitan itself keeps the balances after the first morning. */

/** Fills in what was done and what it costs. */
export function priceInvoice(world: World, job: OfficeJob, at: string, price: Price, what: string, day?: string): void {
  const item = {
    id: world.nextId("st items", 85_600_000),
    description: what,
    quantity: "1.00",
    cost: "0.00",
    totalCost: "0.00",
    inventoryLocation: null,
    price: decimal(price.net),
    type: "Service",
    skuName: what,
    skuId: 6100,
    total: decimal(price.net),
    inventory: false,
    taxable: price.tax !== 0,
    order: 1,
  };
  const fields = {
    subTotal: decimal(price.net),
    salesTax: decimal(price.tax),
    total: decimal(price.total),
    items: [item],
    invoiceDate: `${day ?? localDay(at)}T00:00:00Z`,
  };
  world.st.change(at, "invoices", String(job.invoice), fields, `${job.number} priced`);
}

export function postInvoice(world: World, job: OfficeJob, at: string, status: "Posted" | "Exported" = "Posted"): void {
  const fields = { syncStatus: status, sentStatus: "Sent", reviewStatus: "Reviewed" };
  world.st.change(at, "invoices", String(job.invoice), fields, `${job.number} ${status}`);
}

const methods = { Check: "2", Cash: "1", "Credit Card": "5", ACH: "7" } as const;
export type Method = keyof typeof methods;

export type Receipt = { job: OfficeJob; amount: number };

/** A payment of the customer and what of it lies on which invoice; the rest is unapplied. Answers its id. */
export function receive(
  world: World,
  customer: Customer,
  at: string,
  payment: { total: number; on: readonly Receipt[]; method?: Method; memo?: string },
): number {
  const id = world.nextId("st payments", 96_300_000);
  const used = payment.on.reduce((sum, part) => sum + part.amount, 0);
  const method = payment.method ?? "Credit Card";
  const record = {
    id,
    syncStatus: "Posted",
    referenceNumber: String(id),
    date: `${localDay(at)}T00:00:00Z`,
    type: method,
    typeId: methods[method],
    total: decimal(payment.total),
    unappliedAmount: decimal(payment.total - used),
    memo: payment.memo ?? null,
    customer: { id: customer.servicetitan?.id ?? 0, name: officeName(customer) },
    businessUnit: null,
    batch: null,
    createdBy: "office",
    generalLedgerAccount: null,
    appliedTo: payment.on.map(({ job, amount }) => ({
      appliedId: world.nextId("st applied", 97_900_000),
      appliedTo: job.invoice,
      appliedAmount: decimal(amount),
      appliedOn: utcSeconds(at),
      appliedBy: "office",
      appliedToReferenceNumber: job.number,
    })),
    customFields: [],
    authCode: null,
    checkNumber: method === "Check" ? String(1000 + (id % 7919)) : null,
    active: true,
  };
  const [first] = payment.on;
  world.st.create(at, "payments", record, first ? `${first.job.number} paid` : `${customer.last} paid on account`);
  return id;
}

/** An adjustment invoice beside the job's own. The original's modified time does not move. */
export function adjust(
  world: World,
  job: OfficeJob,
  customer: Customer,
  at: string,
  minor: number,
  why: string,
): number {
  const id = world.nextId("st invoices", 52_700_000);
  const record = {
    id,
    adjustmentToId: job.invoice,
    syncStatus: "Posted",
    summary: why,
    referenceNumber: String(id),
    invoiceDate: `${localDay(at)}T00:00:00Z`,
    dueDate: null,
    subTotal: decimal(minor),
    salesTax: "0.00",
    total: decimal(minor),
    customer: { id: customer.servicetitan?.id ?? 0, name: officeName(customer) },
    job: { id: job.id, number: job.number, type: null },
    sentStatus: "Sent",
    reviewStatus: "Reviewed",
    items: [],
    customFields: [],
    active: true,
  };
  world.st.create(at, "invoices", record, `${job.number} adjusted`);
  return id;
}

const cents = (value: unknown): number => Math.round(Number(value ?? 0) * 100);

/** The first morning's balances, as ServiceTitan would have kept them: total less what is applied. */
export function withBalances(collections: Record<string, JsonRecord[]>): Record<string, JsonRecord[]> {
  const applied = new Map<number, number>();
  for (const payment of collections["payments"] ?? []) {
    const parts = Array.isArray(payment["appliedTo"]) ? payment["appliedTo"] : [];
    for (const part of parts) {
      if (typeof part !== "object" || part === null || Array.isArray(part)) continue;
      const invoice = Number(part["appliedTo"]);
      applied.set(invoice, (applied.get(invoice) ?? 0) + cents(part["appliedAmount"]));
    }
  }
  const own = (invoice: JsonRecord): number => cents(invoice["total"]) - (applied.get(Number(invoice["id"])) ?? 0);
  // The original's balance holds its adjustments; an adjustment's own is 0.00.
  const adjusted = new Map<number, number>();
  for (const invoice of collections["invoices"] ?? []) {
    const original = invoice["adjustmentToId"];
    if (typeof original === "number") adjusted.set(original, (adjusted.get(original) ?? 0) + own(invoice));
  }
  const owed = new Map<number, number>();
  const invoices = (collections["invoices"] ?? []).map((invoice) => {
    const original = typeof invoice["adjustmentToId"] !== "number";
    const balance = original ? own(invoice) + (adjusted.get(Number(invoice["id"])) ?? 0) : 0;
    const customer = invoice["customer"];
    const id =
      typeof customer === "object" && customer !== null && !Array.isArray(customer) ? Number(customer["id"]) : 0;
    owed.set(id, (owed.get(id) ?? 0) + balance);
    return { ...invoice, balance: decimal(balance) };
  });
  const customers = (collections["customers"] ?? []).map((customer) => ({
    ...customer,
    balance: dollars(owed.get(Number(customer["id"])) ?? 0),
  }));
  return { ...collections, invoices, customers };
}
