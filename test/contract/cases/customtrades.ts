import { vendor as simulator } from "#local/vendors/customtrades/vendor.ts";
import { connectorOf, operations } from "#shared/connectors/registry.ts";
import { fixture, type MoneyCase, type Row, requestsOf, type VendorCase, type WriteCase } from "../connector/case.ts";

const stamped = { created_at: "2026-10-01T00:00:00.000Z", updated_at: "2026-10-01T00:00:00.000Z", deleted_at: null };
const customer: Row = {
  uuid: "c-1",
  first_name: "Ana",
  last_name: "Pena",
  company_name: null,
  email: "ana@pena.example",
  phone: "206-555-1234",
  customer_type: "Residential",
  is_vip: false,
  ...stamped,
};
const job: Row = {
  uuid: "j-1",
  job_number: "JOB-0001",
  customer_uuid: "c-1",
  location_uuid: null,
  assigned_to_user_id: null,
  title: "Leak",
  description: null,
  status: "Scheduled",
  priority: "Normal",
  is_urgent: false,
  is_emergency: false,
  estimated_amount: null,
  actual_amount: 120,
  scheduled_date: "2026-11-03T12:00:00Z",
  scheduled_time_start: "09:00",
  scheduled_time_end: "11:00",
  started_at: null,
  completed_at: null,
  invoiced_at: null,
  paid_at: null,
  internal_notes: null,
  customer_notes: null,
  ...stamped,
};
const printedJob: Row = { ...job, customer: { uuid: "c-1", first_name: "Ana", last_name: "Pena" } };
const invoice: Row = {
  uuid: "i-1",
  invoice_number: "INV-1",
  customer_uuid: "c-1",
  job_uuid: "j-1",
  invoice_type: "Full",
  issue_date: "2026-10-20",
  due_date: "2026-11-20",
  subtotal: 100,
  tax_amount: 8,
  discount_amount: 0,
  total_amount: 108,
  paid_amount: 0,
  balance_amount: 108,
  status: "Pending",
  ...stamped,
};
const payment: Row = {
  uuid: "p-1",
  payment_number: "PAY-1",
  invoice_uuid: "i-1",
  customer_uuid: "c-1",
  payment_type: "check",
  amount: 50,
  processing_fee: 0,
  net_amount: 50,
  payment_date: "2026-10-21",
  status: "Completed",
  ...stamped,
};

const money = (stream: string, record: Row, name: string, of: MoneyCase["of"]): MoneyCase => ({
  stream,
  name,
  form: "decimal",
  raw: (value) => ({ ...record, [name]: value }),
  of,
});
const ofInvoice =
  (member: "total" | "tax" | "balance" | "discount"): MoneyCase["of"] =>
  (facts) =>
    facts.kind === "invoice" ? facts[member] : undefined;
const on = (target: WriteCase["target"], wanted: string): WriteCase => ({
  target,
  wanted,
  record: { stream: "jobs", id: "j-1" },
});
const made =
  (record: Row) =>
  (n: number): Row => ({
    ...record,
    uuid: `${record["uuid"]}-${String(n).padStart(4, "0")}`,
    created_at: new Date(Date.parse("2026-01-01T00:00:00Z") + n * 60_000).toISOString(),
  });

export const customtrades: VendorCase = {
  connector: connectorOf("customtrades"),
  operations: operations["customtrades"] ?? [],
  simulator,
  document: fixture("customtrades", "document"),
  requests: requestsOf("customtrades"),
  connection: (url) => ({ baseUrl: url }),
  secret: { apiKey: "ctc_live_very-secret" },
  account: { credentials: { apiKey: "ctc_live_very-secret" } },
  zone: "America/Denver",
  now: "2026-10-29T12:00:00.000Z",
  company: { customers: [customer], jobs: [job], invoices: [{ ...invoice, uuid: "i-2", job_uuid: null }] },
  streams: {
    jobs: { raw: printedJob, required: ["uuid"], collection: "jobs", made: made(job), edit: { title: "Leak again" } },
    invoices: { raw: invoice, required: ["uuid"], collection: "invoices", made: made(invoice), edit: { notes: "x" } },
    payments: { raw: payment, required: ["uuid"], collection: "payments", made: made(payment), edit: { notes: "x" } },
    customers: { raw: customer, required: ["uuid"], collection: "customers", made: made(customer), edit: null },
  },
  paged: { jobs: 205, invoices: 105, payments: 105, customers: 105 },
  unread: {
    "jobs.priority": "stays in the raw record; no fact comes of it",
    "invoices.invoice_type": "only Partial and Progress are told apart; any other word bills the whole job",
    "payments.payment_type": "kept as the payment's method, whatever it says",
    "customers.customer_type": "stays in the raw record; no fact comes of it",
  },
  meanings: {
    validation: { read: ["bad-input", "give-up"], write: ["rejected", "give-up"] },
    key: { read: ["unauthorised", "ask-person"], write: ["unauthorised", "ask-person"] },
    "add-on required": { read: ["unauthorised", "ask-person"], write: ["unauthorised", "ask-person"] },
    "address restricted": { read: ["unauthorised", "ask-person"], write: ["unauthorised", "ask-person"] },
    "usage exceeded": {
      read: ["rate-limited", "retry-at"],
      write: ["rate-limited", "retry-at"],
      retryAt: "2026-11-01T00:00:00.000Z",
    },
    "no such record": { read: ["missing", "observe-absence"], write: ["rejected", "give-up"] },
    server: { read: ["transient", "retry"], write: ["ambiguous", "read-back"] },
    "an error in a 200": { read: ["bad-input", "give-up"], write: ["rejected", "give-up"] },
  },
  money: [
    money("jobs", printedJob, "actual_amount", (facts) => (facts.kind === "job" ? facts.charge : undefined)),
    money("invoices", invoice, "total_amount", ofInvoice("total")),
    money("invoices", invoice, "tax_amount", ofInvoice("tax")),
    money("invoices", invoice, "balance_amount", ofInvoice("balance")),
    money("invoices", invoice, "discount_amount", ofInvoice("discount")),
    money("payments", payment, "amount", (facts) => (facts.kind === "payment" ? facts.shares[0]?.amount : undefined)),
  ],
  times: [
    {
      stream: "jobs",
      name: "completed_at",
      raw: (instant) => ({ ...printedJob, status: "Complete", completed_at: instant }),
      of: (facts) => (facts.kind === "job" ? facts.completedAt : null),
      as: "instant",
    },
    {
      stream: "jobs",
      name: "completed_at as the service day",
      raw: (instant) => ({ ...printedJob, scheduled_date: null, completed_at: instant }),
      of: (facts) => (facts.kind === "job" ? facts.serviceDay : null),
      as: "day",
    },
  ],
  writes: [
    on("status", "In Progress"),
    on("schedule", "2026-11-04 10:00-12:00"),
    on("amount", "150.10"),
    on("presence", "deleted"),
    {
      ...{ target: "payment", wanted: "recorded 108.00", record: { stream: "payments", id: "new:st/payments/9" } },
      arguments: { invoiceId: "i-2", amountMinor: 10_800, day: "2026-10-21", marker: "plumbline:st/payments/9" },
      once: true,
    },
    {
      ...on("job", "booked"),
      arguments: { customer_uuid: "c-1", title: "Water heater", marker: "plumbline:j0a1" },
      once: true,
    },
  ],
  webhook: null,
};
