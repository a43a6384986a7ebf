import { describe, expect, test } from "vitest";
import { type BackStep, backStepOf, backStepSchema, steppedBack } from "#shared/domain/back-step.ts";
import * as z from "#shared/domain/schema.ts";

describe("a step back tells only what differs", () => {
  test.each([
    ["nothing", { a: 1 }, { a: 1 }, null],
    ["nothing of a list", [1, { b: 2 }], [1, { b: 2 }], null],
    ["nothing, though a member is undefined", { a: 1, b: undefined }, { a: 1 }, null],
    ["nothing of two empty things", null, null, null],
    ["nothing between null and undefined", undefined, null, null],
    ["a value", 1, 2, { is: 2 }],
    ["a value of another kind", { a: 1 }, [1], { is: [1] }],
    ["a value that was not there", 1, undefined, { is: null }],
    ["a member", { a: 1, b: 1 }, { a: 2, b: 1 }, { of: [["a", { is: 2 }]] }],
    ["a member that is gone", { a: 1 }, { a: 1, b: 2 }, { of: [["b", { is: 2 }]] }],
    ["members that came", { a: 1, c: 3, b: 2 }, { a: 1 }, { of: [], gone: ["b", "c"] }],
    ["a place of a list", [1, 2, 3], [1, 9, 3], { at: [[1, { is: 9 }]] }],
    [
      "runs of a longer list",
      ["x", "a", "b", "y", "c"],
      ["a", "b", "c"],
      {
        row: [
          [1, 2],
          [4, 1],
        ],
      },
    ],
    ["what a shorter list lost", ["a", "c"], ["a", "b", "c"], { row: [[0, 1], { is: "b" }, [1, 1]] }],
  ])("%s", (_name, after, before, step) => {
    expect(backStepOf(after, before)).toEqual(step);
    expect(steppedBack(after, step as BackStep | null)).toEqual(
      before === undefined ? null : step === null ? after : before,
    );
  });
  test("a member that is undefined is none: it does not come back", () =>
    expect(steppedBack({ a: 1, b: undefined }, { of: [["a", { is: 2 }]] })).toEqual({ a: 2 }));
});

describe("a step that was not made from this value is refused", () => {
  test.each([
    [5, { of: [] }, "a step back is for an object, and there is none"],
    [[], { of: [] }, "a step back is for an object, and there is none"],
    [{}, { at: [] }, "a step back is for a list, and there is none"],
    [{}, { row: [] }, "a step back is for a list, and there is none"],
    [[1], { at: [[1, { is: 2 }]] }, "a step back names place 1 of a list of 1"],
    [[1], { at: [[-1, { is: 2 }]] }, "a step back names place -1 of a list of 1"],
    [[1, 2], { row: [[1, 2]] }, "a step back names places 1 to 3 of a list of 2"],
    [[1, 2], { row: [[-1, 1]] }, "a step back names places -1 to 0 of a list of 2"],
    [[1, 2], { row: [[1, 0]] }, "a step back names places 1 to 1 of a list of 2"],
  ] as const)("%j by %j", (after, step, why) => expect(() => steppedBack(after, step as BackStep)).toThrow(why));
  test("the last place and the last run of a list are in it", () => {
    expect(steppedBack([1, 2], { at: [[1, { is: 9 }]] })).toEqual([1, 9]);
    expect(steppedBack([1, 2], { row: [[0, 2]] })).toEqual([1, 2]);
  });
});

test.each([
  [{ is: 5 }, true],
  [{ of: [["a", { is: 1 }]], gone: ["b"] }, true],
  [{ of: [["a", { at: [[0, { is: 1 }]] }]] }, true],
  [{ row: [[0, 1], { is: "x" }] }, true],
  [{}, false],
  [{ of: [["a"]] }, false],
  [{ of: [[1, { is: 1 }]] }, false],
  [{ at: [["0", { is: 1 }]] }, false],
  [{ at: [[0]] }, false],
  [{ row: [[0]] }, false],
  [{ row: [[0.5, 1]] }, false],
  [{ is: 5, of: [] }, false],
])("what is stored as a step, %j, is one: %j", (value, is) =>
  expect(z.safeParse(backStepSchema, value).success).toBe(is),
);
