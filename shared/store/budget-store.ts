import type { BudgetStore, BudgetWindow } from "#shared/connectors/budget.ts";
import { type Item, maybeText } from "./attributes.ts";
import { type Dynamo, keyItem } from "./dynamo.ts";
import { keys } from "./table.ts";

const attempts = 30;

/**
 * Requests counted per connection and window in one item (law 12): attribute `<window>` holds the count, `<window>At`
 * the start of the window it counts. Each take is one conditional update on the item's version of itself, so that all
 * windows are counted or none. A counter of an earlier window counts as zero.
 */
export function budgetStore(dynamo: Dynamo, company: string): BudgetStore {
  return {
    take: async (connection, windows, n) => {
      if (windows.length === 0) return { granted: true };
      const key = keys.budget(company, connection);
      for (let attempt = 0; attempt < attempts; attempt++) {
        const item = await dynamo.get(key);
        const full = windows.filter((window) => countIn(item, window) + n > window.limit);
        const last = full.toSorted((a, b) => (a.endsAt < b.endsAt ? 1 : -1))[0];
        if (last) return { granted: false, retryAt: last.endsAt, window: last.name };
        const counted = windows.map((window) => ({ ...window, used: countIn(item, window) + n }));
        if (await write(dynamo, key, item, counted)) return { granted: true };
      }
      // So many others count at this instant that the shortest window is as good as full.
      const first = windows.toSorted((a, b) => (a.endsAt < b.endsAt ? -1 : 1))[0];
      return { granted: false, ...(first ? { retryAt: first.endsAt, window: first.name } : {}) };
    },
    note: async (connection, window, used, limit) => {
      const key = keys.budget(company, connection);
      for (let attempt = 0; attempt < attempts; attempt++) {
        const item = await dynamo.get(key);
        const count = Math.max(used, countIn(item, window));
        const known = item?.[`${window.name}Limit`]?.N === String(limit);
        if (known && count === countIn(item, window)) return;
        if (await write(dynamo, key, item, [{ ...window, used: count, stated: limit }])) return;
      }
    },
  };
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
): Promise<boolean> {
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
  return dynamo.put(next, condition);
}
