import type { Json, JsonRecord } from "./json.ts";

export type Change = { collection: string; key: string; before: JsonRecord | null; after: JsonRecord | null };

export type Webhook = {
  id: string;
  url: string;
  secret: string;
  events: string[] | null;
  enabled: boolean;
  failures: number;
  /** Only in the entry that takes the webhook away. */
  removed?: true;
};

/** One attempt at a delivery and what came of it. */
export type SentDelivery = {
  id: string;
  webhook: string;
  event: string;
  attempt: number;
  accepted: boolean;
  at: string;
};

export type Delivery = {
  id: string;
  webhook: string;
  event: string;
  body: Json;
  /** When the change happened, and when the next attempt is due (ISO). */
  eventAt: string;
  dueAt: string;
  attempts: number;
  coalesce?: string;
  /** Held back beyond the time in which events are merged: from then on no other takes its place. */
  sealedAt?: string;
};

export type EditOperation = "create" | "update" | "remove";
export type PlantedEdit = {
  id: string;
  sequence: number;
  at: string;
  collection: string;
  key: string;
  op: EditOperation;
  fields: JsonRecord;
  touch: boolean;
  notify: boolean;
  label: string | null;
};

export type FaultKind =
  | "delay"
  | "status"
  | "reset-before"
  | "reset-after"
  | "truncate"
  | "content-type"
  | "html"
  | "timeout-after";
export type Fault = {
  id: string;
  account: string | null;
  method: string | null;
  path: string | null;
  kind: FaultKind;
  status: number | null;
  body: Json | null;
  headers: Record<string, string>;
  ms: number | null;
  /** Null: no limit. */
  left: number | null;
  from: string | null;
  until: string | null;
};

export type Account = {
  id: string;
  credentials: Record<string, string>;
  settings: JsonRecord;
  collections: Map<string, Map<string, JsonRecord>>;
  dials: JsonRecord;
  counters: Record<string, number>;
  webhooks: Webhook[];
  edits: PlantedEdit[];
  knownEdits: Set<string>;
  outbox: Map<string, Delivery>;
  /** What a record was before the last API write, for reads that lag. */
  recent: Map<string, { before: JsonRecord | null; at: string }>;
  /** The last attempts at deliveries. */
  sent: SentDelivery[];
};

export type World = {
  vendor: string;
  seed: number;
  /** Null: real time. */
  now: string | null;
  seq: number;
  accounts: Map<string, Account>;
  dials: JsonRecord;
  faults: Fault[];
  faultCount: number;
};

export function emptyWorld(vendor: string, seed: number): World {
  return { vendor, seed, now: null, seq: 0, accounts: new Map(), dials: {}, faults: [], faultCount: 0 };
}

export function emptyAccount(id: string, collections: string[]): Account {
  return {
    id,
    credentials: {},
    settings: {},
    collections: new Map(collections.map((name) => [name, new Map<string, JsonRecord>()])),
    dials: {},
    counters: {},
    webhooks: [],
    edits: [],
    knownEdits: new Set(),
    outbox: new Map(),
    recent: new Map(),
    sent: [],
  };
}

/** The simulated instant: what was set, else the machine's own time. */
export function worldNow(world: World): string {
  return world.now ?? new Date().toISOString();
}

export function accountOf(world: World, id: string): Account {
  const account = world.accounts.get(id);
  if (!account) throw new Error(`no account ${id}`);
  return account;
}

/** The records of a collection by key; throws when the vendor has no such collection. */
export function collectionOf(account: Account, name: string): Map<string, JsonRecord> {
  const records = account.collections.get(name);
  if (!records) throw new Error(`no collection ${name}`);
  return records;
}
