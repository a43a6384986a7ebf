import { beforeEach, describe, expect, test } from "vitest";
import { knownFrom } from "#shared/domain/observation.ts";
import type { Jobless } from "#shared/pipeline/jobless.ts";
import type { Claim } from "#shared/pipeline/ports.ts";
import type { Unapplied } from "#shared/pipeline/unapplied.ts";
import { unattachedPage } from "#shared/pipeline/unattached.ts";
import { jobWith, on } from "#test/support/job-with.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";
import { invoice } from "#test/support/money-view.ts";

/** The list of money in no job, over claims as they stand. */
let store = memoryWorld().company("ridgeline");
beforeEach(() => {
  store = memoryWorld().company("ridgeline");
});

const read = { version: { modified: null, read: 4 }, seenRead: 4, goneRead: 0 };
async function stands(record: string, more: Partial<Claim>): Promise<void> {
  const [stored] = await store.claims.load([record]);
  if (!stored) throw new Error(`no claim of ${record}`);
  await store.claims.save({ stored, next: { record, jobs: [], person: null, sets: {}, parked: null, ...more } });
}
const customer = (id: string, name: string | null, mergedTo: string | null = null) =>
  stands(`st/customers/${id}`, {
    named: { name, mergedTo: mergedTo && `st/customers/${mergedTo}`, version: read.version },
  });
function payment(
  id: string,
  of: string | null,
  rest: number,
  more: Partial<Unapplied> = {},
  claim: Partial<Claim> = {},
) {
  const whose = of && `st/customers/${of}`;
  const unapplied = { customer: whose, rest, total: 1000, shares: [], day: "2026-11-01", ...read, ...more };
  return stands(`st/payments/${id}`, { unapplied, unattached: whose ?? "", ...claim });
}
function bill(id: string, of: string, more: Partial<Jobless> = {}, claim: Partial<Claim> = {}) {
  const plain = { attached: false, number: id, day: null, total: 9900, balance: 900, draft: false, over: false };
  const jobless = { ...plain, customer: `st/customers/${of}`, ...read, ...more };
  return stands(`st/invoices/${id}`, { jobless, unattached: `st/customers/${of}`, ...claim });
}
const page = (next: string | null = null) => unattachedPage(store, next);
const whose = async () => (await page()).customers.map((one) => [one.customer, one.name]);

describe("the list of unattached money", () => {
  test("has each customer's records in their order, under the customer's name", async () => {
    await customer("1", "Vega");
    await payment("9", "1", 300);
    await payment("10", "1", 200, { day: null });
    await bill("7", "1");
    expect(await page()).toEqual({
      customers: [
        {
          ...{ customer: "st/customers/1", name: "Vega" },
          payments: [
            { record: "st/payments/10", connection: "st", day: null, totalMinor: 1000, unappliedMinor: 200 },
            { record: "st/payments/9", connection: "st", day: "2026-11-01", totalMinor: 1000, unappliedMinor: 300 },
          ],
          invoices: [
            {
              ...{ record: "st/invoices/7", connection: "st", number: "7", day: null },
              ...{ totalMinor: 9900, balanceMinor: 900, draft: false },
            },
          ],
        },
      ],
      next: null,
    });
  });

  test("has a payment whose day was not kept yet without one", async () => {
    const { day: _, ...older } = { customer: null, rest: 5, total: 5, shares: [], ...read, day: null };
    await stands("st/payments/1", { unapplied: older, unattached: "" });
    expect(await page()).toMatchObject({ customers: [{ customer: null, payments: [{ day: null }] }] });
  });

  test("is widest first, whichever way the money lies, then by customer", async () => {
    await payment("1", "a", 300);
    await payment("2", "b", -500);
    await bill("3", "c", { balance: -400 });
    await bill("4", "d", { balance: null });
    await payment("5", "e", 300);
    await payment("6", "f", 200);
    await bill("7", "f", { balance: 201 });
    expect((await whose()).map(([of]) => of?.at(-1))).toEqual(["b", "f", "c", "a", "e", "d"]);
  });

  test("follows merged customers to the last of them, whose name it takes", async () => {
    await customer("1", "Vega", "2");
    await customer("2", "Vega & Sons", "3");
    await customer("3", "Vega Ltd");
    await payment("1", "1", 300);
    await payment("2", "2", 200);
    await payment("3", "3", 100);
    expect(await page()).toMatchObject({
      customers: [{ customer: "st/customers/3", name: "Vega Ltd", payments: [{}, {}, {}] }],
    });
    expect(await whose()).toHaveLength(1);
  });

  test("takes the name it has where the one it was merged into was not read, and ends where two name each other", async () => {
    await customer("1", "Vega", "2");
    await payment("1", "1", 300);
    expect(await whose()).toEqual([["st/customers/2", "Vega"]]);
    await customer("2", null, "1");
    expect(await whose()).toEqual([["st/customers/1", "Vega"]]);
    await payment("2", "2", 300);
    expect(await whose()).toHaveLength(1);
    await customer("3", "Third", "2");
    await payment("3", "3", 300);
    expect(await whose()).toEqual([["st/customers/1", "Vega"]]);
  });

  test("has nobody's money under nobody, and asks for no such customer", async () => {
    await payment("1", null, 300);
    const asked: (readonly string[])[] = [];
    const load: typeof store.claims.load = (records) => (asked.push(records), store.claims.load(records));
    const found = await unattachedPage({ ...store, claims: { ...store.claims, load } }, null);
    expect(found.customers).toMatchObject([{ customer: null, name: null, payments: [{ unappliedMinor: 300 }] }]);
    expect(asked).toEqual([]);
  });

  test("reads no job, but those that an invoice has left", async () => {
    const loaded: (readonly string[])[] = [];
    const loadMany: typeof store.jobs.loadMany = (jobs) => (loaded.push(jobs), store.jobs.loadMany(jobs));
    const counting = { ...store, jobs: { ...store.jobs, loadMany } };
    await payment("1", "a", 300, {}, { jobs: ["j"] });
    await bill("2", "a");
    await unattachedPage(counting, null);
    expect(loaded.flat()).toEqual([]);
    await bill("3", "a", {}, { jobs: ["j"] });
    await bill("4", "a", {}, { jobs: ["j"] });
    await unattachedPage(counting, null);
    expect(loaded.flat()).toEqual(["j"]);
  });
});

describe("an invoice that its job knows better", () => {
  const key = "st/invoices/7";
  /** The job has read it at this number, hanging on these. */
  const jobReads = async (read: number, hangsOn: readonly string[], goneAt = 0) => {
    const seen = on(invoice({}, { connection: "st", id: "7" }), ...hangsOn);
    const known = knownFrom({ ...seen.observation, version: { modified: null, read } });
    const absent = { read: goneAt, at: "2026-11-02", how: "deleted" as const };
    const observations = { [key]: goneAt > 0 ? { ...known, absent } : known };
    const stored = await store.jobs.load("j");
    await store.jobs.commit(stored, { ...jobWith([]), id: "j", observations }, "2026-11-02T08:00:00.000Z");
    await bill("7", "a", {}, { jobs: ["j"] });
    return (await page()).customers.length;
  };

  test.each([
    ["later, on a job", 5, ["st/jobs/1"], 0, 0],
    ["by the same reading", 4, ["st/jobs/1"], 0, 1],
    ["earlier", 3, ["st/jobs/1"], 0, 1],
    ["later, on none", 5, [], 0, 1],
    ["gone since", 3, ["st/jobs/1"], 5, 0],
    ["gone before it was there again", 5, [], 4, 1],
  ])("%s", async (_name, at, hangsOn, goneAt, listed) => {
    expect(await jobReads(at, hangsOn, goneAt)).toBe(listed);
  });

  test("is listed where its job holds nothing of it", async () => {
    await bill("7", "a", {}, { jobs: ["nowhere"] });
    expect((await page()).customers).toHaveLength(1);
  });
});
