import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startVendors } from "#local/vendors/start.ts";
import type { Connector, Page } from "#shared/connectors/connector.ts";
import type { VendorClient } from "#shared/connectors/vendor-client.ts";
import type { Intent } from "#shared/domain/intent.ts";
import type { ConnectionConfig } from "#shared/domain/policy.ts";
import { clientFor } from "./support.ts";

export type Row = Record<string, unknown>;

/** A fixture of a vendor, parsed anew for every caller. */
export function fixtureOf<Shape = Record<string, Row[]>>(vendor: string, name: string): Shape {
  return JSON.parse(readFileSync(new URL(`../fixtures/${vendor}/${name}.json`, import.meta.url), "utf8"));
}

export interface AccountOptions {
  readonly connector: Connector;
  /** The connection at the simulator's address. */
  readonly connectionAt: (url: string) => ConnectionConfig;
  readonly secret: unknown;
  /** The account as the simulator knows it, beside its id. */
  readonly account: Row;
  readonly collections: Record<string, readonly Row[]>;
  readonly now: string;
}

/** The simulator of one account over real HTTP, loaded with these records, its control, and clients of it. */
export async function openSimulated({ connector, connectionAt, secret, account, collections, now }: AccountOptions) {
  const dataDir = mkdtempSync(join(tmpdir(), "plumbline-account-"));
  const probe = connectionAt("http://localhost");
  const started = await startVendors({ dataDir, vendors: [probe.vendor] });
  const url = started.urls[probe.vendor] ?? "";
  const connection = connectionAt(url);
  const id = connection.id;
  const control = async (method: string, path: string, body?: unknown): Promise<Row> => {
    const init: RequestInit = { method, headers: { "content-type": "application/json" } };
    if (body !== undefined) init.body = JSON.stringify(body);
    const reply = await fetch(`${url}/__control/${path}`, init);
    const text = await reply.text();
    if (reply.status !== 200) throw new Error(`${method} ${path}: ${text}`);
    const answered: Row = JSON.parse(text);
    return answered;
  };
  await control("POST", "accounts", { id, ...account });
  await control("POST", "load", { account: id, collections });
  await control("PUT", "clock", { now });
  let instant = now;
  let requests = 0;
  const budget = {
    async take() {
      requests += 1;
      return { granted: true };
    },
    async note() {},
  };
  const clientWith = (more: Row = {}): VendorClient =>
    clientFor(connector, {
      connection: { ...connection, ...more },
      secret,
      clock: { now: async () => instant },
      budget,
      fetchTimeoutMs: 5_000,
    });
  return {
    url,
    connection,
    client: clientWith(),
    clientWith,
    control,
    requests: () => requests,
    clock: async (to: string) => {
      instant = to;
      await control("PUT", "clock", { now: to });
    },
    dials: (dials: Row) => control("POST", "dials", { account: id, dials }),
    plant: (edits: Row[]) => control("POST", "plant", { account: id, edits }),
    faults: (match: Row, fault: Row, more: Row = {}) =>
      control("POST", "faults", { account: id, match, fault, ...more }),
    writes: async (): Promise<Row[]> => {
      const { entries } = await control("GET", `log?account=${id}`);
      return Array.isArray(entries) ? entries.filter((entry: Row) => entry["kind"] === "write") : [];
    },
    close: async () => {
      await started.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
export type Simulated = Awaited<ReturnType<typeof openSimulated>>;

/** Every page of a read, from its start to its proven end. */
export async function pagesOf(
  connector: Connector,
  client: VendorClient,
  stream: string,
  since: string | null,
): Promise<Page[]> {
  const pages: Page[] = [];
  for (let next: string | null = null; ; ) {
    const page: Page = await connector.reader.page(client, { stream, next, since });
    pages.push(page);
    if (page.next === null) return pages;
    next = page.next;
  }
}

/** What a page shows of the intent's target, by way of the connector's own normalise. */
export function shownBy(
  connector: Connector,
  context: Parameters<Connector["normalise"]>[2],
  page: Page,
  wanted: Intent,
): string {
  const writer = connector.writers[wanted.target];
  if (!writer) throw new Error(`no writer of ${wanted.target}`);
  const records = page.records.map(({ stream, id, raw }) => {
    const made = connector.normalise(stream, raw, context);
    if ("unfit" in made) throw new Error(`${stream} ${id}: ${made.unfit}`);
    return { record: { connection: context.connection.id, stream, id }, facts: made.facts };
  });
  return writer.shows(records, wanted);
}
