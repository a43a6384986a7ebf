import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startVendors } from "#local/vendors/start.ts";

/** A reply as the tests read it: the status, the headers, and the body whatever it was. */
export type Answer = { status: number; headers: Headers; body: unknown; text: string };

const credentials = { tenant: "4242", clientId: "cid.1", clientSecret: "cs.1", applicationKey: "ak1.test" };

type Row = Record<string, unknown>;

/** A JSON object as such; throws when the answer held anything else. */
export function object(value: unknown): Row {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`no object: ${JSON.stringify(value)}`);
  return Object.fromEntries(Object.entries(value));
}

/** The `data` of a list answer. */
export function rows(answer: Answer): Row[] {
  const { data } = object(answer.body);
  if (!Array.isArray(data)) throw new Error(`no list: ${answer.text}`);
  return data.map(object);
}

export const ids = (answer: Answer): unknown[] => rows(answer).map((row) => row["id"]);

/** A small company: two customers, two jobs, three invoices and one payment, as ServiceTitan prints them. */
export const company = {
  customers: [
    {
      id: 11,
      name: "Ana Harlan",
      active: true,
      balance: 812.5,
      type: "Residential",
      createdOn: "2026-10-01T00:00:00Z",
      modifiedOn: "2026-10-01T00:00:00Z",
    },
    {
      id: 12,
      name: "Old Vega",
      active: false,
      balance: 0,
      mergedToId: 11,
      createdOn: "2026-09-01T00:00:00Z",
      modifiedOn: "2026-10-02T00:00:00Z",
    },
  ],
  locations: [{ id: 21, customerId: 11, name: "Home", active: true, address: { street: "1 Pearl St" } }],
  technicians: [
    { id: 31, name: "Ana", active: true },
    { id: 32, name: "Marcus", active: true },
    { id: 33, name: "Gone", active: false },
  ],
  businessUnits: [{ id: 41, name: "Plumbing", active: true }],
  jobCancelReasons: [{ id: 1088, name: "Customer called off", active: true }],
  jobs: [
    {
      id: 10290,
      jobNumber: "10290",
      customerId: 11,
      locationId: 21,
      businessUnitId: 41,
      jobTypeId: 5,
      jobStatus: "Completed",
      priority: "Normal",
      customFields: [{ typeId: 1, name: "po", value: "7" }],
      tagTypeIds: [1, 2],
      appointmentCount: 1,
      externalData: [{ key: "ctc", value: "JOB-0871" }],
      createdOn: "2026-10-20T10:00:00Z",
      modifiedOn: "2026-10-28T16:28:55.8446003Z",
    },
    {
      id: 10291,
      jobNumber: "10291",
      customerId: 11,
      locationId: 21,
      businessUnitId: 41,
      jobTypeId: 5,
      jobStatus: "Scheduled",
      priority: "High",
      customFields: [],
      tagTypeIds: [],
      appointmentCount: 1,
      createdOn: "2026-10-21T10:00:00Z",
      modifiedOn: "2026-10-28T16:28:55.8446004Z",
    },
  ],
  appointments: [
    {
      id: 51,
      jobId: 10290,
      appointmentNumber: "10290-1",
      status: "Done",
      start: "2026-10-27T15:00:00Z",
      end: "2026-10-27T17:00:00Z",
      active: true,
      unused: false,
    },
    {
      id: 52,
      jobId: 10291,
      appointmentNumber: "10291-1",
      status: "Scheduled",
      start: "2026-11-03T15:00:00Z",
      end: "2026-11-03T17:00:00Z",
      active: true,
      unused: false,
    },
  ],
  assignments: [
    {
      id: 61,
      technicianId: 31,
      technicianName: "Ana",
      status: "Scheduled",
      jobId: 10291,
      appointmentId: 52,
      active: true,
    },
  ],
  invoices: [
    {
      id: 71,
      referenceNumber: "10290",
      syncStatus: "Posted",
      subTotal: "300.00",
      salesTax: "0.00",
      total: "300.00",
      balance: "0.00",
      active: true,
      adjustmentToId: null,
      items: [],
      customer: { id: 11, name: "Ana Harlan" },
      job: { id: 10290, number: "10290" },
      createdOn: "2026-10-20T10:00:00Z",
      modifiedOn: "2026-10-28T10:00:00Z",
    },
    {
      id: 72,
      referenceNumber: "10291",
      syncStatus: "Pending",
      subTotal: "450.00",
      salesTax: "0.00",
      total: "450.00",
      balance: "450.00",
      active: true,
      adjustmentToId: null,
      items: [{ id: 1, description: "Valve", quantity: "1", price: "450.00", total: "450.00", cost: "0.00" }],
      customer: { id: 11, name: "Ana Harlan" },
      job: { id: 10291, number: "10291" },
      createdOn: "2026-10-21T10:00:00Z",
      modifiedOn: "2026-10-28T11:00:00Z",
    },
    {
      id: 73,
      referenceNumber: "9001",
      syncStatus: "Exported",
      subTotal: "1280.00",
      salesTax: "0.00",
      total: "1280.00",
      balance: "64.00",
      active: true,
      adjustmentToId: null,
      items: [],
      customer: { id: 11, name: "Ana Harlan" },
      job: { id: 10290, number: "10290" },
      createdOn: "2026-10-21T10:00:00Z",
      modifiedOn: "2026-10-28T12:00:00Z",
    },
  ],
  payments: [
    {
      id: 81,
      typeId: "2",
      type: "Check",
      syncStatus: "Posted",
      date: "2026-10-27T00:00:00Z",
      total: "450.00",
      unappliedAmount: "150.00",
      active: true,
      customer: { id: 11, name: "Ana Harlan" },
      appliedTo: [{ appliedId: 811, appliedTo: 71, appliedAmount: "300.00" }],
      createdOn: "2026-10-27T10:00:00Z",
      modifiedOn: "2026-10-27T10:00:00Z",
    },
    {
      id: 82,
      typeId: "2",
      type: "Check",
      syncStatus: "Posted",
      date: "2026-10-26T00:00:00Z",
      total: "1216.00",
      unappliedAmount: "0.00",
      active: true,
      customer: { id: 11, name: "Ana Harlan" },
      appliedTo: [{ appliedId: 821, appliedTo: 73, appliedAmount: "1216.00" }],
      createdOn: "2026-10-26T10:00:00Z",
      modifiedOn: "2026-10-26T10:00:00Z",
    },
  ],
};

/** Starts ServiceTitan alone on a fresh folder, loads the company, stops its clock at the instant (null leaves it real), and hands out ways to talk to it. */
export async function openOffice(now: string | null = "2026-10-29T08:00:00.000Z") {
  const dataDir = mkdtempSync(join(tmpdir(), "servicetitan-"));
  let started = await startVendors({ dataDir, vendors: ["servicetitan"] });
  let token = "";
  const url = () => started.urls["servicetitan"] ?? "";
  const send = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const init: RequestInit = {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    };
    if (body !== undefined) init.body = typeof body === "string" ? body : JSON.stringify(body);
    const reply = await fetch(`${url()}${path}`, init);
    const text = await reply.text();
    let parsed: unknown;
    try {
      parsed = text === "" ? undefined : JSON.parse(text);
    } catch {
      parsed = undefined;
    }
    return { status: reply.status, headers: reply.headers, body: parsed, text };
  };
  const control = async (method: string, path: string, body?: unknown) => {
    const answer = await send(method, `/__control/${path}`, body);
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.text}`);
    return object(answer.body);
  };
  const askToken = (secret = credentials.clientSecret) =>
    send(
      "POST",
      "/connect/token",
      `grant_type=client_credentials&client_id=${credentials.clientId}&client_secret=${secret}`,
      {
        "content-type": "application/x-www-form-urlencoded",
      },
    );
  const call = async (method: string, modulePath: string, body?: unknown, headers: Record<string, string> = {}) => {
    if (token === "") token = String(object((await askToken()).body)["access_token"]);
    const [module, ...rest] = modulePath.split("/");
    return send(method, `/${module}/v2/tenant/${credentials.tenant}/${rest.join("/")}`, body, {
      authorization: `Bearer ${token}`,
      "st-app-key": credentials.applicationKey,
      ...headers,
    });
  };
  await control("POST", "accounts", { id: "st-main", credentials });
  await control("POST", "load", { account: "st-main", collections: company });
  if (now !== null) await control("PUT", "clock", { now });
  return {
    send,
    control,
    askToken,
    call,
    credentials,
    get: (modulePath: string) => call("GET", modulePath),
    clock: async (instant: string) => {
      await control("PUT", "clock", { now: instant });
      token = "";
    },
    dials: (dials: Record<string, unknown>) => control("POST", "dials", { account: "st-main", dials }),
    plant: (edits: unknown[]) => control("POST", "plant", { account: "st-main", edits }),
    log: async (): Promise<Row[]> => {
      const { entries } = await control("GET", "log?account=st-main");
      return Array.isArray(entries) ? entries.map(object) : [];
    },
    restart: async () => {
      await started.close();
      started = await startVendors({ dataDir, vendors: ["servicetitan"] });
    },
    close: async () => {
      await started.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export type Office = Awaited<ReturnType<typeof openOffice>>;
