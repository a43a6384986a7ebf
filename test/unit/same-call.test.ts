import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isOpen } from "#shared/domain/break.ts";
import { sameJson } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import { findJobs } from "#shared/pipeline/decide.ts";
import { card, crewJob, type DeskCompany, deskCompany } from "#test/support/desk-company.ts";
import { type DeskTerminal, deskTerminal } from "#test/support/desk-terminal.ts";

/** One call of the office, entered twice in the branch. */
let desk: DeskCompany;
const [first, second, office] = ["branch/jobs/b1", "branch/jobs/b2", "office/jobs/o1"];
const twin = (uuid: string, number: string, more: object = {}): object =>
  card(uuid, number, { actual_amount: 375, ...more });
const keys = [
  ["office", "o1"],
  ["branch", "b1"],
  ["branch", "b2"],
].map(([connection, id]) => ({ kind: "job", key: "1", connection, stream: "jobs", id }));

beforeEach(async () => {
  desk = await deskCompany();
  await desk.say("office", "jobs", "o1", twin("o1", "10271"));
  await desk.say("branch", "jobs", "b1", twin("b1", "JOB-0930"));
  await desk.say("branch", "jobs", "b2", twin("b2", "JOB-0931"));
  await desk.ask("POST", "links/import", { body: { rows: keys } });
  await desk.pass(3);
});

const job = async (): Promise<JobState> => {
  const [found] = await findJobs(desk.ports, desk.company, "10271");
  if (!found) throw new Error("the job is not there");
  return found;
};
const say = (body: object, role = "bookkeeper") => desk.ask("POST", "links/same", { role, body });
const takeBack = (body: object) => desk.ask("POST", "links/same/undo", { role: "bookkeeper", body });
const branchLine = async () => (await job()).money.find((line) => line.connection === "branch");
const openKeys = async () => (await job()).breaks.filter(isOpen).map(({ key }) => key);
const breakOf = async (key: string) => (await job()).breaks.find((known) => known.key === key);
const invoiceOn = (uuid: string, amount: number, more: object = {}): object => ({
  ...{ uuid, job_uuid: "b2", invoice_number: "INV-77", status: "Pending", total_amount: amount, amount_paid: 0 },
  ...{ updated_at: "2026-11-02T12:00:00Z", ...more },
});

describe("a call entered twice", () => {
  test("is counted once from then on, and its break closes by itself", async () => {
    expect(await branchLine()).toMatchObject({ charge: 75_000 });
    expect(await breakOf("charge")).toMatchObject({ state: "open", gapMinor: 37_500, causes: [{ kind: "duplicate" }] });
    const reply = await say({ keep: first, records: [second], why: "entered again by phone" });
    expect(reply).toMatchObject({ status: 200, json: { done: true, job: (await job()).id, records: [second] } });
    expect(await branchLine()).toMatchObject({ charge: 37_500 });
    expect(await breakOf("charge")).toMatchObject({ state: "resolved", gapMinor: 37_500 });
    expect(await openKeys()).toEqual([]);
    expect((await job()).intents).toEqual([]);
  });

  test("is told in the history with who and why, once, and in explain with what it is the same as", async () => {
    for (let times = 0; times < 2; times++) await say({ keep: first, records: [second], why: "by phone" });
    const said = (await desk.ports.jobs.history((await job()).id)).filter(({ lines }) =>
      lines[0]?.includes("same call"),
    );
    expect(said.map(({ cause, records, lines }) => [cause, records, lines[0]])).toEqual([
      [
        "person",
        [second, first],
        `${second} is the same call as ${first}, says ana@ridgeline.example (by phone): not counted while that stands`,
      ],
    ]);
    const { json } = await desk.ask("GET", "job?name=10271");
    const mark = { by: "ana@ridgeline.example", at: "2026-11-02T11:00:00.000Z", why: "by phone", counted: false };
    expect(json).toMatchObject({
      jobs: [
        { records: [{ record: first, sameAs: null }, { record: second, sameAs: { record: first, ...mark } }, {}] },
      ],
    });
    // It is found by its own number still.
    expect((await findJobs(desk.ports, desk.company, "branch:JOB-0931")).map(({ id }) => id)).toEqual([
      (await job()).id,
    ]);
  });

  test("does not keep the work open, and nothing is planned for it", async () => {
    await say({ keep: first, records: [second] });
    await desk.say("branch", "jobs", "b2", twin("b2", "JOB-0931", { status: "Scheduled", completed_at: null }));
    await desk.pass(3);
    expect(await openKeys()).toEqual([]);
    expect((await job()).intents).toEqual([]);
    expect(await branchLine()).toMatchObject({ charge: 37_500, provisional: false });
    await takeBack({ record: second, why: "two calls" });
    expect(await branchLine()).toMatchObject({ charge: 75_000, provisional: true });
  });

  test("shows money that comes to lie on it, which it does not count, until that is gone again", async () => {
    await say({ keep: first, records: [second] });
    await desk.say("branch", "invoices", "i7", invoiceOn("i7", 0));
    await desk.pass(3);
    expect(await breakOf(`same-call:${second}`)).toBeUndefined();
    await desk.say("branch", "invoices", "i7", invoiceOn("i7", 120));
    await desk.say("branch", "payments", "p7", {
      ...{ uuid: "p7", invoice_uuid: "i7", job_uuid: "b2", amount: 50, status: "Completed" },
      updated_at: "2026-11-02T12:00:00Z",
    });
    await desk.pass(3);
    expect(await branchLine()).toMatchObject({ charge: 37_500, payment: null });
    expect(await breakOf(`same-call:${second}`)).toMatchObject({
      ...{ kind: "self-contradiction", state: "open", gapMinor: 0, connections: ["branch"] },
      sentence:
        "branch JOB-0931 is the same call as branch JOB-0930, by ana@ridgeline.example on 2026-11-02, and has money of its own that is not counted: invoice INV-77 of 120.00, payment of 50.00",
      evidence: [second, "branch/invoices/i7", "branch/payments/p7"],
    });
    await takeBack({ record: second, why: "two calls" });
    expect(await breakOf(`same-call:${second}`)).toMatchObject({ state: "resolved" });
  });

  test("shows a charge that neither of the two had, and not the one that the kept one has now", async () => {
    await say({ keep: first, records: [second] });
    await desk.say("branch", "jobs", "b2", twin("b2", "JOB-0931", { actual_amount: 500 }));
    await desk.pass(3);
    expect((await breakOf(`same-call:${second}`))?.sentence).toContain(
      "not counted: 500.00 charged, 375.00 when that was said",
    );
    await desk.say("branch", "jobs", "b1", twin("b1", "JOB-0930", { actual_amount: 500 }));
    expect(await breakOf(`same-call:${second}`)).toMatchObject({ state: "resolved" });
  });

  test("counts again when what was kept is deleted, and no more when that is back", async () => {
    await say({ keep: first, records: [second] });
    const gone = twin("b1", "JOB-0930", { deleted_at: "2026-11-02T12:00:00Z", updated_at: "2026-11-02T12:00:00Z" });
    await desk.say("branch", "jobs", "b1", gone);
    expect(await branchLine()).toMatchObject({ charge: 37_500 });
    expect((await desk.ask("GET", "job?name=10271")).json).toMatchObject({
      jobs: [{ records: [{}, { record: second, sameAs: { record: first, counted: true } }, {}] }],
    });
    await desk.say("branch", "jobs", "b2", twin("b2", "JOB-0931", { actual_amount: 400 }));
    expect(await branchLine()).toMatchObject({ charge: 40_000 });
    await desk.say("branch", "jobs", "b1", twin("b1", "JOB-0930", { updated_at: "2026-11-02T13:00:00Z" }));
    expect(await branchLine()).toMatchObject({ charge: 37_500 });
  });

  test("is a call of its own again when a person says so: the job is what it was, a note and a no included", async () => {
    await desk.ask("POST", "breaks/explain", { body: { job: "10271", key: "charge", note: "asked the branch" } });
    const [planned] = (await job()).intents;
    expect(planned).toMatchObject({ target: "presence", wanted: "deleted", record: { id: "b2" } });
    const intents = [{ job: (await job()).id, intent: planned?.id }];
    await desk.ask("POST", "plan/reject", { body: { intents, why: "not yet" } });
    const before = await job();
    await say({ keep: first, records: [second] });
    expect(await openKeys()).toEqual([]);
    await takeBack({ record: second, why: "two calls" });
    const after = await job();
    expect(sameJson({ ...after, lastChange: before.lastChange }, before)).toBe(true);
    expect(after.breaks.find(({ key }) => key === "charge")).toMatchObject({
      state: "explained",
      note: "asked the branch",
    });
    expect(after.lastChange?.lines[0]).toBe(
      `${second} is a call of its own again, says ana@ridgeline.example (two calls); it was the same call as ${first}, by ana@ridgeline.example on 2026-11-02`,
    );
  });

  test("gives no yes back: what was approved and fell with it is asked again", async () => {
    const [planned] = (await job()).intents;
    await desk.ask("POST", "plan/approve", { body: { intents: [{ job: (await job()).id, intent: planned?.id }] } });
    expect((await job()).intents).toMatchObject([{ approved: { by: "ana@ridgeline.example" } }]);
    await say({ keep: first, records: [second] });
    expect((await job()).lastChange?.lines.join("\n")).toContain("approval by ana@ridgeline.example fell");
    await takeBack({ record: second, why: "two calls" });
    expect((await job()).intents).toMatchObject([{ id: planned?.id, approved: null, rejected: null }]);
  });

  test("keeps what was said of it when another record leaves the job that came before it was said", async () => {
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 375, 0));
    await desk.ask("POST", "links/accept", { body: { records: [office, "crews/serviced-jobs/r1"] } });
    await say({ keep: first, records: [second] });
    await desk.ask("POST", "links/unlink", { body: { record: "crews/serviced-jobs/r1", why: "another customer" } });
    expect((await job()).money.map(({ connection, charge }) => [connection, charge])).toEqual([
      ["office", 37_500],
      ["branch", 37_500],
    ]);
  });

  test("and a word that was taken back since stays taken back", async () => {
    await say({ keep: first, records: [second] });
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 375, 0));
    await desk.ask("POST", "links/accept", { body: { records: [office, "crews/serviced-jobs/r1"] } });
    await takeBack({ record: second, why: "two calls" });
    await desk.ask("POST", "links/unlink", { body: { record: "crews/serviced-jobs/r1", why: "another customer" } });
    expect(await branchLine()).toMatchObject({ charge: 75_000 });
  });
});

describe("what does not fit is refused with the path and what was expected", () => {
  const problem = async (body: object) => {
    const reply = await say(body);
    expect(reply.status).toBe(400);
    return (reply.json as { problems: readonly unknown[] }).problems;
  };
  test.each([
    [{ keep: "branch/jobs/b9", records: [second] }, "keep", "a record that has been read; no job holds branch/jobs/b9"],
    [
      { keep: first, records: ["depot/jobs/1"] },
      "records.0",
      "a record of a connection, one of office, crews, branch; not depot",
    ],
    [{ keep: first, records: [second, first] }, "records.1", "another record than the one that is kept"],
    [{ keep: first, records: [office] }, "records.0", `a record of branch, as ${first} is; ${office} is of office`],
  ])("%j", async (body, path, expected) => {
    expect(await problem(body)).toEqual([{ path, expected }]);
    expect((await job()).links.some((link) => link.sameAs)).toBe(false);
  });

  test("a record of another job, and one that is part of another", async () => {
    await desk.say("branch", "jobs", "b3", twin("b3", "JOB-0940", { actual_amount: 90 }));
    await desk.say("branch", "invoices", "i7", invoiceOn("i7", 375));
    expect(await problem({ keep: first, records: ["branch/jobs/b3", "branch/invoices/i7"] })).toEqual([
      {
        path: "records.0",
        expected: `a record of the job that holds ${first}; branch/jobs/b3 is of another, or of none`,
      },
      { path: "records.1", expected: "a record of a whole job; branch/invoices/i7 is part of one" },
    ]);
    expect(await problem({ keep: "branch/invoices/i7", records: [second] })).toEqual([
      { path: "keep", expected: "a record of a whole job that stands in its system; branch/invoices/i7 is not" },
    ]);
  });

  test("nothing beside the kept one, or a word that is no record", async () => {
    expect(await problem({ keep: first, records: [] })).toMatchObject([{ path: "records" }]);
    expect(await problem({ keep: "JOB-0930", records: [second] })).toMatchObject([
      { path: "keep", expected: "expected connection/stream/id" },
    ]);
  });

  test("a record of which something else is said, until that is taken back", async () => {
    await say({ keep: first, records: [second] });
    const said = "the same call as branch/jobs/b1, by ana@ridgeline.example on 2026-11-02";
    expect(await problem({ keep: second, records: [first] })).toEqual([
      { path: "keep", expected: `a record that counts: ${second} is itself ${said}; take that back first` },
    ]);
    expect((await takeBack({ record: first, why: "a slip" })).json).toMatchObject({
      problems: [
        {
          path: "record",
          expected: `a record that was said to be the same call as another; nothing was said of ${first}`,
        },
      ],
    });
    expect((await takeBack({ record: "branch/jobs/b9", why: "a slip" })).json).toMatchObject({
      problems: [{ path: "record", expected: "a record that has been read; no job holds branch/jobs/b9" }],
    });
    expect(await takeBack({ record: second, why: "" })).toMatchObject({ status: 400 });
    await takeBack({ record: second, why: "a slip" });
    expect(await say({ keep: second, records: [first] })).toMatchObject({ status: 200 });
  });

  test("a third record that is the same as another already", async () => {
    await desk.say("branch", "jobs", "b3", twin("b3", "JOB-0932"));
    const records = ["branch/jobs/b1", "branch/jobs/b3"];
    await desk.ask("POST", "links/accept", { body: { records, why: "" } });
    await say({ keep: first, records: [second] });
    expect(await problem({ keep: "branch/jobs/b3", records: [second] })).toEqual([
      {
        path: "records.0",
        expected: `a record of which nothing is said yet; ${second} is the same call as ${first}, by ana@ridgeline.example on 2026-11-02: take that back first`,
      },
    ]);
    expect(await say({ keep: "branch/jobs/b3", records: [first] })).toMatchObject({ status: 200 });
    expect(await branchLine()).toMatchObject({ charge: 37_500 });
  });
});

describe("from the terminal", () => {
  let terminal: DeskTerminal;
  beforeEach(async () => {
    terminal = await deskTerminal(desk);
  });
  afterEach(() => terminal.close());

  test("it is said, shown and taken back, as lines and as JSON", async () => {
    const told = await terminal.run("links", "same", first ?? "", second ?? "", "--why", "by phone");
    expect(told).toMatchObject({ code: 0, err: "" });
    expect(told.out).toBe(`${second} is the same call as ${first}, on ${(await job()).id}: counted once.\n`);
    expect((await terminal.run("explain", "10271")).out).toMatch(
      /branch\/jobs\/b2 JOB-0931: job, read .*, the same call as branch\/jobs\/b1, by .* on 2026-11-02 \(by phone\); not counted/,
    );
    const back = await terminal.run("links", "not-same", second ?? "", "--why", "two calls", "--json");
    expect(JSON.parse(back.out)).toEqual({ done: true, job: (await job()).id, records: [second] });
    expect((await terminal.run("links", "same", first ?? "")).code).toBe(2);
    const refused = await terminal.run("links", "same", first ?? "", office ?? "");
    expect(refused.code).not.toBe(0);
    expect(refused.err).toContain("records.0: expected a record of branch");
  });
});
