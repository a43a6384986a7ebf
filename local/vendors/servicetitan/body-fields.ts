import { isRecord, type Json, type JsonRecord } from "../kit/json.ts";
import { sortableInstant } from "./instants.ts";
import type { FieldErrors } from "./problems.ts";

/** What ServiceTitan accepts in one body field; `null` is accepted wherever the field is not required. */
export type Kind =
  | "integer"
  | "number"
  | "string"
  | "boolean"
  | "instant"
  | "object"
  | "integers"
  | "strings"
  | "objects"
  | readonly string[];

export interface BodyField {
  readonly kind: Kind;
  readonly required?: boolean;
}

export type BodyFields = Readonly<Record<string, BodyField>>;

const isInteger = (value: unknown): boolean => typeof value === "number" && Number.isSafeInteger(value);

const fits: Readonly<Record<Exclude<Kind, readonly string[]>, (value: unknown) => boolean>> = {
  integer: isInteger,
  number: (value) =>
    (typeof value === "number" && Number.isFinite(value)) ||
    (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value)),
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  instant: (value) => sortableInstant(value) !== null,
  object: isRecord,
  integers: (value) => Array.isArray(value) && value.every(isInteger),
  strings: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  objects: (value) => Array.isArray(value) && value.every(isRecord),
};

function accepts(kind: Kind, value: unknown): boolean {
  if (typeof kind === "string") return fits[kind](value);
  return typeof value === "string" && kind.some((word) => word.toLowerCase() === value.toLowerCase());
}

/**
 * The fields of a body that this operation knows. An unknown field is dropped without a word, as ServiceTitan does;
 * a known one of the wrong type, or a required one that is missing, is named in `errors`.
 */
export function knownFields(
  body: Json | undefined,
  known: BodyFields,
): { readonly fields: JsonRecord; readonly errors: FieldErrors } {
  if (!isRecord(body)) return { fields: {}, errors: { "": ["A non-empty request body is required."] } };
  const fields: JsonRecord = {};
  const errors: FieldErrors = {};
  for (const [name, field] of Object.entries(known)) {
    const value = body[name];
    if (value === undefined || (value === null && !field.required)) {
      if (field.required) errors[name] = [`The ${name} field is required.`];
      else if (value === null) fields[name] = null;
    } else if (accepts(field.kind, value)) fields[name] = value;
    else
      errors[name] = [
        `The value '${typeof value === "object" ? JSON.stringify(value) : value}' is not valid for ${name}.`,
      ];
  }
  return { fields, errors };
}

/** Shorthand for the tables of fields: `required` first, then the optional ones. */
export function bodyFields(
  required: Readonly<Record<string, Kind>>,
  optional: Readonly<Record<string, Kind>>,
): BodyFields {
  const table: Record<string, BodyField> = {};
  for (const [name, kind] of Object.entries(required)) table[name] = { kind, required: true };
  for (const [name, kind] of Object.entries(optional)) table[name] = { kind };
  return table;
}
