import { beforeEach, describe, expect, test } from "vitest";
import { approve, findJobs, reject } from "#shared/pipeline/decide.ts";
import { callingWorld } from "#test/support/calling-world.ts";
import { card, crewJob, type DeskCompany, deskCompany } from "#test/support/desk-company.ts";
import { type WritingWorld, writingWorld } from "#test/support/writing-world.ts";

describe("what a person decides of a plan", () => {
  let world: WritingWorld;
  beforeEach(async () => {
    world = await writingWorld({ mode: "propose" });
  });
  const decision = async (more: object = {}) => {
    const { id: intent, bound } = await world.planned();
    return { ...{ job: world.job, intent, bound, by: "Rosa" }, ...more };
  };
  const told = async () => (await world.ports.jobs.history(world.job)).at(-1);
  const out = () => world.desk.world.queues.sent.outbound.get("customtrades") ?? [];

  test("a yes is kept with its name and time, told in the history, and sends the write", async () => {
    const { intent, ...asked } = await decision();
    const approved = { by: "Rosa", at: world.at(0) };
    expect(await approve(world.ports, world.desk.company, { ...asked, intent })).toMatchObject({
      ...{ decided: true, intent: { id: intent, approved, rejected: null } },
    });
    expect(await world.planned()).toMatchObject({ approved, rejected: null, dueAt: world.at(0) });
    expect(await told()).toMatchObject({
      ...{ cause: "person", at: world.at(0), records: ["branch/jobs/b1"] },
      lines: [expect.stringContaining("approved by Rosa")],
    });
    expect(out()).toMatchObject([{ job: world.job, intent }]);
    expect(await world.deliver()).toMatchObject({ outcome: "applied" });
    expect((await world.state()).receipts).toMatchObject([{ approvedBy: "Rosa" }]);
  });

  test("a no is kept with its reason, and nothing is sent", async () => {
    const asked = await decision();
    const rejected = { by: "Rosa", at: world.at(0), why: "the office is wrong" };
    expect(await reject(world.ports, world.desk.company, asked, rejected.why)).toMatchObject({
      ...{ decided: true, intent: { approved: null, rejected } },
    });
    expect(await world.planned()).toMatchObject({ approved: null, rejected, dueAt: null });
    expect(await told()).toMatchObject({ lines: [expect.stringContaining("rejected by Rosa (the office is wrong)")] });
    expect(out()).toEqual([]);
    expect(await world.deliver()).toEqual({ done: "waits" });
  });

  test("the last word counts: a yes after a no, a no after a yes", async () => {
    const asked = await decision();
    await reject(world.ports, world.desk.company, asked, "wait");
    await approve(world.ports, world.desk.company, asked);
    expect(await world.planned()).toMatchObject({ approved: { by: "Rosa" }, rejected: null });
    await reject(world.ports, world.desk.company, asked, "no");
    expect(await world.planned()).toMatchObject({ approved: null, rejected: { why: "no" } });
  });

  test("who does not name what they saw takes the plan as it stands", async () => {
    expect(await approve(world.ports, world.desk.company, await decision({ bound: null }))).toMatchObject({
      decided: true,
    });
  });

  test("what a yes was for has moved: it is refused, and nothing of it is kept", async () => {
    const asked = await decision();
    const moved = { status: "Scheduled", actual_amount: null, completed_at: null, title: "Boiler" };
    await world.desk.say("branch", "jobs", "b1", card("b1", "B-7", moved));
    expect(await approve(world.ports, world.desk.company, asked)).toEqual({
      ...{ decided: false, why: expect.stringContaining("look again") },
    });
    expect(await world.planned()).toMatchObject({ approved: null });
    expect(out()).toEqual([]);
  });

  test("what moves while it is being decided is not decided", async () => {
    const asked = await decision();
    const { load } = world.ports.jobs;
    let loads = 0;
    const moved = { status: "Scheduled", actual_amount: null, completed_at: null, title: "Boiler" };
    // Between the plan as it stands and the mark on it.
    const jobs: typeof world.ports.jobs = {
      ...world.ports.jobs,
      load: async (job) => {
        if (++loads === 2) await world.desk.say("branch", "jobs", "b1", card("b1", "B-7", moved));
        return load(job);
      },
    };
    expect(await approve({ ...world.ports, jobs }, world.desk.company, asked)).toEqual({
      ...{ decided: false, why: expect.stringContaining("while it was being decided") },
    });
    expect(await world.planned()).toMatchObject({ approved: null, rejected: null });
    expect(out()).toEqual([]);
  });

  test("what is no longer planned cannot be decided", async () => {
    expect(await approve(world.ports, world.desk.company, await decision({ intent: "i0" }))).toEqual({
      ...{ decided: false, why: expect.stringContaining("no longer planned") },
    });
    expect(await approve(world.ports, world.desk.company, await decision({ job: "j0" }))).toMatchObject({
      decided: false,
    });
  });
});

test("of two planned writes the one that was named is decided", async () => {
  const { call, stored, state, desk } = await callingWorld();
  await call();
  const entered = await stored();
  const intents = ["c1", "c2"].flatMap((id) =>
    entered.state.intents.map((one) => ({ ...one, id, bound: `of ${id}`, needsApproval: true, approved: null })),
  );
  await desk.ports.jobs.commit(entered, { ...entered.state, intents }, await desk.world.clock.now());
  for (const intent of ["c2", "c1"]) {
    const asked = { job: entered.state.id, intent, bound: `of ${intent}`, by: "Rosa" };
    expect(await approve(desk.ports, desk.company, asked)).toMatchObject({ decided: true, intent: { id: intent } });
    const approved = (await state()).intents.filter((one) => one.approved !== null);
    expect(approved.map(({ id }) => id)).toEqual(intent === "c2" ? ["c2"] : ["c1", "c2"]);
  }
});

test("a task is done there and not decided here", async () => {
  const desk = await deskCompany();
  await desk.say("office", "jobs", "o1", card("o1", "10263"));
  const invoice = { invoice_number: "I-1", job_uuid: "o1", total_amount: 450, balance_amount: 450, status: "Pending" };
  await desk.say("office", "invoices", "i1", { uuid: "i1", ...invoice });
  await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 450, 0));
  const rows = [
    { kind: "job", key: "1", connection: "office", stream: "jobs", id: "o1" },
    { kind: "job", key: "1", connection: "crews", stream: "serviced-jobs", id: "r1" },
  ];
  await desk.ask("POST", "links/import", { body: { rows } });
  await desk.pass(3);
  const [job] = await findJobs(desk.ports, desk.company, "10263");
  const task = job?.intents.find(({ kind }) => kind === "task");
  if (!job || !task) throw new Error("no task is planned");
  const asked = { job: job.id, intent: task.id, bound: task.bound, by: "Rosa" };
  const why = expect.stringContaining("it is a task");
  expect(await approve(desk.ports, desk.company, asked)).toEqual({ decided: false, why });
  expect(await reject(desk.ports, desk.company, asked, "no")).toEqual({ decided: false, why });
});

describe("a job is found", () => {
  let desk: DeskCompany;
  beforeEach(async () => {
    desk = await deskCompany();
    await desk.say("office", "jobs", "o1", card("o1", "10263"));
    await desk.say("branch", "jobs", "b1", card("b1", "10263"));
    await desk.say("branch", "jobs", "b2", card("b2", "10264"));
    await desk.say("crews", "serviced-jobs", "r1", crewJob("r1", 300, 0));
  });
  const found = async (name: string) =>
    (await findJobs(desk.ports, desk.company, name))
      .flatMap(({ observations }) => Object.keys(observations))
      .toSorted();

  test.each([
    ["10263", ["branch/jobs/b1", "office/jobs/o1"]],
    ["10264", ["branch/jobs/b2"]],
    ["office:10263", ["office/jobs/o1"]],
    ["branch:10263", ["branch/jobs/b1"]],
    ["office:10264", []],
    ["crews:r1", ["crews/serviced-jobs/r1"]],
    ["branch:b2", ["branch/jobs/b2"]],
    ["branch:o1", []],
    ["b2", []],
    ["77", []],
    [":10263", []],
  ])("by %s: %j", async (name, records) => expect(await found(name)).toEqual(records));

  test("by its id, also one that was joined to another since", async () => {
    const [job] = await findJobs(desk.ports, desk.company, "crews:r1");
    const rows = [
      { kind: "job", key: "1", connection: "office", stream: "jobs", id: "o1" },
      { kind: "job", key: "1", connection: "crews", stream: "serviced-jobs", id: "r1" },
    ];
    await desk.ask("POST", "links/import", { body: { rows } });
    expect(await found(job?.id ?? "")).toEqual(["crews/serviced-jobs/r1", "office/jobs/o1"]);
    expect(await findJobs(desk.ports, desk.company, "office:10263")).toHaveLength(1);
  });

  test("in a connection that nobody configured is a mistake that names those there are", async () => {
    await expect(findJobs(desk.ports, desk.company, "truck:7")).rejects.toMatchObject({
      ...{ kind: "bad-input", message: "no connection truck; there are office, crews, branch" },
    });
  });

  test("in a connection whose vendor nobody wrote by its number alone", async () => {
    const ports = { ...desk.ports, describer: () => undefined };
    expect(await findJobs(ports, desk.company, "office:10263")).toHaveLength(1);
    expect(await findJobs(ports, desk.company, "office:o1")).toEqual([]);
  });
});
