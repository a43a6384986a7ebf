import type { Demo, DemoEdit, JsonRecord } from "#local/demo/demo.ts";
import { vendorNames } from "#local/demo/demo.ts";

/** Records of an account by collection and key. */
export type Shelves = Record<string, Record<string, JsonRecord>>;
/** Everything that stands anywhere, by account. */
export type Standing = Record<string, Shelves>;

const keyOf = (account: string): string => (account === "ctc-boulder" ? "uuid" : "id");

/** What stands on the first morning. */
export function openingOf(demo: Demo): Standing {
  const standing: Standing = {};
  for (const vendor of vendorNames)
    for (const { account, collections } of demo.load[vendor]) {
      const shelves: Shelves = {};
      for (const [name, records] of Object.entries(collections))
        shelves[name] = Object.fromEntries(records.map((record) => [String(record[keyOf(account)]), { ...record }]));
      standing[account] = shelves;
    }
  return standing;
}

/** All planted edits by instant, in order. */
export function instantsOf(demo: Demo): [string, DemoEdit[]][] {
  const edits = vendorNames.flatMap((vendor) => demo.edits[vendor]);
  const byInstant = Map.groupBy(edits, (edit) => edit.at);
  return [...byInstant].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Carries out one edit, as a person in the vendor's screens would. Shelves and records are replaced, never changed in place. */
export function carryOut(standing: Standing, edit: DemoEdit): void {
  const { account, collection, key } = edit;
  const old = standing[account]?.[collection]?.[key];
  if (edit.op === "create") return put(standing, account, collection, { [keyOf(account)]: key, ...edit.fields }, key);
  if (!old) throw new Error(`${edit.label}: no ${collection} ${key}`);
  if (edit.op === "update") return put(standing, account, collection, merged(old, edit.fields ?? {}), key);
  if (account === "ctc-boulder") return put(standing, account, collection, { ...old, deleted_at: edit.at }, key);
  const { [key]: _gone, ...rest } = standing[account]?.[collection] ?? {};
  standing[account] = { ...standing[account], [collection]: rest };
}

/** Lays one record on its shelf. */
export function put(standing: Standing, account: string, collection: string, record: JsonRecord, key: string): void {
  const shelves = standing[account] ?? {};
  standing[account] = { ...shelves, [collection]: { ...shelves[collection], [key]: record } };
}

/** What stands now, to be compared with later. */
export const copyOf = (standing: Standing): Standing => ({ ...standing });

/** What stands at an instant when nobody but people wrote. */
export function foldDemo(demo: Demo, until: string): Standing {
  const standing = openingOf(demo);
  for (const [at, edits] of instantsOf(demo)) {
    if (at > until) break;
    for (const edit of edits) carryOut(standing, edit);
  }
  return standing;
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function merged(old: JsonRecord, fields: JsonRecord): JsonRecord {
  const result: JsonRecord = { ...old };
  for (const [name, value] of Object.entries(fields)) {
    const was = result[name];
    result[name] = isRecord(was) && isRecord(value) ? { ...was, ...value } : value;
  }
  return result;
}

/** The records of a shelf for which the test holds. */
export function where(
  standing: Standing,
  account: string,
  collection: string,
  test: (record: JsonRecord) => boolean,
): JsonRecord[] {
  return Object.values(standing[account]?.[collection] ?? {}).filter(test);
}

const indexes = new WeakMap<object, Map<string, Map<unknown, JsonRecord[]>>>();

/** The records whose field (or `field.inner`) has the value, by an index of the shelf. */
export function having(
  standing: Standing,
  account: string,
  collection: string,
  field: string,
  value: unknown,
): JsonRecord[] {
  const shelf = standing[account]?.[collection];
  if (!shelf) return [];
  const known = indexes.get(shelf) ?? new Map<string, Map<unknown, JsonRecord[]>>();
  indexes.set(shelf, known);
  const [name = "", inner] = field.split(".");
  const index =
    known.get(field) ??
    Map.groupBy(Object.values(shelf), (one): unknown => (inner === undefined ? one[name] : of(one, name, inner)));
  known.set(field, index);
  return index.get(value) ?? [];
}

/** A field of a field: `of(invoice, "job", "id")`. */
export function of(record: JsonRecord, name: string, inner: string): unknown {
  const value = record[name];
  return isRecord(value) ? value[inner] : undefined;
}

export const collectionOf: Readonly<Record<string, string>> = {
  jobs: "jobs",
  "serviced-jobs": "jobs",
  "service-entries": "serviceEntries",
  payments: "payments",
};
