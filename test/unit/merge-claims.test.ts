import { describe, expect, test } from "vitest";
import { asks, behind, merge, side } from "#test/support/merged.ts";

/** Row 7 of docs/merge.md: who wins a field that several claim, and who is asked about. */
describe("the highest authority wins", () => {
  test("and a claim that meets it joins, so that what both mean is agreed", () => {
    const merged = merge({ agreed: ["open"], by: ["a"] }, [
      side("c", 2, ["completed"], ["open"]),
      side("b", 1, ["dispatched", "working", "held"], ["open"]),
      side("a", 0, ["scheduled", "dispatched", "working"], ["open"]),
    ]);
    expect(merged).toMatchObject({ agreed: ["dispatched", "working"], by: ["a", "b"] });
    expect([asks(merged), behind(merged)]).toEqual([["c"], ["c"]]);
  });

  test("and a lower claim joins what the others have in common, or loses", () => {
    const merged = merge({ agreed: ["open"], by: [] }, [
      side("a", 0, ["scheduled", "dispatched"], ["open"]),
      side("b", 1, ["dispatched", "working"], ["open"]),
      side("c", 2, ["scheduled"], ["open"]),
    ]);
    expect(merged).toMatchObject({ agreed: ["dispatched"], by: ["a", "b"] });
    expect(asks(merged)).toEqual(["c"]);
  });

  test("its authors stand in order, whatever their places", () => {
    const sides = [side("b", 0, ["working"], ["open"]), side("a", 1, ["working"], ["open"])];
    expect(merge({ agreed: ["open"], by: [] }, sides).by).toEqual(["a", "b"]);
  });

  test("its question is answered by its own edit, also where its word is now one that nobody understands", () => {
    const merged = merge({ agreed: ["completed"], by: ["a"] }, [
      side("a", 0, ["scheduled"], ["scheduled"], { ask: true, silent: true }),
      side("b", 1, ["held"], ["working"]),
    ]);
    expect(merged.agreed).toEqual(["completed"]);
    expect(asks(merged)).toEqual(["b"]);
  });

  test("of two records of one system that of the first name", () => {
    const sides = [side("s/2", 0, ["working"], ["open"]), side("s/1", 0, ["held"], ["open"])];
    for (const order of [sides, sides.toReversed()])
      expect(merge({ agreed: ["open"], by: [] }, order)).toMatchObject({ agreed: ["held"], by: ["s/1"] });
  });
});

describe("whoever made the agreed value claims it against who was behind", () => {
  /** `b` was behind and changes to "held", against what these agreed on, whose places are said. */
  const against = (by: readonly string[], places: Readonly<Record<string, number>>) =>
    merge({ agreed: ["completed"], by }, [
      side("b", 2, ["held"], ["working"]),
      ...Object.entries(places).map(([record, rank]) => side(record, rank, ["completed"], ["completed"])),
    ]);

  test.each([
    ["of higher authority, it stands", ["z"], { z: 1 }, ["completed"], ["z"], ["b"]],
    ["of lower authority, it loses", ["z"], { z: 3 }, ["held"], ["b"], ["z"]],
    ["of several the highest counts", ["x", "z"], { x: 3, z: 1 }, ["completed"], ["x", "z"], ["b"]],
    ["all of them lower, all are asked about", ["x", "z"], { x: 3, z: 4 }, ["held"], ["b"], ["x", "z"]],
    ["who is no longer there comes last", ["a"], {}, ["held"], ["b"], []],
    ["who is no longer there lowers nobody", ["a", "z"], { z: 1 }, ["completed"], ["a", "z"], ["b"]],
    ["in one system by name, before it", ["a"], { a: 2 }, ["completed"], ["a"], ["b"]],
    ["in one system by name, after it", ["z"], { z: 2 }, ["held"], ["b"], ["z"]],
  ])("%s", (_name, by, places, agreed, authors, asked) => {
    const merged = against(by, places);
    expect(merged).toMatchObject({ agreed, by: authors });
    expect(asks(merged)).toEqual(asked);
  });

  test("but not against who was settled: the settled change succeeds it, and the one that was behind is asked about", () => {
    const merged = merge({ agreed: ["completed"], by: ["z"] }, [
      side("a", 0, ["completed"], ["completed"]),
      side("b", 1, ["working"], ["completed"]),
      side("c", 2, ["held"], ["scheduled"]),
      side("z", 3, ["completed"], ["completed"]),
    ]);
    expect(merged).toMatchObject({ agreed: ["working"], by: ["b"] });
    expect(asks(merged)).toEqual(["c"]);
  });

  test("one of them that moves on from its own value succeeds itself", () => {
    const merged = merge({ agreed: ["completed"], by: ["b"] }, [side("b", 1, ["held"], ["working"])]);
    expect(merged).toMatchObject({ agreed: ["held"], by: ["b"] });
    expect(asks(merged)).toEqual([]);
  });

  test("one of them whose newest edit loses to what they agreed on is asked about all the same", () => {
    const merged = merge({ agreed: ["completed"], by: ["a", "b"] }, [
      side("a", 0, ["completed"], ["completed"]),
      side("b", 1, ["held"], ["working"]),
    ]);
    expect(merged.agreed).toEqual(["completed"]);
    expect(asks(merged)).toEqual(["b"]);
  });
});

describe("an opening difference is ended by somebody's edit", () => {
  test("of who was behind: all who disagree with the end are asked about, who agrees is not", () => {
    const merged = merge({ agreed: ["completed"], by: [] }, [
      side("a", 0, ["completed"], ["completed"]),
      side("b", 1, ["working"], ["scheduled"], { ask: true }),
      side("c", 2, ["working"], ["working"], { ask: true, editor: false }),
    ]);
    expect(merged).toMatchObject({ agreed: ["working"], by: ["b"] });
    expect(asks(merged)).toEqual(["a"]);
  });

  test("of who was settled: they follow without a question", () => {
    const merged = merge({ agreed: ["completed"], by: [] }, [
      side("a", 0, ["completed"], ["completed"]),
      side("b", 1, ["working"], ["completed"]),
    ]);
    expect(merged.agreed).toEqual(["working"]);
    expect([asks(merged), behind(merged)]).toEqual([[], ["a"]]);
  });
});
