import { vendor as simulator } from "#local/vendors/rotor/vendor.ts";
import { connectorOf, operations } from "#shared/connectors/registry.ts";
import { fixture, type Row, requestsOf, type VendorCase } from "../connector/case.ts";

const job: Row = {
  id: "j1",
  customer: { id: "c1", company_name: "Vega Dental", first_name: "Ana", last_name: "Pena" },
  service_date: "2026-10-28T15:00:00Z",
  service_plan_id: "p1",
  technicians: [{ email: "marcus@ridgeline.example", name: "Marcus", user_id: "u1" }],
  total_outstanding: 25,
  total_received: 150.5,
};
const raw = (changed: Row): Row => ({ job: { ...job, ...changed }, completed: true });
const customer: Row = {
  id: "c1",
  company_name: "Vega Dental",
  first_name: "Ana",
  last_name: "Pena",
  email: "ana@pena.example",
  phone: "303-555-0101",
  status: "active",
};

export const rotor: VendorCase = {
  connector: connectorOf("rotor"),
  operations: operations["rotor"] ?? [],
  simulator,
  document: fixture("rotor", "document"),
  requests: requestsOf("rotor"),
  connection: (url) => ({ baseUrl: url }),
  secret: { apiKey: "rotor_1_very-secret" },
  account: { credentials: { apiKey: "rotor_1_very-secret" } },
  zone: "America/Denver",
  now: "2026-10-29T12:00:00.000Z",
  company: { customers: [customer] },
  streams: {
    "serviced-jobs": {
      raw: { job, completed: true },
      inside: "job",
      required: ["id"],
      collection: "jobs",
      made: (n) => ({
        id: `job-${String(n).padStart(5, "0")}`,
        customer_id: "c1",
        visits: [{ start: "2026-10-28T15:00:00Z" }],
        total_received: 100,
        total_outstanding: 0,
        completed: true,
        created_at: new Date(Date.parse("2026-01-01T00:00:00Z") + n * 60_000).toISOString(),
      }),
      edit: { total_outstanding: 5 },
    },
    customers: {
      raw: customer,
      required: ["id"],
      collection: "customers",
      made: (n) => ({ ...customer, id: `customer-${n}` }),
      edit: { phone: "303-555-0199" },
    },
  },
  paged: { "serviced-jobs": 1001, customers: 1001 },
  unread: { "customers.status": "only inactive is told apart; any other word is a customer who is there" },
  meanings: {
    authentication: { read: ["unauthorised", "ask-person"], write: ["unauthorised", "ask-person"] },
    scope: { read: ["unauthorised", "ask-person"], write: ["unauthorised", "ask-person"] },
    validation: { read: ["bad-input", "give-up"], write: ["rejected", "give-up"] },
    "daily limit": {
      read: ["rate-limited", "retry-at"],
      write: ["rate-limited", "retry-at"],
      retryAt: "2026-10-30T00:00:00.000Z",
    },
    server: { read: ["transient", "retry"], write: ["ambiguous", "read-back"] },
    "an error in a 200": { read: ["transient", "retry"], write: ["ambiguous", "read-back"] },
  },
  money: [
    {
      stream: "serviced-jobs",
      name: "total_received",
      form: "decimal",
      raw: (value) => raw({ total_received: value }),
      of: (facts) => (facts.kind === "job" ? facts.payment : undefined),
    },
    {
      stream: "serviced-jobs",
      name: "total_outstanding",
      form: "decimal",
      raw: (value) => raw({ total_outstanding: value, total_received: 0 }),
      of: (facts) => (facts.kind === "job" ? facts.charge : undefined),
    },
  ],
  times: [
    {
      stream: "serviced-jobs",
      name: "service_date",
      raw: (instant) => raw({ service_date: instant }),
      of: (facts) => (facts.kind === "job" ? facts.serviceDay : null),
      as: "day",
    },
  ],
  writes: [],
  webhook: null,
};
