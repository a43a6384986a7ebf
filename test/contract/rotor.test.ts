import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { classifyCommon } from "#shared/connectors/classify.ts";
import type { Answer } from "#shared/connectors/connector.ts";
import { connector, rotor } from "#shared/connectors/rotor/index.ts";
import { billingBy } from "#shared/connectors/rotor/normalise.ts";
import type { JobFacts } from "#shared/domain/facts.ts";
import { billings } from "#shared/domain/status.ts";
import { type Client, run } from "#test/simulators/support.ts";
import { clientFor, connectionFor, failureOf, noon } from "./support.ts";

const key = "rotor_1_secret";
const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/rotor/${name}.json`, import.meta.url), "utf8");

const customers = [
  { id: "c1", first_name: "Ana", last_name: "Pena", phone: "+1 (303) 555-0101", email: "Ana@Pena.example" },
  { id: "c2", company_name: "Vega Dental", phone: "303-555-0102" },
];
const job = (id: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  id,
  customer_id: "c1",
  visits: [{ start: "2026-11-01T02:30:00Z" }],
  technicians: [{ email: "Marcus@Ridgeline.example", name: "Marcus", user_id: "u1" }],
  total_received: 100,
  total_outstanding: 0,
  completed: true,
  created_at: "2026-10-20T00:00:00Z",
  ...more,
});

async function world(jobs: readonly Record<string, unknown>[]) {
  const running = await run({ vendors: ["rotor"] });
  const control = running.control("rotor");
  await control.send("PUT", "/clock", { now: noon });
  await control.send("POST", "/accounts", { id: "crews", credentials: { apiKey: key } });
  await control.send("POST", "/load", { account: "crews", collections: { customers, jobs } });
  const connection = connectionFor("rotor", `${running.urls["rotor"]}/open-api`);
  return { control, connection, client: clientFor(connector, { connection, secret: { apiKey: key } }) };
}

const requests = async (control: Client): Promise<number> => (await control.get("/requests")).body.crews.total;
const read = { stream: "serviced-jobs", next: null, since: null };

function factsOf(raw: unknown): JobFacts {
  const connection = connectionFor("rotor", "http://localhost");
  const result = connector.normalise("serviced-jobs", raw, { connection, zone: "America/Denver" });
  if ("unfit" in result || result.facts.kind !== "job") throw new Error(JSON.stringify(result));
  return result.facts;
}

describe("reading", () => {
  test("one reading is both lists: what the completed list holds is completed, archived jobs and quotes are in neither", async () => {
    const { client, control } = await world([
      job("done"),
      job("open", { completed: false }),
      job("archived", { completed: false, archived: true }),
      job("quote", { completed: false, quote: true }),
    ]);
    const page = await connector.reader.page(client, read);
    const completed = page.records.map(({ id, raw }) => [id, raw]).sort();
    expect(completed).toMatchObject([
      ["done", { completed: true }],
      ["open", { completed: false }],
    ]);
    expect(page).toMatchObject({ next: null, total: 2, unfit: [], dropped: 0 });
    expect(page.records.every((record) => record.modified === null)).toBe(true);
    expect(await requests(control)).toBe(2);
  });

  test("2,500 jobs are read in ceil(all / 1000) + ceil(completed / 1000) requests, each job once", async () => {
    const { client, control } = await world(
      Array.from({ length: 2500 }, (_, n) => job(`j${n}`, { completed: n % 2 === 0 })),
    );
    const page = await connector.reader.page(client, read);
    expect(new Set(page.records.map((record) => record.id)).size).toBe(2500);
    expect(await requests(control)).toBe(3 + 2);
  });

  test("a list that moves while it is paged is read again until it stands still", async () => {
    const { client, connection, control } = await world(
      Array.from({ length: 1500 }, (_, n) => job(`j${n}`, { completed: false })),
    );
    let planted = false;
    const moving: typeof client = {
      ...client,
      connection,
      request: async (request) => {
        const reply = await client.request(request);
        if (!planted) {
          planted = true;
          await control.send("POST", "/plant", {
            account: "crews",
            edits: [{ at: noon, collection: "jobs", key: "j3", op: "update", fields: { archived: true } }],
          });
          await control.send("PUT", "/clock", { now: noon });
        }
        return reply;
      },
    };
    const page = await connector.reader.page(moving, read);
    expect(page.records.length).toBe(1499);
    expect(page.records.some((record) => record.id === "j3")).toBe(false);
    // Two pages that no longer fit together, then two that do, then the empty completed list.
    expect(await requests(control)).toBe(5);
  });

  test("records asked for by name come from both lists, and customers one by one", async () => {
    const { client } = await world([job("a"), job("b")]);
    expect((await connector.reader.byIds(client, "serviced-jobs", ["b", "gone"])).records.map(({ id }) => id)).toEqual([
      "b",
    ]);
    expect((await connector.reader.byIds(client, "customers", ["c2", "gone"])).records.map(({ id }) => id)).toEqual([
      "c2",
    ]);
  });

  test("the version header always goes, and a field without a value may be left out or null", async () => {
    const { client, control, connection } = await world([
      job("bare", { visits: [], technicians: null, customer_id: null }),
    ]);
    for (const noValue of ["absent", "null"]) {
      await control.send("POST", "/dials", { dials: { versionHeader: "required", noValue } });
      const [record] = (await connector.reader.page(client, read)).records;
      const result = connector.normalise("serviced-jobs", record?.raw, { connection, zone: "America/Denver" });
      expect(result, noValue).toMatchObject({ facts: { schedule: null, customer: null, technicians: null } });
    }
  });

  test("the day's limit is the vendor's to state: rate-limited until the day ends, others' use, and no request after it", async () => {
    const { client, control } = await world([job("a")]);
    await control.send("POST", "/dials", { dials: { dailyLimit: 1 } });
    const failure = await failureOf(connector.reader.page(client, read));
    expect(failure).toMatchObject({
      kind: "rate-limited",
      detail: { limit: "others", retryAt: "2026-10-30T00:00:00.000Z" },
    });
    const before = await requests(control);
    await failureOf(connector.reader.page(client, read));
    expect(await requests(control)).toBe(before);
  });

  test("a wrong key and a missing scope ask a person", async () => {
    const { control, connection, client } = await world([]);
    const wrong = clientFor(connector, { connection, secret: { apiKey: "rotor_x" } });
    expect((await failureOf(connector.reader.page(wrong, read))).kind).toBe("unauthorised");
    await control.send("POST", "/accounts", {
      id: "crews",
      credentials: { apiKey: key },
      settings: { scopes: ["leads:read"] },
    });
    const failure = await failureOf(connector.reader.page(client, read));
    expect(failure).toMatchObject({ kind: "unauthorised", detail: { status: 403 } });
  });
});

describe("what a job says", () => {
  test("the document's own example", () => {
    const [printed] = JSON.parse(fixture("list-serviced-jobs")).data;
    expect(factsOf({ job: printed, completed: true })).toMatchObject({
      work: { word: null, set: ["completed"] },
      billing: { set: ["paid"] },
      payment: 15000,
      charge: 15000,
      customerName: "first_name last_name",
      technicians: [{ email: "dev@stainless.com", name: "John Doe" }],
      schedule: { day: "2026-06-15", start: "02:00", end: null, from: printed.service_date },
      serviceDay: "2026-06-15",
    });
  });

  test("an evening in Denver belongs to the local day, not to the day in UTC", () => {
    expect(factsOf({ job: { id: "1", service_date: "2026-11-01T02:30:00Z" }, completed: true }).serviceDay).toBe(
      "2026-10-31",
    );
  });

  test.each([
    ["2026-11-01T07:30:00Z", "01:30"],
    ["2026-11-01T08:30:00Z", "01:30 (second)"],
  ])("an hour that comes twice is told apart: %s", (at, start) =>
    expect(factsOf({ job: { id: "1", service_date: at }, completed: true }).schedule).toEqual({
      ...{ day: "2026-11-01", start, end: null, from: at },
    }),
  );

  test("float noise is cents, what is not is unreadable, and missing is not zero", () => {
    const money = (received?: unknown, outstanding?: unknown) => {
      const { charge, payment } = factsOf({
        job: { id: "1", total_received: received, total_outstanding: outstanding },
        completed: true,
      });
      return { charge, payment };
    };
    expect(money(0.30000000000000004, 0)).toEqual({ charge: 30, payment: 30 });
    expect(money(10.005, 0).payment).toEqual({ unreadable: "10.005" });
    expect(money(undefined, 5)).toEqual({ charge: null, payment: null });
    expect(money(null, null)).toEqual({ charge: null, payment: null });
    expect(money("12.50", 0).payment).toBe(1250);
  });

  test("billing follows from the two amounts", () => {
    expect(billingBy(100, 0)).toEqual(["paid"]);
    expect(billingBy(100, 50)).toEqual(["part-paid"]);
    expect(billingBy(0, 50)).toEqual(["unbilled", "ready", "invoiced"]);
    expect(billingBy(0, 0)).toEqual(["unbilled", "ready", "no-charge", "void"]);
    expect(billingBy(null, 50)).toEqual(billings);
    expect(billingBy(-5, 50)).toEqual(billings);
  });

  test("every field but the id may be missing or null, and a job without an id is unfit", () => {
    const facts = factsOf({
      job: { id: "1", customer: null, service_date: null, technicians: null },
      completed: false,
    });
    expect(facts).toMatchObject({ customer: null, schedule: null, serviceDay: null, technicians: null, charge: null });
    expect(facts.work.set).toEqual(["open", "scheduled", "dispatched", "working", "held", "canceled"]);
    const connection = connectionFor("rotor", "http://localhost");
    const unfit = connector.normalise("serviced-jobs", { job: {}, completed: true }, { connection, zone: "UTC" });
    expect(unfit).toEqual({ unfit: expect.stringContaining("job.id: expected a text") });
  });

  test("a customer is found by digits and lower case", async () => {
    const { client, connection } = await world([]);
    const page = await connector.reader.page(client, { ...read, stream: "customers" });
    const people = page.records.map((record) =>
      connector.normalise("customers", record.raw, { connection, zone: "UTC" }),
    );
    expect(people).toMatchObject([
      {
        facts: { name: "Ana Pena", phones: ["3035550101"], emails: ["ana@pena.example"] },
        keys: [{ kind: "phone" }, { kind: "email" }],
      },
      { facts: { name: "Vega Dental", phones: ["3035550102"], emails: [] } },
    ]);
  });
});

describe("the documented errors", () => {
  const answer = (body: string, status: number, writes = false): Answer => ({
    ...{ operation: "listServicedJobs", status, headers: {}, body, writes, now: noon },
  });
  const kindOf = (one: Answer): string | undefined =>
    (connector.http.classify(one) ?? classifyCommon(one) ?? undefined)?.kind;

  test.each([
    ["error-authentication-required", 401, "unauthorised"],
    ["error-insufficient-scope", 403, "unauthorised"],
    ["error-rate-limit-exceeded", 429, "rate-limited"],
    ["error-internal", 500, "transient"],
    ["error-validation-failed", 400, "bad-input"],
  ])("%s", (name, status, kind) => {
    expect(kindOf(answer(fixture(name), status))).toBe(kind);
    // The body says it, whatever the status says.
    expect(kindOf(answer(fixture(name), 200))).toBe(kind);
  });

  test("a refused write names the field", () => {
    const failure = connector.http.classify(answer(fixture("error-validation-failed"), 400, true));
    expect(failure).toMatchObject({
      kind: "rejected",
      message: expect.stringContaining("email: Invalid email format"),
    });
  });
});

describe("operations", () => {
  test("each of the reference's operations works as a typed function", async () => {
    const { client } = await world([job("a"), job("old", { visits: [{ start: "2025-01-01T10:00:00Z" }] })]);
    expect(await rotor.testAuthentication(client, {})).toMatchObject({ authenticated: true });
    const window = { service_date_range_start: "2026-01-01T00:00:00Z", service_date_range_end: "2026-12-31T00:00:00Z" };
    expect(await rotor.listServicedJobs(client, { ...window, limit: 10, page: 1, only_completed: true })).toMatchObject(
      {
        data: [{ id: "a" }],
      },
    );
    expect(await rotor.upsertCustomer(client, { phone: "303-555-0102", notes: "gate code 4" })).toMatchObject({
      id: "c2",
    });
    for (const { key: name, run: call, method } of rotor.operations) {
      if (method === "GET" && name !== "getCustomer") expect(await call?.(client, {}), name).toBeTypeOf("object");
    }
  });

  test("a missing, mistyped or extra input is refused with its path, and nothing is sent", async () => {
    const { client, control } = await world([]);
    const call = (name: string, input: unknown) =>
      rotor.operations.find((row) => row.key === name)?.run?.(client, input) ?? Promise.reject(new Error(name));
    const refused = async (name: string, input: unknown): Promise<string> =>
      (await failureOf(call(name, input))).message;
    expect(await refused("listServicedJobs", { limit: 1001 })).toBe("listServicedJobs: limit: expected at most 1000");
    expect(await refused("listServicedJobs", { only_completed: "no" })).toContain(
      "only_completed: expected true or false",
    );
    expect(await refused("listServicedJobs", { service_date_range_start: "yesterday" })).toContain("ISO 8601");
    expect(await refused("listServicedJobs", { sort: "id" })).toContain("not an input here: sort");
    expect(await refused("getCustomer", {})).toContain("id: expected a text");
    expect((await control.get("/requests")).body.crews?.total ?? 0).toBe(0);
  });
});
