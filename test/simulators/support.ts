import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { Vendor } from "#local/vendors/kit/vendor.ts";
import { type Started, startVendors } from "#local/vendors/start.ts";

/** What tests look into: any JSON, so that a wrong shape fails the expectation that looks at it. */
export type Loose = ReturnType<typeof JSON.parse>;
export type Answer = { status: number; headers: Headers; body: Loose; text: string };

export type Client = {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
};

/** A client of one base address that sends the given headers with every request. */
export function clientOf(base: string, headers: Record<string, string> = {}): Client {
  const send: Client["send"] = async (method, path, body, more = {}) => {
    const sent = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
    const reply = await fetch(`${base}${path}`, {
      method,
      headers: { "content-type": "application/json", ...headers, ...more },
      ...sent,
    });
    const text = await reply.text();
    const isJson = reply.headers.get("content-type")?.includes("json") === true && text !== "";
    return { status: reply.status, headers: reply.headers, body: isJson ? JSON.parse(text) : undefined, text };
  };
  return { get: (path, more) => send("GET", path, undefined, more), send };
}

export type Running = Started & { dataDir: string; control(vendor: string): Client; restart(): Promise<Running> };

const running: Started[] = [];
afterAll(async () => {
  await Promise.all(running.map((started) => started.close()));
});

/** Starts vendors over real HTTP on a fresh folder, or on the given one; they are closed after the file's tests. */
export async function run(options: {
  vendors?: string[];
  declared?: Vendor[];
  dataDir?: string;
  seed?: number;
}): Promise<Running> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "simulators-"));
  const started = await startVendors({ ...options, dataDir });
  running.push(started);
  return {
    ...started,
    dataDir,
    control: (vendor) => clientOf(`${started.urls[vendor]}/__control`),
    restart: async () => {
      await started.close();
      return run({ ...options, dataDir });
    },
  };
}

/** What a vendor holds, without the instant at which it was asked. */
export async function stateOf(running: Running, vendor: string): Promise<unknown> {
  const { body } = await running.control(vendor).get("/state");
  return body.accounts;
}
