import { createHash } from "node:crypto";
import { type JsonRecord, mergeOneLevel, sameJson, textOf } from "./json.ts";
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

type Overlay = Map<string, Change>;
type Basis = { vendor: Vendor; account: Account; now: string; seed: number; seq: number };

/** Opens a view of an account at an instant; `seq` is the number the log entry will have. */
export function openStore(vendor: Vendor, account: Account, at: { now: string; seed: number; seq: number }): Store {
  const basis: Basis = { vendor, account, ...at };
  const overlay: Overlay = new Map();
  const counters: Record<string, number> = {};
  const get: Store["get"] = (collection, key) => {
    const changed = overlay.get(`${collection}/${key}`);
    return changed ? (changed.after ?? undefined) : collectionOf(account, collection).get(key);
  };
  const put = (collection: string, key: string, after: JsonRecord | null): void => {
    const before = collectionOf(account, collection).get(key) ?? null;
    overlay.set(`${collection}/${key}`, { collection, key, before, after });
  };
  const nextNumber: Store["nextNumber"] = (counter, from = 1) => {
    const last = counters[counter] ?? account.counters[counter] ?? from - 1;
    const next = Math.max(last + 1, from);
    counters[counter] = next;
    return next;
  };
  const list: Store["list"] = (collection) => listWith(account, overlay, collection);
  const uuid = () => deterministicUuid(`${vendor.id}/${at.seed}/${account.id}/${nextNumber("uuid")}`);
  return {
    get,
    list,
    seen: (collection, lagMs) => lagging(basis, collection, list(collection), lagMs),
    ...writesOf(basis, get, put),
    nextNumber,
    uuid,
    changes: () => [...overlay.values()].filter(({ before, after }) => !sameJson(before, after)),
    counters: () => ({ ...counters }),
  };
}

type Put = (collection: string, key: string, after: JsonRecord | null) => void;

function writesOf(basis: Basis, get: Store["get"], put: Put): Pick<Store, "create" | "update" | "remove"> {
  const stamp = () => basis.vendor.stamp?.(basis.now, basis.seq, basis.account) ?? basis.now;
  const update: Store["update"] = (collection, key, fields, how = {}) => {
    const old = get(collection, key);
    if (!old) throw new Error(`${collection} ${key} is not there`);
    const merged = how.oneLevel ? mergeOneLevel(old, fields) : { ...old, ...fields };
    if (sameJson(old, merged)) return old;
    const { modified } = sheetOf(basis.vendor, collection);
    const touches = how.touch !== false && modified !== undefined && fields[modified] === undefined;
    const after = touches ? { ...merged, [modified]: stamp() } : merged;
    put(collection, key, after);
    return after;
  };
  return {
    create: (collection, record) => {
      const sheet = sheetOf(basis.vendor, collection);
      const key = textOf(record[sheet.key]);
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
      const { softDelete } = sheetOf(basis.vendor, collection);
      if (softDelete === undefined) put(collection, key, null);
      else update(collection, key, { [softDelete]: stamp() }, how);
      return true;
    },
  };
}

function sheetOf(vendor: Vendor, collection: string): CollectionSheet {
  const sheet = vendor.collections[collection];
  if (!sheet) throw new Error(`${vendor.id} has no collection ${collection}`);
  return sheet;
}

/** A version 4 shaped UUID that depends on nothing but the text. */
export function deterministicUuid(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const variant = "89ab"[Number.parseInt(hex.charAt(16), 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function listWith(account: Account, overlay: Overlay, collection: string): JsonRecord[] {
  const records = new Map(collectionOf(account, collection));
  for (const change of overlay.values()) {
    if (change.collection !== collection) continue;
    if (change.after === null) records.delete(change.key);
    else records.set(change.key, change.after);
  }
  return [...records.values()];
}

function lagging(basis: Basis, collection: string, records: JsonRecord[], lagMs: number): JsonRecord[] {
  if (lagMs <= 0) return records;
  const { key } = sheetOf(basis.vendor, collection);
  return records.flatMap((record) => {
    const recent = basis.account.recent.get(`${collection}/${textOf(record[key])}`);
    if (!recent || Date.parse(basis.now) - Date.parse(recent.at) >= lagMs) return [record];
    return recent.before === null ? [] : [recent.before];
  });
}
