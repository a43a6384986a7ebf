import { describe, expect, test } from "vitest";
import type { Break, Cause } from "#shared/domain/break.ts";
import type { JobState } from "#shared/domain/job.ts";
import { contestedPayments, sharedOut } from "#shared/pipeline/one-deposit.ts";
import { companyOf, systemClasses } from "#test/support/model-systems.ts";
import { root } from "#test/support/money-view.ts";
import { standingBreak, standingJob } from "#test/support/standing-job.ts";

/** A deposit explains the gap of one job only. */
const company = companyOf([systemClasses.readOnly, systemClasses.observed]);
const day = (n: number): string => `2026-11-0${n}T08:00:00.000Z`;
const proof = (minor: number, ...records: readonly string[]): Cause => ({
  ...{ kind: "unapplied", certainty: "proven" },
  ...{ minor, records },
});

/** A job of this number that lacks so much, proven by these payments, and waits for it unless said otherwise. */
function lacks(number: string, minor: number, payments: readonly string[], more: Partial<Break> = {}): JobState {
  const found = standingBreak("payment", minor, {
    ...{ state: "waiting", causes: [proof(minor, ...payments)], since: day(2), sentence: `${number} lacks it` },
    ...more,
  });
  return standingJob([root({ number }, { connection: "s1", id: number })], { breaks: [found] }, `j${number}`);
}
const shared = (states: readonly JobState[], holds: Readonly<Record<string, number>> = {}) =>
  sharedOut(states, new Map(Object.entries(holds)), company).map(({ breaks }) => breaks[0]);

describe("a payment that several jobs rest on", () => {
  test("clears the longest standing; the other counts as open, and each names the other", () => {
    const states = [lacks("1", 500, ["p"], { since: day(3) }), lacks("2", 500, ["p"])];
    expect(contestedPayments(states)).toEqual(["p"]);
    const [late, first] = shared(states, { p: 500 });
    expect(first).toEqual({
      ...states[1]?.breaks[0],
      sentence: "2 lacks it; job 1 rests on the same payment p and counts as open",
    });
    expect(late).toEqual({
      ...states[0]?.breaks[0],
      state: "open",
      sentence: "1 lacks it; job 2 rests on the same payment p, which clears only one of them",
      behind: { payment: "p", jobs: ["2"] },
    });
  });

  test("clears the one with the smaller id where they have stood equally long, in whatever order they are given", () => {
    const states = [lacks("2", 500, ["p"]), lacks("1", 500, ["p"]), lacks("3", 500, ["p"])];
    const [two, one, three] = shared(states, { p: 500 });
    expect([one?.state, two?.state, three?.state]).toEqual(["waiting", "open", "open"]);
    expect(one?.sentence).toContain("jobs 2 and 3 rest on the same payment p and count as open");
    expect(three?.sentence).toContain("job 1 rests on the same payment p, which clears only one of them");
    expect(shared(states.toReversed(), { p: 500 })).toEqual([three, one, two]);
  });

  test("clears as many as it holds, and no cent more", () => {
    const states = [lacks("1", 300, ["p"]), lacks("2", 200, ["p"]), lacks("3", 1, ["p"])];
    expect(shared(states, { p: 500 }).map((found) => found?.state)).toEqual(["waiting", "waiting", "open"]);
    expect(shared(states, { p: 501 })).toEqual(states.map(({ breaks }) => breaks[0]));
    const [, , late] = shared(states, { p: 500 });
    expect(late?.behind).toEqual({ payment: "p", jobs: ["1", "2"] });
    expect(late?.sentence).toContain("jobs 1 and 2 rest on the same payment");
  });

  test("holds what a break says of it where nobody asked", () => {
    expect(shared([lacks("1", 300, ["p"]), lacks("2", 300, ["p"])]).map((found) => found?.state)).toEqual([
      "waiting",
      "open",
    ]);
    expect(shared([lacks("1", 300, ["p"]), lacks("2", 500, ["p"])]).map((found) => found?.state)).toEqual([
      "waiting",
      "open",
    ]);
  });

  test("that holds less than any of them lacks by now leaves them to be looked at again", () => {
    const states = [lacks("1", 500, ["p"]), lacks("2", 500, ["p"])];
    expect(shared(states, { p: 499 })).toEqual(states.map(({ breaks }) => breaks[0]));
  });

  test("stands first for one that is open already, which stays as it is, as does one that comes late", () => {
    const open = { state: "assigned", assignedTo: "ana", since: day(1) } as const;
    const [done, waits] = shared([lacks("1", 500, ["p"], open), lacks("2", 500, ["p"])], { p: 500 });
    expect(done).toMatchObject({ state: "assigned", assignedTo: "ana" });
    expect(waits?.state).toBe("open");
    const [first, late] = shared([lacks("1", 500, ["p"]), lacks("2", 500, ["p"], { ...open, since: day(4) })]);
    expect(first?.state).toBe("waiting");
    expect(late).toMatchObject({ state: "assigned", behind: { jobs: ["1"] } });
  });

  test("leaves one in its grace to its grace, and opens one that waited to be reopened as reopened", () => {
    const grace = { opensAt: day(5), since: day(3) };
    const [, late] = shared([lacks("1", 500, ["p"]), lacks("2", 500, ["p"], grace)]);
    expect(late).toMatchObject({ state: "waiting", opensAt: day(5), behind: { jobs: ["1"] } });
    const resolved = { gapMinor: 500, causes: [], sentence: "", since: day(1) };
    const [, back] = shared([lacks("1", 500, ["p"]), lacks("2", 500, ["p"], { since: day(3), resolved })]);
    expect(back?.state).toBe("reopened");
  });

  test("is one of several that make a gap: what is left of each counts", () => {
    const states = [lacks("1", 300, ["p"]), lacks("2", 700, ["p", "q"]), lacks("3", 500, ["q"])];
    const holds = { p: 500, q: 500 };
    expect(shared(states, holds).map((found) => found?.state)).toEqual(["waiting", "waiting", "open"]);
    expect(shared(states, holds)[2]?.behind).toEqual({ payment: "q", jobs: ["2"] });
    const [, both] = shared([lacks("1", 400, ["p"]), lacks("2", 700, ["p", "q"])], holds);
    expect(both).toMatchObject({ state: "open", behind: { payment: "p", jobs: ["1"] } });
  });
});

test.each<[string, readonly JobState[]]>([
  ["different payments", [lacks("1", 500, ["p"]), lacks("2", 500, ["q"])]],
  ["one that is resolved", [lacks("1", 500, ["p"]), lacks("2", 500, ["p"], { state: "resolved" })]],
  [
    "one that is only likely",
    [lacks("1", 500, ["p"]), lacks("2", 500, ["p"], { causes: [{ ...proof(500, "p"), certainty: "likely" }] })],
  ],
  [
    "another cause",
    [lacks("1", 500, ["p"]), lacks("2", 500, ["p"], { causes: [{ ...proof(500, "p"), kind: "fee" }] })],
  ],
  ["one job alone", [lacks("1", 500, ["p"])]],
])("jobs that rest on %s are given back as they are", (_name, states) => {
  expect(contestedPayments(states)).toEqual([]);
  expect(sharedOut(states, new Map(), company)).toBe(states);
});

test("a job without a number is named by its id, and jobs that rest on nothing stay the same", () => {
  const unnamed = { ...lacks("1", 500, ["p"]), observations: {} };
  const other = standingJob([], { breaks: [standingBreak("charge", 5)] }, "k");
  const states = [other, unnamed, lacks("2", 500, ["p"])];
  const after = sharedOut(states, new Map(), company);
  expect(after[0]).toBe(other);
  expect(after[2]?.breaks[0]?.sentence).toContain("; job j1 rests on");
});
