import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Metafile } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { envSchema as dispatchDue } from "#functions/dispatch-due/env.ts";
import { envSchema as operate } from "#functions/operate/env.ts";
import { envSchema as pollVendor } from "#functions/poll-vendor/env.ts";
import { envSchema as receiveWebhook } from "#functions/receive-webhook/env.ts";
import { envSchema as reconcileJob } from "#functions/reconcile-job/env.ts";
import { envSchema as sweepDrift } from "#functions/sweep-drift/env.ts";
import { envSchema as writeBack } from "#functions/write-back/env.ts";
import { bundleInto } from "#infra/bundling/bundle.ts";
import { vendors } from "#shared/connectors/vendors.ts";
import * as z from "#shared/domain/schema.ts";

const batch = { Records: [] };
const request = (method: string, rawPath: string): unknown => ({
  version: "2.0",
  routeKey: `${method} ${rawPath}`,
  rawPath,
  rawQueryString: "",
  headers: { "content-type": "application/json" },
  pathParameters: { company: "nobody", connection: "none", proxy: "status" },
  requestContext: { http: { method, path: rawPath }, authorizer: { jwt: { claims: {}, scopes: null } } },
  body: "{}",
  isBase64Encoded: false,
});

/** KiB of minified bundle that a cold start may read, and one event that each function can answer alone. */
const functions = [
  { folder: "receive-webhook", kib: 205, schema: receiveWebhook, event: request("POST", "/webhooks/nobody/none") },
  { folder: "poll-vendor", kib: 250, schema: pollVendor, event: batch },
  { folder: "reconcile-job", kib: 250, schema: reconcileJob, event: batch },
  { folder: "write-back", kib: 220, schema: writeBack, event: batch },
  { folder: "sweep-drift", kib: 250, schema: sweepDrift, event: batch },
  { folder: "dispatch-due", kib: 250, schema: dispatchDue, event: {} },
  { folder: "operate", kib: 250, schema: operate, event: request("GET", "/companies/nobody/status") },
];

const neverUsed = [
  /@aws-sdk\/credential-provider-(sso|ini|process|web-identity|cognito-identity)/,
  /aws-xray-sdk/,
  /zod\/v4\/locales\/(?!en\.)/,
  /zod\/v4\/classic\//,
];

const callBundle = fileURLToPath(new URL("../support/call-bundle.mjs", import.meta.url));
const loaded = z.object({ outcome: z.string(), undici: z.array(z.string()) });
const metafiles = new Map<string, Metafile>();
let directory = "";

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "plumbline-bundles-"));
  for (const { folder } of functions) metafiles.set(folder, bundleInto(join(directory, folder), folder));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe.each(functions)("$folder", ({ folder, kib, schema, event }) => {
  test(`reads at most ${kib} KiB at a cold start`, () => {
    expect(statSync(join(directory, folder, "index.mjs")).size / 1024).toBeLessThanOrEqual(kib);
  });

  test("carries nothing it never uses", () => {
    const inputs = Object.keys(metafiles.get(folder)?.inputs ?? {});
    expect(inputs.filter((input) => neverUsed.some((pattern) => pattern.test(input)))).toEqual([]);
  });

  test("has not loaded undici after its first call", () => {
    const value = (name: string): string => {
      if (name === "VENDOR") return vendors[0].id;
      if (!name.endsWith("_QUEUES")) return name.endsWith("_URL") ? "loopback/1/queue" : "plain";
      return JSON.stringify(Object.fromEntries(vendors.map(({ id }) => [id, `loopback/1/${id}`])));
    };
    const names = Object.keys(schema.shape).filter((name) => name !== "PLUMBLINE_CLOCK_URL");
    const environment = JSON.stringify(Object.fromEntries(names.map((name) => [name, value(name)])));
    const bundle = join(directory, folder, "index.mjs");
    const child = spawnSync(process.execPath, [callBundle, bundle, JSON.stringify(event), environment], {
      encoding: "utf8",
      timeout: 20_000,
    });
    const line = child.stdout.trim().split("\n").at(-1) ?? "";
    const said: unknown = JSON.parse(line === "" ? JSON.stringify({ outcome: child.stderr, undici: [] }) : line);
    expect(z.parse(loaded, said)).toEqual({ outcome: "answered", undici: [] });
  });
});
