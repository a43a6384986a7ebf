import type { Dials } from "../kit/dials.ts";
import type { Json, JsonRecord } from "../kit/json.ts";

/**
 * Prints the given fields in order. Every field of Rotor's replies is optional: what has no value is left out, or null
 * if the dial `noValue` says so; the dial `leftOut` names fields that are never printed.
 */
export function printFields(dials: Dials, fields: [name: string, value: Json | undefined][]): JsonRecord {
  const leftOut = dials.text("leftOut").split(",");
  const nulls = dials.text("noValue") === "null";
  const printed: JsonRecord = {};
  for (const [name, value] of fields) {
    if (leftOut.includes(name)) continue;
    if (value !== undefined && value !== null) printed[name] = value;
    else if (nulls) printed[name] = null;
  }
  return printed;
}

/** The named fields of a record, as pairs for `printFields`. */
export function fieldsOf(record: JsonRecord, names: string[]): [string, Json | undefined][] {
  return names.map((name) => [name, record[name]]);
}
