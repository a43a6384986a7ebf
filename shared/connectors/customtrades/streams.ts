import type { StreamSpec } from "../connector.ts";

/** The lists have no filter and no sort by updated_at: every read lists all, soft-deleted records with them. */
const full = {
  incremental: "full",
  byId: 1,
  versioned: true,
  absence: "field",
  overlapMinutes: 0,
} as const;

export const streams = {
  jobs: { ...full, name: "jobs", role: "root", everyMinutes: 30 },
  invoices: { ...full, name: "invoices", role: "part", everyMinutes: 30 },
  payments: { ...full, name: "payments", role: "part", everyMinutes: 30 },
  customers: { ...full, name: "customers", role: "person", everyMinutes: 720 },
} as const satisfies Record<string, StreamSpec>;

/** The name of one record of a stream, as replies use it. */
export const singular: Readonly<Record<string, string>> = {
  jobs: "job",
  invoices: "invoice",
  payments: "payment",
  customers: "customer",
};
