import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startVendors } from "#local/vendors/start.ts";
import { createVendorClient } from "#shared/connectors/http-client.ts";
import { connectorOf } from "#shared/connectors/registry.ts";
import { tokenSource } from "#shared/connectors/tokens.ts";
import type { ConnectionConfig } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import type { Figure } from "./table.ts";

/** What the simulator counted, by account. */
const usage = z.looseObject({ bench: z.looseObject({ total: z.int() }) });

type Row = Readonly<Record<string, unknown>>;

const NOW = "2026-11-01T15:00:00.000Z";
const at = (n: number): string => new Date(Date.parse("2026-10-20T00:00:00Z") + n * 1000).toISOString();

/** One read of one stream: what stands at the vendor, since when it is read, and the fewest requests that can show it. */
interface Sync {
  readonly what: string;
  readonly vendor: string;
  readonly stream: string;
  readonly base: string;
  readonly collection: string;
  readonly rows: number;
  readonly row: (n: number) => Row;
  readonly since: string | null;
  readonly floor: number;
  /** Requests over the floor that are allowed. */
  readonly over: number;
  readonly secret: Row;
  /** What else the simulator's account is known by. */
  readonly account?: Row;
  readonly settings?: Row;
}

const job = { customer_uuid: "c", title: "Leak", status: "New", priority: "Normal", deleted_at: null };

const syncs: readonly Sync[] = [
  {
    what: "ServiceTitan: 1,200 of 3,000 jobs changed, 500 a page",
    vendor: "servicetitan",
    stream: "jobs",
    base: "",
    collection: "jobs",
    rows: 3000,
    row: (n) => ({ id: n + 1, jobNumber: String(n), jobStatus: "Scheduled", createdOn: at(0), modifiedOn: at(n) }),
    // The overlap of ten minutes is 600 seconds, and one record changes a second.
    since: at(3000 - 1200 + 600),
    floor: Math.ceil(1200 / 500),
    over: 1,
    secret: { clientId: "c", clientSecret: "s", applicationKey: "a" },
    account: { tenant: "1" },
    settings: { tenant: "1" },
  },
  {
    what: "Fleetio: 950 of 2,000 entries changed, 100 a page",
    vendor: "fleetio",
    stream: "service-entries",
    base: "/api",
    collection: "serviceEntries",
    rows: 2000,
    row: (n) => ({ id: n + 1, status: "pending", is_sample: false, created_at: at(0), updated_at: at(n) }),
    since: at(2000 - 950 + 600),
    floor: Math.ceil(950 / 100),
    over: 1,
    secret: { apiKey: "k", accountToken: "t" },
    settings: { apiVersion: "2024-03-15", book: "cost" },
  },
  {
    what: "Rotor: 2,500 jobs, 1,250 of them completed: both lists, 1,000 a page",
    vendor: "rotor",
    stream: "serviced-jobs",
    base: "/open-api",
    collection: "jobs",
    rows: 2500,
    row: (n) => ({ id: `j${n}`, completed: n % 2 === 0, created_at: at(n), total_received: 0, total_outstanding: 0 }),
    since: null,
    floor: Math.ceil(2500 / 1000) + Math.ceil(1250 / 1000),
    over: 0,
    secret: { apiKey: "k" },
  },
  {
    what: "Custom Trades CRM: 1,950 jobs, 100 a page",
    vendor: "customtrades",
    stream: "jobs",
    base: "/api/v1",
    collection: "jobs",
    rows: 1950,
    row: (n) => ({ ...job, uuid: `j${n}`, created_at: at(n), updated_at: at(n) }),
    since: null,
    floor: Math.ceil(1950 / 100),
    over: 0,
    secret: { apiKey: "k" },
  },
];

/** Requests of one sync of each vendor as its simulator counts them, tokens aside, over real HTTP. */
export async function requestFigures(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const sync of syncs) {
    const { what, floor, over } = sync;
    const target = (floor + over) / floor;
    figures.push({ what, measured: await counted(sync), floor, unit: "requests", target });
  }
  return figures;
}

async function counted(sync: Sync): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), "plumbline-bench-"));
  const started = await startVendors({ dataDir, vendors: [sync.vendor] });
  try {
    const url = started.urls[sync.vendor] ?? "";
    const control = async (method: string, path: string, body?: unknown): Promise<string> => {
      const init = { method, headers: { "content-type": "application/json" } };
      const reply = await fetch(
        `${url}/__control/${path}`,
        body === undefined ? init : { ...init, body: JSON.stringify(body) },
      );
      const text = await reply.text();
      if (reply.status !== 200) throw new Error(`${method} ${path}: ${text}`);
      return text;
    };
    await control("PUT", "clock", { now: NOW });
    await control("POST", "accounts", { id: "bench", credentials: { ...sync.secret, ...sync.account } });
    const rows = Array.from({ length: sync.rows }, (_, n) => sync.row(n));
    await control("POST", "load", { account: "bench", collections: { [sync.collection]: rows } });
    await read(sync, url);
    return z.parse(usage, JSON.parse(await control("GET", "requests"))).bench.total;
  } finally {
    await started.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function read(sync: Sync, url: string): Promise<void> {
  const connector = connectorOf(sync.vendor);
  const connection: ConnectionConfig = {
    id: "bench",
    vendor: sync.vendor,
    book: "receivable",
    baseUrl: `${url}${sync.base}`,
    authUrl: `${url}/connect/token`,
    secret: "bench",
    ...sync.settings,
  };
  const clock = { now: async () => NOW };
  const client = createVendorClient({
    connection,
    secret: sync.secret,
    http: connector.http,
    purpose: "live",
    clock,
    budget: { take: async () => ({ granted: true }), note: async () => {} },
    tokens: tokenSource(clock),
  });
  for (let next: string | null = null; ; ) {
    const page = await connector.reader.page(client, { stream: sync.stream, next, since: sync.since });
    if (page.next === null) return;
    next = page.next;
  }
}
