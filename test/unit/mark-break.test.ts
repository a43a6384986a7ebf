import { beforeEach, describe, expect, test } from "vitest";
import { emptyJob } from "#shared/domain/job.ts";
import { findJobs } from "#shared/pipeline/decide.ts";
import { type Mark, withMark } from "#shared/pipeline/mark-break.ts";
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

  test("is told in the job's history with the person who said it, once", async () => {
    await explain({ job: "10263", key: "charge", note });
    await explain({ job: "10263", key: "charge", note });
    const lines = (await history()).filter(({ cause }) => cause === "person").flatMap((change) => change.lines);
    expect(lines.filter((line) => line.includes("explained"))).toEqual([
      `break charge explained by ana@ridgeline.example: ${note}`,
    ]);
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

  test("a gap that is no longer the one that was looked at leaves the job as it is", async () => {
    await desk.pass(3);
    const found = await charge();
    if (!found) throw new Error("there is no break");
    const state = { ...emptyJob("j"), breaks: [found] };
    const mark: Mark = { kind: "explained", note };
    const marking = { job: "j", key: "charge", mark, by: "Ana" };
    expect(withMark(state, marking, -14000, "2026-11-02T12:00:00.000Z")).toBe(state);
    const marked = withMark(state, marking, -15000, "2026-11-02T12:00:00.000Z");
    expect(withMark(marked, marking, -15000, "2026-11-02T13:00:00.000Z")).toBe(marked);
  });
});
