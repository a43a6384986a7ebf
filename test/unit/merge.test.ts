import { describe, expect, test } from "vitest";
import { type States, stateSets } from "#shared/domain/fields.ts";
import { type Agreement, mergeField, type Side } from "#shared/pipeline/merge.ts";

/** The rows of docs/merge.md, one case each. Sides are written as `now<base` with `?` for ask. */
function side(
  record: string,
  rank: number,
  now: States,
  base: States | null,
  more: Partial<Side<States>> = {},
): Side<States> {
  return {
    record,
    connection: record,
    rank,
    editor: true,
    now,
    base,
    ask: false,
    held: false,
    written: false,
    ...more,
  };
}

const merge = (before: Agreement<States>, sides: readonly Side<States>[]) => mergeField(stateSets, before, sides);
const asks = (merged: ReturnType<typeof merge>): readonly string[] =>
  merged.sides.filter((one) => one.ask).map((one) => one.record);
const behind = (merged: ReturnType<typeof merge>): readonly string[] =>
  merged.sides.filter((one) => !one.agrees).map((one) => one.record);

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
