import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildDemo } from "#local/demo/build.ts";
import { type JsonRecord, type VendorName, vendorNames, withUrls } from "#local/demo/demo.ts";
import { startVendors } from "#local/vendors/start.ts";
import { configSchema } from "#shared/domain/policy.ts";
import { foldDemo, type Shelves } from "#test/oracle/fold.ts";
import { linesOf } from "#test/oracle/lines.ts";
import { oracleOf } from "#test/oracle/oracle.ts";

const demo = buildDemo({ seed: 1 });
const example: unknown = JSON.parse(readFileSync(new URL("../../config/example.json", import.meta.url), "utf8"));
const written: unknown = JSON.parse(readFileSync(new URL("../../local/demo/config.json", import.meta.url), "utf8"));
const urls = Object.fromEntries(vendorNames.map((vendor) => [vendor, `http://127.0.0.1/${vendor}`]));

describe("the configurations", () => {
  test("the example for two companies fits the schema", () => {
    expect(configSchema.parse(example).companies.map((company) => company.id)).toEqual([
      "ridgeline",
      "mesa-mechanical",
    ]);
  });
  test("the demo's own, with addresses put in, fits it too", () => {
    expect(configSchema.parse(withUrls(demo.config, urls)).companies[0]?.connections).toHaveLength(5);
  });
  test("the written file is the one that the demo builds", () => {
    expect(written).toEqual(demo.config);
  });
});

describe("the demo company", () => {
  test("the same seed gives the same company", () => {
    expect(JSON.stringify(buildDemo({ seed: 1 }))).toBe(JSON.stringify(demo));
  });
  test("seed 1 adds up to the table's own totals", () => {
    expect(demo.expectation).toMatchObject({
      jobs: 240,
      gapMinor: 226_363,
      chargeMinor: 115_200,
      paymentMinor: 79_163,
      missingTwinMinor: 32_000,
      moneyJobs: 9,
      breaks: 14,
      waitingMinor: 50_000,
      resolvedMinor: 100_300,
      resolvedBreaks: 4,
      receipts: { applied: 8, rejected: 1, ignored: 1 },
      awaitingApproval: 4,
      tasks: 7,
    });
  });
  test("no id of one system stands in another's records", () => {
    expect(sharedIds(demo.load)).toEqual([]);
  });
});

function sharedIds(load: typeof demo.load): string[] {
  const ids = new Map<string, string>();
  for (const vendor of vendorNames)
    for (const { collections } of load[vendor])
      for (const record of Object.values(collections).flat()) {
        const id = String(record["uuid"] ?? record["id"]);
        // The client's and our own Fleetio hold the same vans and shops in this demo.
        if (id.length > 5) ids.set(`${vendor} ${id}`, id);
      }
  const texts = Object.fromEntries(vendorNames.map((vendor) => [vendor, JSON.stringify(load[vendor])]));
  const found: string[] = [];
  for (const [name, id] of ids)
    for (const vendor of vendorNames)
      if (!name.startsWith(vendor) && texts[vendor]?.includes(`"${id}"`)) found.push(`${name} in ${vendor}`);
  return found;
}

describe("played on the simulated vendors", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "plumbline-demo-"));
  let close: () => Promise<void> = () => Promise.resolve();
  const states = {} as Record<VendorName, Record<string, Record<string, Record<string, JsonRecord>>>>;
  const problems: unknown[] = [];

  beforeAll(async () => {
    const started = await startVendors({ dataDir });
    close = started.close;
    for (const vendor of vendorNames) {
      const url = started.urls[vendor] ?? "";
      for (const account of demo.accounts[vendor]) await say(url, "POST", "accounts", account);
      await say(url, "PUT", "clock", { now: demo.start });
      for (const load of demo.load[vendor]) await say(url, "POST", "load", load);
      for (const dials of demo.dials[vendor]) await say(url, "POST", "dials", dials);
      for (const fault of demo.faults[vendor]) await say(url, "POST", "faults", fault);
      for (const { account, ...edit } of demo.edits[vendor])
        await say(url, "POST", "plant", { account, edits: [edit] });
      await say(url, "PUT", "clock", { now: demo.end });
      states[vendor] = {};
      for (const { id } of demo.accounts[vendor]) {
        const state = (await say(url, "GET", `state?account=${id}`)) as {
          collections: (typeof states)["rotor"][string];
        };
        states[vendor][id] = state.collections;
        const log = (await say(url, "GET", `log?account=${id}&from=1`)) as {
          entries: { body?: { problem?: string } }[];
        };
        problems.push(...log.entries.filter((entry) => entry.body?.problem !== undefined));
      }
    }
  });
  afterAll(async () => {
    await close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test("every planted edit can be done", () => {
    expect(problems).toEqual([]);
  });

  test("the vendors end where the oracle's own fold ends", () => {
    const folded = foldDemo(demo, demo.end);
    for (const [account, shelves] of Object.entries(folded)) {
      const real = vendorNames.flatMap((vendor) => states[vendor][account] ?? [])[0];
      for (const [collection, records] of Object.entries(shelves))
        for (const [key, record] of Object.entries(records)) {
          const found: unknown = real?.[collection]?.[key];
          expect(found, `${account} ${collection} ${key}`).toMatchObject(withoutKept(record));
        }
    }
  });

  test("each quiet job's charge and payments agree to the cent in every system that states them", () => {
    const folded: Record<string, Shelves> = Object.assign({}, ...vendorNames.map((vendor) => states[vendor]));
    for (const truth of demo.truth.filter((one) => one.story === null)) {
      const lines = linesOf(truth.records, folded);
      for (const line of lines.slice(1)) {
        if (line.charge !== null && lines[0]?.final)
          expect(line.charge, `${truth.number} charge`).toBe(lines[0].charge);
        if (line.payment !== null) expect(line.payment, `${truth.number} payment`).toBe(lines[0]?.payment);
      }
    }
  });
});

/** What a vendor keeps by itself after the first morning: balances, modified and created times. */
function withoutKept(record: JsonRecord): JsonRecord {
  const {
    balance: _b,
    modifiedOn: _m,
    updated_at: _u,
    createdOn: _c,
    created_at: _d,
    deleted_at: _x,
    ...rest
  } = record;
  return rest;
}

async function say(url: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await fetch(`${url}/__control/${path}`, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}

describe("the oracle", () => {
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) {
    test(`seed ${seed}: what was planted comes to what the stories expect`, () => {
      const other = seed === 1 ? demo : buildDemo({ seed });
      const oracle = oracleOf(other);
      expect(oracle.problems).toEqual([]);
      expect(oracle.totals).toEqual(other.expectation);
    });
  }
});
