import { beforeEach, describe, expect, test } from "vitest";
import { type Break, isOpen } from "#shared/domain/break.ts";
import { emptyJob } from "#shared/domain/job.ts";
import { findJobs } from "#shared/pipeline/decide.ts";
import { type Mark, markBreak, withMark } from "#shared/pipeline/mark-break.ts";
import { card, crewJob, type DeskCompany, deskCompany } from "#test/support/desk-company.ts";

let desk: DeskCompany;
const rows = [
  { kind: "job", key: "1", connection: "office", stream: "jobs", id: "o1" },
  { kind: "job", key: "1", connection: "crews", stream: "serviced-jobs", id: "r1" },
];

beforeEach(async () => {
  desk = await deskCompany();
  await desk.say("office", "jobs", "o1", card("o1", "10263"));
  await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 300, 0));
  await desk.ask("POST", "links/import", { body: { rows } });
});

const charge = async () => {
  const [job] = await findJobs(desk.ports, desk.company, "10263");
  return job?.breaks.find(({ key }) => key === "charge");
};
const history = async (): Promise<readonly { readonly cause: string; readonly lines: readonly string[] }[]> => {
  const [job] = await findJobs(desk.ports, desk.company, "10263");
  return desk.ports.jobs.history(job?.id ?? "");
};
const explain = (body: object) => desk.ask("POST", "breaks/explain", { role: "bookkeeper", body });
const assign = (body: object) => desk.ask("POST", "breaks/assign", { role: "bookkeeper", body });
const note = "the crew gave 150.00 off on the spot";

describe("an explained break", () => {
  beforeEach(() => desk.pass(3));

  test("keeps its explanation while the gap stays, and still counts as open money", async () => {
    const reply = await explain({ job: "10263", key: "charge", note });
    expect(reply).toMatchObject({ status: 200, json: { break: { key: "charge", state: "explained", note } } });
    await desk.pass(24);
    expect(await charge()).toMatchObject({ state: "explained", note, gapMinor: -15000 });
    expect((await desk.ask("GET", "status")).json).toMatchObject({ disagree: 1, gapMinor: 15000 });
    expect((await desk.ask("GET", "breaks?state=explained")).json).toMatchObject({ breaks: [{ key: "charge", note }] });
  });

  test("is open again when its gap moves", async () => {
    await explain({ job: "10263", key: "charge", note });
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 310, 0));
    expect(await charge()).toMatchObject({ state: "open", gapMinor: -14000 });
  });

  test("keeps the kind of cause that was named while the gap stays, and beside what records and arithmetic say", async () => {
    const body = { job: "10263", key: "charge", note };
    await explain({ ...body, cause: "write-off" });
    expect(await charge()).toMatchObject({ saidCause: "write-off", causes: [{ kind: "unexplained", minor: -15000 }] });
    await explain({ ...body, cause: "retention" });
    await desk.pass(1);
    expect(await charge()).toMatchObject({ saidCause: "retention", state: "explained" });
    await explain(body);
    expect(await charge()).not.toHaveProperty("saidCause");
    await explain({ ...body, cause: "shared" });
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 310, 0));
    expect(await charge()).toMatchObject({ state: "open", note });
    expect(await charge()).not.toHaveProperty("saidCause");
    expect((await history()).flatMap((change) => change.lines).filter((line) => line.includes("explained"))).toEqual([
      `break charge explained as write-off by ana@ridgeline.example: ${note}`,
      `break charge explained as retention by ana@ridgeline.example: ${note}`,
      `break charge explained by ana@ridgeline.example: ${note}`,
      `break charge explained as shared by ana@ridgeline.example: ${note}`,
    ]);
  });

  test("is told in the job's history with the person who said it, once", async () => {
    await explain({ job: "10263", key: "charge", note });
    await explain({ job: "10263", key: "charge", note });
    const lines = (await history()).filter(({ cause }) => cause === "person").flatMap((change) => change.lines);
    expect(lines.filter((line) => line.includes("explained"))).toEqual([
      `break charge explained by ana@ridgeline.example: ${note}`,
    ]);
  });
});

test("of two breaks the one that is named is marked, and those that are open are named where none is", async () => {
  const invoice = { invoice_number: "I-1", job_uuid: "o1", total_amount: 450, balance_amount: 450, status: "Pending" };
  await desk.say("office", "invoices", "i1", { uuid: "i1", ...invoice });
  await desk.pass(3);
  expect(await explain({ job: "10263", key: "payment", note })).toMatchObject({
    ...{ status: 200, json: { break: { key: "payment", state: "explained", note } } },
  });
  expect(await charge()).toMatchObject({ state: "open" });
  expect(await explain({ job: "10263", key: "visits", note })).toMatchObject({
    json: { error: expect.stringContaining("open are charge, payment") },
  });
  await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 450, 0));
  expect(await charge()).toMatchObject({ state: "resolved" });
  expect(await explain({ job: "10263", key: "visits", note })).toMatchObject({
    json: { error: expect.stringMatching(/open are payment$/) },
  });
});

describe("an assigned break", () => {
  beforeEach(() => desk.pass(3));

  test("keeps its assignee when the gap moves, and when it was explained before", async () => {
    await explain({ job: "10263", key: "charge", note });
    expect(await assign({ job: "office:10263", key: "charge", to: "Ben" })).toMatchObject({ status: 200 });
    expect(await charge()).toMatchObject({ state: "assigned", assignedTo: "Ben", note });
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 310, 0));
    expect(await charge()).toMatchObject({ state: "assigned", assignedTo: "Ben", gapMinor: -14000 });
  });

  test("closes by itself when the gap closes", async () => {
    await assign({ job: "10263", key: "charge", to: "Ben" });
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 450, 0));
    expect(await charge()).toMatchObject({ state: "resolved", assignedTo: "Ben" });
  });
});

describe("what cannot be marked is refused", () => {
  test("a break that only waits, one that is resolved, one that is not there, and a job nobody knows", async () => {
    const marking = { job: "10263", key: "charge", note };
    expect(await explain(marking)).toMatchObject({ status: 409, json: { error: expect.stringContaining("waits") } });
    await desk.pass(3);
    expect(await explain({ ...marking, key: "payment" })).toMatchObject({
      status: 409,
      json: { error: expect.stringContaining("open are charge") },
    });
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 450, 0));
    expect(await explain(marking)).toMatchObject({ status: 409, json: { error: expect.stringContaining("resolved") } });
    expect(await explain({ ...marking, job: "77" })).toMatchObject({ status: 404 });
  });

  test("an empty explanation, an empty name, and a viewer", async () => {
    expect(await explain({ job: "10263", key: "charge", note: "" })).toMatchObject({ status: 400 });
    expect(await assign({ job: "10263", key: "charge", to: "" })).toMatchObject({ status: 400 });
    const body = { job: "10263", key: "charge", to: "Ben" };
    expect(await desk.ask("POST", "breaks/assign", { role: "viewer", body })).toMatchObject({ status: 403 });
  });

  test("a break that nobody has, and in a job where none is open", async () => {
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 450, 0));
    await desk.pass(3);
    const [job] = await findJobs(desk.ports, desk.company, "10263");
    expect(job?.breaks.filter(isOpen)).toEqual([]);
    expect(await explain({ job: "10263", key: "visits", note })).toMatchObject({
      ...{ status: 409, json: { error: "refused: no break visits; none is open" } },
    });
  });

  test("a break whose gap moves while it is being marked", async () => {
    await desk.pass(3);
    const [job] = await findJobs(desk.ports, desk.company, "10263");
    const { load } = desk.ports.jobs;
    let loads = 0;
    // Between the look at the break and the mark on it.
    const moving: typeof desk.ports.jobs = {
      ...desk.ports.jobs,
      load: async (id) => {
        if (++loads === 2) await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 310, 0));
        return load(id);
      },
    };
    const marking = { job: job?.id ?? "", key: "charge", mark: { kind: "explained", note }, by: "Ana" } as const;
    expect(await markBreak({ ...desk.ports, jobs: moving }, desk.company, marking)).toEqual({
      ...{ marked: false, why: "it changed while it was being marked; look again" },
    });
    expect(await charge()).toMatchObject({ state: "open", gapMinor: -14000 });
  });
});

describe("a mark", () => {
  const at = "2026-11-02T12:00:00.000Z";
  const explained: Mark = { kind: "explained", note };
  const assigned: Mark = { kind: "assigned", to: "Ben" };
  const plain: Break = {
    ...{ kind: "charge", key: "charge", state: "open", gapMinor: -15000, causes: [], firstSeen: at, since: at },
    ...{ resolvedAt: null, opensAt: null, connections: ["office", "crews"], sentence: "charges differ" },
    ...{ evidence: ["crews/serviced-jobs/r1"], assignedTo: null, note: null },
  };
  const other: Break = { ...plain, key: "payment" };
  const job = (more: Partial<Break> = {}) => ({ ...emptyJob("j"), breaks: [other, { ...plain, ...more }] });
  const marked = (mark: Mark, state = job(), gapMinor = -15000) =>
    withMark(state, { job: "j", key: "charge", mark, by: "Ana" }, gapMinor, at);

  test("says why, or who looks after it, of this break alone, and who said so", () => {
    expect(marked(explained)).toMatchObject({
      breaks: [other, { ...plain, state: "explained", note }],
      lastChange: {
        ...{ version: 0, at, cause: "person", records: plain.evidence },
        lines: [`break charge explained by Ana: ${note}`],
      },
    });
    expect(marked(assigned)).toMatchObject({
      breaks: [other, { ...plain, state: "assigned", assignedTo: "Ben" }],
      lastChange: { cause: "person", lines: ["break charge assigned to Ben by Ana"] },
    });
  });

  test.each([
    ["has another gap by now", explained, {}, -14000],
    ["only waits", explained, { state: "waiting" }, -15000],
    ["is resolved", assigned, { state: "resolved" }, -15000],
    ["is gone", explained, { key: "schedule" }, -15000],
    ["says so already", explained, { state: "explained", note }, -15000],
    ["is that person's already", assigned, { state: "assigned", assignedTo: "Ben" }, -15000],
  ] as const)("leaves a job as it is whose break %s", (_name, mark, more, gapMinor) => {
    const state = job(more);
    expect(marked(mark, state, gapMinor)).toBe(state);
  });

  test.each([
    ["another explanation", explained, { state: "explained", note: "earlier" }],
    ["an explanation of what is assigned, in the words that stand there", explained, { state: "assigned", note }],
    ["another person", assigned, { state: "assigned", assignedTo: "Cleo" }],
    ["the person again, after an explanation", assigned, { state: "explained", assignedTo: "Ben" }],
  ] as const)("may be replaced: %s", (_name, mark, more) => {
    const state = job(more);
    expect(marked(mark, state)).not.toBe(state);
    expect(marked(mark, state).breaks[1]).toMatchObject({ state: mark.kind });
  });
});
