import type { BudgetLimits } from "#shared/domain/policy.ts";
import { instantMillis } from "#shared/domain/time.ts";
import type { Purpose } from "./vendor-client.ts";

/**
 * One window of a limit, counted where all functions see it (law 12). `name` is the counter: `second`, `minute`, `day`,
 * `month` count our own requests against our share; `day-all`, `month-all` count everybody's against the vendor's limit
 * and are raised to what the vendor itself states.
 */
export interface BudgetWindow {
  readonly name: string;
  /** ISO; a counter that was started earlier counts as zero. */
  readonly startsAt: string;
  readonly endsAt: string;
  /** Requests this purpose may bring the counter to. */
  readonly limit: number;
}

/** The port: the store's handle is bound to one company. */
export interface BudgetStore {
  /**
   * Adds n to every window's counter, or to none when one of them would pass its limit. Denied, it says which window
   * and when that one ends.
   */
  take(
    connection: string,
    windows: readonly BudgetWindow[],
    n: number,
  ): Promise<{ readonly granted: boolean; readonly retryAt?: string; readonly window?: string }>;
  /** The vendor's own count of a window: the counter becomes at least `used`; `limit` is kept to be shown. */
  note(
    connection: string,
    window: { readonly name: string; readonly startsAt: string },
    used: number,
    limit: number,
  ): Promise<void>;
}

export type WindowLength = "second" | "minute" | "day" | "month";

/** Where the window of this length that holds `now` starts and ends. A day starts at `dayResets`, a month on its 1st, UTC. */
export function windowAt(
  length: WindowLength,
  now: string,
  dayResets = "00:00Z",
): { readonly startsAt: string; readonly endsAt: string } {
  const millis = instantMillis(now);
  if (length === "month") {
    const at = new Date(millis);
    const month = (ahead: number): string =>
      new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + ahead)).toISOString();
    return { startsAt: month(0), endsAt: month(1) };
  }
  const size = { second: 1_000, minute: 60_000, day: 86_400_000 }[length];
  const shift = length === "day" ? (Number(dayResets.slice(0, 2)) * 60 + Number(dayResets.slice(3, 5))) * 60_000 : 0;
  const start = Math.floor((millis - shift) / size) * size + shift;
  return { startsAt: new Date(start).toISOString(), endsAt: new Date(start + size).toISOString() };
}

/** How many reserves a purpose leaves untouched: people and write-back none, live reads one, sweeps and backfill two. */
const leaves: Readonly<Record<Purpose, number>> = { person: 0, write: 0, live: 1, sweep: 2, backfill: 2 };

/**
 * The windows one request must fit in. Our share is a cap of ours on every limit; the reserve is taken off days and
 * months only, because shorter windows come again before anyone notices.
 */
export function windowsOf(limits: BudgetLimits, purpose: Purpose, now: string): readonly BudgetWindow[] {
  const share = limits.share ?? 1;
  const kept = (limits.reserve ?? 0) * leaves[purpose];
  const windows: BudgetWindow[] = [];
  const add = (length: WindowLength, limit: number | undefined): void => {
    if (limit === undefined) return;
    const at = windowAt(length, now, limits.dayResets);
    const long = length === "day" || length === "month";
    const ours = Math.max(1, Math.floor(limit * share + 1e-9));
    windows.push({ name: length, ...at, limit: long ? Math.max(0, ours - kept) : ours });
    if (long) windows.push({ name: `${length}-all`, ...at, limit: Math.max(0, limit - kept) });
  };
  add("second", limits.perSecond);
  add("minute", limits.perMinute);
  add("day", limits.perDay);
  add("month", limits.perMonth);
  return windows;
}

/** The connection's own limits over the ones the vendor documents. */
export function limitsOf(documented: BudgetLimits | undefined, configured: BudgetLimits | undefined): BudgetLimits {
  return { ...documented, ...configured };
}

/** Name of the limit for a failure: our own cap, or the vendor's length of window. */
export function limitName(window: string | undefined, limits: BudgetLimits): string {
  if (window === undefined) return "share";
  if (window.endsWith("-all")) return window.slice(0, -4);
  return (limits.share ?? 1) < 1 ? "share" : window;
}

/** A budget kept in this process: for tests and for a single command at a terminal. */
export function budgetInMemory(): BudgetStore & { readonly counts: ReadonlyMap<string, number> } {
  const counts = new Map<string, number>();
  const key = (connection: string, window: { readonly name: string; readonly startsAt: string }): string =>
    `${connection} ${window.name} ${window.startsAt}`;
  return {
    counts,
    take: async (connection, windows, n) => {
      const full = windows.filter((window) => (counts.get(key(connection, window)) ?? 0) + n > window.limit);
      const last = full.toSorted((a, b) => (a.endsAt < b.endsAt ? 1 : -1))[0];
      if (last) return { granted: false, retryAt: last.endsAt, window: last.name };
      for (const window of windows) counts.set(key(connection, window), (counts.get(key(connection, window)) ?? 0) + n);
      return { granted: true };
    },
    note: async (connection, window, used) => {
      counts.set(key(connection, window), Math.max(used, counts.get(key(connection, window)) ?? 0));
    },
  };
}
