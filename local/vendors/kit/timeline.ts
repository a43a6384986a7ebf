import { deliver, deliveriesFor, firstDelivery } from "./outbox.ts";
import { dialsOf, inTurn, record, type Simulator } from "./simulator.ts";
import { openStore, type Store } from "./store.ts";
import { type Account, type Change, collectionOf, type Delivery, type PlantedEdit, worldNow } from "./world.ts";

type Due = { at: number; account: Account; edit: PlantedEdit } | { at: number; account: Account; delivery: Delivery };

/** The next thing that happens by itself: an edit before a delivery of the same instant. */
function nextDue(sim: Simulator): Due | undefined {
  let first: { account: Account; edit: PlantedEdit } | undefined;
  for (const account of sim.world.accounts.values()) {
    const edit = account.edits[0];
    if (edit && (!first || before(edit, first.edit))) first = { account, edit };
  }
  const sending = firstDelivery(sim);
  if (first && (!sending || Date.parse(first.edit.at) <= Date.parse(sending.delivery.dueAt))) {
    return { at: Date.parse(first.edit.at), ...first };
  }
  return sending && { at: Date.parse(sending.delivery.dueAt), ...sending };
}

function before(one: PlantedEdit, other: PlantedEdit): boolean {
  return (Date.parse(one.at) - Date.parse(other.at) || one.sequence - other.sequence) < 0;
}

/** Instant of the next planted edit or delivery, or null. */
export function nextInstant(sim: Simulator): string | null {
  const due = nextDue(sim);
  return due ? new Date(due.at).toISOString() : null;
}

/** Sets the clock to `now`: everything due until then happens first, in order, each at its own instant. */
export function setClock(
  sim: Simulator,
  now: string,
): Promise<{ applied: number; delivered: number; next: string | null }> {
  return inTurn(sim, async () => {
    const current = sim.world.now;
    if (current === null || Date.parse(now) < Date.parse(current)) logClock(sim, now);
    const counts = { applied: 0, delivered: 0 };
    for (let due = nextDue(sim); due && due.at <= Date.parse(now); due = nextDue(sim)) {
      if ("edit" in due) {
        applyEdit(sim, due.account, due.edit);
        counts.applied += 1;
      } else if (await deliver(sim, due.account.id, due.delivery)) counts.delivered += 1;
    }
    if (sim.world.now !== now) logClock(sim, now);
    return { ...counts, next: nextInstant(sim) };
  });
}

function logClock(sim: Simulator, now: string): void {
  record(sim, {
    account: null,
    kind: "control",
    operation: "clock",
    control: { clock: now },
    effect: true,
    answered: true,
  });
}

/**
 * Between clock settings: deliveries that are due go out at once, and under real time planted edits happen by themselves.
 * A clock that stands applies edits only when it is set.
 */
export function pump(sim: Simulator): void {
  if (sim.closed) return;
  clearTimeout(sim.timer);
  const due = waitingFor(sim);
  if (!due) return;
  const wait = due.at - Date.parse(worldNow(sim.world));
  if (wait > 0) {
    if (sim.world.now === null) sim.timer = setTimeout(() => pump(sim), Math.min(wait, 60_000)).unref();
    return;
  }
  void inTurn(sim, async () => {
    const found = waitingFor(sim);
    if (sim.closed || !found || found.at > Date.parse(worldNow(sim.world))) return;
    if ("edit" in found) applyEdit(sim, found.account, found.edit);
    else await deliver(sim, found.account.id, found.delivery);
  }).then(() => pump(sim));
}

function waitingFor(sim: Simulator): Due | undefined {
  if (sim.world.now === null) return nextDue(sim);
  const sending = firstDelivery(sim);
  return sending && { at: Date.parse(sending.delivery.dueAt), ...sending };
}

/** Carries out one planted edit at its own instant, as a person in the vendor's screens would. */
function applyEdit(sim: Simulator, account: Account, edit: PlantedEdit): void {
  const store = openStore(sim.vendor, account, { now: edit.at, seed: sim.world.seed, seq: sim.world.seq + 1 });
  const problem = carryOut(sim, account, edit, store);
  const changes = withConsequences(sim, account, store, { now: edit.at, source: "edit" });
  const outbox = edit.notify ? deliveriesFor(sim, account, changes, { at: edit.at, source: "edit" }) : undefined;
  const first = changes.find((change) => change.collection === edit.collection && change.key === edit.key);
  const also = changes.filter((change) => change !== first);
  record(sim, {
    at: edit.at,
    account: account.id,
    kind: "edit",
    operation: edit.op,
    collection: edit.collection,
    key: edit.key,
    ...(first ? { before: first.before, after: first.after } : {}),
    ...(also.length > 0 ? { also } : {}),
    ...(edit.label === null ? {} : { label: edit.label }),
    ...(problem === undefined ? {} : { body: { problem } }),
    ...entryExtras(account, store, outbox),
    edit: edit.id,
    effect: changes.length > 0,
    answered: true,
  });
}

function carryOut(sim: Simulator, account: Account, edit: PlantedEdit, store: Store): string | undefined {
  const sheet = sim.vendor.collections[edit.collection];
  if (!sheet) return `no collection ${edit.collection}`;
  const there = collectionOf(account, edit.collection).has(edit.key);
  if (edit.op === "create") {
    if (there) return "already there";
    store.create(edit.collection, { [sheet.key]: edit.key, ...edit.fields });
    return undefined;
  }
  if (!there) return "not there";
  if (edit.op === "remove") store.remove(edit.collection, edit.key, { touch: edit.touch });
  else store.update(edit.collection, edit.key, edit.fields, { touch: edit.touch, oneLevel: true });
  return undefined;
}

/** Lets the vendor draw its own consequences once from what was changed, and answers all changes. */
export function withConsequences(
  sim: Simulator,
  account: Account,
  store: Store,
  how: { now: string; source: "write" | "edit" },
): Change[] {
  const own = store.changes();
  for (const change of own) sim.vendor.onChange?.(change, store, { account, ...how, dials: dialsOf(sim, account) });
  return store.changes();
}

/** Counters and outbox of an entry, left out when nothing moved. */
export function entryExtras(
  account: Account,
  store: Store,
  outbox: ReturnType<typeof deliveriesFor> | undefined,
): { counters?: Record<string, number>; outbox?: { put: Delivery[]; drop: string[] } } {
  const counters = store.counters();
  if (outbox && outbox.made > 0) counters["delivery"] = (account.counters["delivery"] ?? 0) + outbox.made;
  return {
    ...(Object.keys(counters).length > 0 ? { counters } : {}),
    ...(outbox && outbox.made > 0 ? { outbox: { put: outbox.put, drop: outbox.drop } } : {}),
  };
}
