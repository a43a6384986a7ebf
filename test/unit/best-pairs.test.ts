import { describe, expect, test } from "vitest";
import { bestOf } from "#shared/pipeline/review.ts";

describe("of all pairs", () => {
  const end = (name: string) => ({ record: name, connection: name.slice(0, 2) });
  const pair = (left: string, right: string, score: number) => ({ left: end(left), right: end(right), score });
  const shown = (pairs: readonly ReturnType<typeof pair>[], jobOf: (record: string) => string = (record) => record) =>
    bestOf(pairs, jobOf).map(({ left, right, score }) => `${left.record} ${right.record} ${score}`);

  test("the best come first, equal ones in the order of their records", () => {
    const pairs = [
      pair("s1/c", "s2/c", 70),
      pair("s1/b", "s2/b", 70),
      pair("s1/a", "s2/a", 60),
      pair("s1/d", "s2/d", 80),
    ];
    const best = ["s1/d s2/d 80", "s1/b s2/b 70", "s1/c s2/c 70", "s1/a s2/a 60"];
    expect(shown(pairs)).toEqual(best);
    expect(shown(pairs.toReversed())).toEqual(best);
  });

  test.each([
    ["the left record", pair("s1/a", "s2/b", 70), pair("s1/a", "s2/c", 80)],
    ["the right record", pair("s1/a", "s2/b", 70), pair("s1/c", "s2/b", 80)],
  ])(
    "one is left out where %s has one in the other's system that is ten points better, and no less",
    (_name, worse, better) => {
      expect(shown([worse, better])).toHaveLength(1);
      expect(shown([better, worse])).toHaveLength(1);
      expect(shown([worse, { ...better, score: 79 }])).toHaveLength(2);
    },
  );

  test("one in a third system is no better one", () => {
    expect(shown([pair("s1/a", "s2/b", 60), pair("s1/a", "s3/c", 90)])).toHaveLength(2);
    expect(shown([pair("s1/a", "s2/b", 60), pair("s2/b", "s3/c", 90)])).toHaveLength(2);
  });

  test("two jobs are shown once, by their best pair, whichever of them is left", () => {
    const jobOf = (record: string): string => record.slice(3);
    const pairs = [pair("s1/x", "s2/y", 60), pair("s3/y", "s4/x", 65), pair("s1/x", "s5/z", 62)];
    expect(shown(pairs, jobOf)).toEqual(["s3/y s4/x 65", "s1/x s5/z 62"]);
  });
});
