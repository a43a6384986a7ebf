import { beforeEach, describe, expect, test } from "vitest";
import { callVendor } from "#functions/call-vendor/work.ts";
import { operations } from "#shared/connectors/registry.ts";
import { vendors } from "#shared/connectors/vendors.ts";
import { type CompanyConfig, companySchema } from "#shared/domain/policy.ts";
import type { HttpReply } from "#shared/runtime/http-api.ts";
import { type MemoryWorld, memoryWorld } from "#test/support/memory-ports.ts";

/** A company with one connection of each vendor; nobody answers at any of them, and a client is never made. */
const company: CompanyConfig = companySchema.parse({
  ...{ id: "ridgeline", name: "Ridgeline", zone: "America/Denver", currency: "USD", policy: { authority: {} } },
  connections: [
    ...vendors.map(({ id }) => ({ id: `at-${id}`, vendor: id })),
    { id: "watched", vendor: "customtrades", mode: { call: "observe" } },
    { id: "asked", vendor: "customtrades", mode: { call: "propose" } },
  ].map((one) => ({
    ...{
      book: "receivable",
      baseUrl: "http://127.0.0.1:1",
      secret: "plumbline/none",
      tenant: "1",
      bookingProvider: "7",
      authUrl: "http://127.0.0.1:1/token",
    },
    ...one,
  })),
});

let world: MemoryWorld;
let sent: () => number;
beforeEach(() => {
  world = memoryWorld();
  sent = () => [...world.queues.sent.outbound.values()].flat().length;
});

const ask = (body: object, role = "engineer"): Promise<HttpReply> => {
  const { jobs, control, budget } = world.company("ridgeline");
  const { clock, archive, queues } = world;
  const client = async (): Promise<never> => {
    throw new Error("a client was made");
  };
  const deps = {
    operationsOf: (vendor: string) => operations[vendor] ?? [],
    companyOf: async () => ({
      company,
      ports: { ...{ clock, archive, queues, jobs, control, client }, budget, controlAll: world.cell.controlAll },
    }),
  };
  return callVendor(deps, {
    ...{ method: "POST", path: "/companies/ridgeline/call", parameters: {}, query: {}, headers: {} },
    body: new TextEncoder().encode(JSON.stringify(body)),
    claims: { sub: "ana@ridgeline.example", company: "ridgeline", role },
  });
};
const nothingStands = (): void => {
  expect([world.archive.objects.size, sent()]).toEqual([0, 0]);
};

describe("what does not fit is refused before anything is stored or sent", () => {
  test.each(Object.entries(operations).flatMap(([vendor, rows]) => rows.map(({ key }) => [vendor, key] as const)))(
    "%s %s",
    async (vendor, operation) => {
      const at = { connection: `at-${vendor}`, operation };
      const extra = await ask({ ...at, input: { zzUnheard: 1 } });
      expect(extra).toMatchObject({ status: 400, json: { error: expect.stringMatching(/zzUnheard|and \d+ more/) } });
      expect(await ask({ ...at, input: "no object" })).toMatchObject({
        status: 400,
        json: { error: expect.stringContaining("expected an object") },
      });
      nothingStands();
    },
  );

  test("a raw request writes only with its effect named, and then waits for a person", async () => {
    const input = { method: "PATCH", urlType: "jpm", url: "/jobs/1", data: { summary: "x" } };
    const at = { connection: "at-servicetitan", operation: "rawRequest" };
    expect(await ask({ ...at, input })).toMatchObject({
      status: 400,
      json: { error: expect.stringContaining("effect") },
    });
    nothingStands();
    const named = await ask({ ...at, input: { ...input, effect: "changes a summary" } });
    expect(named).toMatchObject({ status: 200, json: { writes: true, standing: "waits for approval" } });
    expect(JSON.stringify(named.json)).toContain("changes a summary");
    expect(sent()).toBe(0);
    const read = await ask({ ...at, input: { method: "GET", urlType: "jpm", url: "/jobs" }, dryRun: true });
    expect(read).toMatchObject({ status: 200, json: { writes: false } });
  });

  test("a bookkeeper may not call, nor a connection be written whose mode says observe", async () => {
    const call = { operation: "updateJob", input: { uuid: "j1", title: "x" } };
    expect((await ask({ connection: "at-customtrades", ...call }, "bookkeeper")).status).toBe(403);
    expect((await ask({ connection: "watched", ...call })).status).toBe(409);
    nothingStands();
    expect(await ask({ connection: "asked", ...call })).toMatchObject({ json: { standing: "waits for approval" } });
  });
});

describe("what is stored", () => {
  const call = { connection: "at-customtrades", operation: "updateJob", input: { uuid: "j1", title: "Leak" } };

  test("is the very request, with the read that shows it; the message names no more than the intent", async () => {
    const { json } = await ask(call);
    expect(json).toMatchObject({ standing: "on its way", planned: { approved: { by: "ana@ridgeline.example" } } });
    expect([...world.archive.objects.values()].map((text) => JSON.parse(text))).toMatchObject([
      {
        request: { method: "PUT", path: "/jobs/j1", json: { title: "Leak" } },
        look: { operation: "getJob", request: { path: "/jobs/j1" }, wants: [{ of: {}, shows: { title: "Leak" } }] },
      },
    ]);
    expect(world.queues.sent.outbound.get("customtrades")).toMatchObject([{ job: "desk-at-customtrades" }]);
  });

  test("stands once for one asking, and again for another", async () => {
    const { jobs } = world.company("ridgeline");
    const intents = async () => (await jobs.load("desk-at-customtrades")).state.intents.length;
    await ask({ ...call, asking: "a" });
    await ask({ ...call, asking: "a" });
    expect(await intents()).toBe(1);
    await ask({ ...call, asking: "b" });
    expect(await intents()).toBe(2);
  });
});

test.each([
  ["at-customtrades", "updateJob", { uuid: "j1", actual_amount: 1 }, true],
  ["at-customtrades", "updateJob", { uuid: "j1", title: "Sump pump" }, false],
  ["at-customtrades", "createJob", { customer_uuid: "c1", title: "Sump pump" }, false],
  ["at-customtrades", "deleteJob", { uuid: "j1" }, true],
])("a job's amount is money: %s %s %j waits for a person: %s", async (connection, operation, input, money) => {
  const { json } = await ask({ connection, operation, input, dryRun: true });
  expect(json).toMatchObject({ money, needsApproval: money });
});

test.each([
  ["at-servicetitan", "rawRequest", { urlType: "jpm", url: "/%2e%2e/999/jobs", method: "GET" }],
  ["at-servicetitan", "rawRequest", { urlType: "jpm", url: "/jobs/%2E./x", method: "GET" }],
  ["at-servicetitan", "listBookingByProvider", { bookingProvider: ".." }],
  ["at-customtrades", "deleteJob", { uuid: ".." }],
  ["at-rotor", "getCustomer", { id: "" }],
])("no input leads to another path: %s %s %j", async (connection, operation, input) => {
  expect((await ask({ connection, operation, input })).status).toBe(400);
  nothingStands();
});
