import fc from "fast-check";
import { expect, test } from "vitest";
import { printedOf, rememberKept, rememberText, textsIn } from "#shared/domain/printed.ts";
import * as z from "#shared/domain/schema.ts";

const rows = z.object({ data: z.object({ jobs: z.array(z.looseObject({})) }) });

/** The rows of an answer of this text, as a reader gets them. */
function rowsOf(...texts: readonly string[]): readonly object[] {
  const text = `{"data" : {"jobs":[ ${texts.join(" , ")} ], "pagination":{"page":1}}}`;
  const parsed = z.parse(rows, JSON.parse(text));
  rememberText(parsed, text);
  return parsed.data.jobs;
}

test("numbers, spaces, escapes and keys said twice stay as the vendor printed them", () => {
  const odd = '{ "price":10.50, "big": 9007199254740993,"a":{"x":1},"a":[1.0],"say":"\\u00e9 \\"}]{\\\\" }';
  const [first, second] = rowsOf(odd, '{"price":1e2}');
  expect(printedOf(first)).toEqual({ text: odd, form: "as-printed" });
  expect(printedOf(second)).toEqual({ text: '{"price":1e2}', form: "as-printed" });
});

test("a record put together out of several answers keeps the text of its parts", () => {
  const [job] = rowsOf('{"price":10.50}');
  const [contact] = rowsOf('{"id":7.0}');
  expect(printedOf({ job, completed: true, contacts: [contact] })).toEqual({
    text: '{"job":{"price":10.50},"completed":true,"contacts":[{"id":7.0}]}',
    form: "as-printed",
  });
});

test("a row of which some members are kept keeps the text of those", () => {
  const [row] = rowsOf('{"a":1.50,"gone":{"b":2.0},"who":{"id":1e1,"phone":7.0,"say":"}"},"a":2.50, "list":[1.0]}');
  const { gone: _, who, ...rest } = z.parse(z.looseObject({ gone: z.unknown(), who: z.looseObject({}) }), row);
  const kept = rememberKept({ ...rest, who: { id: who["id"], say: who["say"] } }, row ?? {});
  expect(printedOf(kept)).toEqual({
    text: '{"a":2.50,"list":[1.0],"who":{"id":1e1,"say":"}"}}',
    form: "as-printed",
  });
});

test("what no answer is remembered of says that it was printed again", () => {
  expect(printedOf({ price: 10.5, none: undefined })).toEqual({ text: '{"price":10.5}', form: "reprinted" });
  expect(printedOf([null])).toEqual({ text: "[null]", form: "as-printed" });
});

test("whatever JSON holds, each object's text is what that object was parsed from", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(undefined, 1, "\t"), (json, indent) => {
      const text = JSON.stringify(JSON.parse(json), null, indent);
      const root: unknown = JSON.parse(text);
      for (const [value, own] of textsIn(text, root, 3)) {
        expect(text).toContain(own);
        expect(JSON.parse(own)).toEqual(value);
      }
      if (typeof root === "object" && root !== null) expect(textsIn(text, root, 0).get(root)).toBe(text);
    }),
  );
});
