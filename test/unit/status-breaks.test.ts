import { describe, expect, test } from "vitest";
import type { Refusal } from "#shared/domain/intent.ts";
import { emptyJob } from "#shared/domain/job.ts";
import type { MergeField } from "#shared/domain/policy.ts";
import type { MergedSide } from "#shared/pipeline/merge.ts";
import type { Standing, Wanted } from "#shared/pipeline/plan.ts";
import { statusBreaks } from "#shared/pipeline/status-breaks.ts";
import { companyOf, contextOf, systemClasses } from "#test/support/model-systems.ts";
import { root, viewWith } from "#test/support/money-view.ts";

const now = "2026-11-02T08:00:00.000Z";
const classes = [systemClasses.writable, systemClasses.writable];
const context = { ...contextOf(companyOf(classes, { graceHours: { default: 3 } }), classes, now), quietSeconds: 1_800 };
const key = "s1/jobs/1";
const view = viewWith({ roots: [root({ number: "10263" }, { connection: "s1" })] });
const side = (more: Partial<MergedSide>): MergedSide => ({
  ...{ record: key, rebase: false, ask: true, agrees: false, silent: false, held: false },
  ...more,
});
const wanted: Wanted = {
  ...{ kind: "write", target: "status", record: { connection: "s1", stream: "jobs", id: "1" }, read: "a", wanted: "b" },
  ...{ arguments: {}, moneyMinor: 0, requests: 3, ask: false, sentence: "a becomes b" },
};
const refusal: Refusal = {
  record: key,
  target: "status",
  read: "a",
  wanted: "b",
  outcome: "ignored",
  at: now,
  note: null,
};

function breaks(
  sides: Partial<Record<MergeField, readonly MergedSide[]>>,
  changes: readonly Wanted[] = [],
  refusals: readonly Refusal[] = [],
) {
  const standing: Standing = { agreed: {}, sides, moneyOpen: false, frozen: [] };
  return statusBreaks({ ...emptyJob("j"), refusals }, view, standing, changes, context);
}
const told = (found: ReturnType<typeof breaks>) =>
  found.map(({ kind, sentence, graceHours }) => [kind, sentence, graceHours]);

describe("a disagreement that somebody is asked about", () => {
  test("is a break without an amount, after the quiet period", () =>
    expect(breaks({ work: [side({})] })).toEqual([
      {
        ...{ key: "status:s1/jobs/1", kind: "status", gapMinor: 0, causes: [], connections: ["s1"] },
        ...{ sentence: "s1 10263 disagrees about work", evidence: [key], graceHours: 0.5, clears: false, since: null },
      },
    ]));
  test.each([
    ["nobody is asked", { ask: false }],
    ["it agrees by now", { agrees: true }],
    ["the record is not there any more", { record: "s1/jobs/2" }],
  ])("is none where %s", (_name, more) => expect(breaks({ work: [side(more)] })).toEqual([]));
  test.each([
    ["work", "status"],
    ["billing", "status"],
    ["schedule", "schedule"],
    ["assignees", "assignee"],
    ["reference", "reference"],
  ] as const)("about %s is of the kind %s", (field, kind) =>
    expect(breaks({ [field]: [side({})] })).toMatchObject([{ kind }]),
  );
  test("about two fields that are written together is one", () =>
    expect(told(breaks({ work: [side({})], billing: [side({})] }))).toEqual([
      ["status", "s1 10263 disagrees about work", 0.5],
    ]));
});

describe("a wanted change that does not come about", () => {
  test.each([
    ["ignored", null, "a becomes b; the vendor answered and changed nothing"],
    ["unresolved", null, "a becomes b; the vendor answered and changed nothing"],
    ["rejected", null, "a becomes b; the vendor refused it"],
    ["rejected", "locked", "a becomes b; the vendor refused it: locked"],
  ] as const)("%s (%s) is a break at once", (outcome, note, sentence) =>
    expect(told(breaks({}, [wanted], [{ ...refusal, outcome, note }]))).toEqual([["status", sentence, 0]]),
  );
  test.each([
    ["it was only planned once more", { outcome: "retried" }],
    ["the refusal is another record's", { record: "s1/jobs/2" }],
    ["the refusal is of another target", { target: "schedule" }],
    ["the refusal is of another value", { wanted: "c" }],
  ] as const)("is none where %s", (_name, more) => expect(breaks({}, [wanted], [{ ...refusal, ...more }])).toEqual([]));
  test("because only a person can do it, is a break after the grace", () => {
    expect(told(breaks({}, [{ ...wanted, kind: "task" }]))).toEqual([["status", "a becomes b", 3]]);
    expect(breaks({}, [wanted])).toEqual([]);
  });
  test("stands for the disagreement it would end, if it counts sooner", () => {
    const refused = breaks({ work: [side({})] }, [wanted], [refusal]);
    expect(told(refused)).toEqual([["status", "a becomes b; the vendor answered and changed nothing", 0]]);
    expect(told(breaks({ work: [side({})] }, [{ ...wanted, kind: "task" }]))).toEqual([
      ["status", "s1 10263 disagrees about work", 0.5],
    ]);
  });
  test("about money is no break of its own", () =>
    expect(breaks({}, [{ ...wanted, kind: "task", target: "payment" }])).toEqual([]));
});
