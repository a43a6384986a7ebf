import { beforeEach, describe, expect, test } from "vitest";
import { explainScreen } from "#cli/screens/explain.ts";
import { card, crewJob, type DeskCompany, deskCompany, deskConfig } from "#test/support/desk-company.ts";

/** Who did what to a job, and when, stands in its history as operate tells it. */
const ana = "ana@ridgeline.example";
const office = { kind: "job", key: "1", connection: "office", stream: "jobs", id: "o1" };
const crew = { kind: "job", key: "1", connection: "crews", stream: "serviced-jobs", id: "r1" };
const branch = { kind: "job", key: "1", connection: "branch", stream: "jobs", id: "b1" };
const inProgress = { status: "In Progress", completed_at: null, actual_amount: null };

interface Told {
  readonly cause: string;
  readonly at: string;
  readonly lines: readonly string[];
}

let desk: DeskCompany;
const send = async (path: string, body: object): Promise<void> => {
  const { status, json } = await desk.ask("POST", path, { body });
  expect({ status, json }).toMatchObject({ status: 200 });
};
/** The history as `plumbline explain` asks for it. */
const history = async (name: string): Promise<readonly Told[]> => {
  const { json } = await desk.ask("GET", `job?name=${name}`, { role: "viewer" });
  const { jobs } = json as { jobs: { history: readonly Told[] }[] };
  const lines = jobs.flatMap((job) => job.history).flatMap((change) => change.lines);
  for (const line of lines) expect(explainScreen(json)).toContain(line);
  return jobs.flatMap((job) => job.history);
};
const linesBy = async (name: string, start: string): Promise<readonly Told[]> =>
  (await history(name)).flatMap((change) => {
    const lines = change.lines.filter((line) => line.startsWith(start));
    return lines.length === 0 ? [] : [{ cause: change.cause, at: change.at, lines }];
  });
const planned = async (): Promise<{ job: string; id: string; bound: string; sentence: string }> => {
  const { json } = await desk.ask("GET", "plan");
  const [intent] = (json as { intents: { job: string; id: string; bound: string; sentence: string }[] }).intents;
  if (!intent) throw new Error("nothing is planned");
  return intent;
};

beforeEach(async () => {
  desk = await deskCompany();
  await desk.say("office", "jobs", "o1", card("o1", "10263"));
  await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 300, 0));
});

describe("what is decided of a plan", () => {
  beforeEach(async () => {
    await desk.say("branch", "jobs", "b1", card("b1", "JOB-1", inProgress));
    await send("links/import", { rows: [office, branch] });
    await desk.pass(3);
  });

  test("an approval: by whom, of what, when", async () => {
    const { job, id, bound, sentence } = await planned();
    await send("plan/approve", { intents: [{ job, intent: id, bound }] });
    expect(await linesBy("10263", "approved")).toEqual([
      { cause: "person", at: "2026-11-02T11:00:00.000Z", lines: [`approved by ${ana}: ${sentence}`] },
    ]);
  });

  test("a rejection with its reason, and the approval that follows it later", async () => {
    const { job, id, sentence } = await planned();
    await send("plan/reject", { intents: [{ job, intent: id }], why: "the branch still works on it" });
    desk.world.clock.set("2026-11-02T12:00:00.000Z");
    await send("plan/approve", { intents: [{ job, intent: id }] });
    expect((await history("10263")).slice(-2)).toMatchObject([
      {
        cause: "person",
        at: "2026-11-02T11:00:00.000Z",
        lines: [`rejected by ${ana} (the branch still works on it): ${sentence}`],
      },
      { cause: "person", at: "2026-11-02T12:00:00.000Z", lines: [`approved by ${ana}: ${sentence}`] },
    ]);
  });

  test("an approval that falls because what it was made on has moved", async () => {
    const { sentence } = await planned();
    await send("plan/approve", { all: true, connection: "branch" });
    await desk.say("branch", "jobs", "b1", card("b1", "JOB-1", { ...inProgress, updated_at: "2026-11-02T11:30:00Z" }));
    expect(await linesBy("10263", "approval")).toMatchObject([
      {
        cause: "observed",
        lines: [`approval by ${ana} fell, what it was planned from has changed: ${sentence}`],
      },
    ]);
    await send("plan/approve", { all: true, connection: "branch" });
    await desk.say("branch", "jobs", "b1", card("b1", "JOB-1", { updated_at: "2026-11-02T11:45:00Z" }));
    expect((await linesBy("10263", "approval")).at(-1)?.lines).toEqual([
      `approval by ${ana} fell, it is not planned now: ${sentence}`,
    ]);
  });
});

test("a rule's approval names the rule and who made it", async () => {
  const document = structuredClone(deskConfig);
  const rule = { name: "branch words", connection: "branch", target: "status", capMinor: 0, approvedBy: "rosa" };
  Object.assign(document.companies[0]?.policy ?? {}, { rules: [rule] });
  desk = await deskCompany(undefined, undefined, document);
  await desk.say("office", "jobs", "o1", card("o1", "10263"));
  await desk.say("branch", "jobs", "b1", card("b1", "JOB-1", inProgress));
  await send("links/import", { rows: [office, branch] });
  await desk.pass(3);
  expect((await linesBy("10263", "approved")).flatMap(({ lines }) => lines)).toEqual([
    `approved by rosa under the rule branch words: ${(await planned()).sentence}`,
  ]);
});

test("a break that is explained or given to somebody", async () => {
  await send("links/import", { rows: [office, crew] });
  await desk.pass(3);
  await send("breaks/explain", { job: "10263", key: "charge", note: "given off on the spot" });
  await send("breaks/assign", { job: "10263", key: "charge", to: "Ben" });
  expect((await history("10263")).slice(-2)).toMatchObject([
    { cause: "person", lines: [`break charge explained by ${ana}: given off on the spot`] },
    { cause: "person", lines: [`break charge assigned to Ben by ${ana}`] },
  ]);
});

test("a difference that is accepted at cutover", async () => {
  await send("links/import", { rows: [office, crew] });
  await desk.pass(3);
  const { json } = await desk.ask("GET", "cutover");
  const { rows } = json as { rows: { job: string; line: string; connection: string; minor: number }[] };
  await send("cutover", {
    by: "Ana",
    rows: rows.map(({ job, line, connection, minor }) => ({ job, line, connection, minor })),
  });
  expect(await linesBy("10263", "opening difference")).toMatchObject([
    { cause: "person", lines: [`opening difference of charge at crews, -150.00, accepted as found by Ana (${ana})`] },
  ]);
});

describe("links", () => {
  const pair = ["office/jobs/o1", "crews/serviced-jobs/r1"];

  test("by a links file, also of a record that has not come yet, and its way back", async () => {
    await send("links/import", { rows: [office, crew, branch] });
    expect((await history("10263")).filter(({ cause }) => cause === "person").map(({ lines }) => lines[0])).toEqual([
      `linked crews/serviced-jobs/r1 by person (links file: 1, by ${ana})`,
      `links file: 1, by ${ana}: branch/jobs/b1 belongs here when it comes`,
    ]);
    const { batches } = (await desk.ask("GET", "links")).json as { batches: string[] };
    await send("links/undo", { batch: batches[0] });
    const lines = (await history("10263")).flatMap((change) => change.lines);
    expect(lines).toContain(`branch/jobs/b1 no longer belongs here: batch ${batches[0]} taken back by ${ana}`);
    const alone = (await history("crews:r1")).flatMap((change) => change.lines);
    expect(alone).toContain(`unlinked crews/serviced-jobs/r1 by ${ana}: batch ${batches[0]} taken back by ${ana}`);
  });

  test("by hand, and taken back", async () => {
    await send("links/accept", { records: pair, why: "the dispatcher says so" });
    expect(await linesBy("10263", "linked crews")).toMatchObject([
      { cause: "person", lines: [expect.stringContaining(`(by ${ana}: the dispatcher says so`)] },
    ]);
    await send("links/unlink", { record: pair[1], why: "another house" });
    for (const name of ["10263", "crews:r1"])
      expect(await linesBy(name, "unlinked")).toMatchObject([
        { cause: "person", lines: [`unlinked ${pair[1]} by ${ana}: another house`] },
      ]);
  });

  test("refused: both jobs tell it", async () => {
    await send("links/reject", { records: pair, why: "two houses" });
    for (const name of ["10263", "crews:r1"])
      expect(await linesBy(name, pair.join(" and "))).toMatchObject([
        { cause: "person", lines: [`${pair.join(" and ")} are not one job, says ${ana}: two houses`] },
      ]);
  });

  test("of two customers: every job of theirs tells who said they are one", async () => {
    const customers = ["office/customers/customer-o1", "crews/customers/c-r1"];
    const phone = "3035550101";
    await desk.say("office", "customers", "customer-o1", {
      ...{ uuid: "customer-o1", first_name: "Octavio", last_name: "Pena", phone },
      ...{ email: null, updated_at: "2026-11-01T18:00:00Z" },
    });
    await desk.say("crews", "customers", "c-r1", { id: "c-r1", first_name: "O.", last_name: "Pena", phones: [] });
    await send("links/accept", { records: customers, persons: true, why: "same address" });
    for (const name of ["10263", "crews:r1"])
      expect(await linesBy(name, "office/customers")).toMatchObject([
        { cause: "person", lines: [`${customers.join(" and ")} are one person, says ${ana}: same address`] },
      ]);
  });
});
