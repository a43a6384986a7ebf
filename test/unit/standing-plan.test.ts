import { describe, expect, test } from "vitest";
import type { Intent } from "#shared/domain/intent.ts";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import { everyJob } from "#shared/pipeline/every-job.ts";
import type { JobStore } from "#shared/pipeline/ports.ts";
import { awaitsApproval, plannedOf, standingIntents } from "#shared/pipeline/standing-plan.ts";
import { titleIn } from "#shared/pipeline/titles.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";
import { companyOf, systemClasses } from "#test/support/model-systems.ts";
import { root } from "#test/support/money-view.ts";
import { now, standingIntent, standingJob } from "#test/support/standing-job.ts";

const { writable, observed } = systemClasses;
const company = companyOf([writable, observed]);
const [yes, no] = [
  { by: "rosa", at: now },
  { by: "rosa", at: now, why: "not ours" },
];

describe("what is planned", () => {
  const at = (clock: string): Partial<Intent> => ({ plannedAt: `2026-11-02T${clock}:00.000Z` });
  const job = (id: string, number: string, ...intents: readonly Intent[]) =>
    standingJob([root({ number }, { connection: "s2" }), root({ number: id }, { connection: "s1" })], { intents }, id);

  test("stands oldest first, equal times by id, each beside its job's number in the reference system", () => {
    const found = standingIntents(
      [
        job("10263", "B-1", standingIntent("i4", at("09:00")), standingIntent("i3", at("08:00"))),
        job("10264", "B-2", standingIntent("i2", at("08:00")), standingIntent("i1", at("10:00"))),
      ],
      company,
    );
    expect(found.map(({ id, job: of, number }) => [id, of, number])).toEqual([
      ["i2", "10264", "10264"],
      ["i3", "10263", "10263"],
      ["i4", "10263", "10263"],
      ["i1", "10264", "10264"],
    ]);
  });

  test("has a number also in a company without a reference, and equal times stay in order either way", () => {
    const connections = company.connections.map((one) => ({ ...one, reference: false, book: "payable" as const }));
    const jobs = [job("10263", "B-1", standingIntent("i1"), standingIntent("i2"), standingIntent("i3"))];
    expect(standingIntents(jobs, { ...company, connections }).map(({ id, number }) => [id, number])).toEqual([
      ["i1", "10263"],
      ["i2", "10263"],
      ["i3", "10263"],
    ]);
  });

  test("costs what its writes cost, by connection; tasks and what was rejected cost nothing", () => {
    const to = (connection: string) => ({ record: { connection, stream: "jobs", id: "1" } });
    const intents = standingIntents(
      [
        job(
          "10263",
          "B-1",
          standingIntent("i1", { ...to("s1"), requests: 2, moneyMinor: -500 }),
          standingIntent("i2", { ...to("s2"), requests: 3, moneyMinor: 200 }),
          standingIntent("i3", { ...to("s1"), requests: 5 }),
          standingIntent("i4", { ...to("s1"), requests: 7, moneyMinor: 900, kind: "task" }),
          standingIntent("i5", { ...to("s3"), requests: 11, moneyMinor: 900, rejected: no }),
        ),
      ],
      company,
    );
    expect(plannedOf(intents)).toEqual({ intents, requests: { s1: 7, s2: 3 }, moneyMinor: 700 });
    expect(plannedOf([])).toEqual({ intents: [], requests: {}, moneyMinor: 0 });
  });

  test.each<[string, Partial<Intent>, boolean]>([
    ["a write nobody has decided on", {}, true],
    ["one that was approved", { approved: yes }, false],
    ["one that was rejected", { rejected: no }, false],
    ["one that needs no approval", { needsApproval: false }, false],
    ["a task", { kind: "task" }, false],
  ])("%s waits for a yes or no: %o", (_name, more, waits) =>
    expect(awaitsApproval(standingIntent("i1", { needsApproval: true, ...more }))).toBe(waits),
  );
});

describe("every job of the company", () => {
  const stored = async (...states: readonly JobState[]): Promise<JobStore> => {
    const { jobs } = memoryWorld().company("ridgeline");
    for (const state of states) await jobs.commit(await jobs.load(state.id), { ...state, planned: 1 }, now);
    return jobs;
  };
  const ids = (states: readonly JobState[]) => states.map(({ id }) => id);
  const open = (id: string) => ({ ...emptyJob(id), intents: [standingIntent("i1")] });

  test("or those a person works through; what was joined into another is none", async () => {
    const jobs = await stored(open("a"), emptyJob("b"), { ...open("c"), forwardTo: "a" }, open("d"));
    expect(ids(await everyJob(jobs, "all"))).toEqual(["a", "b", "d"]);
    expect(ids(await everyJob(jobs, "open"))).toEqual(["a", "d"]);
  });
  test("is found on whatever page it stands", async () => {
    const names = Array.from({ length: 250 }, (_, n) => `j${String(n).padStart(3, "0")}`);
    expect(ids(await everyJob(await stored(...names.map((name) => emptyJob(name))), "all"))).toEqual(names);
  });
  test("is given once when it moves while the pages are read, as it was seen last", async () => {
    const pages = [[{ ...emptyJob("a"), planned: 1 }, emptyJob("b")], [{ ...emptyJob("a"), planned: 2 }]];
    const jobs: JobStore = {
      ...(await stored()),
      listOpen: async (next) => ({
        jobs: (pages[Number(next ?? 0)] ?? []).map((state) => ({ state, version: 1 })),
        next: next === null ? "1" : null,
      }),
    };
    expect((await everyJob(jobs, "open")).map(({ id, planned }) => [id, planned])).toEqual([
      ["a", 2],
      ["b", 0],
    ]);
  });
});

describe("a system is called", () => {
  const titles = { "model-writable": "The office" };
  test("by its vendor's title, and by the vendor's id where there is none", () => {
    expect(titleIn(company, "s1", titles)).toBe("The office");
    expect(titleIn(company, "s2", titles)).toBe("model-observed");
  });
  test("with its own id where the company has two of that vendor", () => {
    const three = companyOf([writable, observed, writable]);
    expect(["s1", "s2", "s3"].map((id) => titleIn(three, id, titles))).toEqual([
      "The office s1",
      "model-observed",
      "The office s3",
    ]);
  });
  test("by its own id when it is not configured any more", () =>
    expect(titleIn(company, "depot", titles)).toBe("depot"));
});
