import { describe, expect, test } from "vitest";
import { asks, behind, merge, rebased, side } from "#test/support/merged.ts";

/** The rows of docs/merge.md, one case each; what several who claim a field come to stands in merge-claims.test.ts. */
describe("merge of one field", () => {
  test("row 4: at first sight the highest editor's word is agreed and nobody edited", () => {
    const merged = merge({ agreed: null, by: [] }, [
      side("b", 1, ["scheduled"], null),
      side("a", 0, ["completed"], null),
    ]);
    expect(merged).toMatchObject({ agreed: ["completed"], by: [] });
    expect(asks(merged)).toEqual(["b"]);
  });

  test("row 4: who knows less narrows nothing it does not know", () => {
    const merged = merge({ agreed: null, by: [] }, [
      side("a", 0, ["scheduled", "held"], null),
      side("b", 1, ["scheduled", "dispatched"], null),
    ]);
    expect(merged.agreed).toEqual(["scheduled"]);
    expect(asks(merged)).toEqual([]);
  });

  test("row 4: until somebody edits, who was read first is asked about like who comes now", () => {
    const merged = merge({ agreed: ["scheduled"], by: [] }, [
      side("b", 1, ["scheduled"], ["scheduled"]),
      side("a", 0, ["completed"], null),
    ]);
    expect(merged).toMatchObject({ agreed: ["completed"], by: [] });
    expect(asks(merged)).toEqual(["b"]);
  });

  test("row 4: a system that may not edit and was read before any editor is asked about too", () => {
    const merged = merge({ agreed: null, by: [] }, [
      side("c", 1, ["working"], ["working"], { editor: false }),
      side("a", 0, ["completed"], null),
    ]);
    expect(asks(merged)).toEqual(["c"]);
  });

  test("row 4: a word that nobody understands hides no opening difference", () => {
    const merged = merge({ agreed: ["scheduled"], by: [] }, [
      side("b", 1, ["scheduled"], ["scheduled"], { silent: true }),
      side("a", 0, ["completed"], null),
    ]);
    expect(merged.sides.find(({ record }) => record === "b")).toMatchObject({ ask: true, agrees: true, silent: true });
  });

  test("row 4: who disagrees with what another that may not edit left of it is asked about too", () => {
    const merged = merge({ agreed: null, by: [] }, [
      side("a", 0, ["working", "completed"], null),
      side("b", 1, ["completed"], null, { editor: false }),
      side("c", 1, ["scheduled", "working"], null, { editor: false }),
    ]);
    expect(merged).toMatchObject({ agreed: ["completed"], by: [] });
    expect(asks(merged)).toEqual(["c"]);
  });

  test("row 7: an edit on a side that never agreed ends the opening, and nobody else has given way", () => {
    const merged = merge({ agreed: ["completed"], by: [] }, [
      side("a", 0, ["completed"], ["completed"]),
      side("b", 1, ["working"], ["scheduled"], { ask: true }),
    ]);
    expect(merged).toMatchObject({ agreed: ["working"], by: ["b"] });
    expect(asks(merged)).toEqual(["a"]);
  });

  test("row 5: a change that agrees clears the question and joins the authors", () => {
    const merged = merge({ agreed: ["completed"], by: ["a"] }, [
      side("a", 0, ["completed"], ["completed"]),
      side("b", 1, ["completed"], ["working"], { ask: true }),
    ]);
    expect(merged.by).toEqual(["a", "b"]);
    expect(asks(merged)).toEqual([]);
  });

  test("row 5: our own write, seen, makes nobody an author", () => {
    const merged = merge({ agreed: ["completed"], by: ["a"] }, [
      side("a", 0, ["completed"], ["completed"]),
      side("b", 1, ["completed"], ["working"], { written: true }),
    ]);
    expect(merged.by).toEqual(["a"]);
  });

  test("row 1: our own write, seen after somebody moved on, claims nothing and is written again", () => {
    const merged = merge({ agreed: ["completed"], by: ["a"] }, [
      side("a", 0, ["completed"], ["completed"]),
      side("b", 1, ["working"], ["scheduled"], { written: true }),
    ]);
    expect(merged).toMatchObject({ agreed: ["completed"], by: ["a"] });
    expect(asks(merged)).toEqual([]);
    expect(behind(merged)).toEqual(["b"]);
  });

  test("row 6: who may not edit is outvoted, and a write over it is only proposed", () => {
    const merged = merge({ agreed: ["scheduled"], by: ["a"] }, [
      side("a", 0, ["scheduled"], ["scheduled"]),
      side("c", 2, ["working"], ["scheduled"], { editor: false }),
    ]);
    expect(merged.agreed).toEqual(["scheduled"]);
    expect(asks(merged)).toEqual(["c"]);
  });

  test("row 7: one settled side alone is a successor, even of lower authority, and no break is made", () => {
    const merged = merge({ agreed: ["scheduled"], by: ["a"] }, [
      side("a", 0, ["scheduled"], ["scheduled"]),
      side("b", 1, ["working"], ["scheduled"]),
    ]);
    expect(merged).toMatchObject({ agreed: ["working"], by: ["b"] });
    expect(asks(merged)).toEqual([]);
    expect(behind(merged)).toEqual(["a"]);
  });

  test("row 7: two settled sides that differ are a conflict that authority decides, and the loser is asked about", () => {
    const merged = merge({ agreed: ["open"], by: [] }, [
      side("b", 1, ["working"], ["open"]),
      side("a", 0, ["canceled"], ["open"]),
    ]);
    expect(merged).toMatchObject({ agreed: ["canceled"], by: ["a"] });
    expect(asks(merged)).toEqual(["b"]);
  });

  test("row 7: a change on a side that was behind meets whoever made the agreed value", () => {
    const merged = merge({ agreed: ["completed"], by: ["a"] }, [
      side("a", 0, ["completed"], ["completed"]),
      side("b", 1, ["held"], ["working"]),
    ]);
    expect(merged).toMatchObject({ agreed: ["completed"], by: ["a"] });
    expect(asks(merged)).toEqual(["b"]);
  });

  test("row 7: a behind side of higher authority wins, and the old author is asked about", () => {
    const merged = merge({ agreed: ["completed"], by: ["b"] }, [
      side("a", 0, ["held"], ["working"]),
      side("b", 1, ["completed"], ["completed"]),
    ]);
    expect(merged).toMatchObject({ agreed: ["held"], by: ["a"] });
    expect(asks(merged)).toEqual(["b"]);
  });

  test("row 8: nobody changed, so authority is not asked again", () => {
    const merged = merge({ agreed: ["working"], by: ["b"] }, [
      side("a", 0, ["scheduled"], ["scheduled"]),
      side("b", 1, ["working"], ["working"]),
    ]);
    expect(merged).toMatchObject({ agreed: ["working"], by: ["b"] });
    expect(behind(merged)).toEqual(["a"]);
  });

  test("a record with an open attempt is neither judged nor planned, while the others go on", () => {
    const merged = merge({ agreed: ["scheduled"], by: [] }, [
      side("a", 0, ["working"], ["scheduled"], { held: true }),
      side("b", 1, ["completed"], ["scheduled"]),
    ]);
    expect(merged).toMatchObject({ agreed: ["completed"], by: ["b"] });
    expect(merged.sides.find((one) => one.record === "a")).toMatchObject({ held: true, rebase: false });
  });

  test("the order in which sides are handed in changes nothing", () => {
    const sides = [
      side("b", 1, ["working"], ["open"]),
      side("a", 0, ["canceled"], ["open"]),
      side("c", 2, ["open"], ["open"], { editor: false }),
    ];
    const one = merge({ agreed: ["open"], by: [] }, sides);
    const other = merge({ agreed: ["open"], by: [] }, sides.toReversed());
    expect(other).toEqual(one);
  });
});

describe("first sight, row 4", () => {
  test("is taken into account at once, and is nobody's edit", () => {
    const merged = merge({ agreed: ["completed"], by: ["a"] }, [
      side("a", 0, ["completed"], ["completed"]),
      side("c", 2, ["completed"], null),
    ]);
    expect(merged.by).toEqual(["a"]);
    expect(rebased(merged)).toEqual(["c"]);
  });

  test("of who may not edit agrees on nothing and asks nobody", () => {
    const merged = merge({ agreed: null, by: [] }, [side("c", 2, ["working"], null, { editor: false })]);
    expect(merged).toMatchObject({ agreed: null, by: [], sides: [{ ask: false, agrees: true, rebase: true }] });
  });

  test("once somebody has edited, changes nothing that was agreed, and only the newcomer is asked about", () => {
    const merged = merge({ agreed: ["working"], by: ["b"] }, [
      side("a", 0, ["scheduled"], ["scheduled"]),
      side("b", 1, ["working"], ["working"]),
      side("c", 2, ["completed"], null),
    ]);
    expect(merged).toMatchObject({ agreed: ["working"], by: ["b"] });
    expect(asks(merged)).toEqual(["c"]);
  });

  test("who became an editor only now, by another policy, is what an opening without one starts from", () =>
    expect(merge({ agreed: null, by: [] }, [side("b", 1, ["working"], ["working"])]).agreed).toEqual(["working"]));

  test("an edit that comes together with it moves on from what stood before", () => {
    const merged = merge({ agreed: ["completed"], by: [] }, [
      side("a", 0, ["working"], ["completed"]),
      side("b", 1, ["completed"], ["completed"]),
      side("c", 2, ["completed"], null),
    ]);
    expect(merged).toMatchObject({ agreed: ["working"], by: ["a"] });
    expect(asks(merged)).toEqual([]);
  });

  test("what was read while a write there is open is no reason to ask", () => {
    const merged = merge({ agreed: ["completed"], by: [] }, [
      side("a", 0, ["completed"], null),
      side("b", 1, ["working"], ["completed"], { held: true }),
    ]);
    expect(asks(merged)).toEqual([]);
  });

  test("of two records of one system the first by its name says what is agreed", () => {
    const sides = [side("s/2", 0, ["working"], null), side("s/1", 0, ["scheduled"], null)];
    for (const order of [sides, sides.toReversed()]) {
      const merged = merge({ agreed: null, by: [] }, order);
      expect(merged.agreed).toEqual(["scheduled"]);
      expect(asks(merged)).toEqual(["s/2"]);
    }
  });
});

describe("who has not changed, row 8", () => {
  const sides = [
    side("a", 0, ["completed"], ["completed"]),
    side("b", 1, ["working"], ["working"]),
    side("c", 2, ["scheduled"], ["scheduled"], { ask: true, editor: false }),
  ];
  test.each([
    ["an opening", []],
    ["an edit", ["a"]],
    ["an edit of who may not edit any more", ["c"]],
  ])("keeps its base, and after %s whether it is asked about", (_name, by) => {
    const merged = merge({ agreed: ["completed"], by }, sides);
    expect([merged.by, asks(merged), rebased(merged)]).toEqual([by, ["c"], []]);
  });

  test("an opening that nobody has ended stands, though the record it came from is gone", () =>
    expect(merge({ agreed: ["completed"], by: [] }, sides.slice(1)).agreed).toEqual(["completed"]));
});

describe("a change that agrees, row 5", () => {
  test("adds its author in order and once", () => {
    const merged = merge({ agreed: ["scheduled", "held"], by: ["b", "c"] }, [
      side("c", 0, ["scheduled"], ["scheduled", "held"]),
      side("b", 1, ["scheduled", "held"], ["scheduled", "held"]),
      side("a", 2, ["scheduled"], ["working"]),
    ]);
    expect(merged).toMatchObject({ agreed: ["scheduled"], by: ["a", "b", "c"] });
  });

  test("of who may not edit adds no author", () =>
    expect(
      merge({ agreed: ["completed"], by: ["a"] }, [
        side("a", 0, ["completed"], ["completed"]),
        side("c", 2, ["completed"], ["working"], { editor: false }),
      ]).by,
    ).toEqual(["a"]));

  test("clears the question, though somebody moves on at the same moment", () => {
    const merged = merge({ agreed: ["completed"], by: ["a"] }, [
      side("a", 0, ["held"], ["completed"]),
      side("b", 1, ["completed"], ["working"], { ask: true }),
    ]);
    expect(merged.agreed).toEqual(["held"]);
    expect(asks(merged)).toEqual([]);
    expect(behind(merged)).toEqual(["b"]);
  });

  test("two that narrow it to different ends: the higher authority's is agreed", () => {
    const merged = merge({ agreed: ["scheduled", "held"], by: [] }, [
      side("b", 1, ["held"], ["scheduled", "held"]),
      side("a", 0, ["scheduled"], ["scheduled", "held"]),
    ]);
    expect(merged).toMatchObject({ agreed: ["scheduled"], by: ["a", "b"] });
  });

  test("sides that only agree narrow it in the order of authority", () => {
    const merged = merge({ agreed: ["scheduled", "held"], by: ["z"] }, [
      side("b", 1, ["held"], ["held"]),
      side("a", 0, ["scheduled"], ["scheduled"]),
    ]);
    expect(merged.agreed).toEqual(["scheduled"]);
    expect(behind(merged)).toEqual(["b"]);
  });
});
