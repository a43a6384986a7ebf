import { vendor as simulator } from "#local/vendors/servicetitan/vendor.ts";
import { connectorOf, operations } from "#shared/connectors/registry.ts";
import { fixture, type MoneyCase, type Row, requestsOf, type VendorCase } from "../connector/case.ts";

const office = fixture<Record<string, Row[]>>("servicetitan", "office");
const first = (collection: string): Row => office[collection]?.[0] ?? {};
const stamped = { createdOn: "2026-10-01T00:00:00Z", modifiedOn: "2026-10-01T00:00:00.0000001Z" };
const job: Row = { ...first("jobs"), completedOn: "2026-10-28T05:30:00Z" };
const appointment: Row = { ...first("appointments"), arrivalWindowStart: null, specialInstructions: null };
const invoice: Row = { ...first("invoices"), discountTotal: "0.00", reviewStatus: "NeedsReview" };
const payment = first("payments");
const many =
  (record: Row, from: number) =>
  (n: number): Row => ({
    ...record,
    id: from + n,
    // Five of a kind share their time, so that a page ends within one.
    modifiedOn: new Date(Date.parse("2026-10-02T00:00:00Z") + Math.floor(n / 5) * 60_000).toISOString(),
  });
const amount = (stream: string, record: Row, name: string, of: MoneyCase["of"]): MoneyCase => ({
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
const refused = { read: ["bad-input", "give-up"], write: ["rejected", "give-up"] } as const;
const slower = {
  read: ["rate-limited", "retry-at"],
  write: ["rate-limited", "retry-at"],
  retryAt: "2026-10-29T08:00:07.000Z",
} as const;
const person = { read: ["unauthorised", "ask-person"], write: ["unauthorised", "ask-person"] } as const;
const splits = [{ invoiceId: "72", amountMinor: 45_000 }];

export const servicetitan: VendorCase = {
  connector: connectorOf("servicetitan"),
  operations: operations["servicetitan"] ?? [],
  simulator,
  document: fixture("servicetitan", "document"),
  requests: requestsOf("servicetitan"),
  connection: (url) => ({
    baseUrl: url,
    authUrl: `${url}/connect/token`,
    tenant: "4242",
    bookingProvider: "77",
    capabilities: { reschedule: true },
  }),
  secret: { clientId: "cid.very-secret", clientSecret: "cs.very-secret", applicationKey: "ak1.very-secret" },
  account: {
    credentials: {
      tenant: "4242",
      clientId: "cid.very-secret",
      clientSecret: "cs.very-secret",
      applicationKey: "ak1.very-secret",
    },
  },
  zone: "America/Denver",
  now: "2026-10-29T08:00:00.000Z",
  company: office,
  dials: { rowsPerPage: 7 },
  streams: {
    jobs: { raw: job, required: ["id"], collection: "jobs", made: many(job, 20_000), edit: { summary: "again" } },
    appointments: {
      raw: appointment,
      required: ["id"],
      collection: "appointments",
      made: many(appointment, 30_000),
      edit: { specialInstructions: "ring twice" },
    },
    assignments: {
      raw: first("assignments"),
      required: ["id"],
      collection: "assignments",
      made: many(first("assignments"), 40_000),
      edit: { isPaused: true },
    },
    invoices: {
      raw: invoice,
      required: ["id"],
      collection: "invoices",
      made: many(invoice, 50_000),
      edit: { summary: "x" },
    },
    payments: {
      raw: payment,
      required: ["id"],
      collection: "payments",
      made: many(payment, 60_000),
      edit: { memo: "x" },
    },
    "credit-memos": {
      raw: first("creditMemos"),
      required: ["id"],
      collection: "creditMemos",
      made: many(first("creditMemos"), 65_000),
      edit: { type: "Goodwill" },
    },
    bookings: {
      raw: first("bookings"),
      required: ["id"],
      collection: "bookings",
      made: many(first("bookings"), 70_000),
      edit: { summary: "x" },
    },
    customers: {
      raw: { customer: first("customers"), contacts: [{ id: 91, type: "Email", value: "a@b.example", ...stamped }] },
      inside: "customer",
      required: ["id"],
      collection: "customers",
      made: many(first("customers"), 80_000),
      edit: { name: "Other" },
    },
    technicians: {
      raw: first("technicians"),
      required: ["id"],
      collection: "technicians",
      made: many(first("technicians"), 90_000),
      edit: { name: "Other" },
    },
    locations: {
      raw: first("locations"),
      required: ["id"],
      collection: "locations",
      made: many(first("locations"), 100_000),
      edit: { name: "Other" },
    },
    "business-units": {
      raw: first("businessUnits"),
      required: ["id"],
      collection: "businessUnits",
      made: many(first("businessUnits"), 110_000),
      edit: { name: "Other" },
    },
    "job-cancel-reasons": {
      raw: first("jobCancelReasons"),
      required: ["id"],
      collection: "jobCancelReasons",
      made: many(first("jobCancelReasons"), 120_000),
      edit: { name: "Other" },
    },
  },
  paged: {
    jobs: 16,
    appointments: 16,
    invoices: 16,
    payments: 16,
    "credit-memos": 16,
    bookings: 16,
    customers: 16,
    technicians: 16,
  },
  unread: {
    "jobs.priority": "stays in the raw record; no fact comes of it",
    "customers.type": "stays in the raw record; no fact comes of it",
    "invoices.reviewStatus": "stays in the raw record; no fact comes of it",
    "payments.syncStatus": "money is received whether or not it is exported to the books",
  },
  meanings: {
    validation: refused,
    "no token": person,
    "no scope": person,
    "no such record": { read: ["missing", "observe-absence"], write: ["rejected", "give-up"] },
    "state does not allow it": refused,
    "customer not active": refused,
    "campaign missing": refused,
    "too many, header": slower,
    "too many, title only": slower,
    server: { read: ["transient", "retry"], write: ["ambiguous", "read-back"] },
  },
  money: [
    amount("invoices", invoice, "total", ofInvoice("total")),
    amount("invoices", invoice, "salesTax", ofInvoice("tax")),
    amount("invoices", invoice, "balance", ofInvoice("balance")),
    amount("invoices", invoice, "discountTotal", ofInvoice("discount")),
    amount("payments", payment, "total", (facts) => (facts.kind === "payment" ? facts.total : undefined)),
    amount("payments", payment, "unappliedAmount", (facts) => (facts.kind === "payment" ? facts.unapplied : undefined)),
    {
      stream: "credit-memos",
      name: "splits.amount",
      form: "decimal",
      raw: (value) => ({ ...first("creditMemos"), splits: [{ invoiceId: 71, amount: value }] }),
      of: (facts) => (facts.kind === "payment" ? facts.shares[0]?.amount : undefined),
    },
    {
      stream: "payments",
      name: "appliedTo.appliedAmount",
      form: "decimal",
      raw: (value) => ({ ...payment, appliedTo: [{ appliedTo: 71, appliedAmount: value }] }),
      of: (facts) => (facts.kind === "payment" ? facts.shares[0]?.amount : undefined),
    },
  ],
  times: [
    {
      stream: "jobs",
      name: "completedOn",
      raw: (instant) => ({ ...job, jobStatus: "Completed", completedOn: instant }),
      of: (facts) => (facts.kind === "job" ? facts.completedAt : null),
      as: "instant",
    },
    {
      stream: "jobs",
      name: "completedOn as the service day",
      raw: (instant) => ({ ...job, jobStatus: "Completed", completedOn: instant }),
      of: (facts) => (facts.kind === "job" ? facts.serviceDay : null),
      as: "day",
    },
    {
      stream: "appointments",
      name: "start",
      raw: (instant) => ({ ...appointment, start: instant }),
      of: (facts) => (facts.kind === "visit" ? facts.start : null),
      as: "instant",
    },
  ],
  writes: [
    {
      target: "amount",
      record: { stream: "invoices", id: "72" },
      wanted: "470.00",
      arguments: { addMinor: 2000, description: "Trip charge" },
      once: true,
    },
    {
      target: "assignees",
      record: { stream: "jobs", id: "10291" },
      wanted: "assigned",
      arguments: { technicianId: "32", appointmentId: "52", action: "assign" },
    },
    { target: "reference", record: { stream: "jobs", id: "10290" }, wanted: "FRC-2291" },
    {
      target: "status",
      record: { stream: "jobs", id: "10291" },
      wanted: "Canceled",
      arguments: { reasonId: 1088, memo: "Customer called off on the phone" },
    },
    {
      target: "job",
      record: { stream: "bookings", id: "new:r9" },
      wanted: "booked",
      arguments: { externalId: "rotor-crews/serviced-jobs/r9", name: "Pena", summary: "No hot water" },
      once: true,
    },
    { target: "payment", record: { stream: "payments", id: "81" }, wanted: "72:450.00", arguments: { splits } },
    { target: "schedule", record: { stream: "jobs", id: "10291" }, wanted: "2026-10-30 09:00-11:00" },
  ],
  webhook: null,
  // The path of an upload is known from its answer alone; a raw request may do anything.
  anyReply: ["listInstalledEquipmentAttachments", "rawRequest"],
  unlooked: ["createInstalledEquipmentAttachment", "rawRequest"],
  inputs: {
    rawRequest: {
      method: "PATCH",
      urlType: "jpm",
      url: "/jobs/1",
      data: { summary: "x" },
      effect: "changes a summary",
    },
  },
  // Every page is not one page; four lists have no sort; a filter by name is tested in servicetitan-operations.
  without: (operation) => [
    "fetchAll",
    "customQueryParams",
    ...(["listTechnicians", "listBusinessUnits", "listUserRoles", "listCustomersContact"].includes(operation)
      ? ["sort"]
      : []),
  ],
};
