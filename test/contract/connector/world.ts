import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startVendors } from "#local/vendors/start.ts";
import type { Page } from "#shared/connectors/connector.ts";
import { createVendorClient } from "#shared/connectors/http-client.ts";
import { tokenSource } from "#shared/connectors/tokens.ts";
import { NoAnswer, type Transport, transport, type WireRequest } from "#shared/connectors/transport.ts";
import type { VendorClient } from "#shared/connectors/vendor-client.ts";
import type { ConnectionConfig } from "#shared/domain/policy.ts";
import { connectionFor } from "../support.ts";
import type { Row, VendorCase } from "./case.ts";
import { undocumented } from "./documented-request.ts";

const ACCOUNT = "main";

/** What happens around a client's requests: number counts from 1 and leaves token requests out. */
export interface Around {
  readonly before?: (number: number) => Promise<void> | void;
  readonly after?: (number: number) => Promise<void> | void;
  /** The request gets no answer. */
  readonly lose?: (number: number) => boolean;
}

/** The vendor's simulator over real HTTP with these records, and clients of it whose every request is checked. */
export async function openWorld(subject: VendorCase, collections: Readonly<Record<string, readonly Row[]>>) {
  const dataDir = mkdtempSync(join(tmpdir(), "plumbline-contract-"));
  const { id, base } = subject.simulator;
  const started = await startVendors({ dataDir, vendors: [id], declared: [subject.simulator] });
  const url = started.urls[id] ?? "";
  const control = async (method: string, path: string, body?: unknown): Promise<Row> => {
    const init = { method, headers: { "content-type": "application/json" } };
    const reply = await fetch(
      `${url}/__control/${path}`,
      body === undefined ? init : { ...init, body: JSON.stringify(body) },
    );
    const text = await reply.text();
    if (reply.status !== 200) throw new Error(`${method} ${path}: ${text}`);
    return JSON.parse(text);
  };
  await control("PUT", "clock", { now: subject.now });
  await control("POST", "accounts", { id: ACCOUNT, ...subject.account });
  await control("POST", "load", { account: ACCOUNT, collections });
  if (subject.dials) await control("POST", "dials", { account: ACCOUNT, dials: subject.dials });
  const settings = subject.connection(`${url}${base}`);
  const connection = connectionFor(subject.connector.vendor, settings.baseUrl, settings);
  const complaints: string[] = [];
  const asked: string[] = [];
  return {
    connection,
    control,
    /** Requests that no document has, of all clients so far. */
    complaints,
    /** Method, path and query of every request so far, token requests left out. */
    asked,
    client: (around: Around = {}) =>
      clientOf(subject, connection, checking(subject, connection, { complaints, asked }, around)),
    plant: (edits: readonly Row[]) =>
      control("POST", "plant", { account: ACCOUNT, edits: edits.map((edit) => ({ at: subject.now, ...edit })) }).then(
        () => control("PUT", "clock", { now: subject.now }),
      ),
    collections: async (): Promise<unknown> =>
      (await control("GET", `state?account=${ACCOUNT}`))["collections"] ?? (await control("GET", "state"))["accounts"],
    close: async () => {
      await started.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
export type ContractWorld = Awaited<ReturnType<typeof openWorld>>;

/** A client over any transport, at the case's instant. */
export function clientOf(subject: VendorCase, connection: ConnectionConfig, over: Transport): VendorClient {
  const clock = { now: async () => subject.now };
  return createVendorClient({
    connection,
    secret: subject.secret,
    http: subject.connector.http,
    purpose: "live",
    clock,
    budget: { take: async () => ({ granted: true }), note: async () => {} },
    tokens: tokenSource(clock),
    transport: over,
  });
}

function checking(
  subject: VendorCase,
  connection: ConnectionConfig,
  told: { complaints: string[]; asked: string[] },
  around: Around,
): Transport {
  let number = 0;
  return async (request: WireRequest) => {
    if (request.url === connection.authUrl) return transport(request);
    number += 1;
    const mine = number;
    told.complaints.push(...undocumented(request, connection.baseUrl.replace(/\/+$/, ""), subject.requests));
    told.asked.push(`${request.method} ${request.url.slice(connection.baseUrl.length)}`);
    await around.before?.(mine);
    if (around.lose?.(mine)) throw new NoAnswer("the connection was reset", true);
    const answer = await transport(request);
    await around.after?.(mine);
    return answer;
  };
}

/** Every page of a stream from a mark on, with the marks between them. */
export async function readFrom(
  subject: VendorCase,
  client: VendorClient,
  stream: string,
  from: string | null,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for (let next: string | null = from; ; ) {
    const page: Page = await subject.connector.reader.page(client, { stream, next, since: null });
    pages.push(page);
    if (page.next === null) return pages;
    next = page.next;
  }
}

export function idsOf(pages: readonly Page[]): readonly string[] {
  return [...new Set(pages.flatMap((page) => page.records.map((record) => record.id)))].sort();
}
