import { createHmac } from "node:crypto";
import { connector, operations } from "#shared/connectors/template/index.ts";
import { templateVendor } from "#test/support/template-vendor.ts";
import { fixture, type Row, requestsOf, type VendorCase } from "../connector/case.ts";

const job: Row = {
  id: "j-1",
  number: "1001",
  title: "Leak",
  status: "Booked",
  total: 120.5,
  paid: 0,
  completed_at: null,
  created_at: "2026-10-01T00:00:00.000Z",
  changed_at: "2026-10-01T00:00:00.000Z",
};
const finished = (instant: string): Row => ({ ...job, status: "Finished", completed_at: instant });

export const template: VendorCase = {
  connector,
  operations,
  simulator: templateVendor,
  document: fixture("template", "document"),
  requests: requestsOf("template"),
  connection: (url) => ({ baseUrl: url }),
  secret: { apiKey: "key.very-secret", webhookSecret: "whsec.very-secret" },
  account: { credentials: { apiKey: "key.very-secret" } },
  zone: "America/Denver",
  now: "2026-10-29T12:00:00.000Z",
  company: { jobs: [job] },
  streams: {
    jobs: {
      raw: job,
      required: ["id"],
      collection: "jobs",
      made: (n) => ({
        ...job,
        id: `j-${String(n).padStart(4, "0")}`,
        changed_at: new Date(Date.parse("2026-10-02T00:00:00Z") + Math.floor(n / 7) * 60_000).toISOString(),
      }),
      edit: { title: "Leak again" },
    },
  },
  paged: { jobs: 105 },
  unread: {},
  meanings: {
    validation: { read: ["bad-input", "give-up"], write: ["rejected", "give-up"] },
    key: { read: ["unauthorised", "ask-person"], write: ["unauthorised", "ask-person"] },
    "no such record": { read: ["missing", "observe-absence"], write: ["rejected", "give-up"] },
    "too many": {
      read: ["rate-limited", "retry-at"],
      write: ["rate-limited", "retry-at"],
      retryAt: "2026-10-29T12:00:30.000Z",
    },
    server: { read: ["transient", "retry"], write: ["ambiguous", "read-back"] },
  },
  money: [
    {
      stream: "jobs",
      name: "total",
      form: "decimal",
      raw: (value) => ({ ...job, total: value }),
      of: (facts) => (facts.kind === "job" ? facts.charge : undefined),
    },
    {
      stream: "jobs",
      name: "paid",
      form: "decimal",
      raw: (value) => ({ ...job, paid: value }),
      of: (facts) => (facts.kind === "job" ? facts.payment : undefined),
    },
  ],
  times: [
    {
      stream: "jobs",
      name: "completed_at",
      raw: finished,
      of: (facts) => (facts.kind === "job" ? facts.completedAt : null),
      as: "instant",
    },
    {
      stream: "jobs",
      name: "completed_at as the service day",
      raw: finished,
      of: (facts) => (facts.kind === "job" ? facts.serviceDay : null),
      as: "day",
    },
  ],
  writes: [{ target: "status", record: { stream: "jobs", id: "j-1" }, wanted: "Underway" }],
  webhook: {
    secret: { apiKey: "k", webhookSecret: "whsec.very-secret" },
    otherSecret: { apiKey: "k", webhookSecret: "whsec.other" },
    sign: (body) => ({ "x-signature": createHmac("sha256", "whsec.very-secret").update(body).digest("hex") }),
    events: [
      { body: { event: "job_changed", job_id: "j-1" }, hints: [{ stream: "jobs", ids: ["j-1"] }] },
      { body: { event: "ping" }, hints: [] },
    ],
  },
};
