import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Metafile } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { envSchema as callVendor } from "#functions/call-vendor/env.ts";
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

/**
 * KiB of minified bundle that a cold start may read: of packages, and in all; a little above what was measured, so that
 * an import nobody meant is seen (infra/README.md has the table). AWS's clients of DynamoDB and SQS with zod and middy are
 * the packages; what is over is ours. The events are such that each function can answer them alone.
 */
const packages = 240;
const functions = [
  { folder: "receive-webhook", all: 263, schema: receiveWebhook, event: request("POST", "/webhooks/nobody/none") },
  { folder: "poll-vendor", all: 396, schema: pollVendor, event: batch },
  { folder: "reconcile-job", all: 482, schema: reconcileJob, event: batch },
  { folder: "write-back", all: 472, schema: writeBack, event: batch },
  { folder: "sweep-drift", all: 390, schema: sweepDrift, event: batch },
  { folder: "dispatch-due", all: 280, schema: dispatchDue, event: {} },
  { folder: "operate", all: 519, schema: operate, event: request("GET", "/companies/nobody/status") },
  { folder: "call-vendor", all: 468, schema: callVendor, event: request("POST", "/companies/nobody/call") },
];

const neverUsed = [
  /@aws-sdk\/credential-provider-(sso|ini|process|web-identity|cognito-identity)/,
  /aws-xray-sdk/,
  /zod\/v4\/locales\/(?!en\.)/,
  /zod\/v4\/classic\//,
  /event-streams\//,
  /mnemonist/,
];

const callBundle = fileURLToPath(new URL("../support/call-bundle.mjs", import.meta.url));
const loaded = z.object({ outcome: z.string(), undici: z.array(z.string()) });
let metafile: Metafile;
let directory = "";

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "plumbline-bundles-"));
  metafile = bundleInto(
    directory,
    functions.map(({ folder }) => folder),
  );
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The files that left something in a bundle, and how many bytes. */
function inside(folder: string): Readonly<Record<string, number>> {
  const outputs = Object.entries(metafile.outputs).filter(([file]) => file.endsWith(`/${folder}/index.mjs`));
  const inputs = outputs.flatMap(([, output]) => Object.entries(output.inputs));
  return Object.fromEntries(
    inputs.map(([input, { bytesInOutput }]) => [input, bytesInOutput]).filter(([, bytes]) => bytes !== 0),
  );
}

describe.each(functions)("$folder", ({ folder, all, schema, event }) => {
  test(`reads at most ${all} KiB at a cold start, ${packages} of them packages`, () => {
    const sum = (sizes: readonly number[]): number => sizes.reduce((total, bytes) => total + bytes, 0) / 1024;
    const sizes = Object.entries(inside(folder));
    const ofPackages = sizes.filter(([input]) => input.startsWith("node_modules/"));
    expect(sizes.length).toBeGreaterThan(0);
    expect(sum(ofPackages.map(([, bytes]) => bytes))).toBeLessThanOrEqual(packages);
    expect(sum(sizes.map(([, bytes]) => bytes))).toBeLessThanOrEqual(all);
  });

  test("carries nothing it never uses", () => {
    const inputs = Object.keys(inside(folder));
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
