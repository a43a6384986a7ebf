import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editsBetween, likeness, wordsOf } from "#shared/domain/likeness.ts";

test("words are compared without case, accents, signs and order", () => {
  expect(wordsOf("  Okafor, Daniel ")).toEqual(["daniel", "okafor"]);
  expect(wordsOf("Peña-Núñez #2")).toEqual(["2", "nunez", "pena"]);
  expect(wordsOf(" -- ")).toEqual([]);
  expect(wordsOf("Okafor & Sons, 24/7")).toEqual(["24", "7", "okafor", "sons"]);
});

test.each([
  ["", "", 0],
  ["abc", "", 3],
  ["", "abc", 3],
  ["abc", "abc", 0],
  ["abc", "abd", 1],
  ["abc", "ab", 1],
  ["abc", "acb", 1],
  ["abcd", "badc", 2],
  ["kitten", "sitting", 3],
  ["ca", "abc", 3],
  ["ab", "ba", 1],
  ["aab", "aba", 1],
])("from %j to %j it is %i letters added, lost, replaced or swapped", (a, b, edits) => {
  expect(editsBetween(a, b)).toBe(edits);
  expect(editsBetween(b, a)).toBe(edits);
});

describe("how alike two names are", () => {
  test.each([
    ["Daniel Okafor", "okafor, DANIEL", 1],
    ["", "", 0],
    ["Daniel", "", 0],
    ["--", "Daniel", 0],
    ["Okafor", "Okafro", 1 - 1 / 6],
    ["Okafor", "Daniel", 0],
    ["D Okafor", "Daniel Okafor", (0.8 * 6 + 6) / 12],
    ["J Okafor", "Daniel Okafor", 6 / 13],
    ["Okafor", "Daniel Okafor", 6 / 12],
    ["Anna Anna", "Anna Bob", 4 / 11],
    ["Ann", "Ann Ann", 3 / 6],
    ["J Okafor", "J Okafor", 1],
    ["Aon Jon", "Jon", 3 / 6],
    ["Okafor", "Daniel Ruiz", 0],
  ])("%j and %j: %d", (a, b, alike) => {
    expect(likeness(a, b)).toBeCloseTo(alike, 10);
    expect(likeness(b, a)).toBeCloseTo(alike, 10);
  });
  test("it does not matter who is compared with whom", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "n"), minLength: 1, maxLength: 4 });
    const name = fc.array(word, { maxLength: 3 }).map((words) => words.join(" "));
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(likeness(a, b)).toBe(likeness(b, a));
      }),
    );
    expect(likeness("anbb b bnbn", "nnnn bb bbnn")).toBe(likeness("nnnn bb bbnn", "anbb b bnbn"));
  });
  test("each word finds its likest, and no word two", () => {
    expect(likeness("Jon Jones", "Jones Jon")).toBe(1);
    expect(likeness("Jon Jon", "Jones Jon")).toBeCloseTo((1 * 3 + (1 - 2 / 5) * 5) / 8, 10);
  });
});
