import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startVendors } from "#local/vendors/start.ts";
import type { BudgetStore } from "#shared/connectors/budget.ts";
import type { Page } from "#shared/connectors/connector.ts";
import { createVendorClient } from "#shared/connectors/http-client.ts";
import { connector } from "#shared/connectors/servicetitan/index.ts";
import { tokenSource } from "#shared/connectors/tokens.ts";
import type { Intent } from "#shared/domain/intent.ts";
import type { WriteTarget } from "#shared/domain/policy.ts";

export type Row = Record<string, unknown>;

/** A fixture of this vendor, parsed anew for every caller. */
export function fixture(name: string): Record<string, Row[]> {
  return JSON.parse(readFileSync(new URL(`../fixtures/servicetitan/${name}.json`, import.meta.url), "utf8"));
}

/** Grants every request and counts them. */
function countingBudget(): BudgetStore & { taken: number } {
  const budget = {
    taken: 0,
    async take() {
      budget.taken += 1;
      return { granted: true };
    },
    async note() {},
  };
  return budget;
}

const secret = { clientId: "cid.test", clientSecret: "cs.test", applicationKey: "ak1.test" };

/** The simulator of one tenant over real HTTP, loaded with these records, and a client of it. */
export async function openTenant(collections: Record<string, Row[]>, now = "2026-10-29T08:00:00.000Z") {
  const dataDir = mkdtempSync(join(tmpdir(), "plumbline-st-"));
  const started = await startVendors({ dataDir, vendors: ["servicetitan"] });
  const url = started.urls["servicetitan"] ?? "";
  const control = async (method: string, path: string, body?: unknown): Promise<Row> => {
    const init: RequestInit = { method, headers: { "content-type": "application/json" } };
    if (body !== undefined) init.body = JSON.stringify(body);
    const reply = await fetch(`${url}/__control/${path}`, init);
    if (reply.status !== 200) throw new Error(`${method} ${path}: ${await reply.text()}`);
    const answered: Row = JSON.parse(await reply.text());
    return answered;
  };
  const connection = {
    id: "st-main",
    vendor: "servicetitan",
    book: "receivable" as const,
    baseUrl: url,
    authUrl: `${url}/connect/token`,
    secret: "st-main",
    tenant: "4242",
    bookingProvider: "77",
    zone: "America/Denver",
    zones: { "businessUnit:77": "America/Phoenix" },
    capabilities: { reschedule: true },
  };
  await control("POST", "accounts", { id: "st-main", credentials: { tenant: "4242", ...secret } });
  await control("POST", "load", { account: "st-main", collections });
  await control("PUT", "clock", { now });
  let instant = now;
  const budget = countingBudget();
  const clock = { now: async () => instant };
  const clientWith = (more: Row = {}) =>
    createVendorClient({
      connection: { ...connection, ...more },
      secret,
      http: connector.http,
      purpose: "live",
      clock,
      budget,
      tokens: tokenSource(clock),
      fetchTimeoutMs: 5_000,
    });
  return {
    url,
    connection,
    client: clientWith(),
    clientWith,
    control,
    budget,
    clock: async (to: string) => {
      instant = to;
      await control("PUT", "clock", { now: to });
    },
    dials: (dials: Row) => control("POST", "dials", { account: "st-main", dials }),
    plant: (edits: Row[]) => control("POST", "plant", { account: "st-main", edits }),
    faults: (match: Row, fault: Row, more: Row = {}) =>
      control("POST", "faults", { account: "st-main", match, fault, ...more }),
    writes: async (): Promise<Row[]> => {
      const { entries } = await control("GET", "log?account=st-main");
      return Array.isArray(entries) ? entries.filter((entry: Row) => entry["kind"] === "write") : [];
    },
    close: async () => {
      await started.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
export type Tenant = Awaited<ReturnType<typeof openTenant>>;

/** Every page of a read, from its start to its proven end. */
export async function readAll(tenant: Tenant, stream: string, since: string | null): Promise<Page[]> {
  const pages: Page[] = [];
  for (let next: string | null = null; ; ) {
    const page: Page = await connector.reader.page(tenant.client, { stream, next, since });
    pages.push(page);
    if (page.next === null) return pages;
    next = page.next;
  }
}

export const context = {
  connection: { id: "st-main", vendor: "servicetitan", book: "receivable" as const, baseUrl: "http://x", secret: "s" },
  zone: "America/Denver",
};

/** What a writer is given: the intent's parts that matter to a connector. */
export function intent(target: WriteTarget, stream: string, id: string, wanted: string, args: Row = {}): Intent {
  return {
    id: "i1",
    kind: "write",
    target,
    record: { connection: "st-main", stream, id },
    read: "",
    wanted,
    arguments: args,
    moneyMinor: 0,
    requests: 3,
    needsApproval: false,
    approved: null,
    rejected: null,
    bound: "",
    sentence: "",
    plannedAt: "2026-10-29T08:00:00.000Z",
    epoch: 1,
    dueAt: null,
  };
}

/** What a page shows of the intent's target, by way of the connector's own normalise. */
export function shown(page: Page, wanted: Intent): string {
  const writer = connector.writers[wanted.target];
  if (!writer) throw new Error(`no writer of ${wanted.target}`);
  const records = page.records.map((record) => {
    const made = connector.normalise(record.stream, record.raw, context);
    if ("unfit" in made) throw new Error(`${record.stream} ${record.id}: ${made.unfit}`);
    return { record: { connection: "st-main", stream: record.stream, id: record.id }, facts: made.facts };
  });
  return writer.shows(records, wanted);
}
