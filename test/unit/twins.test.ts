import { describe, expect, test } from "vitest";
import type { JobState } from "#shared/domain/job.ts";
import type { View } from "#shared/domain/view.ts";
import { contradictions, missingTwins, moneyLines, opensAt, presenceBreaks } from "#shared/pipeline/compare.ts";
import { contextWith, empty, now, s1, s2, s3 } from "#test/support/compared.ts";
import { root, viewWith } from "#test/support/money-view.ts";

const context = contextWith({});

describe("a job that another system lacks", () => {
  const expected = contextWith({ expectedIn: [{ from: "s2", to: "s1", withinHours: 24 }] });
  const alone = root({ charge: 32_000, customerName: "Pena", serviceDay: "2026-10-30" }, s2);
  const missing = (view: View, of = expected, state: Partial<JobState> = {}) =>
    missingTwins({ ...empty, ...state }, view, moneyLines(view, of), of);

  test("is missing with its whole charge, proven by the record that has it", () => {
    expect(missing(viewWith({ roots: [alone] }))).toEqual([
      {
        ...{ key: "missing-twin:s1", kind: "missing-twin", gapMinor: 32_000, connections: ["s2", "s1"] },
        causes: [{ kind: "missing-charge", certainty: "proven", minor: 32_000, records: ["s2/jobs/1"] }],
        sentence: "s2 has this job of 2026-10-30, Pena, s1 has none",
        ...{ evidence: ["s2/jobs/1"], graceHours: 24, clears: false, since: null },
      },
    ]);
    const twice = [root({ charge: 50 }, s2), root({ charge: 70 }, { ...s2, id: "2" }), root({ charge: 9 }, s3)];
    expect(missing(viewWith({ roots: twice }))).toMatchObject([{ gapMinor: 120 }]);
    expect(missing(viewWith({ roots: [root({}, s2)] }))).toMatchObject([
      { gapMinor: 0, sentence: "s2 has this job, s1 has none" },
    ]);
  });
  test("counts from when its record was linked", () => {
    const at = "2026-11-01T08:00:00.000Z";
    const link = { record: "s2/jobs/1", rule: "first", evidence: [], at, batch: null } as const;
    const links = [{ ...link, record: "s2/jobs/9", at: now }, link];
    const [found] = missing(viewWith({ roots: [alone] }), expected, { links });
    expect(found?.since).toBe(at);
    expect(found && opensAt(found, now)).toBe("2026-11-02T08:00:00.000Z");
    expect(found && opensAt({ ...found, since: null }, now)).toBe("2026-11-03T08:00:00.000Z");
  });
  test.each([
    ["another system's record stands for it", [root({}, s3)]],
    ["its record is gone", [root({ charge: 1 }, { ...s2, live: false })]],
    ["its work is not done", [root({ works: ["completed", "held"] }, s2)]],
    ["the office has it", [alone, root({}, s1)]],
    ["the office had it, and it is gone there", [alone, root({}, { ...s1, live: false })]],
  ])("%s: nothing is missing", (_name, roots) => expect(missing(viewWith({ roots }))).toEqual([]));
  test("where nobody expects it, or the expected system is not connected, nothing is missing", () => {
    expect(missing(viewWith({ roots: [alone] }), context)).toEqual([]);
    const nowhere = contextWith({ expectedIn: [{ from: "s2", to: "s9", withinHours: 1 }] });
    expect(missing(viewWith({ roots: [alone] }), nowhere)).toEqual([]);
  });
  test("is missing once, though two systems say so; and in each system that lacks it", () => {
    const twice = [
      { from: "s2", to: "s1", withinHours: 24 },
      { from: "s3", to: "s1", withinHours: 2 },
    ];
    const both = viewWith({ roots: [alone, root({ charge: 1 }, s3)] });
    expect(missing(both, contextWith({ expectedIn: twice }))).toMatchObject([{ connections: ["s2", "s1"] }]);
    const each = contextWith({ expectedIn: [...twice.slice(0, 1), { from: "s2", to: "s3", withinHours: 1 }] });
    expect(missing(viewWith({ roots: [alone] }), each).map(({ key }) => key)).toEqual([
      "missing-twin:s1",
      "missing-twin:s3",
    ]);
  });
});

describe("a record that is gone while the job goes on elsewhere", () => {
  const gone = root({ number: "10263" }, { ...s1, live: false });
  test("is a break that names who goes on", () => {
    expect(
      presenceBreaks(viewWith({ roots: [gone, root({}, s2), root({}, s3), root({}, { ...s3, id: "2" })] })),
    ).toEqual([
      {
        ...{ key: "presence:s1/jobs/1", kind: "presence", gapMinor: 0, causes: [], connections: ["s1", "s2", "s3"] },
        sentence: "10263 is gone from s1; the job goes on in s2, s3",
        ...{
          evidence: ["s1/jobs/1", "s2/jobs/1", "s3/jobs/1", "s3/jobs/2"],
          graceHours: 0,
          clears: false,
          since: null,
        },
      },
    ]);
    expect(presenceBreaks(viewWith({ roots: [root({}, { ...s1, live: false }), root({}, s2)] }))[0]?.sentence).toBe(
      "1 is gone from s1; the job goes on in s2",
    );
  });
  test.each([
    ["it goes on nowhere", [gone]],
    ["elsewhere it is canceled", [gone, root({ works: ["canceled"] }, s2)]],
    ["elsewhere it is gone too", [gone, root({}, { ...s2, live: false })]],
    ["its own system has another record of it", [gone, root({}, { ...s1, id: "2" }), root({}, s2)]],
    ["only its own system has another record", [gone, root({}, { ...s1, id: "2" })]],
  ])("%s: no break", (_name, roots) => expect(presenceBreaks(viewWith({ roots }))).toEqual([]));
  test("elsewhere it may be canceled, or not: it is a break", () =>
    expect(presenceBreaks(viewWith({ roots: [gone, root({ works: ["canceled", "held"] }, s2)] }))).toHaveLength(1));
});

test("so it does where they leave none of what its word says of the bill", () => {
  const billing = { word: "Ready", set: ["unbilled"], contradiction: "Ready, yet invoiced_at is set" } as const;
  const found = contradictions(viewWith({ roots: [root({ billing }, s1), root({ billing }, { ...s2, live: false })] }));
  expect(found.map(({ key, sentence }) => [key, sentence])).toEqual([
    ["self-contradiction:s1/jobs/1", "s1 contradicts itself: Ready, yet invoiced_at is set"],
  ]);
});

test("a record whose own time stamps leave none of its word's states contradicts itself", () => {
  const work = { word: "Done", set: ["completed"], contradiction: "Done, but never started" } as const;
  const [found, ...others] = contradictions(
    viewWith({ roots: [root({ work }, s1), root({ work }, { ...s2, live: false }), root({}, s3)] }),
  );
  expect(others).toEqual([]);
  expect(found).toEqual({
    ...{
      key: "self-contradiction:s1/jobs/1",
      kind: "self-contradiction",
      gapMinor: 0,
      causes: [],
      connections: ["s1"],
    },
    sentence: "s1 contradicts itself: Done, but never started",
    ...{ evidence: ["s1/jobs/1"], graceHours: 0, clears: false, since: null },
  });
});
