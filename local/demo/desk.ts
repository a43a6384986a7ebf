import { type DemoEdit, idOf, isRecord, type JsonRecord } from "./demo.ts";

/** How a collection names its key and its times, and how the vendor prints an instant. */
export type DeskSheet = { key: string; created?: string; modified?: string; deleted?: string };

export type Desk = {
  readonly account: string;
  create(at: string, collection: string, record: JsonRecord, why: string): void;
  /** Merges fields as a person's edit does: objects one level down are merged, arrays replaced. */
  change(at: string, collection: string, key: string, fields: JsonRecord, why: string, how?: { touch: boolean }): void;
  remove(at: string, collection: string, key: string, why: string): void;
  /** What stands on the first morning. */
  load(): Record<string, JsonRecord[]>;
  /** What happens after it, in order of time. */
  edits(): DemoEdit[];
};

/**
 * One account's paper. A job's life is told as acts at instants: those until `start` make up what the vendor holds on
 * the first morning, those after it become planted edits. Acts on one record must be told in order.
 */
export function openDesk(options: {
  account: string;
  start: string;
  sheet: (collection: string) => DeskSheet;
  stamp: (at: string, key: string) => string;
}): Desk {
  const { account, start, sheet, stamp } = options;
  const held = new Map<string, Map<string, JsonRecord>>();
  const edits: DemoEdit[] = [];
  const shelf = (collection: string): Map<string, JsonRecord> => {
    const found = held.get(collection) ?? new Map<string, JsonRecord>();
    held.set(collection, found);
    return found;
  };
  const before = (at: string): boolean => Date.parse(at) <= Date.parse(start);
  const edit = (one: Omit<DemoEdit, "account">): void => {
    edits.push({ account, ...one });
  };
  const amend = (at: string, collection: string, key: string, fields: JsonRecord, touch: boolean): void => {
    const old = shelf(collection).get(key);
    if (!old) throw new Error(`${account}: no ${collection} ${key}`);
    const modified = sheet(collection).modified;
    const moved: JsonRecord = touch && modified !== undefined ? { [modified]: stamp(at, key) } : {};
    shelf(collection).set(key, { ...merged(old, fields), ...moved });
  };
  return {
    account,
    create: (at, collection, record, why) => {
      const { key, created, modified } = sheet(collection);
      const id = idOf(record[key]);
      if (!before(at)) return edit({ at, collection, key: id, op: "create", fields: record, label: why });
      const times: JsonRecord = {};
      if (created !== undefined) times[created] = stamp(at, id);
      if (modified !== undefined) times[modified] = stamp(at, id);
      shelf(collection).set(id, { ...times, ...record });
    },
    change: (at, collection, key, fields, why, how = { touch: true }) => {
      if (before(at)) return amend(at, collection, key, fields, how.touch);
      edit({ at, collection, key, op: "update", fields, label: why, ...(how.touch ? {} : { touch: false }) });
    },
    remove: (at, collection, key, why) => {
      const { deleted } = sheet(collection);
      if (!before(at)) return edit({ at, collection, key, op: "remove", label: why });
      if (deleted === undefined) shelf(collection).delete(key);
      else amend(at, collection, key, { [deleted]: stamp(at, key) }, true);
    },
    load: () => Object.fromEntries([...held].map(([name, records]) => [name, [...records.values()]])),
    edits: () => edits.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)),
  };
}

function merged(old: JsonRecord, fields: JsonRecord): JsonRecord {
  const result: JsonRecord = { ...old };
  for (const [name, value] of Object.entries(fields)) {
    const was = result[name];
    result[name] = isRecord(was) && isRecord(value) ? { ...was, ...value } : value;
  }
  return result;
}
