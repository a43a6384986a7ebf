import * as z from "#shared/domain/schema.ts";

/**
 * The kinds of field in ServiceTitan's records. Everything but ids may be missing or null; objects are loose, because
 * the vendor adds keys, and enumerations are read as text, because it adds words.
 */
export const text = z.nullish(z.string());
export const number = z.nullish(z.number());
export const flag = z.nullish(z.boolean());
/** An instant or printed day, kept as its original text with all its fraction digits. */
export const instant = z.nullish(z.string());
/** A word of an enumeration; unknown ones are kept. */
export const word = z.nullish(z.string());
export const id = z.number();
export const maybeId = z.nullish(z.number());
/** Decimal text; newer replies print some amounts as numbers. */
export const money = z.nullish(z.union([z.string(), z.number()]));
export const ids = z.nullish(z.array(z.number()));

export function listOf<Item extends z.ZodMiniType>(item: Item) {
  return z.nullish(z.array(item));
}

/** An object that may be missing; keys beyond the document's are kept. */
export function maybe<Shape extends Readonly<Record<string, z.ZodMiniType>>>(shape: Shape) {
  return z.nullish(z.looseObject(shape));
}

export const record = z.looseObject;

export const named = maybe({ id: maybeId, name: text });

export const address = maybe({
  street: text,
  unit: text,
  city: text,
  state: text,
  zip: text,
  country: text,
});

export const place = maybe({
  street: text,
  unit: text,
  city: text,
  state: text,
  zip: text,
  country: text,
  latitude: number,
  longitude: number,
});

export const customFields = listOf(record({ typeId: maybeId, name: text, value: text }));
export const externalData = listOf(record({ key: text, value: text }));

/** The envelope of every list. Its rows are judged one by one, so that a bad one never costs its page. */
export const listOfAnything = z.looseObject({
  page: z.nullish(z.number()),
  pageSize: z.nullish(z.number()),
  hasMore: z.boolean(),
  totalCount: z.nullish(z.number()),
  data: z.array(z.unknown()),
});

/** The envelope of a list whose rows are known. */
export function pageOf<Row extends z.ZodMiniType>(row: Row) {
  return z.looseObject({
    page: z.nullish(z.number()),
    pageSize: z.nullish(z.number()),
    hasMore: z.boolean(),
    totalCount: z.nullish(z.number()),
    data: z.array(row),
  });
}
