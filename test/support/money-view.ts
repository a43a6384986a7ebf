import type { Facts, InvoiceFacts, JobFacts, PaymentFacts } from "#shared/domain/facts.ts";
import { recordKey } from "#shared/domain/ids.ts";
import type { Amount } from "#shared/domain/money.ts";
import type { Work } from "#shared/domain/status.ts";
import type { Seen, View } from "#shared/domain/view.ts";

/** Records of a job as reconcile reads them, said by what a test is about and nothing else. */
export interface Placed {
  readonly connection?: string;
  readonly id?: string;
  readonly live?: boolean;
}

function seen<F extends Facts>(stream: string, facts: F, placed: Placed): Seen<F> {
  const record = { connection: placed.connection ?? "office", stream, id: placed.id ?? "1" };
  const version = { modified: null, read: 1 };
  const observation = { record, version, digest: "d", at: "2026-11-02T10:00:00Z", hangsOn: [], facts };
  return { key: recordKey(record), connection: record.connection, observation, facts, live: placed.live ?? true };
}

/** A root that says no more than that its work is done. */
export const rootFacts: JobFacts = {
  kind: "job",
  presence: "present",
  number: null,
  title: null,
  work: { word: "Completed", set: ["completed"] },
  billing: "by-money",
  customer: null,
  customerName: null,
  schedule: null,
  serviceDay: null,
  completedAt: null,
  technicians: null,
  techniciansAre: "all",
  reference: null,
  charge: null,
  payment: null,
  noCharge: false,
  keys: {},
  carry: {},
};

/** A root; `work` in place of "completed". */
export function root(facts: Partial<JobFacts> & { works?: readonly Work[] }, placed: Placed = {}): Seen<JobFacts> {
  const { works: set = ["completed"], ...more } = facts;
  return seen("jobs", { ...rootFacts, work: { word: set.join("/"), set }, ...more }, placed);
}

const invoiceFacts: InvoiceFacts = {
  kind: "invoice",
  presence: "present",
  number: null,
  total: 0,
  tax: null,
  balance: 0,
  discount: null,
  stage: "posted",
  partial: false,
  adjusts: null,
  day: null,
  customer: null,
  keys: {},
};

export function invoice(facts: Partial<InvoiceFacts>, placed: Placed = {}): Seen<InvoiceFacts> {
  return seen("invoices", { ...invoiceFacts, ...facts }, placed);
}

/** A payment whose shares are said as [invoice id, amount]. */
export function payment(
  shares: readonly (readonly [invoice: string, amount: Amount])[],
  facts: Partial<PaymentFacts> = {},
  placed: Placed = {},
): Seen<PaymentFacts> {
  const connection = placed.connection ?? "office";
  const whole: PaymentFacts = {
    kind: "payment",
    presence: "present",
    credit: false,
    state: "received",
    total: null,
    fee: null,
    shares: shares.map(([id, amount]) => ({ invoice: { connection, stream: "invoices", id }, amount })),
    unapplied: 0,
    customer: null,
    day: null,
    method: null,
    ...facts,
  };
  return seen("payments", whole, placed);
}

export function viewWith(parts: Partial<View>): View {
  return { roots: [], visits: [], assignments: [], invoices: [], payments: [], ...parts };
}
