import * as z from "#shared/domain/schema.ts";

/** What the operations of all four kinds of record share. */
export const uuid = z.string().check(z.minLength(1, "expected a uuid"));
export const record = z.strictObject({ uuid });
export const text = z.nullish(z.string());
export const flag = z.optional(z.boolean());
export const money = z.nullish(z.number());
export const day = z.optional(z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/, "expected YYYY-MM-DD")));

/** The reference marks these as required and gives defaults; they may be left out. */
export const filters = {
  include_deleted: flag,
  page: z.optional(z.int("expected a whole number from 1").check(z.minimum(1, "expected at least 1"))),
  limit: z.optional(
    z
      .int("expected a whole number from 1 to 100")
      .check(z.minimum(1, "expected at least 1"), z.maximum(100, "expected at most 100")),
  ),
};

export const read = { method: "GET", writes: false, repeatable: true, notifies: "none" } as const;
/** Whom a change reaches is not documented. */
export const write = { writes: true, notifies: "unknown" } as const;
