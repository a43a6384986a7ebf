import { isDeepStrictEqual } from "node:util";
import { afterEach, describe, expect, test, vi } from "vitest";
import * as plain from "zod/mini";
import * as z from "#shared/domain/schema.ts";
import { fitsOf, objectFits } from "#shared/domain/schema-fits.ts";

/** What a schema takes as it is, told without running it. Law: nothing fits but what the schema gives back as it is. */
const values: readonly unknown[] = [
  ...[undefined, null, true, false, "", "yes", "ab", "7", 0, -1.5, 7, 2 ** 60, Number.NaN, Number.POSITIVE_INFINITY],
  ...[[], [undefined], [null], ["a"], ["a", 1], ["a", "b"], [1, 2], [["a"]], [{ amount: 1 }], [{ amount: "1" }]],
  ...[
    {},
    { a: 1 },
    { a: "x" },
    { a: "x", b: 2 },
    { b: "x" },
    { id: 1 },
    { id: 1, a: "x" },
    { id: "1" },
    { id: undefined },
  ],
  ...[{ id: 1, name: null }, { id: 1, name: "x", more: [1] }, { id: 1, name: 7 }, { name: "x" }, { no: { id: 1 } }],
  ...[JSON.parse('{"id":1,"__proto__":{"a":1}}'), JSON.parse('{"__proto__":"x"}'), new Map([["a", 1]]), new Date(0)],
];

/** Told for every value alike: what the schema takes and gives back equal. */
const exactly: Readonly<Record<string, plain.ZodMiniType>> = {
  text: plain.string(),
  "a text of two letters": plain.string().check(plain.length(2)),
  number: plain.number(),
  "a whole number": plain.int(),
  "a number above 0": plain.number().check(plain.positive()),
  flag: plain.boolean(),
  null: plain.null(),
  unknown: plain.unknown(),
  any: plain.any(),
  literal: plain.literal("yes"),
  "text or null": plain.nullable(plain.string()),
  "number or null": plain.nullable(plain.number()),
  "text or null, but not null": plain.nullable(plain.string()).check(plain.refine((value) => value !== null)),
  "text or nothing": plain.optional(plain.string()),
  "a default or nothing": plain.optional(plain._default(plain.string(), "x")),
  "a whole number or nothing": plain.optional(plain.int()),
  "text, null or nothing": plain.nullish(plain.string()),
  "number, null or nothing": plain.nullish(plain.number()),
  "flag, null or nothing": plain.nullish(plain.boolean()),
  "literal, null or nothing": plain.nullish(plain.literal("yes")),
  "not null, though it may be": plain.optional(
    plain.nullable(plain.string()).check(plain.refine((value) => value !== null)),
  ),
  list: plain.array(plain.string()),
  "list of lists": plain.array(plain.array(plain.string())),
  "text or number": plain.union([plain.string(), plain.number()]),
  "list or flag": plain.union([plain.array(plain.number()), plain.boolean()]),
  "a text that is made larger": plain.pipe(
    plain.string(),
    plain.transform((text) => text.toUpperCase()),
  ),
  "loose object": plain.looseObject({ id: plain.number(), name: plain.nullish(plain.string()) }),
  "loose object within": plain.looseObject({ no: plain.looseObject({ id: plain.number() }) }),
  "loose object of anything": plain.looseObject({ id: plain.unknown() }),
  "loose object with a default": plain.looseObject({ id: plain._default(plain.number(), 7) }),
  "list of loose objects": plain.array(plain.looseObject({ amount: plain.nullish(plain.number()) })),
};

describe("a value fits exactly when its schema takes it and gives it back as it is", () => {
  test.each(Object.entries(exactly))("%s", (_name, schema) => {
    const fits = fitsOf(schema);
    for (const value of values) {
      const result = plain.safeParse(schema, value);
      expect([value, fits(value)]).toEqual([value, result.success && isDeepStrictEqual(result.data, value)]);
    }
  });
});

/** Left to the schema where it is told apart too dearly, or copied anyway. */
const carefully: Readonly<Record<string, plain.ZodMiniType>> = {
  "table of texts": plain.record(plain.string(), plain.string()),
  "table of numbers": plain.record(plain.string(), plain.number()),
  "table with long names": plain.record(plain.string().check(plain.minLength(2)), plain.unknown()),
  "table of known names": plain.partialRecord(plain.enum(["a", "b"]), plain.unknown()),
  object: plain.object({ id: plain.number() }),
  "strict object": plain.strictObject({ id: plain.number() }),
  "object with texts beside": plain.catchall(plain.object({ id: plain.number() }), plain.string()),
  "coerced number": plain.coerce.number(),
};

describe("what is left to the schema never fits wrongly", () => {
  test.each(Object.entries(carefully))("%s", (_name, schema) => {
    const fits = fitsOf(schema);
    for (const value of values.filter((one) => fits(one))) {
      const result = plain.safeParse(schema, value);
      expect([value, result.success && isDeepStrictEqual(result.data, value)]).toEqual([value, true]);
    }
  });
  test.each([
    ["a table by its members", plain.record(plain.string(), plain.string()), { a: "x" }, { a: 1 }],
    ["an empty table", plain.record(plain.string(), plain.string()), {}, []],
    ["a table of anything", plain.record(plain.string(), plain.unknown()), { a: 1, b: null }, new Map()],
    [
      "no table that would lose a member",
      plain.record(plain.string(), plain.string()),
      { a: "x" },
      JSON.parse('{"__proto__":"x"}'),
    ],
    [
      "no table of bare names",
      plain.record(plain.string(), plain.string()),
      { b: "y" },
      Object.assign(Object.create(null), { a: "x" }),
    ],
  ])("%s", (_name, schema, taken, left) =>
    expect([fitsOf(schema)(taken), fitsOf(schema)(left)]).toEqual([true, false]),
  );
  test("what is no schema is refused", () => {
    for (const value of [undefined, null, 7, {}]) expect(() => fitsOf(value)).toThrow("not a schema");
  });
});

describe("a record that fits", () => {
  const shape = { id: plain.number(), name: plain.nullish(plain.string()) };
  afterEach(() => void vi.unstubAllGlobals());

  test("is given back itself, with all it holds; what has to be changed is another one", () => {
    const loose = z.looseObject(shape);
    const [first, second] = [
      { id: 1, more: { a: 1 } },
      { id: 2, name: null },
    ];
    expect([z.parse(loose, first), z.parse(loose, second)].map((one, at) => one === [first, second][at])).toEqual([
      true,
      true,
    ]);
    const defaulted = z.looseObject({ id: plain._default(plain.number(), 7) });
    const empty = {};
    expect(z.parse(defaulted, empty)).toEqual({ id: 7 });
    expect(empty).toEqual({});
  });
  test("is judged by shapes that name schemas made later", () => {
    const outer = z.looseObject({
      get next() {
        return later;
      },
    });
    const later = z.looseObject(shape);
    const given = { next: { id: 2 } };
    expect(z.parse(outer, given)).toBe(given);
    expect(z.safeParse(outer, { next: { id: "2" } }).success).toBe(false);
  });
  test.each([
    ["where the runtime makes no code from text, by the schema alone", new EvalError("no code from text"), null],
    ["what fails otherwise is told", new TypeError("something else"), "something else"],
  ])("%s", (_name, cause, told) => {
    const schema = plain.looseObject(shape);
    vi.stubGlobal("Function", function refuse() {
      throw cause;
    });
    const made = () => objectFits({ ...schema._zod.def });
    if (told === null) expect(made()).toBeNull();
    else expect(made).toThrow(told);
  });
  test("only of an object that keeps every member", () => {
    expect(objectFits({ ...plain.looseObject(shape)._zod.def })).toBeTypeOf("function");
    expect(objectFits({ ...plain.object(shape)._zod.def })).toBeNull();
    expect(objectFits({ ...plain.strictObject(shape)._zod.def })).toBeNull();
    expect(objectFits({ shape: [], catchall: plain.unknown() })).toBeNull();
    expect(objectFits({ shape: null, catchall: plain.unknown() })).toBeNull();
  });
});
