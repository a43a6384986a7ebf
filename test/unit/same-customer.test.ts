import { beforeEach, expect, test } from "vitest";
import { recordKey } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import { sets } from "#shared/pipeline/link.ts";
import { depositsOf, sharedAmongAll, sharedWithOthers } from "#shared/pipeline/same-customer.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";
import { companyOf, systemClasses } from "#test/support/model-systems.ts";
import { root } from "#test/support/money-view.ts";
import { now, standingBreak, standingJob } from "#test/support/standing-job.ts";

/** A deposit shared out among the jobs of its customer, by what is stored of them. */
const company = companyOf([systemClasses.readOnly, systemClasses.observed]);
let store = memoryWorld().company("ridgeline");
const loaded: string[][] = [];
const ports = () => ({
  ...store,
  jobs: {
    ...store.jobs,
    loadMany: (jobs: readonly string[]) => (loaded.push([...jobs]), store.jobs.loadMany(jobs)),
  },
});

const whose = { connection: "s1", stream: "customers", id: "c1" };
/** A job of that customer that lacks 500 and rests on payment 9, stored and found by its customer. */
async function job(n: number, kind: "unapplied" | "fee" = "unapplied"): Promise<JobState> {
  const key = `s1/jobs/${n}`;
  const causes = [{ kind, certainty: "proven" as const, minor: 500, records: ["s1/payments/9"] }];
  const breaks = [standingBreak("payment", 500, { state: "waiting", causes, sentence: "lacks it" })];
  const state = standingJob(
    [root({ number: String(n), customer: whose }, { connection: "s1", id: String(n) })],
    { breaks },
    `j${n}`,
  );
  await store.jobs.commit(await store.jobs.load(state.id), state, now);
  const [stored] = await store.claims.load([key]);
  if (stored) await store.claims.save({ stored, next: { ...stored, jobs: [state.id] } });
  await store.sets.add(sets.names(recordKey(whose)), key, {});
  return state;
}
async function holds(rest: number, goneRead = 0): Promise<void> {
  const [stored] = await store.claims.load(["s1/payments/9"]);
  const read = { version: { modified: null, read: 1 }, seenRead: 1, goneRead };
  const unapplied = { customer: recordKey(whose), rest, total: rest, shares: [], ...read };
  if (stored) await store.claims.save({ stored, next: { ...stored, unapplied } });
}
const states = (jobs: readonly JobState[]) => jobs.map(({ breaks }) => breaks[0]?.state);

beforeEach(async () => {
  store = memoryWorld().company("ridgeline");
  loaded.length = 0;
  await holds(500);
});

test("what a deposit holds is asked for where several jobs rest on it, and 0 once it is gone", async () => {
  const both = [await job(1), await job(2)];
  expect(await depositsOf(store, both)).toEqual(new Map([["s1/payments/9", 500]]));
  await holds(500, 2);
  expect(await depositsOf(store, both)).toEqual(new Map([["s1/payments/9", 0]]));
  const silent = { claims: { load: () => Promise.reject(new Error("asked")) } };
  expect(await depositsOf(silent, both.slice(1))).toEqual(new Map());
});

test("among all jobs it clears one, or as many as it holds", async () => {
  const both = [await job(1), await job(2)];
  expect(states(await sharedAmongAll(store, company, both))).toEqual(["waiting", "open"]);
  await holds(1000);
  expect(states(await sharedAmongAll(store, company, both))).toEqual(["waiting", "waiting"]);
  const cost = { ...company, connections: company.connections.map((one) => ({ ...one, book: "cost" as const })) };
  expect(await sharedAmongAll(store, cost, both)).toEqual([]);
});

test("of one job the customer's others are read, each once, and none that is no job", async () => {
  const [first, second] = [await job(1), await job(2)];
  await job(3, "fee");
  const [late] = await sharedWithOthers(ports(), company, [second]);
  expect(late?.breaks[0]).toMatchObject({ state: "open", behind: { payment: "s1/payments/9", jobs: ["1"] } });
  expect(loaded).toEqual([["j1", "j3"]]);
  const both = await sharedWithOthers(ports(), company, [second, first]);
  expect(both.map(({ id }) => id)).toEqual(["j2", "j1"]);
  expect(states(both)).toEqual(["open", "waiting"]);
  const forward = { ...first, forwardTo: "j2" };
  await store.jobs.commit(await store.jobs.load("j1"), forward, now);
  expect(states(await sharedWithOthers(ports(), company, [second]))).toEqual(["waiting"]);
});

test("of a job that rests on none nothing is read, and it stays the same", async () => {
  const other = await job(1, "fee");
  const silent = { ...ports(), claims: { load: () => Promise.reject(new Error("asked")) } };
  const asked = [other, standingJob([], { breaks: [] }, "k")];
  expect(await sharedWithOthers(silent, company, asked)).toBe(asked);
  const resolved = { ...other, breaks: other.breaks.map((one) => ({ ...one, state: "resolved" as const })) };
  const likely = await job(2);
  const causes = likely.breaks[0]?.causes.map((one) => ({ ...one, certainty: "likely" as const })) ?? [];
  const only = [resolved, { ...likely, breaks: likely.breaks.map((one) => ({ ...one, causes })) }];
  expect(await sharedWithOthers(silent, company, only)).toBe(only);
});

test("of a customer with more jobs than may be looked through nothing is said", async () => {
  const [first] = [await job(1), await job(2)];
  for (let n = 3; n <= 200; n++) await store.sets.add(sets.names(recordKey(whose)), `s1/jobs/${n}`, {});
  expect((await sharedWithOthers(ports(), company, [first]))[0]?.breaks[0]?.sentence).toContain("job 2 rests");
  await store.sets.add(sets.names(recordKey(whose)), "s1/jobs/201", {});
  loaded.length = 0;
  expect(await sharedWithOthers(ports(), company, [first])).toEqual([first]);
  expect(loaded).toEqual([]);
});
