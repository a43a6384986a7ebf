import { describe, expect, test } from "vitest";
import type { JobState } from "#shared/domain/job.ts";
import { joinJobs } from "#shared/pipeline/join.ts";
import { attemptOf, intentOf, receiptOf, refusalOf } from "#test/support/acts.ts";
import { jobWith, linkTo, on } from "#test/support/job-with.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";
import { companyOf, contextOf, systemClasses } from "#test/support/model-systems.ts";
import { invoice, root } from "#test/support/money-view.ts";

const now = "2026-11-02T12:00:00.000Z";
const classes = [systemClasses.observed, systemClasses.observed, systemClasses.observed];
const company = companyOf(classes);
const context = contextOf(company, classes, now);
const at = (name: string, facts: Parameters<typeof root>[0] = {}) => {
  const [connection = "", id = ""] = name.split("/");
  return root(facts, { connection, id });
};
const link = { rule: "people-and-day", evidence: ["they went"], batch: "b1" } as const;

async function world(...jobs: readonly JobState[]) {
  const ports = memoryWorld().company("model");
  for (const state of jobs) {
    await ports.jobs.commit(await ports.jobs.load(state.id), state, now);
    for (const claim of await ports.claims.load(state.links.map(({ record }) => record)))
      await ports.claims.save({ stored: claim, next: { ...claim, jobs: [...claim.jobs, state.id] } });
  }
  const join = async (a: string, b: string, by: Parameters<typeof joinJobs>[3] = link, of = ports) => {
    const [one, two] = [await ports.jobs.load(a), await ports.jobs.load(b)];
    return joinJobs(of, one, two, by, company, async (state) => {
      about.push(Object.keys(state.observations).toSorted().join(" "));
      return context;
    });
  };
  const about: string[] = [];
  const load = async (id: string) => (await ports.jobs.load(id)).state;
  return { ports, join, load, about };
}
const office = jobWith([at("s1/10"), on(invoice({}, { connection: "s1" }), "s1/jobs/10")], { id: "office" });
const crew = jobWith([at("s2/20")], { id: "crew" });

describe("of two jobs", () => {
  test("that of the reference system stays, whichever is named first; else the one of the smaller id", async () => {
    const branch = jobWith([at("s3/30")], { id: "branch" });
    const gone = jobWith([at("s1/11", { presence: "deleted" })], { id: "gone" });
    for (const [a, b, stays] of [
      ["office", "crew", "office"],
      ["crew", "office", "office"],
      ["branch", "crew", "branch"],
      ["crew", "branch", "branch"],
      ["gone", "branch", "branch"],
      ["two", "branch", "two"],
    ] as const) {
      const { join } = await world(office, crew, branch, gone, jobWith([at("s1/12"), at("s2/22")], { id: "two" }));
      expect((await join(a, b))?.state.id).toBe(stays);
    }
    const second = { ...office, id: "an office" };
    expect(
      (await (await world(office, second)).join("office", "an office", { ...link, rule: "key-pair" }))?.state.id,
    ).toBe("an office");
  });

  test("one holds all records, and the other's own are linked by this rule from now on", async () => {
    const { join, load, about } = await world(office, crew);
    const joined = await join("office", "crew");
    expect(about).toEqual(["s1/invoices/1 s1/jobs/10 s2/jobs/20"]);
    expect(Object.keys(joined?.state.observations ?? {}).toSorted()).toEqual([
      "s1/invoices/1",
      "s1/jobs/10",
      "s2/jobs/20",
    ]);
    expect(joined?.state.links.find(({ record }) => record === "s2/jobs/20")).toEqual({
      record: "s2/jobs/20",
      ...link,
      at: now,
    });
    expect(joined?.state.links.filter(({ record }) => record !== "s2/jobs/20")).toEqual(office.links.toReversed());
    expect(await load("office")).toEqual(joined?.state);
    expect(joined?.version).toBe(2);
  });

  test("the one that goes keeps the links it had made itself", async () => {
    const made = [
      linkTo("s2/jobs/20", "first"),
      linkTo("s3/jobs/30", "accepted", { batch: "b0" }),
      linkTo("s2/invoices/1", "part"),
    ];
    const past = {
      ...jobWith([at("s2/20"), at("s3/30"), on(invoice({}, { connection: "s2" }), "s2/jobs/20")]),
      id: "crew",
      links: made,
    };
    const { join } = await world(office, past);
    const rules = (await join("office", "crew"))?.state.links.map(({ record, rule, batch }) => [record, rule, batch]);
    expect(rules).toEqual([
      ["s1/invoices/1", "part", null],
      ["s1/jobs/10", "first", null],
      ["s2/invoices/1", "part", null],
      ["s2/jobs/20", "people-and-day", "b1"],
      ["s3/jobs/30", "accepted", "b0"],
    ]);
  });

  test("what was done on either goes on counting", async () => {
    const acts = (id: string, key: string) => ({
      ...{ receipts: [receiptOf({ intent: id })], refusals: [refusalOf(key)], planned: 2 },
    });
    const a = {
      ...office,
      ...{ ...acts("i1", "s1/jobs/10"), accepted: { "charge:s1": 1, "charge:s3": 3 }, people: { one: "a", both: "a" } },
    };
    const b = {
      ...crew,
      ...{ ...acts("i2", "s2/jobs/20"), accepted: { "charge:s2": 2, "charge:s3": 9 }, people: { two: "b", both: "b" } },
    };
    const joined = (await (await world(a, b)).join("office", "crew"))?.state;
    expect(joined?.receipts.map(({ intent }) => intent)).toEqual(["i1", "i2"]);
    expect(joined?.refusals.map(({ record }) => record)).toEqual(["s1/jobs/10", "s2/jobs/20"]);
    expect(joined?.accepted).toEqual({ "charge:s1": 1, "charge:s2": 2, "charge:s3": 3 });
    expect(joined?.people).toMatchObject({ one: "a", two: "b" });
    expect(joined?.planned).toBe(4);
  });

  test("none is joined while a write of either is under way", async () => {
    const busy = { attempts: [attemptOf()] };
    expect(await (await world({ ...office, ...busy }, crew)).join("office", "crew")).toBeNull();
    expect(await (await world(office, { ...crew, ...busy })).join("office", "crew")).toBeNull();
  });

  test("none is joined when one of them moved meanwhile", async () => {
    const { ports, join, load } = await world(office, crew);
    const conflict = { ...ports, jobs: { ...ports.jobs, commitTogether: async () => "conflict" as const } };
    expect(await join("office", "crew", link, conflict)).toBeNull();
    expect((await load("crew")).forwardTo).toBeNull();
  });
});

describe("the job that goes", () => {
  test("forwards, waits for nothing, plans nothing, and keeps what both were", async () => {
    const waits = { ...crew, intents: [intentOf()], dueAt: now };
    const { join, load } = await world(office, waits);
    await join("crew", "office");
    expect(await load("crew")).toEqual({
      ...waits,
      ...{ forwardTo: "office", intents: [], dueAt: null, before: { into: office, intents: [intentOf()], dueAt: now } },
    });
  });

  test.each([
    [400, true],
    [401, false],
  ])("keeps what the other was unless that is very large: %i records", async (count, kept) => {
    const nothing = { said: null, seenRead: 0, absent: null };
    const parts = Object.fromEntries(Array.from({ length: count - 2 }, (_, id) => [`s1/invoices/x${id}`, nothing]));
    const large = { ...office, observations: { ...office.observations, ...parts } };
    const { join, load } = await world(large, crew);
    await join("office", "crew");
    expect((await load("crew")).before?.into !== null).toBe(kept);
  });

  test("hands over the claims of its records, one each, and no others", async () => {
    const { ports, join } = await world(office, crew);
    const [shared, theirs] = await ports.claims.load(["s2/jobs/20", "s1/jobs/10"]);
    await ports.claims.save({ stored: shared!, next: { ...shared!, jobs: ["crew", "office", "third"] } });
    await join("office", "crew");
    const [moved, still] = await ports.claims.load(["s2/jobs/20", "s1/jobs/10"]);
    expect(moved?.jobs).toEqual(["office", "third"]);
    expect(still).toEqual(theirs);
  });

  test("leaves claims that are not its own any more where they are", async () => {
    const { ports, join } = await world(office, crew);
    const [lost] = await ports.claims.load(["s2/jobs/20"]);
    await ports.claims.save({ stored: lost!, next: { ...lost!, jobs: ["third"] } });
    const [before] = await ports.claims.load(["s2/jobs/20"]);
    await join("office", "crew");
    expect(await ports.claims.load(["s2/jobs/20"])).toEqual([before]);
  });

  test("hands over at once no more claims than a transaction holds", async () => {
    const parts = Array.from({ length: 95 }, (_, id) => linkTo(`s2/invoices/${id}`, "part"));
    const { ports, join } = await world(office, { ...crew, links: [...crew.links, ...parts] });
    await join("office", "crew");
    const after = await ports.claims.load(["s2/jobs/20", ...parts.map(({ record }) => record)]);
    expect(after.filter(({ jobs }) => jobs.includes("office"))).toHaveLength(90);
    expect(after.filter(({ jobs }) => jobs.includes("crew"))).toHaveLength(6);
  });
});

describe("the history of the job that stays", () => {
  test.each([
    ["person", "person"],
    ["accepted", "person"],
    ["people-and-day", "observed"],
    ["key-pair", "observed"],
  ] as const)("says of a link by %s that it was made by: %s", async (rule, cause) => {
    const { ports, join } = await world(office, crew);
    await join("office", "crew", { ...link, rule });
    expect((await ports.jobs.history("office")).at(-1)).toMatchObject({
      ...{ cause, version: 2, at: now },
      lines: expect.arrayContaining([`linked s2/jobs/20 by ${rule} (they went)`]),
    });
  });
});
