import type { Connector, StreamSpec } from "#shared/connectors/connector.ts";
import { connector as customtrades } from "#shared/connectors/customtrades/index.ts";
import { connector as fleetio } from "#shared/connectors/fleetio/index.ts";
import { connector as rotor } from "#shared/connectors/rotor/index.ts";
import { connector as servicetitan } from "#shared/connectors/servicetitan/index.ts";
import type { CompanyConfig, Config, ConnectionConfig } from "#shared/domain/policy.ts";

const fleet: ConnectionConfig = {
  id: "fleet",
  vendor: "fleetio",
  book: "cost",
  secret: "fleet",
  lagSeconds: 30,
  zone: "America/Denver",
  baseUrl: "http://127.0.0.1:1/fleet",
  apiVersion: "2024-03-15",
  mode: { default: "observe" },
  pollMinutes: { default: 240 },
  sweepHours: 1000,
};

const books = { book: "receivable", secret: "none", lagSeconds: 30, zone: "America/Denver" } as const;

/**
 * The company whose day it is: an office, a branch whose board is written back to, crews that take nothing, and a
 * fleet of its own.
 */
export const company: CompanyConfig = {
  id: "sim",
  name: "Simulated Plumbing",
  zone: "America/Denver",
  currency: "USD",
  connections: [
    {
      ...books,
      id: "st",
      vendor: "servicetitan",
      reference: true,
      baseUrl: "http://127.0.0.1:1/st",
      authUrl: "http://127.0.0.1:1/auth",
      tenant: "1",
      bookingProvider: "7",
      mode: { default: "observe", job: "propose" },
      pollMinutes: { default: 45 },
      sweepHours: 1000,
    },
    {
      ...books,
      id: "ctc",
      vendor: "customtrades",
      baseUrl: "http://127.0.0.1:1/ctc",
      mode: { default: "propose", status: "apply", schedule: "apply" },
      pollMinutes: { default: 60 },
      sweepHours: 1000,
    },
    {
      ...books,
      id: "crews",
      vendor: "rotor",
      baseUrl: "http://127.0.0.1:1/rotor",
      mode: { default: "observe" },
      pollMinutes: { default: 60 },
      sweepHours: 1000,
    },
    fleet,
  ],
  policy: {
    authority: { work: ["st", "ctc"], billing: ["st"], schedule: ["st", "ctc"] },
    expectedIn: [{ from: "crews", to: "st", withinHours: 2 }],
    keyPairs: [{ left: "st.jobs.externalData.ctc", right: "ctc.jobs.job_number", and: ["day"] }],
    toleranceMinor: 0,
    graceHours: { default: 1 },
  },
};

/** Another one in the same cell: its connection has the same id, and one of its records too. */
export const neighbour: CompanyConfig = {
  id: "next",
  name: "Neighbour Plumbing",
  zone: "America/Denver",
  currency: "USD",
  connections: [fleet],
  policy: { authority: {}, expectedIn: [], keyPairs: [], toleranceMinor: 0, graceHours: { default: 1 } },
};

export const companies: readonly CompanyConfig[] = [company, neighbour];

export const config: Config = {
  cells: [{ id: "main", companies: companies.map(({ id }) => id) }],
  companies: [...companies],
};

/** Whether a record is of a kind that founds a job. */
export const isRoot = (key: string): boolean => /\/(jobs|serviced-jobs|service-entries)\//.test(key);

/** The connectors as they are, with no more streams than the story needs. */
const used: Readonly<Record<string, readonly string[]>> = {
  servicetitan: ["jobs", "appointments", "invoices", "payments", "bookings"],
  customtrades: ["jobs", "invoices", "payments"],
  rotor: ["serviced-jobs"],
  fleetio: ["service-entries"],
};

const narrowed = (connector: Connector): Connector => ({
  ...connector,
  streams: streamsOf(connector),
});

function streamsOf(connector: Connector): Readonly<Record<string, StreamSpec>> {
  const names = used[connector.vendor] ?? [];
  return Object.fromEntries(Object.entries(connector.streams).filter(([name]) => names.includes(name)));
}

export const connectors: Readonly<Record<string, Connector>> = {
  servicetitan: narrowed(servicetitan),
  customtrades: narrowed(customtrades),
  rotor: narrowed(rotor),
  fleetio: narrowed(fleetio),
};
