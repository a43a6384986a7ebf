import { describe, expect, test } from "vitest";
import { chosenParts, closedBy, type Part, proven, sumOf } from "#shared/pipeline/cause-parts.ts";

const part = (minor: number, record = `r${minor}`, kind: Part["kind"] = "fee"): Part => ({
  kind,
  minor,
  records: [record],
});
const minors = (parts: readonly Part[] | null) => parts?.map(({ minor }) => minor) ?? null;

describe("what closes an amount", () => {
  test.each<readonly [string, number, readonly Part[], readonly number[] | null]>([
    ["nothing, where nothing is left", 0, [part(1)], []],
    ["the one that makes it", 5, [part(4), part(5), part(6)], [5]],
    ["none of two that do: nobody can say which", 5, [part(5, "a"), part(5, "b")], null],
    ["none of two that do, though two others would", 5, [part(5, "a"), part(5, "b"), part(2), part(3)], null],
    ["two that make it", 5, [part(2), part(3), part(7)], [2, 3]],
    ["two in both directions", 5, [part(-2), part(7), part(1)], [-2, 7]],
    ["none of two pairs that do", 5, [part(2), part(3), part(1), part(4)], null],
    ["no record twice", 5, [part(2, "a"), part(3, "a")], null],
    ["all three of a kind", 7, [part(1), part(2), part(4), part(9, "x", "refund")], [1, 2, 4]],
    [
      "not two of three of a kind beside another",
      8,
      [part(1), part(2), part(4), part(1, "x", "refund"), part(100)],
      null,
    ],
    ["not three of several kinds", 7, [part(1), part(2), part(4, "x", "refund")], null],
    ["not all of a kind that name one record twice", 7, [part(1, "a"), part(2, "a"), part(4)], null],
    ["nothing there is", 5, [], null],
  ])("is %s", (_name, rest, candidates, expected) => expect(minors(closedBy(rest, candidates))).toEqual(expected));

  test("two are looked for among twelve at most, all of a kind among any number", () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => part(2 ** at));
    expect(minors(closedBy(3, many(12)))).toEqual([1, 2]);
    expect(closedBy(3, many(13))).toBeNull();
    expect(closedBy(2 ** 13 - 1, many(13))).toHaveLength(13);
  });
});

describe("what is taken of a gap", () => {
  test.each<readonly [string, number, readonly Part[], readonly Part[], readonly number[]]>([
    ["all that stands, where it makes the gap", 5, [part(7), part(-2)], [], [7, -2]],
    ["what stands and what closes the rest", 5, [part(4)], [part(1), part(2)], [4, 1]],
    ["what stands and is brought back by what closes it", 5, [part(9)], [part(-4)], [9, -4]],
    ["what goes its way, if the rest is not known", 5, [part(3), part(-2)], [], [3]],
    ["what goes its way and what closes it", 5, [part(3), part(-9)], [part(2)], [3, 2]],
    ["the same below zero", -5, [part(-3), part(2)], [], [-3]],
    ["as much as the gap", 5, [part(5), part(-2)], [], [5]],
    ["nothing that goes beyond it", 5, [part(4), part(3)], [], []],
    ["nothing that goes against it", 5, [part(-4)], [], []],
    ["what closes all of it, where what stands is no part of it", 5, [part(-4)], [part(5)], [5]],
    ["one of those that stand, where together they go beyond it", 5, [part(5), part(30)], [], [5]],
    ["one record once", 5, [part(3, "a")], [part(2, "a")], [3]],
    ["no part of nothing", 5, [], [part(5, "b"), part(0, "c")], [5]],
    ["no record of which one is taken", 5, [part(3, "a")], [{ ...part(2), records: ["a", "b"] }], [3]],
    ["nothing that is only smaller", 5, [], [part(4), part(3)], []],
  ])("is %s", (_name, gap, standing, closing, expected) =>
    expect(minors(chosenParts(gap, standing, closing))).toEqual(expected),
  );
});

test("a part is a proven cause as it stands", () => {
  expect(proven(part(5))).toEqual({ kind: "fee", certainty: "proven", minor: 5, records: ["r5"] });
  expect([sumOf([]), sumOf([part(5), part(-7)])]).toEqual([0, -2]);
});
