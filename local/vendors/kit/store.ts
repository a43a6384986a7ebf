import { createHash } from "node:crypto";
import { type Json, type JsonRecord, mergeOneLevel, sameJson } from "./json.ts";
import type { CollectionSheet, Vendor } from "./vendor.ts";
import { type Account, type Change, collectionOf } from "./world.ts";

/** One request's view of an account: reads see its own writes; nothing is kept until the kit takes `changes()` into the log. */
export type Store = {
  get(collection: string, key: string): JsonRecord | undefined;
  /** All records in order of creation or load. */
  list(collection: string): JsonRecord[];
  /** Like get and list, but a record written within the last `lagMs` of simulated time shows as it was before. */
  seen(collection: string, lagMs: number): JsonRecord[];
  /** Stores a new record; created and modified times are stamped unless the record carries them. */
  create(collection: string, record: JsonRecord): JsonRecord;
  /** Replaces the named fields; the modified time moves only if something really changed and `touch` is not false. */
  update(
    collection: string,
    key: string,
    fields: JsonRecord,
    options?: { touch?: boolean; oneLevel?: boolean },
  ): JsonRecord;
  /** Takes the record away, or marks it where the collection keeps deleted records. False when there was none. */
  remove(collection: string, key: string, options?: { touch?: boolean }): boolean;
  /** The next number of a named counter of this account, at least `from`. */
  nextNumber(counter: string, from?: number): number;
  /** A UUID made from seed, account and a counter: the same run gives the same ids. */
  uuid(): string;
  changes(): Change[];
  counters(): Record<string, number>;
};

type Overlay = Map<string, { change: Change }>;

export function openStore(
  vendor: Vendor,
  account: Account,
  options: { now: string; seed: number; seq: number },
): Store {
  const overlay: Overlay = new Map();
  const counters: Record<string, number> = {};
  const stamp = () => vendor.stamp?.(options.now, options.seq, account) ?? options.now;
  const sheetOf = (collection: string): CollectionSheet => {
    const sheet = vendor.collections[collection];
    if (!sheet) throw new Error(`${vendor.id} has no collection ${collection}`);
    return sheet;
  };
  const get = (collection: string, key: string): JsonRecord | undefined => {
    const changed = overlay.get(`${collection}/${key}`);
    if (changed) return changed.change.after ?? undefined;
    return collectionOf(account, collection).get(key);
  };
  const put = (collection: string, key: string, after: JsonRecord | null): void => {
    const before = collectionOf(account, collection).get(key) ?? null;
    overlay.set(`${collection}/${key}`, { change: { collection, key, before, after } });
  };
  const nextNumber = (counter: string, from = 1): number => {
    const last = counters[counter] ?? account.counters[counter] ?? from - 1;
    const next = Math.max(last + 1, from);
    counters[counter] = next;
    return next;
  };
  const touched = (sheet: CollectionSheet, record: JsonRecord, touch: boolean): JsonRecord =>
    touch && sheet.modified !== undefined ? { ...record, [sheet.modified]: stamp() } : record;

  const update: Store["update"] = (collection, key, fields, how = {}) => {
    const old = get(collection, key);
    if (!old) throw new Error(`${collection} ${key} is not there`);
    const merged = how.oneLevel ? mergeOneLevel(old, fields) : { ...old, ...fields };
    if (sameJson(old, merged)) return old;
    const sheet = sheetOf(collection);
    const carries = sheet.modified !== undefined && fields[sheet.modified] !== undefined;
    const after = touched(sheet, merged, how.touch !== false && !carries);
    put(collection, key, after);
    return after;
  };

  return {
    get,
    list: (collection) => listWith(account, overlay, collection),
    seen: (collection, lagMs) =>
      lagging(account, collection, listWith(account, overlay, collection), sheetOf(collection), options.now, lagMs),
    create: (collection, record) => {
      const sheet = sheetOf(collection);
      const key = String(record[sheet.key] ?? "");
      if (key === "") throw new Error(`a record of ${collection} needs ${sheet.key}`);
      const after: JsonRecord = { ...record };
      if (sheet.created !== undefined) after[sheet.created] ??= stamp();
      if (sheet.modified !== undefined) after[sheet.modified] ??= stamp();
      put(collection, key, after);
      return after;
    },
    update,
    remove: (collection, key, how = {}) => {
      if (!get(collection, key)) return false;
      const { softDelete } = sheetOf(collection);
      if (softDelete === undefined) put(collection, key, null);
      else update(collection, key, { [softDelete]: stamp() }, how);
      return true;
    },
    nextNumber,
    uuid: () => deterministicUuid(`${vendor.id}/${options.seed}/${account.id}/${nextNumber("uuid")}`),
    changes: () =>
      [...overlay.values()].map(({ change }) => change).filter(({ before, after }) => !same(before, after)),
    counters: () => ({ ...counters }),
  };
}

/** A version 4 shaped UUID that depends on nothing but the text. */
export function deterministicUuid(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const variant = "89ab"[Number.parseInt(hex.charAt(16), 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function same(before: JsonRecord | null, after: JsonRecord | null): boolean {
  const left: Json = before;
  const right: Json = after;
  return sameJson(left, right);
}

function listWith(account: Account, overlay: Overlay, collection: string): JsonRecord[] {
  const records = new Map(collectionOf(account, collection));
  for (const { change } of overlay.values()) {
    if (change.collection !== collection) continue;
    if (change.after === null) records.delete(change.key);
    else records.set(change.key, change.after);
  }
  return [...records.values()];
}

function lagging(
  account: Account,
  collection: string,
  records: JsonRecord[],
  sheet: CollectionSheet,
  now: string,
  lagMs: number,
): JsonRecord[] {
  if (lagMs <= 0) return records;
  return records.flatMap((record) => {
    const recent = account.recent.get(`${collection}/${String(record[sheet.key])}`);
    if (!recent || Date.parse(now) - Date.parse(recent.at) >= lagMs) return [record];
    return recent.before === null ? [] : [recent.before];
  });
}
