import { describe, expect, test } from "vitest";
import type { StatusWord, Work } from "#shared/domain/status.ts";
import { writableWord } from "#shared/pipeline/plan.ts";

describe("read wide, write narrow", () => {
  const row = (word: string, order: number, work: readonly Work[], onlyFrom?: readonly string[]): StatusWord => ({
    ...{ word, order, work, billing: ["unbilled"] },
    write: { work, billing: ["unbilled"], ...(onlyFrom ? { onlyFrom } : {}) },
  });
  const wide = row("Wide", 1, ["completed", "held"]);
  const narrow = row("Narrow", 2, ["completed"]);
  const read: StatusWord = { word: "Read", order: 0, work: ["completed"], billing: ["unbilled"] };
  const wordOf = (
    words: readonly StatusWord[],
    work: readonly string[] | null,
    billing: readonly string[] | null = null,
  ) => writableWord(words, work, billing, "Old")?.word ?? null;

  test.each([
    [
      "a word that lies inside what is agreed comes before one that only meets it",
      [wide, narrow],
      ["completed"],
      "Narrow",
    ],
    ["one that only meets it is better than none", [wide], ["completed"], "Wide"],
    ["of several the first in the vendor's order", [narrow, row("Early", 1, ["completed"])], ["completed"], "Early"],
    ["of several that only meet, too", [row("Late", 3, ["completed", "held"]), wide], ["completed"], "Wide"],
    ["a word that is only read is never written", [read], ["completed"], null],
    ["none that meets it: none", [wide, narrow], ["working"], null],
    ["a word that may only follow another", [row("Next", 1, ["completed"], ["Other"])], ["completed"], null],
    ["a word that may follow this one", [row("Next", 1, ["completed"], ["Other", "Old"])], ["completed"], "Next"],
    ["nothing agreed about the work", [wide, narrow], null, "Wide"],
  ] as const)("%s", (_name, words, work, word) => expect(wordOf(words, work)).toBe(word));
  test("the bill counts like the work", () => {
    expect(wordOf([narrow], ["completed"], ["paid"])).toBeNull();
    expect(wordOf([narrow], ["completed"], ["unbilled", "paid"])).toBe("Narrow");
    const paid: StatusWord = { ...narrow, word: "Paid", write: { work: ["completed"], billing: ["unbilled", "paid"] } };
    expect(wordOf([{ ...paid, order: 1 }, narrow], ["completed"], ["unbilled"])).toBe("Narrow");
  });
});
