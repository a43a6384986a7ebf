import * as z from "#shared/domain/schema.ts";

/**
 * The kinds of input of ServiceTitan's operations. All objects are strict: the API ignores what it does not know, with
 * a 200, so an unknown input is refused before anything is sent.
 */
export const text = z.string();
export const id = z.int();
export const ids = z.array(z.int());
export const amount = z.number();
export const flag = z.boolean();

const INSTANT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2}))?$/;
export const instant = z.string().check(z.regex(INSTANT, "expected a date or date-time, as 2021-01-01T00:00:00Z"));
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const guid = z.string().check(z.regex(GUID, "expected a guid, as 6B29FC40-CA47-1067-B31D-00DD010662DA"));
export const fewIds = z.array(z.int()).check(z.minLength(1), z.maxLength(50, "expected at most 50 ids"));

/** Every member may be left out. */
export function optional<Shape extends Readonly<Record<string, z.ZodMiniType>>>(shape: Shape) {
  const loosened = Object.entries(shape).map(([name, schema]) => [name, z.optional(schema)] as const);
  // Object.fromEntries forgets the names; every one of them is there, made optional.
  return Object.fromEntries(loosened) as { [Name in keyof Shape]: z.ZodMiniOptional<Shape[Name]> };
}

/** Every operation takes it: the request, without credentials and secrets, comes back beside the answer. */
export const debug = optional({ debugRequest: flag });

const pairs = { applicationGuid: guid, externalData: z.array(z.strictObject({ key: text, value: text })) };
/** Of a record that is made; only a change says what becomes of the pairs that stand there. */
export const newExternalData = z.strictObject(pairs);
export const externalDataIn = z.strictObject({ ...optional({ patchMode: z.enum(["Replace", "Merge"]) }), ...pairs });
/** By type: the API reads no name here, and the list it is given replaces the record's whole list. */
export const customFieldsIn = z.array(z.strictObject({ typeId: id, value: text }));
export const addressIn = z.strictObject(
  optional({ street: text, unit: text, city: text, state: text, zip: text, country: text }),
);
export const placeIn = z.strictObject(
  optional({
    street: text,
    unit: text,
    city: text,
    state: text,
    zip: text,
    country: text,
    latitude: amount,
    longitude: amount,
  }),
);
export const contactType = z.enum(["Phone", "Email", "Fax", "MobilePhone"]);
export const contactsIn = z.array(z.strictObject({ type: contactType, value: text, ...optional({ memo: text }) }));
export const priority = z.enum(["Low", "Normal", "High", "Urgent"]);
export const customerType = z.enum(["Residential", "Commercial"]);
/** Changes of custom fields of many records in one call. */
export const fieldOperations = z
  .array(z.strictObject({ objectId: id, customFields: z.array(z.strictObject({ name: text, value: text })) }))
  .check(z.minLength(1));

/** `page`, `pageSize` and `includeTotal`, and what this project's callers may add to any list. */
export const paging = optional({
  page: z.int().check(z.minimum(1)),
  pageSize: z.int().check(z.minimum(1), z.maximum(5000)),
  includeTotal: flag,
  fetchAll: flag,
});

/** Filters of the list by name, as text; others than the documented ones only with `allowUnknown`. */
export const customQuery = optional({ customQueryParams: z.record(text, text), allowUnknown: flag });

/** `+Field` or `-Field`. Which fields a list sorts by is stated in its row. */
export const sorting = optional({
  sort: z.string().check(z.regex(/^[+-]\w+$/, "expected +FieldName or -FieldName")),
});

export const created = optional({ createdBefore: instant, createdOnOrAfter: instant });
export const modified = optional({ modifiedBefore: instant, modifiedOnOrAfter: instant });
export const active = optional({ active: z.enum(["True", "Any", "False"]) });
export const externalDataFilter = optional({
  externalDataApplicationGuid: guid,
  externalDataKey: text,
  externalDataValues: z.array(text).check(z.maxLength(50, "expected at most 50 values")),
});
export const byAddress = optional({
  street: text,
  unit: text,
  city: text,
  state: text,
  zip: text,
  country: text,
  latitude: amount,
  longitude: amount,
});
/** Invoices and payments name it so; the default shows active ones only. */
export const activeState = z.enum(["ActiveOnly", "InactiveOnly", "All"]);
export const syncStatus = z.enum(["Pending", "Posted", "Exported"]);
