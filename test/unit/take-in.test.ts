import { beforeEach, describe, expect, test } from "vitest";
import type { JobFacts } from "#shared/domain/facts.ts";
import { Failure } from "#shared/domain/failure.ts";
import type { Attempt } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { Inbound } from "#shared/messages/inbound.ts";
import { type TakeInPorts, takeIn, takeInAll } from "#shared/pipeline/take-in.ts";
import { arrivingWorld, at, company, due, gone, jobOf, observed, read, ref, said } from "#test/support/arriving.ts";
import { customer } from "#test/support/linking-world.ts";
import type { MemoryWorld } from "#test/support/memory-ports.ts";
import { invoice, payment, root } from "#test/support/money-view.ts";

/** What is done with the messages of a batch, and what is left to do again. */
let ports: TakeInPorts;
let world: MemoryWorld;
beforeEach(() => {
  ({ ports, world } = arrivingWorld());
});
const job = (facts: Partial<JobFacts> = {}) => said({ ...root({}).facts, ...facts });
const bill = (of: string, total = 500) => said({ ...invoice({}).facts, total }, { parents: [ref("jobs", of)] });
const person = (told: ReturnType<typeof customer>) => said(told.facts);
const all = (messages: readonly Inbound[], width = 8, through = ports) => takeInAll(through, company, messages, width);
const stored = async (id: string, connection = "s1"): Promise<JobState> =>
  (await ports.jobs.load(jobOf(id, connection))).state;
const dueSent = (): readonly string[] =>
  world.queues.sent.inbound.flatMap((one) => (one.kind === "due" ? [one.job] : []));
const hintsSent = () => [...world.queues.sent.hints.values()].flat();

describe("a batch", () => {
  test("is counted: jobs, what changed, what was set aside", async () => {
    const batch = [observed("s1", [read("jobs", "1", job()), read("jobs", "2", job()), read("fleet", "1", job())])];
    expect(await all(batch)).toEqual({ jobs: 2, changed: 2, joined: 0, quarantined: 1, sent: 0, failed: new Map() });
    expect(await all(batch)).toMatchObject({ jobs: 2, changed: 0, quarantined: 1 });
    const two = [observed("s1", [read("fleet", "1", job())]), observed("s2", [read("fleet", "2", job())])];
    expect(await all(two)).toMatchObject({ jobs: 0, quarantined: 2 });
  });

  test("changes each job once, whatever several messages say of it", async () => {
    const messages = [
      observed("s1", [read("invoices", "5", bill("1"))]),
      observed("s1", [read("jobs", "1", job({ number: "10263" }))]),
      observed("s1", [read("invoices", "6", bill("1", 700))]),
    ];
    expect(await all(messages)).toMatchObject({ jobs: 1, changed: 1 });
    const { observations, links } = await stored("1");
    expect(Object.keys(observations).sort()).toEqual(["s1/invoices/5", "s1/invoices/6", "s1/jobs/1"]);
    expect(links.map(({ record }) => record)).toEqual(["s1/invoices/5", "s1/invoices/6", "s1/jobs/1"]);
    expect((await ports.jobs.load(jobOf("1"))).version).toBe(1);
  });

  test("takes of two readings of a record the later, whichever message brings it", async () => {
    const [early, late] = [read("jobs", "1", job({ title: "a" })), read("jobs", "1", job({ title: "b" }), { read: 8 })];
    await all([observed("s1", [late]), observed("s1", [early])]);
    expect((await stored("1")).observations["s1/jobs/1"]?.said?.facts).toMatchObject({ title: "b" });
  });

  test("reads of the archive what was too large for a queue, and refuses what holds no readings", async () => {
    await ports.archive.put("big", JSON.stringify(observed("s1", [read("jobs", "1", job())])));
    await ports.archive.put("odd", JSON.stringify(due(jobOf("1"))));
    const { jobs, failed } = await all([
      observed("s1", [], "big"),
      observed("s1", [], "odd"),
      observed("s1", [], "none"),
    ]);
    expect(jobs).toBe(1);
    expect([...failed]).toMatchObject([
      [1, { kind: "malformed" }],
      [2, { kind: "missing" }],
    ]);
  });

  test("ends what a later read proved gone, at every job it touched", async () => {
    await all([observed("s1", [read("jobs", "1", job()), read("invoices", "5", bill("1"))])]);
    expect(await all([gone("invoices", "5", "6")])).toMatchObject({
      jobs: 1,
    });
    expect((await stored("1")).observations["s1/invoices/5"]?.absent).toMatchObject({ read: 9, how: "deleted" });
  });
});

describe("one job in a batch", () => {
  test("of what was read and what is gone keeps its links as they are", async () => {
    await all([observed("s1", [read("invoices", "5", bill("1"))])]);
    await all([observed("s1", [read("jobs", "1", job())]), gone("invoices", "5")]);
    expect((await stored("1")).links.map(({ record }) => record)).toEqual(["s1/invoices/5", "s1/jobs/1"]);
    await all([gone("invoices", "5"), due(jobOf("1"))]);
    expect((await stored("1")).links.map(({ record }) => record)).toEqual(["s1/invoices/5", "s1/jobs/1"]);
  });

  test("of which a write stands open whose time has come sends it on, and counts it", async () => {
    await all([observed("s1", [read("jobs", "1", job())])]);
    const before = await ports.jobs.load(jobOf("1"));
    const intent = { id: "i1", record: ref("jobs", "1"), target: "reference", wanted: "PO-7" };
    const attempt = { intent, number: 1, dueAt: at, state: "sent", lagRead: null, before: { read: 7, shown: "" } };
    await ports.jobs.commit(before, { ...before.state, attempts: [attempt as Attempt] }, at);
    expect(await all([due(jobOf("1"))])).toMatchObject({ jobs: 1, sent: 1 });
    expect([...world.queues.sent.outbound.values()].flat()).toMatchObject([{ job: jobOf("1"), intent: "i1" }]);
  });

  test("whose time has come twice is asked about its people all the same", async () => {
    const dana = customer("s1", "c1", "Dana", { phones: ["3035550101"] });
    await all([observed("s1", [read("jobs", "1", job({ customer: ref("customers", "c1") }))])]);
    await all([observed("s1", [read("customers", "c1", person(dana))]), due(jobOf("1"))]);
    const [claim] = await ports.claims.load(["s1/customers/c1"]);
    if (claim) await ports.claims.save({ stored: claim, next: { ...claim, person: "p-new" } });
    expect(await all([due(jobOf("1")), due(jobOf("1"))])).toMatchObject({ jobs: 1, changed: 1 });
    expect((await stored("1")).people).toEqual({ "s1/customers/c1": "p-new" });
  });

  test("a time that has come for a job nobody knows writes nothing", async () => {
    expect(await all([due(jobOf("7"))])).toMatchObject({ jobs: 1, changed: 0, sent: 0 });
    expect((await ports.jobs.load(jobOf("7"))).version).toBe(0);
  });

  test("sends nothing where nothing follows", async () => {
    world.queues.failNext(new Error("the queue is away"));
    expect(await all([observed("s1", [read("jobs", "1", job())])])).toMatchObject({ jobs: 1, failed: new Map() });
  });
});

describe("what could not be taken in is kept for another time", () => {
  test("a message that fails keeps its place, and the others are taken in", async () => {
    const { failed, jobs } = await all([observed("s1", [read("jobs", "1", job())]), observed("s9", [])]);
    expect([jobs, [...failed.keys()]]).toEqual([1, [1]]);
    expect(failed.get(1)).toMatchObject({ kind: "bad-input" });
  });

  test("a job that cannot be committed keeps every message that speaks of it, and no other", async () => {
    let tries = 0;
    const commit: TakeInPorts["jobs"]["commit"] = async (before, next, when) => {
      if (next.id !== jobOf("1")) return ports.jobs.commit(before, next, when);
      tries += 1;
      return "conflict";
    };
    const messages = [
      observed("s1", [read("jobs", "1", job())]),
      observed("s1", [read("jobs", "2", job())]),
      observed("s1", [read("invoices", "5", bill("1"))]),
    ];
    const { failed } = await all(messages, 8, { ...ports, jobs: { ...ports.jobs, commit } });
    expect([...failed.keys()].sort()).toEqual([0, 2]);
    expect(failed.get(0)).toMatchObject({ kind: "conflict" });
    expect(tries).toBe(12);
    expect((await ports.jobs.load(jobOf("2"))).version).toBe(1);
  });

  test("one message alone is thrown back with its cause, and else gives its counts", async () => {
    await expect(takeIn(ports, company, observed("s9", []))).rejects.toThrow(Failure);
    expect(await takeIn(ports, company, observed("s1", [read("jobs", "1", job())]))).toEqual({
      ...{ jobs: 1, changed: 1, joined: 0, quarantined: 0, sent: 0 },
    });
  });
});

describe("what a message sends for", () => {
  const of = { customer: ref("customers", "c1"), serviceDay: "2026-11-02" };
  const dana = customer("s1", "c1", "Dana", { phones: ["3035550101"] });

  test("jobs that name a person who has become known, each once", async () => {
    await all([observed("s1", [read("jobs", "1", job(of)), read("jobs", "2", job())])]);
    await all([observed("s1", [read("customers", "c1", person(dana)), read("customers", "c1", person(dana))])]);
    expect([dueSent(), hintsSent()]).toEqual([[jobOf("1")], []]);
    await all([due(jobOf("1"))]);
    expect(Object.keys((await stored("1")).people)).toEqual(["s1/customers/c1"]);
  });

  test("parts that waited for what has come, read again", async () => {
    const paid = said(payment([["5", 500]], {}, { connection: "s1" }).facts, { parents: [ref("invoices", "5")] });
    await all([observed("s1", [read("payments", "9", paid)])]);
    expect(await ports.claims.parked()).toMatchObject([{ record: "s1/payments/9" }]);
    await all([observed("s1", [read("invoices", "5", bill("1"))])]);
    expect(hintsSent()).toMatchObject([{ connection: "s1", stream: "payments", ids: ["9"], why: "waiting" }]);
    await all([observed("s1", [read("invoices", "5", bill("1"))])]);
    expect(hintsSent()).toHaveLength(1);
  });

  test("what its records touch, and with a payment the invoices beside it; gathered, and only where somebody can read", async () => {
    const touching = { ...job(), alsoRead: [ref("invoices", "5"), ref("jobs", "1", "s9")] };
    const paid = said(payment([["5", 500]], {}, { connection: "s1" }).facts, { parents: [ref("invoices", "5")] });
    await all([
      observed("s1", [read("jobs", "1", touching), read("invoices", "5", bill("1")), read("invoices", "6", bill("1"))]),
      observed("s1", [read("payments", "9", paid)]),
    ]);
    expect(hintsSent()).toMatchObject([{ connection: "s1", stream: "invoices", ids: ["5", "6"], why: "also-read" }]);
  });

  test("once a failure before it is over: until then those who wait are found waiting", async () => {
    await all([observed("s1", [read("jobs", "1", job(of))])]);
    world.queues.failNext(new Error("the queue is away"));
    await expect(all([observed("s1", [read("customers", "c1", person(dana))])])).rejects.toThrow("the queue is away");
    await all([observed("s1", [read("customers", "c1", person(dana))])]);
    expect(dueSent()).toEqual([jobOf("1")]);
  });
});
