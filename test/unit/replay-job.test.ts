import { describe, expect, test } from "vitest";
import type { Intent } from "#shared/domain/intent.ts";
import { emptyJob } from "#shared/domain/job.ts";
import type { PastState } from "#shared/pipeline/past-states.ts";
import {
  type ContextAt,
  differenceOf,
  replayJob,
  stateBeforePeriod,
  statesWithin,
  type WouldPlan,
  whoAgrees,
} from "#shared/pipeline/replay.ts";
import { now, standingIntent } from "#test/support/standing-job.ts";
import { at, bothDone, pastCompany, pastContext, toldPast } from "#test/support/told-past.ts";

const day = { from: at(0), to: at(24) };
/** What was wanted: of which system, what, since which hour, and whether it still is at the end. */
const told = (states: readonly PastState[], period = day, under: ContextAt = pastContext()) =>
  replayJob(states, period, under).map(({ intent, since, stands }) => [
    ...[intent.record.connection, intent.target, intent.wanted, since.slice(11, 16)],
    ...(stands ? ["stands"] : []),
  ]);
const status = (since: string, ...stands: readonly string[]) => ["s2", "status", "Completed", since, ...stands];
const task = (since: string, ...stands: readonly string[]) => [
  "s1",
  "payment",
  "missing-payment 5.00",
  since,
  ...stands,
];
const [first, ...later] = bothDone;
if (!first) throw new Error("a first commit");

describe("a job's past again", () => {
  test("plans what was planned, when it was, and what time alone brought", () =>
    expect(told(toldPast(bothDone))).toEqual([status("09:00"), task("12:00", "stands")]));
  test("time goes no further than the period", () => {
    expect(told(toldPast(bothDone), { ...day, to: at(11.99) })).toEqual([status("09:00")]);
    expect(told(toldPast(bothDone), { ...day, to: at(12.01) })).toEqual([status("09:00"), task("12:00", "stands")]);
    expect(told(toldPast(bothDone), { ...day, to: at(9.5) })).toEqual([status("09:00", "stands")]);
  });
  test("time passes between two commits too, and what it brought may go with the second", () => {
    const paid = { hour: 14, office: ["Completed", 500] } as const;
    expect(told(toldPast([...bothDone, paid]))).toEqual([status("09:00"), task("12:00")]);
    expect(told(toldPast([...bothDone, { ...paid, hour: 11 }]))).toEqual([status("09:00")]);
  });
  test("a period that begins later starts from what stood then", () => {
    expect(told(toldPast(bothDone), { ...day, from: at(9.5) })).toEqual([status("09:30"), task("12:00", "stands")]);
    expect(told(toldPast(bothDone), { ...day, from: at(10.5) })).toEqual([task("12:00", "stands")]);
    expect(told(toldPast(bothDone), { ...day, from: at(13) })).toEqual([task("13:00", "stands")]);
  });
  test("of a job that came later there is nothing, and nothing of one that never was", () => {
    expect(told(toldPast(bothDone), { from: at(1), to: at(7) })).toEqual([]);
    expect(told([])).toEqual([]);
  });
  test("under another policy it plans otherwise from there on", () => {
    const observing = {
      ...pastCompany,
      connections: pastCompany.connections.map((one) => ({ ...one, mode: { default: "observe" as const } })),
    };
    expect(told(toldPast(bothDone), day, pastContext(observing)).filter(([system]) => system === "s2")).toEqual([]);
    const slow = { ...pastCompany, policy: { ...pastCompany.policy, graceHours: { default: 5 } } };
    expect(told(toldPast(bothDone), day, pastContext(slow))).toEqual([status("09:00"), task("15:00", "stands")]);
  });
  test("two clocks that disagree never lead time back", () => {
    const states = toldPast(bothDone).map((one, n) => (n === 1 ? { ...one, at: at(7) } : one));
    expect(told(states)).toEqual([status("08:00"), task("12:00", "stands")]);
  });
});

describe("what hangs on no policy stays as it was", () => {
  test("a difference that was accepted makes no plan again", () => {
    const accepting = {
      ...later[0],
      hour: 9.5,
      became: (state: PastState["state"]) => ({ ...state, accepted: { "payment:s2": 500 } }),
    };
    expect(told(toldPast([first, accepting, { hour: 10, branch: ["Completed", 500] }]))).toEqual([status("09:30")]);
  });
  test("a write that did not take is not planned again", () => {
    const refusal = {
      ...{
        record: "s2/jobs/1",
        target: "status" as const,
        read: "Working",
        wanted: "Completed",
        at: at(9.1),
        note: null,
      },
      outcome: "ignored" as const,
    };
    const refusing = {
      hour: 9.1,
      became: (state: PastState["state"]) => ({ ...state, refusals: [refusal], intents: [] }),
    };
    const commits = [...bothDone.slice(0, 2), refusing, { hour: 9.2, office: ["Completed", 1] as const }];
    expect(told(toldPast(commits)).find(([system]) => system === "s2")).toEqual(status("09:00"));
  });
  test("a job that was joined into another plans nothing from then on, and again once it is back", () => {
    const away = { hour: 9.5, became: (state: PastState["state"]) => ({ ...state, forwardTo: "j9", dueAt: null }) };
    const joined = toldPast([...bothDone.slice(0, 2), away]);
    expect(told(joined)).toEqual([status("09:00")]);
    expect(told(joined, { ...day, from: at(9.6) })).toEqual([]);
    const back = toldPast([
      ...bothDone.slice(0, 2),
      away,
      { hour: 11, became: (state) => ({ ...state, forwardTo: null }) },
    ]);
    expect(told(back)).toEqual([status("09:00", "stands")]);
    expect(told(back, { ...day, from: at(10) })).toEqual([status("11:00", "stands")]);
    const paid = [
      ...back,
      ...toldPast([
        { hour: 8, office: ["Completed"] },
        { hour: 12, branch: ["Completed", 500] },
      ]).slice(1),
    ];
    expect(told(paid).slice(1)).toEqual([task("14:00", "stands")]);
  });
  test("a job that was taken apart starts again from what was left of it", () => {
    const [a, b] = toldPast(bothDone.slice(0, 2));
    if (!a || !b) throw new Error("two states");
    const { "s2/jobs/1": _, ...left } = b.state.observations;
    const apart = { ...b, at: at(9.5), state: { ...b.state, observations: left, intents: [], bases: {} } };
    expect(told([a, b, apart])).toEqual([status("09:00")]);
  });
});

describe("the states of a period", () => {
  const one = (at: string | null, planned: number): PastState => ({
    state: { ...emptyJob("j"), planned },
    version: planned,
    at,
  });
  const states = [one(null, 1), one(at(2), 2), one(at(4), 3), one(at(6), 4)];
  const of = (from: number, to: number, among = states) => [
    stateBeforePeriod(among, { from: at(from), to: at(to) })?.planned ?? null,
    ...statesWithin(among, { from: at(from), to: at(to) }).map(({ state }) => state.planned),
  ];
  test.each([
    [2, 4, [2, 3]],
    [1.9, 4.1, [1, 2, 3]],
    [2, 3.9, [2]],
    [0, 24, [1, 2, 3, 4]],
    [7, 24, [4]],
  ])("from %d to %d: its end belongs to it, its beginning to what stood before", (from, to, found) =>
    expect(of(from, to)).toEqual(found),
  );
  test("before the first commit there is none", () => {
    expect(of(1, 5, states.slice(1))).toEqual([null, 2, 3]);
    expect(statesWithin(states, { from: at(1), to: at(2) })).toEqual([{ state: states[1]?.state, at: at(2) }]);
  });
});

describe("two policies beside each other", () => {
  const plan = (id: string, more: Partial<Intent> = {}): WouldPlan => ({
    intent: standingIntent(id, more),
    since: now,
    stands: true,
  });
  const asks = { needsApproval: true };
  test("differ in what one of them alone plans, and in who has to agree", () => {
    const found = differenceOf(
      [plan("i1"), plan("i2"), plan("i3", asks), plan("i4")],
      [plan("i5"), plan("i2"), plan("i3"), plan("i4", { wanted: "elsewhere" })],
    );
    expect(found).toEqual({
      onlyInForce: [plan("i1")],
      onlyTried: [plan("i5")],
      changed: [{ inForce: plan("i3", asks), tried: plan("i3") }],
      same: 2,
    });
    expect(differenceOf([], [])).toEqual({ onlyInForce: [], onlyTried: [], changed: [], same: 0 });
  });
  test.each<[Partial<Intent>, string]>([
    [asks, "a person agrees"],
    [{ ...asks, approved: { by: "ana", at: now } }, "a person agrees"],
    [{ ...asks, approved: { by: "ana", at: now, rule: "small ones" } }, "rule small ones"],
    [{}, "nobody has to agree"],
    [{ kind: "task" }, "a person does it"],
    [{ kind: "task", ...asks }, "a person agrees"],
  ])("%j: %s", (more, who) => expect(whoAgrees(standingIntent("i1", more))).toBe(who));
});
