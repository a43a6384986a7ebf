import { type Control, changesOf, type Entry } from "./entry.ts";
import type { Json, JsonRecord } from "./json.ts";
import { type Account, accountOf, type Change, collectionOf, emptyAccount, type Webhook, type World } from "./world.ts";

/** How many attempts at deliveries an account remembers for a vendor that lists them. */
const SENT_KEPT = 200;

/** Applies one entry to the world. Live requests and a restart both go through here, so they cannot differ. */
export function applyEntry(world: World, entry: Entry, collections: string[]): void {
  world.seq = entry.seq;
  if (entry.control) applyControl(world, entry.control, entry.account, collections);
  if (entry.account === null) return;
  const account = accountOf(world, entry.account);
  if (entry.collections) loadCollections(account, entry.collections);
  if (entry.planted) {
    for (const edit of entry.planted) account.knownEdits.add(edit.id);
    account.edits = [...account.edits, ...entry.planted].sort(byInstant);
  }
  // Edits are carried out in order, so the one that was is the first.
  if (entry.edit !== undefined && account.edits[0]?.id === entry.edit) account.edits.shift();
  for (const change of changesOf(entry)) applyChange(account, change, entry);
  Object.assign(account.counters, entry.counters ?? {});
  for (const id of entry.outbox?.drop ?? []) account.outbox.delete(id);
  for (const delivery of entry.outbox?.put ?? []) account.outbox.set(delivery.id, delivery);
  if (entry.webhook) putWebhook(account, entry.webhook);
  if (entry.sent) account.sent = [...account.sent, { ...entry.sent, at: entry.at }].slice(-SENT_KEPT);
  if (entry.kind === "edit" || entry.kind === "delivery") moveForward(world, entry.at);
}

function applyControl(world: World, control: Control, accountId: string | null, collections: string[]): void {
  if ("begin" in control) world.seed = control.begin.seed;
  if ("clock" in control) world.now = control.clock;
  if ("account" in control) {
    const account = world.accounts.get(control.account.id) ?? emptyAccount(control.account.id, collections);
    account.credentials = control.account.credentials;
    account.settings = control.account.settings;
    world.accounts.set(account.id, account);
  }
  if ("dials" in control)
    Object.assign(accountId === null ? world.dials : accountOf(world, accountId).dials, control.dials);
  if ("fault" in control) {
    world.faults.push(control.fault);
    world.faultCount += 1;
  }
  if ("faultUsed" in control) useFault(world, control.faultUsed);
  if ("faultsCleared" in control) world.faults = [];
  if ("webhook" in control && accountId !== null) putWebhook(accountOf(world, accountId), control.webhook);
}

function useFault(world: World, id: string): void {
  world.faults = world.faults
    .map((fault) => (fault.id === id && fault.left !== null ? { ...fault, left: fault.left - 1 } : fault))
    .filter((fault) => fault.left === null || fault.left > 0);
}

function loadCollections(account: Account, loaded: Record<string, Record<string, JsonRecord>>): void {
  account.recent.clear();
  for (const [name, records] of account.collections) {
    records.clear();
    for (const [key, record] of Object.entries(loaded[name] ?? {})) records.set(key, frozen(record));
  }
}

function applyChange(account: Account, change: Change, entry: Entry): void {
  const records = collectionOf(account, change.collection);
  if (change.after === null) records.delete(change.key);
  else records.set(change.key, frozen(change.after));
  if (entry.kind !== "write") return;
  account.recent.set(`${change.collection}/${change.key}`, { before: change.before, at: entry.at });
}

/** A stored record changes only through an entry; a handler that writes into one it was given fails at once. */
function frozen<T extends Json>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values<Json>(value)) frozen(inner);
  return Object.freeze(value);
}

function putWebhook(account: Account, webhook: Webhook): void {
  const others = account.webhooks.filter((other) => other.id !== webhook.id);
  const kept = webhook.removed ? others : [...others, webhook];
  account.webhooks = kept.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function moveForward(world: World, at: string): void {
  if (world.now !== null && Date.parse(at) > Date.parse(world.now)) world.now = at;
}

function byInstant(a: { at: string; sequence: number }, b: { at: string; sequence: number }): number {
  return Date.parse(a.at) - Date.parse(b.at) || a.sequence - b.sequence;
}
