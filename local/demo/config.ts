import type { DemoAccount, DemoWebhook, JsonRecord, VendorName } from "./demo.ts";
import { OUR_VENDOR } from "./fleetio.ts";
import { CANCEL_REASON } from "./servicetitan.ts";

/** Ridgeline's own configuration: addresses as `{{vendor}}`, modes as the stories need them. */

export const COMPANY = "ridgeline";
const ZONE = "America/Denver";
const TENANT = "10978752986";

/** Short of half the time between two steps of a job (`SLOTS`), so that every step is seen before the next. */
const LIVE_MINUTES = 120;
const SLOW_MINUTES = 720;
const slow = (...streams: string[]) => Object.fromEntries(streams.map((stream) => [stream, SLOW_MINUTES]));
const common = { zone: ZONE, lagSeconds: 30, sweepHours: 168 };

const connections: JsonRecord[] = [
  {
    id: "st-main",
    vendor: "servicetitan",
    book: "receivable",
    reference: true,
    baseUrl: "{{servicetitan}}",
    authUrl: "{{servicetitan}}/connect/token",
    tenant: TENANT,
    secret: `plumbline/${COMPANY}/st-main`,
    bookingProvider: TENANT,
    adjustments: "original-balance-includes",
    capabilities: { hold: false, reschedule: false },
    budget: { perSecond: 2000, share: 0.5 },
    ...common,
    pollMinutes: {
      default: LIVE_MINUTES,
      ...slow(
        "credit-memos",
        "bookings",
        "customers",
        "locations",
        "technicians",
        "business-units",
        "job-cancel-reasons",
      ),
    },
    mode: {
      default: "observe",
      assignees: "apply",
      reference: "apply",
      amount: "propose",
      payment: "propose",
      job: "propose",
    },
  },
  {
    id: "rotor-crews",
    vendor: "rotor",
    called: "crew",
    book: "receivable",
    baseUrl: "{{rotor}}/open-api",
    secret: `plumbline/${COMPANY}/rotor-crews`,
    budget: { perDay: 1000, reserve: 150, dayResets: "00:00Z" },
    ...common,
    pollMinutes: { default: LIVE_MINUTES, ...slow("customers") },
    mode: { default: "observe" },
  },
  {
    id: "ctc-boulder",
    vendor: "customtrades",
    called: "branch",
    book: "receivable",
    baseUrl: "{{customtrades}}/api/v1",
    secret: `plumbline/${COMPANY}/ctc-boulder`,
    completeMeans: "work-done",
    actualAmount: { includesTax: "unknown" },
    budget: { perMonth: 50_000, share: 0.8 },
    ...common,
    pollMinutes: { default: LIVE_MINUTES, ...slow("customers") },
    mode: { default: "propose", status: "apply", schedule: "apply" },
  },
  {
    id: "fleetio-frontrange",
    vendor: "fleetio",
    book: "payable",
    baseUrl: "{{fleetio}}/api",
    apiVersion: "2024-03-15",
    ourVendorIds: [OUR_VENDOR],
    secret: `plumbline/${COMPANY}/fleetio-frontrange`,
    budget: { perMinute: 200 },
    ...common,
    pollMinutes: { default: LIVE_MINUTES },
    mode: { default: "observe", status: "apply" },
  },
  {
    id: "fleetio-own",
    vendor: "fleetio",
    book: "cost",
    baseUrl: "{{fleetio}}/api",
    apiVersion: "2024-03-15",
    secret: `plumbline/${COMPANY}/fleetio-own`,
    budget: { perMinute: 200 },
    ...common,
    pollMinutes: { default: SLOW_MINUTES },
    mode: { default: "observe" },
  },
];

const policy: JsonRecord = {
  authority: {
    work: ["st-main", "rotor-crews", "ctc-boulder"],
    billing: ["st-main"],
    assignees: ["rotor-crews"],
    schedule: ["st-main"],
    reference: ["fleetio-frontrange"],
  },
  editors: { schedule: ["st-main", "ctc-boulder"] },
  expectedIn: [
    { from: "rotor-crews", to: "st-main", withinHours: 24 },
    { from: "ctc-boulder", to: "st-main", withinHours: 24 },
    { from: "fleetio-frontrange", to: "st-main", withinHours: 72 },
  ],
  keyPairs: [
    {
      left: "st-main.invoices.referenceNumber",
      right: "fleetio-frontrange.service-entries.reference",
      and: ["customer", "day", "amount"],
    },
    { left: "st-main.jobs.externalData.ctc", right: "ctc-boulder.jobs.job_number", and: ["customer", "day"] },
  ],
  toleranceMinor: 1,
  graceHours: { default: 2, "fleetio-frontrange": 72 },
  cancelReasonId: CANCEL_REASON,
  caps: { writesPerHour: 200, moneyPerWriteMinor: 0 },
  rules: [],
};

export function demoConfig(): JsonRecord {
  return {
    cells: [{ id: "main", companies: [COMPANY] }],
    companies: [{ id: COMPANY, name: "Ridgeline Plumbing & Fleet", zone: ZONE, currency: "USD", connections, policy }],
  };
}

/** Credentials of the simulated accounts; they open nothing else. */
const keys = {
  servicetitan: { clientId: "cid.demo", clientSecret: "cs1.demo", applicationKey: "ak1.demo" },
  rotor: { apiKey: "rotor_demo_crews" },
  customtrades: { apiKey: "ctc_live_demo_boulder" },
  client: { apiKey: "fleetio-demo-client", accountToken: "front-range", webhookSecret: "demo-webhook-secret" },
  own: { apiKey: "fleetio-demo-own", accountToken: "ridgeline-vans", webhookSecret: "demo-own-secret" },
};

export function demoSecrets(): Record<string, JsonRecord> {
  const name = (connection: string): string => `plumbline/${COMPANY}/${connection}`;
  return {
    [name("st-main")]: keys.servicetitan,
    [name("rotor-crews")]: keys.rotor,
    [name("ctc-boulder")]: keys.customtrades,
    [name("fleetio-frontrange")]: keys.client,
    [name("fleetio-own")]: keys.own,
  };
}

export function demoAccounts(): Record<VendorName, DemoAccount[]> {
  const fleetio = ({ apiKey, accountToken }: typeof keys.client) => ({ apiKey, accountToken });
  const settings = { timeZone: ZONE };
  return {
    servicetitan: [{ id: "st-main", credentials: { tenant: TENANT, ...keys.servicetitan } }],
    rotor: [{ id: "rotor-crews", credentials: keys.rotor }],
    customtrades: [{ id: "ctc-boulder", credentials: keys.customtrades }],
    fleetio: [
      { id: "fleetio-frontrange", credentials: fleetio(keys.client), settings },
      { id: "fleetio-own", credentials: fleetio(keys.own), settings },
    ],
  };
}

export function demoWebhooks(): Record<VendorName, DemoWebhook[]> {
  const events = ["service_entry_created", "service_entry_updated", "service_entry_deleted"];
  const url = `{{api}}/webhooks/${COMPANY}/fleetio-frontrange`;
  const client = { account: "fleetio-frontrange", url, secret: keys.client.webhookSecret, events };
  return { servicetitan: [], rotor: [], customtrades: [], fleetio: [client] };
}
