export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonRecord = { [key: string]: Json };

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Equality of two JSON values; the order of keys does not count, the order of arrays does. */
export function sameJson(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, at) => sameJson(item, right[at]));
  }
  if (!isRecord(left) || !isRecord(right)) return false;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => sameJson(left[key], right[key]));
}

/** Merges `fields` into `record`: objects one level down are merged key by key, arrays and plain values are replaced. */
export function mergeOneLevel(record: JsonRecord, fields: JsonRecord): JsonRecord {
  const merged: JsonRecord = { ...record };
  for (const [name, value] of Object.entries(fields)) {
    const old = merged[name];
    merged[name] = isRecord(old) && isRecord(value) ? { ...old, ...value } : value;
  }
  return merged;
}

/** Parses text as JSON; `undefined` when it is not JSON at all. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isParsed(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whatever JSON.parse gave is JSON; only the type has to be told. */
function isParsed(value: unknown): value is Json {
  return value !== undefined;
}

/** A value as the text of a key, a name or an instant: strings and numbers as they read, anything else is "". */
export function textOf(value: Json | undefined): string {
  if (typeof value === "string") return value;
  return typeof value === "number" ? `${value}` : "";
}
