import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as plain from "zod/mini";
import * as z from "#shared/domain/schema.ts";

const money = z.object({ amount: z.int(), note: z.optional(z.string()) });
const strict = z.strictObject({ id: z.string(), money });
const loose = z.looseObject({ id: z.string() });

describe("an object of the schema door", () => {
  test("drops what it does not name; strict refuses it; loose keeps it", () => {
    expect(z.parse(money, { amount: 1, more: true })).toEqual({ amount: 1 });
    expect(z.safeParse(strict, { id: "1", money: { amount: 1 }, more: true })).toMatchObject({
      success: false,
      error: { issues: [{ code: "unrecognized_keys", keys: ["more"] }] },
    });
    expect(z.parse(loose, { id: "1", more: true })).toEqual({ id: "1", more: true });
  });

  test("an optional field may be absent, and stays absent", () => {
    expect(Object.keys(z.parse(money, { amount: 1 }))).toEqual(["amount"]);
    expect(z.safeParse(money, { note: "x" }).success).toBe(false);
  });

  test("names the whole path of what is wrong", () => {
    const result = z.safeParse(z.array(strict), [{ id: "1", money: { amount: 1.5, note: 7 } }]);
    expect(result.error?.issues.map(({ path }) => path.join("."))).toEqual(["0.money.amount", "0.money.note"]);
  });

  test("keeps what it is when it is extended, picked from, made partial or checked", () => {
    const extended = z.extend(strict, { at: z.string() });
    expect(z.safeParse(extended, { id: "1", money: { amount: 1 }, at: "now", more: 1 }).success).toBe(false);
    expect(z.parse(z.pick(strict, { id: true }), { id: "1" })).toEqual({ id: "1" });
    expect(z.parse(z.partial(money), {})).toEqual({});
    const positive = money.check(z.refine(({ amount }) => amount > 0));
    expect(z.safeParse(positive, { amount: -1 }).success).toBe(false);
    expect(Object.keys(extended.shape)).toEqual(["id", "money", "at"]);
  });

  test("can be told apart by a field, defaulted and transformed", () => {
    const kinds = z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("a"), n: z._default(z.number(), 3) }),
      z.object({ kind: z.literal("b") }),
    ]);
    expect(z.parse(kinds, { kind: "a" })).toEqual({ kind: "a", n: 3 });
    expect(z.safeParse(kinds, { kind: "c" }).success).toBe(false);
    const doubled = z.pipe(
      money,
      z.transform(({ amount }) => amount * 2),
    );
    expect(z.parse(doubled, { amount: 2 })).toBe(4);
  });

  test("has the JSON Schema of the small build's own object", () => {
    const same = plain.strictObject({
      id: plain.string(),
      money: plain.object({ amount: plain.int(), note: plain.optional(plain.string()) }),
    });
    expect(z.toJSONSchema(strict)).toEqual(plain.toJSONSchema(same));
    expect(z.toJSONSchema(strict)).toMatchObject({ additionalProperties: false, required: ["id", "money"] });
  });

  test("cannot be made to write a prototype", () => {
    const read = z.parse(loose, JSON.parse('{"id":"1","__proto__":{"admin":true}}'));
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect("admin" in read).toBe(false);
  });
});

describe("a loose object of a vendor's record", () => {
  const shape = {
    id: plain.number(),
    name: plain.nullish(plain.string()),
    flag: plain.optional(plain.boolean()),
    rows: plain.nullish(plain.array(plain.looseObject({ amount: plain.nullish(plain.number()) }))),
    either: plain.optional(plain.union([plain.string(), plain.number()])),
    more: plain.nullish(plain.record(plain.string(), plain.unknown())),
    open: plain.unknown(),
    word: plain.optional(plain.literal("yes")),
    bounded: plain.optional(plain.string().check(plain.minLength(2))),
    counted: plain.optional(plain.int()),
    preset: plain._default(plain.string(), "x"),
  };
  const fast = z.looseObject(shape);
  const slow = plain.looseObject(shape);
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(undefined, null, "", "yes", "ab", 0, 1.5, Number.NaN, [], {}, [{ amount: 1 }], [{ amount: "1" }]),
  );
  const record = fc.dictionary(fc.oneof(fc.constantFrom(...Object.keys(shape), "__proto__", "other")), value);

  test("is taken, refused and given back exactly as by the small build's own object", () => {
    const seen = { all: 0, taken: 0 };
    fc.assert(
      fc.property(
        fc.oneof(
          record,
          record.map((one) => ({ id: 1, open: null, ...one })),
          value,
        ),
        (given) => {
          const [first, second] = [z.safeParse(fast, given), plain.safeParse(slow, given)];
          expect(first.success).toBe(second.success);
          seen.all += 1;
          if (second.success) seen.taken += 1;
          expect(first.data).toEqual(second.data);
          expect(first.error?.issues).toEqual(second.error?.issues);
        },
      ),
      { numRuns: 2000 },
    );
    expect(seen.taken / seen.all).toBeGreaterThan(0.01);
  });
});
