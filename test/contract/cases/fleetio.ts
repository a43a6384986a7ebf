import { createHmac } from "node:crypto";
import { vendor as simulator } from "#local/vendors/fleetio/vendor.ts";
import { connectorOf, operations } from "#shared/connectors/registry.ts";
import { fixture, type Row, requestsOf, type VendorCase } from "../connector/case.ts";

const [pending = {}] = fixture<{ serviceEntries: Row[] }>("fleetio", "account").serviceEntries;
const {
  list: {
    records: [printed = {}],
  },
} = fixture<{ list: { records: Row[] } }>("fleetio", "example");
const entry: Row = {
  ...printed,
  id: 88_001,
  vendor_id: 412,
  is_sample: false,
  created_at: "2026-10-01T00:00:00-06:00",
  updated_at: "2026-10-01T00:00:00-06:00",
};
const completed = (changed: Row): Row => ({ ...entry, status: "completed", ...changed });

export const fleetio: VendorCase = {
  connector: connectorOf("fleetio"),
  operations: operations["fleetio"] ?? [],
  simulator,
  document: fixture("fleetio", "document"),
  requests: requestsOf("fleetio"),
  connection: (url) => ({ baseUrl: url, book: "payable", apiVersion: "2024-03-15", ourVendorIds: [412] }),
  secret: { apiKey: "key.very-secret", accountToken: "token.very-secret", webhookSecret: "whsec.very-secret" },
  account: {
    credentials: { apiKey: "key.very-secret", accountToken: "token.very-secret" },
    settings: { timeZone: "America/Denver" },
  },
  zone: "America/Denver",
  now: "2026-11-01T15:00:00.000Z",
  company: { serviceEntries: [pending] },
  streams: {
    "service-entries": {
      raw: entry,
      required: ["id"],
      collection: "serviceEntries",
      made: (n) => ({
        ...pending,
        id: 90_000 + n,
        // Seven of a kind share their time, so that a page ends within one.
        updated_at: new Date(Date.parse("2026-10-01T00:00:00Z") + Math.floor(n / 7) * 60_000).toISOString(),
      }),
      edit: { general_notes: "brakes too" },
    },
  },
  paged: { "service-entries": 205 },
  unread: Object.fromEntries(
    ["category", "meter_type", "meterable_type", "type"]
      .map((name) => `primary_meter_entry.${name}`)
      .concat("discount_type")
      .map((name) => [`service-entries.${name}`, "stays in the raw record; no fact comes of it"]),
  ),
  meanings: {
    parameters: { read: ["bad-input", "give-up"], write: ["rejected", "give-up"] },
    key: { read: ["unauthorised", "ask-person"], write: ["unauthorised", "ask-person"] },
    "key, as text": { read: ["unauthorised", "ask-person"], write: ["unauthorised", "ask-person"] },
    right: { read: ["unauthorised", "ask-person"], write: ["unauthorised", "ask-person"] },
    "no such record": { read: ["missing", "observe-absence"], write: ["rejected", "give-up"] },
    refused: { read: ["bad-input", "give-up"], write: ["rejected", "give-up"] },
    "too many": {
      read: ["rate-limited", "retry-at"],
      write: ["rate-limited", "retry-at"],
      retryAt: "2026-11-01T15:00:12.000Z",
    },
    server: { read: ["transient", "retry"], write: ["ambiguous", "read-back"] },
  },
  money: [
    {
      stream: "service-entries",
      name: "total_amount_cents",
      form: "cents",
      raw: (value) => ({ ...entry, total_amount_cents: value }),
      of: (facts) => (facts.kind === "job" ? facts.charge : undefined),
    },
  ],
  times: [
    {
      stream: "service-entries",
      name: "completed_at",
      raw: (instant) => completed({ completed_at: instant }),
      of: (facts) => (facts.kind === "job" ? facts.completedAt : null),
      as: "instant",
    },
    {
      stream: "service-entries",
      name: "completed_at as the service day",
      raw: (instant) => completed({ completed_at: instant }),
      of: (facts) => (facts.kind === "job" ? facts.serviceDay : null),
      as: "day",
    },
  ],
  writes: [
    {
      target: "status",
      record: { stream: "service-entries", id: String(pending["id"]) },
      wanted: "completed",
      arguments: { completedAt: "2026-10-29T20:10:00.0000001Z" },
    },
    {
      target: "reference",
      record: { stream: "service-entries", id: String(pending["id"]) },
      wanted: "FRC-2291",
    },
  ],
  webhook: {
    secret: { apiKey: "k", accountToken: "t", webhookSecret: "whsec.very-secret" },
    otherSecret: { apiKey: "k", accountToken: "t", webhookSecret: "whsec.other" },
    sign: (body) => ({
      "x-fleetio-webhook-signature": createHmac("sha256", "whsec.very-secret").update(body).digest("hex"),
    }),
    events: [
      {
        body: { id: 1, event: "service_entry_updated", timestamp: "2026-11-01T08:00:00-07:00", payload: { id: 88123 } },
        hints: [{ stream: "service-entries", ids: ["88123"] }],
      },
      {
        body: { id: 2, event: "import_completed", payload: { created_record_ids: [1, 2], updated_record_ids: [2, 3] } },
        hints: [{ stream: "service-entries", ids: ["1", "2", "3"] }],
      },
      { body: { id: 3, event: "vehicle_updated", payload: { id: 7 } }, hints: [] },
    ],
  },
  inputs: {
    listServiceEntries: {
      start_cursor: "abc",
      per_page: 50,
      filter: {
        reference: { like: "1024" },
        status: { include: "pending,completed" },
        labels: { include: "ours" },
        completed_at: { lt: "2026-11-01" },
        created_at: { lte: "2026-11-01T00:00:00Z" },
        updated_at: { gte: "2026-10-01T00:00:00-06:00" },
      },
      sort: { id: "asc", completed_at: "desc", updated_at: "asc", created_at: "desc" },
    },
    createServiceEntry: {
      completed_at: "2026-10-29T14:10:00-06:00",
      meter_entry_attributes: { value: 84210 },
      vehicle_id: 7,
      vendor_id: 412,
      reference: "10241",
    },
  },
};
