import { isRecord, type Json, type JsonRecord, sameJson } from "./kit/json.ts";

/** One line for each record or field that differs between two dumps of collections (collection -> key -> record). */
export function differences(before: JsonRecord, after: JsonRecord): string[] {
  return unionOfKeys(before, after).flatMap((collection) => {
    const old = recordOf(before[collection]);
    const now = recordOf(after[collection]);
    return unionOfKeys(old, now).flatMap((key) => differencesOfRecord(`${collection} ${key}`, old[key], now[key]));
  });
}

function differencesOfRecord(name: string, old: Json | undefined, now: Json | undefined): string[] {
  if (old === undefined) return [`+ ${name}`];
  if (now === undefined) return [`- ${name}`];
  const left = recordOf(old);
  const right = recordOf(now);
  return unionOfKeys(left, right)
    .filter((field) => !sameJson(left[field], right[field]))
    .map((field) => `~ ${name} ${field}: ${show(left[field])} -> ${show(right[field])}`);
}

function unionOfKeys(left: JsonRecord, right: JsonRecord): string[] {
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
}

function recordOf(value: Json | undefined): JsonRecord {
  return isRecord(value) ? value : {};
}

function show(value: Json | undefined): string {
  return value === undefined ? "(absent)" : JSON.stringify(value);
}
