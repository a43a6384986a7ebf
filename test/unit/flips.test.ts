import { describe, expect, test } from "vitest";
import { emptyJob, type Flip, type JobState } from "#shared/domain/job.ts";
import type { MergeField } from "#shared/domain/policy.ts";
import { flippers, flipsOf, isFrozen, returnsAmong, thawsAt, trackFlips } from "#shared/pipeline/flips.ts";
import type { MergedFields } from "#shared/pipeline/merge-fields.ts";

/** Law 9: a field that goes back and forth is frozen, with everybody whose edit took part. */
const now = "2026-11-02T08:00:00.000Z";
const minutesAgo = (minutes: number): string => new Date(Date.parse(now) - minutes * 60_000).toISOString();
const flip = (from: unknown, to: unknown, minutes = 5, by: readonly string[] = ["a"]): Flip => ({
  at: minutesAgo(minutes),
  from,
  to,
  by,
});
const [a, b, c, d] = [["scheduled"], ["working"], ["completed"], ["held"]];

describe("what counts as a flip", () => {
  const tracked = (
    from: unknown,
    to: unknown,
    {
      by = ["s1"],
      before = {},
      field = "work" as MergeField,
    }: { by?: readonly string[]; before?: JobState["flips"]; field?: MergeField } = {},
  ) => {
    const state = {
      ...emptyJob("j"),
      flips: before,
      fields: from === null ? {} : { [field]: { agreed: from, by: [] } },
    };
    return trackFlips(state, { [field]: { agreed: to, by, sides: [] } } as MergedFields, now);
  };

  test("an edit that excludes what was agreed, told with its time and its authors", () =>
    expect(tracked(a, b, { by: ["s1", "s2"] })).toEqual({ work: [{ at: now, from: a, to: b, by: ["s1", "s2"] }] }));
  test.each([
    ["a first meaning", null, a, ["s1"]],
    ["one that is lost", a, null, ["s1"]],
    ["one that meets what was agreed", ["scheduled", "held"], ["held"], ["s1"]],
    ["one that nobody's edit made", a, b, []],
  ])("not %s", (_name, from, to, by) => expect(tracked(from, to, { by })).toEqual({}));
  test("each field by its own words", () => {
    const days = ["2026-11-02", "2026-11-03"].map((day) => ({ day, start: null, end: null }));
    expect(tracked(days[0], days[1], { field: "schedule" }).schedule).toHaveLength(1);
    expect(tracked(days[0], { ...days[0], start: "08:00" }, { field: "schedule" })).toEqual({});
  });
  test("it is kept for less than an hour, oldest first, and of many the last sixteen", () => {
    const before = { work: [flip(a, b, 61), flip(b, a, 60), flip(a, b, 59)] };
    expect(tracked(a, a, { before })).toEqual({ work: [flip(a, b, 59)] });
    expect(tracked(b, c, { before }).work?.map(({ to }) => to)).toEqual([b, c]);
    const many = { work: Array.from({ length: 20 }, (_, place) => flip(a, b, 50 - place)) };
    expect(tracked(b, c, { before: many }).work?.map(({ at }) => at)).toEqual([
      ...many.work.slice(-15).map(({ at }) => at),
      now,
    ]);
  });
  test("a field that was not merged keeps its own", () => {
    const flips = { schedule: [flip(a, b)] };
    expect(trackFlips({ ...emptyJob("j"), flips }, {}, now)).toEqual(flips);
  });
  test("an entry that says only when it was tells of no way back", () => {
    const old: readonly Flip[] = JSON.parse(JSON.stringify([minutesAgo(30), flip(a, b)]));
    expect(flipsOf("work", { work: old })).toEqual([flip(a, b)]);
    expect(flipsOf("billing", { work: old })).toEqual([]);
  });
});

describe("what freezes a field", () => {
  test.each([
    ["steps forward never", [flip(a, b), flip(b, c), flip(c, d)], 0],
    ["one way back is somebody who corrects a slip", [flip(a, b), flip(b, a)], 1],
    ["two do", [flip(a, b), flip(b, a), flip(a, b)], 2],
    ["a longer way round too", [flip(a, b), flip(b, c), flip(c, a), flip(a, b)], 2],
    ["back to less than was left", [flip(["scheduled", "held"], b), flip(b, a)], 1],
    ["back to more than was left", [flip(a, b), flip(b, ["scheduled", "held"])], 1],
    ["what only overlaps is another meaning", [flip(["scheduled", "held"], b), flip(b, ["held", "completed"])], 0],
    ["what it comes from itself was not left before it", [flip(["scheduled", "held"], ["scheduled", "held"])], 0],
  ])("%s", (_name, flips, returns) => {
    expect(returnsAmong("work", flips)).toBe(returns);
    expect(isFrozen("work", { work: flips })).toBe(returns >= 2);
    expect(isFrozen("billing", { work: flips })).toBe(false);
  });
  test("everybody whose edit took part is named once, in the order in which they came in", () =>
    expect(flippers([flip(a, b, 5, ["z", "b"]), flip(b, a, 4, ["c"]), flip(a, b, 3, ["b", "a"])])).toEqual([
      "z",
      "b",
      "c",
      "a",
    ]));
});

describe("when it is looked at again", () => {
  const backAndForth = (oldest: number): readonly Flip[] => [flip(a, b, oldest), flip(b, a, 4), flip(a, b, 3)];
  test("is when the oldest flip of a frozen field is an hour old, of several the first to be", () => {
    expect(thawsAt({ work: backAndForth(50) })).toBe("2026-11-02T08:10:00.000Z");
    expect(thawsAt({ work: backAndForth(30), billing: backAndForth(40) })).toBe("2026-11-02T08:20:00.000Z");
    expect(thawsAt({ work: backAndForth(40), billing: backAndForth(30) })).toBe("2026-11-02T08:20:00.000Z");
  });
  test("is never while none is frozen", () => {
    expect(thawsAt({})).toBeNull();
    expect(thawsAt({ work: [flip(a, b, 55)], billing: backAndForth(30) })).toBe("2026-11-02T08:30:00.000Z");
    expect(thawsAt({ work: [flip(a, b, 55)] })).toBeNull();
  });
});
