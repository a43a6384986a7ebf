import fc from "fast-check";
import { expect, test } from "vitest";
import { backStepOf, backStepSchema, steppedBack } from "#shared/domain/back-step.ts";
import { canonicalJson } from "#shared/domain/ids.ts";

const runs = { numRuns: 2_000, seed: 20261122 };

/** JSON with few names and values, so that two of them have much in common. */
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, 0, 1, "", "a", "b", true),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("a", "b", "is", "of", "at", "row", "__proto__"), tie("value"), { maxKeys: 4 }),
  ),
})).value;

test("a step back over JSON of its own gives the value before, byte for byte", () => {
  fc.assert(
    fc.property(json, json, (before, after) => {
      const step = backStepOf(after, before);
      expect(step === null).toBe(canonicalJson(after) === canonicalJson(before));
      const kept = step === null ? null : backStepSchema.parse(JSON.parse(JSON.stringify(step)));
      expect(canonicalJson(steppedBack(after, kept))).toBe(canonicalJson(before));
    }),
    runs,
  );
});

test("a step back tells what differs and no more", () => {
  const links = Array.from({ length: 50 }, (_, n) => ({ record: `r${n}`, rule: "part" }));
  const before = { links, people: { a: "p1" }, dueAt: "today" };
  const after = { links: [...links.slice(0, 20), { record: "new", rule: "part" }, ...links.slice(20)], people: {} };
  expect(backStepOf(after, before)).toEqual({
    of: [
      [
        "links",
        {
          row: [
            [0, 20],
            [21, 30],
          ],
        },
      ],
      ["people", { of: [["a", { is: "p1" }]] }],
      ["dueAt", { is: "today" }],
    ],
  });
});

test("a step that was made from another value is refused, where that shows", () => {
  expect(() => steppedBack([], { at: [[3, { is: 1 }]] })).toThrow("place 3 of a list of 0");
  expect(() => steppedBack([1], { row: [[0, 2]] })).toThrow("places 0 to 2 of a list of 1");
  expect(() => steppedBack("text", { of: [] })).toThrow("for an object");
});
