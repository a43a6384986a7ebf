import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startVendors } from "#local/vendors/start.ts";
import type { Page } from "#shared/connectors/connector.ts";
import { connector } from "#shared/connectors/fleetio/index.ts";
import { createVendorClient } from "#shared/connectors/http-client.ts";
import { tokenSource } from "#shared/connectors/tokens.ts";
import type { Intent } from "#shared/domain/intent.ts";
import type { WriteTarget } from "#shared/domain/policy.ts";

export type Row = Record<string, unknown>;

/** A fixture of this vendor, parsed anew for every caller. */
export function fixture<Shape = Record<string, Row[]>>(name: string): Shape {
  return JSON.parse(readFileSync(new URL(`../fixtures/fleetio/${name}.json`, import.meta.url), "utf8"));
}

export const secret = { apiKey: "key.test", accountToken: "account.test", webhookSecret: "whsec.test" };

/** The simulator of one account over real HTTP, loaded with these records, and a client of it. */
export async function openAccount(collections = fixture("account"), now = "2026-11-01T15:00:00.000Z") {
  const dataDir = mkdtempSync(join(tmpdir(), "plumbline-fl-"));
  const started = await startVendors({ dataDir, vendors: ["fleetio"] });
  const url = started.urls["fleetio"] ?? "";
  const control = async (method: string, path: string, body?: unknown): Promise<Row> => {
    const init: RequestInit = { method, headers: { "content-type": "application/json" } };
    if (body !== undefined) init.body = JSON.stringify(body);
    const reply = await fetch(`${url}/__control/${path}`, init);
    const text = await reply.text();
    if (reply.status !== 200) throw new Error(`${method} ${path}: ${text}`);
    const answered: Row = JSON.parse(text);
    return answered;
  };
  await control("POST", "accounts", {
    id: "fl",
    credentials: { apiKey: secret.apiKey, accountToken: secret.accountToken },
    settings: { timeZone: "America/Denver", zone: "America/Denver" },
  });
  await control("POST", "load", { account: "fl", collections });
  await control("PUT", "clock", { now });
  let requests = 0;
  const clock = { now: async () => now };
  const clientWith = (more: Row = {}) =>
    createVendorClient({
      connection: { ...connectionOf(`${url}/api`), ...more },
      secret,
      http: connector.http,
      purpose: "live",
      clock,
      budget: {
        async take() {
          requests += 1;
          return { granted: true };
        },
        async note() {},
      },
      tokens: tokenSource(clock),
      fetchTimeoutMs: 5_000,
    });
  return {
    client: clientWith(),
    clientWith,
    control,
    requests: () => requests,
    dials: (dials: Row) => control("POST", "dials", { account: "fl", dials }),
    plant: (edits: Row[]) => control("POST", "plant", { account: "fl", edits }),
    clock: (to: string) => control("PUT", "clock", { now: to }),
    faults: (match: Row, fault: Row, more: Row = {}) =>
      control("POST", "faults", { account: "fl", match, fault, ...more }),
    writes: async (): Promise<Row[]> => {
      const { entries } = await control("GET", "log?account=fl");
      return Array.isArray(entries) ? entries.filter((entry: Row) => entry["kind"] === "write") : [];
    },
    close: async () => {
      await started.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
export type Account = Awaited<ReturnType<typeof openAccount>>;

export function connectionOf(baseUrl: string) {
  return {
    id: "fleetio-frontrange",
    vendor: "fleetio",
    book: "payable" as const,
    baseUrl,
    secret: "fl",
    apiVersion: "2024-03-15",
    ourVendorIds: [412],
  };
}

export const context = { connection: connectionOf("http://x"), zone: "America/Denver" };

export const STREAM = "service-entries";

export async function readAll(account: Account, since: string | null): Promise<Page[]> {
  const pages: Page[] = [];
  for (let next: string | null = null; ; ) {
    const page: Page = await connector.reader.page(account.client, { stream: STREAM, next, since });
    pages.push(page);
    if (page.next === null) return pages;
    next = page.next;
  }
}

export function intent(target: WriteTarget, id: string, wanted: string, args: Row = {}): Intent {
  return {
    id: "i1",
    kind: "write",
    target,
    record: { connection: "fleetio-frontrange", stream: STREAM, id },
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
    plannedAt: "2026-11-01T15:00:00.000Z",
    epoch: 1,
    dueAt: null,
  };
}

export function shown(page: Page, wanted: Intent): string {
  const writer = connector.writers[wanted.target];
  if (!writer) throw new Error(`no writer of ${wanted.target}`);
  const records = page.records.map((record) => {
    const made = connector.normalise(record.stream, record.raw, context);
    if ("unfit" in made) throw new Error(made.unfit);
    return { record: { connection: "fleetio-frontrange", stream: STREAM, id: record.id }, facts: made.facts };
  });
  return writer.shows(records, wanted);
}
