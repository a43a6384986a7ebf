import type { Json, JsonRecord } from "../kit/json.ts";
import type { Context } from "../kit/vendor.ts";

/** The record another one names, whole or by the given fields; null when it names none or none is there. */
export function related(
  context: Context,
  collection: string,
  uuid: Json | undefined,
  names?: string[],
): JsonRecord | null {
  const record = typeof uuid === "string" ? context.store.get(collection, uuid) : undefined;
  if (!record) return null;
  return names ? Object.fromEntries(names.map((name) => [name, record[name] ?? null])) : record;
}
