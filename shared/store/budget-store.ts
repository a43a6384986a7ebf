import type { BudgetStore, BudgetWindow } from "#shared/connectors/budget.ts";
import { type Item, integer, maybeText } from "./attributes.ts";
import { atVersion, type Dynamo, keyItem } from "./dynamo.ts";
import { type Key, keys } from "./table.ts";

const attempts = 30;

/**
 * Requests counted per connection and window in one item (law 12): attribute `<window>` holds the count, `<window>At`
 * the start of the window it counts. A take is a conditional put on the item's version, so that all its windows are
 * counted or none. A counter of an earlier window counts as zero. Within one process a connection's counter does one
 * thing at a time, and takes that wait for it go in one put: streams read side by side do not stand in each other's
 * way. What this store wrote last is tried first: who is alone at a connection counts without reading, and nobody is
 * refused by what was only remembered.
 */
export function budgetStore(dynamo: Dynamo, company: string): BudgetStore {
  const counters = new Map<string, Counter>();
  const counterOf = (connection: string): Counter => {
    const counter = counters.get(connection) ?? counterAt(dynamo, keys.budget(company, connection));
    counters.set(connection, counter);
    return counter;
  };
  return {
    take: (connection, windows, n) => {
      if (windows.length === 0) return Promise.resolve({ granted: true });
      const counter = counterOf(connection);
      const answer = Promise.withResolvers<Taken>();
      counter.waiting.push({ windows, n, answer });
      if (counter.waiting.length === 1) void counter.inTurn(() => takeTogether(counter, counter.waiting.splice(0)));
      return answer.promise;
    },
    note: (connection, window, used, limit) => {
      const counter = counterOf(connection);
      return counter.inTurn(() => noteAt(counter, window, used, limit));
    },
  };
}

type Taken = Awaited<ReturnType<BudgetStore["take"]>>;

interface Ask {
  readonly windows: readonly BudgetWindow[];
  readonly n: number;
  readonly answer: { resolve(taken: Taken): void; reject(cause: unknown): void };
}

/** One connection's item as one process sees it. */
interface Counter {
  /** Takes that nobody has begun. */
  readonly waiting: Ask[];
  /** Begins when what was asked before has ended. */
  inTurn<Value>(work: () => Promise<Value>): Promise<Value>;
  /** As this store wrote it last; others may have counted since. */
  known(): Item | undefined;
  read(): Promise<Item | undefined>;
  /** False when another was first. `alone`: nobody else was seen at it, so it is worth remembering. */
  write(item: Item | undefined, counted: Item, alone: boolean): Promise<boolean>;
}

function counterAt(dynamo: Dynamo, key: Key): Counter {
  let remembered: Item | undefined;
  let before: Promise<unknown> = Promise.resolve();
  return {
    waiting: [],
    inTurn: (work) => {
      const mine = before.then(work);
      // Whoever asked hears of a failure; the next in turn begins all the same.
      before = Promise.allSettled([mine]);
      return mine;
    },
    known: () => remembered,
    read: () => dynamo.get(key),
    write: async (item, counted, alone) => {
      const version = item ? integer(item, "v") : 0;
      const next: Item = { ...counted, ...keyItem(key), v: { N: String(version + 1) } };
      remembered = undefined;
      const done = await dynamo.put(next, atVersion(version));
      if (done && alone) remembered = next;
      return done;
    },
  };
}

/** Grants in the order asked what has room; one put for all of them. */
async function takeTogether(counter: Counter, asks: readonly Ask[]): Promise<void> {
  try {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const known = counter.known();
      const remains = known !== undefined && shareOut(known, asks).taken.every(({ granted }) => granted);
      const item = remains ? known : await counter.read();
      const { taken, counted } = shareOut(item, asks);
      const someone = taken.some(({ granted }) => granted);
      if (someone && !(await counter.write(item, counted, attempt === 0))) continue;
      for (const [index, { answer }] of asks.entries()) answer.resolve(taken[index] ?? { granted: false });
      return;
    }
    // So many others count at this instant that the shortest window is as good as full.
    for (const { windows, answer } of asks) answer.resolve(refusedBy(windows.toSorted(byEnd)[0]));
  } catch (cause) {
    for (const { answer } of asks) answer.reject(cause);
  }
}

/** What each is told, and the item with what was granted counted in it. */
function shareOut(item: Item | undefined, asks: readonly Ask[]): { readonly taken: Taken[]; readonly counted: Item } {
  let counted: Item = item ?? {};
  const taken = asks.map(({ windows, n }): Taken => {
    const full = fullOf(counted, windows, n);
    if (full) return refusedBy(full);
    const more = windows.map((window) => ({ ...window, used: countIn(counted, window) + n }));
    counted = withCounts(counted, more);
    return { granted: true };
  });
  return { taken, counted };
}

/** The vendor's own count: raised to it, never lowered. */
async function noteAt(
  counter: Counter,
  window: Pick<BudgetWindow, "name" | "startsAt">,
  used: number,
  limit: number,
): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const item = counter.known() ?? (await counter.read());
    const count = Math.max(used, countIn(item, window));
    const known = item?.[`${window.name}Limit`]?.N === String(limit);
    if (known && count === countIn(item, window)) return;
    const counted = withCounts(item ?? {}, [{ ...window, used: count, stated: limit }]);
    if (await counter.write(item, counted, attempt === 0)) return;
  }
}

const byEnd = (a: BudgetWindow, b: BudgetWindow): number => (a.endsAt < b.endsAt ? -1 : 1);

function refusedBy(full: BudgetWindow | undefined): Taken {
  return { granted: false, ...(full ? { retryAt: full.endsAt, window: full.name } : {}) };
}

/** The window without room for `n` more, the one that ends last; undefined when all have room. */
function fullOf(item: Item | undefined, windows: readonly BudgetWindow[], n: number): BudgetWindow | undefined {
  return windows
    .filter((window) => countIn(item, window) + n > window.limit)
    .toSorted(byEnd)
    .at(-1);
}

interface Counted extends Pick<BudgetWindow, "name" | "startsAt"> {
  readonly used: number;
  readonly stated?: number;
}

function countIn(item: Item | undefined, window: Pick<BudgetWindow, "name" | "startsAt">): number {
  if (!item || maybeText(item, `${window.name}At`) !== window.startsAt) return 0;
  return Number(item[window.name]?.N ?? 0);
}

function withCounts(item: Item, counted: readonly Counted[]): Item {
  const next: Record<string, Item[string]> = { ...item };
  for (const { name, startsAt, used, stated } of counted) {
    next[name] = { N: String(used) };
    next[`${name}At`] = { S: startsAt };
    if (stated !== undefined) next[`${name}Limit`] = { N: String(stated) };
  }
  return next;
}
