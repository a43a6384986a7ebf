import type { JsonRecord } from "../kit/json.ts";
import type { Reply } from "../kit/vendor.ts";

/** Fleetio's problem body: status, title, detail, instance. */
export function problem(status: number, title: string, detail: string, instance = ""): Reply {
  return { status, body: { status, title, detail, instance } };
}

/** 400 for parameters: `{"errors": {"<parameter>": ["..."]}}`. */
export function badParameter(name: string, sentence: string): Reply {
  return { status: 400, body: { errors: { [name]: [sentence] } } };
}

/** 422 for a record that cannot be saved so: `{"errors": {"<field>": ["..."]}}`. */
export function unsaved(errors: Record<string, string[]>): Reply {
  const body: JsonRecord = { errors };
  return { status: 422, body };
}

export function notFound(path: string): Reply {
  return problem(404, "Not Found", "The requested resource could not be found.", path);
}

/** Fields that a reader never sees: the lock of the shop network, and what begins with an underscore. */
export function printedEntry(record: JsonRecord, withTimes: boolean): JsonRecord {
  const shown: JsonRecord = {};
  for (const [name, value] of Object.entries(record)) {
    if (name === "locked" || name.startsWith("_")) continue;
    if (!withTimes && (name === "created_at" || name === "updated_at")) continue;
    shown[name] = value;
  }
  return shown;
}
