import type { BudgetStore, BudgetWindow } from "#shared/connectors/budget.ts";
import { type Item, maybeText } from "./attributes.ts";
import { type Dynamo, keyItem } from "./dynamo.ts";
import { keys } from "./table.ts";

const attempts = 30;

/**
 * Requests counted per connection and window in one item (law 12): attribute `<window>` holds the count, `<window>At`
 * the start of the window it counts. Each take is one conditional put on the item's version, so that all windows are
 * counted or none. A counter of an earlier window counts as zero. What this store wrote last is tried first: who is
 * alone at a connection counts without reading, and nobody is refused by what was only remembered.
 */
export function budgetStore(dynamo: Dynamo, company: string): BudgetStore {
  const remembered = new Map<string, Item>();
  const counterOf = (connection: string): Counter => {
    const key = keys.budget(company, connection);
    return {
      known: () => remembered.get(connection),
      read: () => dynamo.get(key),
      write: async (item, counted, alone) => {
        const after = await write(dynamo, key, item, counted);
        remembered.delete(connection);
        if (after && alone) remembered.set(connection, after);
        return after !== null;
      },
    };
  };
  return {
    take: async (connection, windows, n) => {
      if (windows.length === 0) return { granted: true };
      const counter = counterOf(connection);
      for (let attempt = 0; attempt < attempts; attempt++) {
        const known = counter.known();
        const remains = known !== undefined && fullOf(known, windows, n) === undefined;
        const item = remains ? known : await counter.read();
        const full = fullOf(item, windows, n);
        if (full) return { granted: false, retryAt: full.endsAt, window: full.name };
        const counted = windows.map((window) => ({ ...window, used: countIn(item, window) + n }));
        if (await counter.write(item, counted, attempt === 0)) return { granted: true };
      }
      // So many others count at this instant that the shortest window is as good as full.
      const first = windows.toSorted((a, b) => (a.endsAt < b.endsAt ? -1 : 1))[0];
      return { granted: false, ...(first ? { retryAt: first.endsAt, window: first.name } : {}) };
    },
    note: async (connection, window, used, limit) => {
      const counter = counterOf(connection);
      for (let attempt = 0; attempt < attempts; attempt++) {
        const item = counter.known() ?? (await counter.read());
        const count = Math.max(used, countIn(item, window));
        const known = item?.[`${window.name}Limit`]?.N === String(limit);
        if (known && count === countIn(item, window)) return;
        if (await counter.write(item, [{ ...window, used: count, stated: limit }], attempt === 0)) return;
      }
    },
  };
}

interface Counter {
  /** As this store wrote it last; others may have counted since. */
  known(): Item | undefined;
  read(): Promise<Item | undefined>;
  /** False when another was first. `alone`: nobody else was seen at it, so it is worth remembering. */
  write(item: Item | undefined, counted: readonly Counted[], alone: boolean): Promise<boolean>;
}

/** The window without room for `n` more, the one that ends last; undefined when all have room. */
function fullOf(item: Item | undefined, windows: readonly BudgetWindow[], n: number): BudgetWindow | undefined {
  const full = windows.filter((window) => countIn(item, window) + n > window.limit);
  return full.toSorted((a, b) => (a.endsAt < b.endsAt ? 1 : -1))[0];
}

interface Counted extends Pick<BudgetWindow, "name" | "startsAt"> {
  readonly used: number;
  readonly stated?: number;
}

function countIn(item: Item | undefined, window: Pick<BudgetWindow, "name" | "startsAt">): number {
  if (!item || maybeText(item, `${window.name}At`) !== window.startsAt) return 0;
  return Number(item[window.name]?.N ?? 0);
}

async function write(
  dynamo: Dynamo,
  key: ReturnType<typeof keys.budget>,
  item: Item | undefined,
  counted: readonly Counted[],
): Promise<Item | null> {
  const version = Number(item?.["v"]?.N ?? 0);
  const next: Item = { ...item, ...keyItem(key), v: { N: String(version + 1) } };
  for (const { name, startsAt, used, stated } of counted) {
    next[name] = { N: String(used) };
    next[`${name}At`] = { S: startsAt };
    if (stated !== undefined) next[`${name}Limit`] = { N: String(stated) };
  }
  const condition = item
    ? { expression: "v = :v", values: { ":v": { N: String(version) } } }
    : { expression: "attribute_not_exists(pk)" };
  return (await dynamo.put(next, condition)) ? next : null;
}
