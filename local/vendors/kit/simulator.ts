import { type Dials, readDials } from "./dials.ts";
import type { Entry, EntryDraft } from "./entry.ts";
import { applyEntry } from "./fold.ts";
import type { LogFile } from "./log.ts";
import { openLog } from "./log.ts";
import type { Vendor } from "./vendor.ts";
import { type Account, emptyWorld, type World, worldNow } from "./world.ts";

export type Usage = { total: number; byStatus: Record<string, number>; byOperation: Record<string, number> };

/** A running vendor: its declaration, its state, its log, and counters that a restart may lose. */
export type Simulator = {
  vendor: Vendor;
  world: World;
  log: LogFile;
  usage: Map<string, Usage>;
  meters: Map<string, number>;
  /** Serialises everything that moves the clock or delivers webhooks. */
  turn: Promise<unknown>;
  timer: NodeJS.Timeout | undefined;
  closed: boolean;
};

/** Opens a vendor on a folder: an empty log begins a new world, an old one is replayed to exactly the state it left. */
export function openSimulator(vendor: Vendor, dataDir: string, seed: number): Simulator {
  const log = openLog(dataDir, vendor.id);
  const world = emptyWorld(vendor.id, seed);
  for (const entry of log.entries) applyEntry(world, entry, Object.keys(vendor.collections));
  const sim: Simulator = {
    vendor,
    world,
    log,
    usage: new Map(),
    meters: new Map(),
    turn: Promise.resolve(),
    timer: undefined,
    closed: false,
  };
  if (log.entries.length === 0) {
    const control = { begin: { vendor: vendor.id, seed } };
    record(sim, { account: null, kind: "control", operation: "begin", control, effect: true, answered: true });
  }
  return sim;
}

/** The only way state changes: the entry is appended to the log, then applied. */
export function record(sim: Simulator, draft: EntryDraft): Entry {
  const entry: Entry = { seq: sim.world.seq + 1, at: worldNow(sim.world), ...draft };
  sim.log.append(entry);
  applyEntry(sim.world, entry, Object.keys(sim.vendor.collections));
  return entry;
}

export function dialsOf(sim: Simulator, account: Account | undefined): Dials {
  return readDials(sim.vendor.dials, account ? [account.dials, sim.world.dials] : [sim.world.dials]);
}

/** Runs `work` after whatever else moves the clock or delivers. */
export function inTurn<T>(sim: Simulator, work: () => Promise<T>): Promise<T> {
  const mine = sim.turn.then(work);
  // A failure belongs to whoever asked for `work`; the next in turn goes on either way.
  sim.turn = Promise.allSettled([mine]);
  return mine;
}

/** Counts one request for `GET requests`; `status` is "none" when no whole answer was given. */
export function countRequest(sim: Simulator, account: string, operation: string, status: string): void {
  const usage = sim.usage.get(account) ?? { total: 0, byStatus: {}, byOperation: {} };
  usage.total += 1;
  usage.byStatus[status] = (usage.byStatus[status] ?? 0) + 1;
  usage.byOperation[operation] = (usage.byOperation[operation] ?? 0) + 1;
  sim.usage.set(account, usage);
}
