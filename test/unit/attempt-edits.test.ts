import { describe, expect, test } from "vitest";
import { Failure, type FailureKind } from "#shared/domain/failure.ts";
import type { Attempt, Intent, Refusal } from "#shared/domain/intent.ts";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import type { ConnectionConfig } from "#shared/domain/policy.ts";
import { attemptOf, endIntent, lagOf, withAttempt } from "#shared/pipeline/attempt-edits.ts";
import { afterFailure, commitAttempt } from "#shared/pipeline/attempt-outcome.ts";
import { receiptOf } from "#shared/pipeline/attempts.ts";
import { begin, withBudget } from "#shared/pipeline/write-guards.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";
import { record } from "#test/support/planned.ts";

/** A job with more than one write: what is done to one leaves the others as they are. */
const now = "2026-11-02T08:00:00.000Z";
const connection: ConnectionConfig = {
  ...{ id: "s2", vendor: "v", book: "receivable", baseUrl: "http://127.0.0.1:1", secret: "s", lagSeconds: 20 },
};
const intent: Intent = {
  ...{ id: "i1", kind: "write", target: "status", record, read: "old", wanted: "new", arguments: {}, moneyMinor: 0 },
  ...{ requests: 3, needsApproval: false, approved: null, rejected: null, bound: "b", sentence: "s" },
  ...{ plannedAt: now, epoch: 1, dueAt: null },
};
const other: Intent = { ...intent, id: "i2", target: "schedule" };
const attemptFor = (one: Intent): Attempt => ({
  ...{ intent: one, number: 1, startedAt: now, before: { modified: null, read: 3, shown: "old" }, state: "sent" },
  ...{ dueAt: "2026-11-02T08:01:20.000Z", lagRead: null, requestId: null },
});
const job = (more: Partial<JobState>) => ({
  stored: { state: { ...emptyJob("j"), ...more }, version: 1 },
  intent,
  connection,
});
const clock = { now: async () => now };
const { jobs: store, control } = memoryWorld(now).company("c");

test("an attempt begins as sent, and is looked at when its writer's time and the vendor's lag are over", () => {
  expect(attemptOf(job({}), now, 3, null, "old")).toEqual(attemptFor(intent));
  expect([lagOf(connection), lagOf({ ...connection, lagSeconds: undefined })]).toEqual([20, 30]);
});

describe("an attempt that is committed", () => {
  const committed = async (more: Partial<JobState>, outcome: "committed" | "conflict" = "committed") => {
    const kept: JobState[] = [];
    const jobs = { ...store, commit: async (_stored: unknown, next: JobState) => (kept.push(next), outcome) };
    const done = await commitAttempt({ jobs }, job(more), attemptFor(intent));
    return { done, next: kept[0] };
  };

  test("takes its intent's place, beside the other intents and attempts", async () => {
    const open = attemptFor({ ...other, id: "i3" });
    const { done, next } = await committed({ intents: [other, intent], attempts: [open] });
    expect(done).toBe(true);
    expect(next).toMatchObject({
      intents: [other],
      attempts: [open, attemptFor(intent)],
      dueAt: attemptFor(intent).dueAt,
    });
    expect((await committed({}, "conflict")).done).toBe(false);
  });

  test("is numbered by how often this write was tried before without an answer", async () => {
    const retried: Refusal = {
      ...{ record: "s2/jobs/1", target: "status", read: "old", wanted: "new", outcome: "retried", at: now, note: null },
    };
    const others: readonly Partial<Refusal>[] = [
      { record: "s2/jobs/2" },
      { target: "schedule" },
      { outcome: "ignored" },
      { record: "s2/jobs/2", target: "schedule" },
      { target: "schedule", outcome: "ignored" },
    ];
    const numberOf = async (refusals: readonly Refusal[]) => (await committed({ refusals })).next?.attempts[0]?.number;
    expect(await numberOf([])).toBe(1);
    expect(await numberOf(others.map((more) => ({ ...retried, ...more })))).toBe(1);
    expect(await numberOf([retried, ...others.map((more) => ({ ...retried, ...more })), retried])).toBe(3);
  });
});

describe("an intent that ends unsent", () => {
  const receipt = receiptOf({ ...attemptFor(intent), number: 0 }, "superseded", null, now, null);
  test("leaves the others, and one receipt", () => {
    const before = job({ intents: [other, intent] }).stored.state;
    expect(endIntent(before, intent, receipt)).toEqual({ ...before, intents: [other], receipts: [receipt] });
  });
  test("that another delivery has ended is told no second time", () => {
    const before = job({ intents: [other] }).stored.state;
    expect(endIntent(before, intent, receipt)).toBe(before);
    const none = job({}).stored.state;
    expect(endIntent(none, intent, receipt)).toBe(none);
  });
});

test("an attempt is changed alone", () => {
  const before = job({ attempts: [attemptFor(other), attemptFor(intent)] }).stored.state;
  const after = withAttempt(before, "i1", (known) => ({ ...known, requestId: "r-1" }));
  expect(after.attempts).toEqual([attemptFor(other), { ...attemptFor(intent), requestId: "r-1" }]);
});

describe("a request that failed", () => {
  const failed = async (kind: FailureKind, before: JobState, money = 0) => {
    let after = before;
    const stops: string[][] = [];
    const noting = { ...control, stop: async (...said: string[]) => void stops.push(said) };
    const one = { ...job({}), intent: { ...intent, moneyMinor: money } };
    const edit = async (change: (state: JobState) => JobState) => (after = change(after));
    const done = await afterFailure(
      { clock, control: noting },
      one,
      new Failure(kind, "no", { body: "locked" }),
      edit,
    ).catch((cause: unknown) => cause);
    return { done, after, stops };
  };
  const both = job({ attempts: [attemptFor(other), attemptFor(intent)], intents: [{ ...other, id: "i3" }] }).stored
    .state;

  test("and was refused ends its own attempt", async () => {
    const { after } = await failed("rejected", both);
    expect(after).toMatchObject({ attempts: [{ intent: { id: "i2" } }], intents: [{ id: "i3" }] });
    expect(after.receipts.map((one) => one.intent)).toEqual(["i1"]);
    expect(after.refusals).toHaveLength(1);
  });
  test("and was refused when another delivery has ended it changes nothing", async () => {
    const gone = job({ attempts: [attemptFor(other)] }).stored.state;
    const { done, after } = await failed("rejected", gone);
    expect([done, after]).toEqual([{ done: "written", outcome: "rejected" }, gone]);
  });
  test("and never left gives back its own intent, once, and says why", async () => {
    const { done, after } = await failed("rate-limited", { ...both, intents: [...both.intents, intent] });
    expect(done).toMatchObject({ kind: "rate-limited" });
    expect(after.attempts.map((one) => one.intent.id)).toEqual(["i2"]);
    expect(after.intents.map((one) => one.id)).toEqual(["i3", "i1"]);
  });
  test.each([
    [0, []],
    [-1, [["plumbline", "a money write to s2 got no answer"]]],
  ])("and got no answer, with %i cents at stake, throws the switch so: %j", async (money, expected) => {
    const { stops, after } = await failed("ambiguous", both, money);
    expect(stops).toEqual(expected);
    expect(after.attempts.map((one) => one.state)).toEqual(["sent", "ambiguous"]);
  });
});

describe("from the switch to the send", () => {
  const begun = async (isStopped: boolean, epoch: number) => {
    let after = job({ intents: [other, intent] }).stored.state;
    const edit = async (change: (state: JobState) => JobState) => (after = change(after));
    const fixed = { ...control, state: async () => ({ stopped: isStopped, why: null, epoch }) };
    const ports = { clock, control: fixed, controlAll: fixed };
    const done = await begin(ports, job({}), edit, async () => ({ done: "written", outcome: "applied" }));
    return { done, after };
  };
  test("nothing is sent while it is stopped, not even of an older epoch", async () => {
    for (const epoch of [intent.epoch, 2])
      expect(await begun(true, epoch)).toMatchObject({
        done: { done: "stopped" },
        after: { intents: [other, intent] },
      });
  });
  test("what is of this epoch is sent, what is older is void", async () => {
    expect(await begun(false, intent.epoch)).toMatchObject({ done: { done: "written" }, after: { receipts: [] } });
    expect(await begun(false, 2)).toMatchObject({
      ...{
        done: { done: "void" },
        after: { intents: [other], receipts: [{ intent: "i1", outcome: "void", attempts: 0 }] },
      },
    });
  });
});

test("what is put off is this write alone", async () => {
  let after = job({ intents: [other, intent], attempts: [attemptFor({ ...other, id: "i3" })] }).stored.state;
  const edit = async (change: (state: JobState) => JobState) => (after = change(after));
  const away = () => Promise.reject(new Failure("transient", "503"));
  expect(await withBudget({ clock }, job({}), edit, away)).toEqual({ done: "later" });
  expect(after.intents.map((one) => one.dueAt)).toEqual([null, "2026-11-02T08:05:00.000Z"]);
  expect(after.attempts.map((one) => one.dueAt)).toEqual(["2026-11-02T08:01:20.000Z"]);
});
