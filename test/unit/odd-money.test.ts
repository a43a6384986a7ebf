import { describe, expect, test } from "vitest";
import type { JobFacts } from "#shared/domain/facts.ts";
import type { MoneyLine } from "#shared/domain/job.ts";
import { canceledWithMoney, completedAtZero } from "#shared/pipeline/odd-money.ts";
import { contextWith, s1, s2 } from "#test/support/compared.ts";
import { root, viewWith } from "#test/support/money-view.ts";

const context = contextWith({ graceHours: { default: 1, s1: 3 } });
const line = (charge: number | null, payment: number | null, connection = "s1"): MoneyLine => ({
  ...{ connection, charge, payment, outstanding: null, provisional: false, unreadable: [] },
});
const billed = (word: string, works: JobFacts["work"]["set"], more: Partial<JobFacts> = {}) =>
  root({ billing: "by-money", work: { word, set: works }, ...more }, s1);

describe("canceled with money on it", () => {
  const canceled = billed("Canceled", ["canceled"]);
  const found = (charge: number | null, payment: number | null, of = canceled) =>
    canceledWithMoney(viewWith({ roots: [of] }), [line(charge, payment)], context);

  test("is a break without a gap of its own, after the system's grace", () =>
    expect(found(30_000, 10_000)).toEqual([
      {
        ...{ key: "canceled-with-money:s1/jobs/1", kind: "self-contradiction", gapMinor: 0, causes: [] },
        sentence: "s1 1 is canceled with money on it: charged 300.00, received 100.00",
        ...{ connections: ["s1"], evidence: ["s1/jobs/1"], graceHours: 3, clears: false, since: null },
      },
    ]));

  test.each([
    [30_000, 0, 1],
    [0, 30_000, 1],
    [-5, null, 1],
    [0, 0, 0],
    [null, null, 0],
  ])("charged %j, received %j: %i", (charge, payment, count) => expect(found(charge, payment)).toHaveLength(count));

  test.each([
    ["it may be open", billed("Hold", ["held", "canceled"])],
    ["it is completed", billed("Completed", ["completed"])],
    ["nobody knows the word", billed("?", [])],
    ["its record is gone", root({ ...canceled.facts }, { ...s1, live: false })],
    [
      "its system prints what is paid on the record",
      root({ ...canceled.facts, billing: { word: null, set: ["paid"] } }, s1),
    ],
    ["its system has no line", root({ ...canceled.facts }, s2)],
  ])("but not where %s", (_why, of) => expect(found(30_000, 0, of)).toEqual([]));
});

describe("completed at zero", () => {
  const said = (charge: number | null, of = billed("Completed", ["completed"])) =>
    completedAtZero(viewWith({ roots: [of] }), [line(charge, 0)]);

  test("is said on the job", () => expect(said(0)).toEqual(["completed-at-zero: s1 1"]));
  test.each([
    ["something is charged", 1, undefined],
    ["nothing is stated", null, undefined],
    ["it is said to be free", 0, billed("Completed", ["completed"], { noCharge: true })],
    ["it is not sure to be completed", 0, billed("Done", ["completed", "working"])],
  ])("but not where %s", (_why, charge, of) => expect(said(charge, of)).toEqual([]));
});
