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

test("an answer of any shape is remembered: its objects down to its rows, whatever stands between them", () => {
  const text = ' {"total": 3,"page":null,"data":[1.0,null,{"price":10.50},"x"],"who":{"id":7.0,"of":{"id":1e1}}}';
  const parsed = JSON.parse(text);
  rememberText(parsed, text);
  expect(printedOf(parsed)).toEqual({ text: text.trim(), form: "as-printed" });
  expect(printedOf(parsed.data[2]).text).toBe('{"price":10.50}');
  expect(printedOf(parsed.who).text).toBe('{"id":7.0,"of":{"id":1e1}}');
  expect(printedOf(parsed.who.of).text).toBe('{"id":1e1}');
  for (const plain of ["7.0", "null", '"x"']) expect(() => rememberText(JSON.parse(plain), plain)).not.toThrow();
  const list = '[{"price":10.50}]';
  const rows = JSON.parse(list);
  rememberText(rows, list);
  expect(printedOf(rows)).toEqual({ text: list, form: "as-printed" });
});

test("what lies deeper than rows lie is not remembered for itself, and is printed again", () => {
  const text = '{"a":{"b":{"c":{"price":10.50}}}}';
  const parsed = JSON.parse(text);
  rememberText(parsed, text);
  expect(printedOf(parsed.a.b).form).toBe("as-printed");
  expect(printedOf(parsed.a.b.c)).toEqual({ text: '{"price":10.5}', form: "reprinted" });
});

test("texts are found down to the depth that is asked for, of objects and lists alone, and no deeper", () => {
  const text = '{"a":{"b":{}},"c":[[1]],"d":1,"e":null}';
  const root = JSON.parse(text);
  expect([...textsIn(text, root, 0)]).toEqual([[root, text]]);
  expect([...textsIn(text, root, 1).values()].toSorted()).toEqual(["[[1]]", '{"b":{}}', text].toSorted());
  expect(textsIn(text, root, 2).size).toBe(5);
  expect([...textsIn("1.50", 1.5, 3)]).toEqual([]);
});

test("of a key said twice the last one counts, also when it says nothing", () => {
  const text = '{"a":{"x":1},"b":[1],"a":null,"b":2.0,"c":{"y":3.0}}';
  const root = JSON.parse(text);
  expect([...textsIn(text, root, 3).values()].toSorted()).toEqual(['{"y":3.0}', text].toSorted());
});

test("a row that is kept whole keeps its very text; a member keeps its own, without the space before it", () => {
  const [row] = rowsOf('{ "a": 1.50 , "b":2 }');
  expect(printedOf(rememberKept({ ...row }, row ?? {})).text).toBe('{ "a": 1.50 , "b":2 }');
  expect(printedOf(rememberKept({ a: 1.5 }, row ?? {})).text).toBe('{"a":1.50}');
  expect(printedOf(rememberKept({ a: "changed", c: 1 }, row ?? {})).text).toBe('{"a":1.50,"c":null}');
});

test("what is kept of a row whose answer nobody remembers is printed again", () =>
  expect(printedOf(rememberKept({ a: 1.5 }, { a: 1.5, b: 2 }))).toEqual({ text: '{"a":1.5}', form: "reprinted" }));

test("one number that had to be printed again makes all of it so, and text alone does not", () => {
  expect(printedOf([1, "a", null])).toEqual({ text: '[1,"a",null]', form: "reprinted" });
  expect(printedOf(["a", true, undefined])).toEqual({ text: '["a",true,null]', form: "as-printed" });
  expect(printedOf({ a: "x", b: 1.5 })).toEqual({ text: '{"a":"x","b":1.5}', form: "reprinted" });
  expect(printedOf({ a: "x", b: [] })).toEqual({ text: '{"a":"x","b":[]}', form: "as-printed" });
  expect(printedOf(undefined)).toEqual({ text: "null", form: "as-printed" });
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
