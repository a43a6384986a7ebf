import type { Json, JsonRecord } from "../kit/json.ts";
import type { Store } from "../kit/store.ts";
import { invalid } from "./replies.ts";

export type FieldKind =
  | { kind: "text" | "amount" | "flag" | "instant" | "day" | "clock" | "json" }
  | { kind: "word"; words: readonly string[] }
  /** Must name a record of that collection which is not deleted. */
  | { kind: "of"; collection: string };

export type Field = FieldKind & { required?: true; default?: Json };
export type FieldSheet = Record<string, Field>;

/** The known fields of a create body, checked, with defaults; whatever else was sent is ignored (assumed). */
export function readCreate(store: Store, sheet: FieldSheet, sent: JsonRecord): JsonRecord {
  const record: JsonRecord = {};
  for (const [name, field] of Object.entries(sheet)) {
    const value = sent[name];
    if (value !== undefined && value !== null && value !== "") record[name] = readValue(store, name, field, value);
    else if (field.required) invalid(`${name} is required`);
    else record[name] = field.default ?? null;
  }
  return record;
}

/** The known fields of an update body, checked; only what was sent. A required field cannot be emptied. */
export function readUpdate(store: Store, sheet: FieldSheet, sent: JsonRecord): JsonRecord {
  const fields: JsonRecord = {};
  for (const [name, field] of Object.entries(sheet)) {
    const value = sent[name];
    if (value === undefined) continue;
    const empty = value === null || value === "";
    if (empty && (field.required || field.kind === "word" || field.kind === "flag")) invalid(`${name} cannot be empty`);
    fields[name] = value === null ? null : readValue(store, name, field, value);
  }
  return fields;
}

function readValue(store: Store, name: string, field: Field, value: Json): Json {
  if (field.kind === "json") return value;
  if (field.kind === "amount") return readAmount(name, value);
  if (field.kind === "flag") return readFlag(name, value);
  if (typeof value !== "string") return invalid(`${name} must be a string`);
  if (field.kind === "word" && !field.words.includes(value))
    return invalid(`${name} must be one of: ${field.words.join(", ")}`);
  if (field.kind === "of" && !isThere(store, field.collection, value)) return invalid(`${name} not found`);
  const shape = shapes[field.kind];
  return shape === undefined || shape.test(value) ? value : invalid(`${name} is invalid`);
}

const shapes: Partial<Record<FieldKind["kind"], RegExp>> = {
  instant: /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/,
  day: /^\d{4}-\d{2}-\d{2}$/,
  clock: /^([01]\d|2[0-3]):[0-5]\d$/,
};

/** Amounts are documented as numbers in samples and as strings in tables: both are taken, numbers are stored. */
function readAmount(name: string, value: Json): number {
  const amount = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof amount === "number" && Number.isFinite(amount) ? amount : invalid(`${name} must be a number`);
}

function readFlag(name: string, value: Json): boolean {
  if (value === true || value === "true") return true;
  return value === false || value === "false" ? false : invalid(`${name} must be a boolean`);
}

function isThere(store: Store, collection: string, uuid: string): boolean {
  const record = store.get(collection, uuid);
  return record !== undefined && !isDeleted(record);
}

export function isDeleted(record: JsonRecord): boolean {
  return typeof record["deleted_at"] === "string";
}
