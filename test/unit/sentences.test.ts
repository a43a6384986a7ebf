import { describe, expect, test } from "vitest";
import { isSentence } from "#test/mutation/sentences.ts";

const text = (value: string) => ({ type: "StringLiteral", value });
const template = (
  pieces: readonly string[],
  ...expressions: readonly { readonly type: string; readonly object?: { readonly type: string } }[]
) => ({
  ...{ type: "TemplateLiteral", quasis: pieces.map((raw) => ({ value: { raw } })), expressions },
});
const name = { type: "Identifier" };

describe("what is not mutated, because people read it", () => {
  test.each([["no answer came"], ["gone from "], [" received"], ["Customer, please"], ["it's late"]])(
    "the text %j",
    (value) => expect(isSentence(text(value))).toBe(true),
  );
  test.each([[""], [" "], [", "], ["missing-charge"], ["s1/jobs/1"], ["unbilled"], ["T00:00:00Z"], ["a b"]])(
    "but not %j",
    (value) => expect(isSentence(text(value))).toBe(false),
  );
  test("a template with a word in it, but not one that makes a key or decides within", () => {
    expect(isSentence(template(["", " becomes ", ""], name, { type: "MemberExpression", object: name }))).toBe(true);
    expect(isSentence(template(["", " ", ""], name, name))).toBe(false);
    expect(isSentence(template(["", "/", ""], name, name))).toBe(false);
    expect(isSentence(template(["put ", " there"], { type: "ConditionalExpression" }))).toBe(false);
    expect(
      isSentence(template(["put ", " there"], { type: "MemberExpression", object: { type: "LogicalExpression" } })),
    ).toBe(false);
  });
  test("anything else is code", () =>
    expect(isSentence({ type: "NumericLiteral", value: "no answer came" })).toBe(false));
});
