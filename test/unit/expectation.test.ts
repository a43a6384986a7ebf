import { describe, expect, test } from "vitest";
import { expectationOf } from "#shared/domain/expectation.ts";
import * as z from "#shared/domain/schema.ts";

/** What is said of the first issue of a value. */
function told(
  schema: z.ZodMiniType,
  value: unknown,
  { checked = true, number }: { checked?: boolean; number?: string } = {},
) {
  const issue = z.safeParse(schema, value).error?.issues[0];
  return issue ? expectationOf(issue, checked ? value : undefined, number) : "fits";
}
const of = (field: z.ZodMiniType) => z.strictObject({ field });

describe("what was expected, and what was found there", () => {
  test.each([
    ["a text, got a number", z.string(), 5],
    ["a number, got a text", z.number(), "5"],
    ["true or false, got an object", z.boolean(), {}],
    ["a list, got null", z.array(z.string()), null],
    ["an object, got a list", z.object({}), []],
    ["a whole number, got a number", z.int(), 1.5],
    ["an object, got true or false", z.record(z.string(), z.string()), true],
    ["a text, it is missing", z.string(), undefined],
  ])("expected %s", (sentence, schema, value) =>
    expect(told(of(schema), { field: value })).toBe(`expected ${sentence}`),
  );

  test("what is missing further up is missing", () => {
    const deep = z.object({ a: z.object({ b: z.object({ c: z.string() }) }) });
    const issue = z.safeParse(deep, { a: { b: { c: 1 } } }).error?.issues[0];
    if (!issue) throw new Error("no issue");
    expect(expectationOf(issue, { a: {} })).toBe("expected a text, it is missing");
    expect(expectationOf(issue, { a: null })).toBe("expected a text, it is missing");
    expect(expectationOf(issue, { a: 5 })).toBe("expected a text, it is missing");
    expect(expectationOf(issue, { a: { b: { c: 1 } } })).toBe("expected a text, got a number");
  });
  test("without the value nothing is said of what was found", () =>
    expect(told(of(z.string()), { field: 5 }, { checked: false })).toBe("expected a text"));
  test("a number is called what it stands for", () =>
    expect(told(of(z.number()), { field: "5" }, { number: "a number of hours" })).toBe(
      "expected a number of hours, got a text",
    ));
  test("the schema's own sentence stands", () =>
    expect(told(of(z.string().check(z.regex(/^x/, "expected an x"))), { field: "y" })).toBe("expected an x"));
});

describe("bounds, choices and forms", () => {
  test.each([
    ["expected at least 3", z.number().check(z.gte(3)), 2],
    ["expected more than 3", z.number().check(z.gt(3)), 3],
    ["expected at most 3", z.number().check(z.lte(3)), 4],
    ["expected less than 3", z.number().check(z.lt(3)), 3],
    ["expected a list of at least 1", z.array(z.string()).check(z.minLength(1)), []],
    ["expected a list of at most 1", z.array(z.string()).check(z.maxLength(1)), ["a", "b"]],
    ["expected a text with a length of at least 2", z.string().check(z.minLength(2)), "a"],
    ['expected one of "a", "b"', z.enum(["a", "b"]), "c"],
    ['expected one of "a", "b", got a number', z.enum(["a", "b"]), 5],
    ['expected one of "a", "b", it is missing', z.enum(["a", "b"]), undefined],
    ["expected text like /^x/", z.string().check(z.regex(/^x/)), "y"],
    ["expected email", z.email(), "y"],
    ["expected one of its forms (expected a text, or expected a number)", z.union([z.string(), z.number()]), true],
    ["expected an x", z.record(z.string().check(z.regex(/^x/, "expected an x")), z.string()), { y: "" }],
    ["does not fit (not_multiple_of)", z.number().check(z.multipleOf(5)), 3],
  ])("%s", (sentence, schema, value) => expect(told(of(schema), { field: value })).toBe(sentence));

  test("of many forms three are named", () => {
    const forms = z.union([z.string(), z.number(), z.boolean(), z.null()]);
    expect(told(of(forms), { field: [] })).toBe(
      "expected one of its forms (expected a text, or expected a number, or expected true or false)",
    );
  });
  test("what has no place is named", () =>
    expect(told(z.strictObject({}), { a: 1, b: 2 })).toBe("not an input here: a, b"));
});
