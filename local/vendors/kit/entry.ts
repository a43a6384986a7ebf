import type { Json, JsonRecord } from "./json.ts";
import type { Change, Delivery, Fault, PlantedEdit, SentDelivery, Webhook } from "./world.ts";

/** What a control entry did, in a form that can be applied again. */
export type Control =
  | { begin: { vendor: string; seed: number } }
  | { clock: string | null }
  | { account: { id: string; credentials: Record<string, string>; settings: JsonRecord } }
  | { dials: JsonRecord }
  | { fault: Fault }
  | { faultUsed: string }
  | { faultsCleared: true }
  | { webhook: Webhook };

export type EntryKind = "load" | "plant" | "edit" | "write" | "delivery" | "control";

/**
 * One line of the log. The state of a simulator is the fold of its entries (`fold.ts`) and nothing else.
 * `effect: false` = accepted but changed nothing; `answered: false` = the caller never saw the reply.
 */
export type Entry = {
  seq: number;
  at: string;
  account: string | null;
  kind: EntryKind;
  operation: string;
  method?: string;
  path?: string;
  body?: Json;
  status?: number;
  collection?: string;
  key?: string;
  before?: JsonRecord | null;
  after?: JsonRecord | null;
  /** Further records the same step changed, e.g. an invoice's balance after a payment. */
  also?: Change[];
  label?: string;
  effect: boolean;
  answered: boolean;
  control?: Control;
  collections?: Record<string, Record<string, JsonRecord>>;
  planted?: PlantedEdit[];
  /** The planted edit that this entry carried out. */
  edit?: string;
  counters?: Record<string, number>;
  outbox?: { put: Delivery[]; drop: string[] };
  webhook?: Webhook;
  /** One attempt at a delivery, for a vendor that lists them. */
  sent?: Omit<SentDelivery, "at">;
};

export type EntryDraft = Omit<Entry, "seq" | "at"> & { at?: string };

/** The records an entry changed: the one that was named first, then the others. */
export function changesOf(entry: EntryDraft): Change[] {
  const also = entry.also ?? [];
  if (entry.collection === undefined || entry.key === undefined) return also;
  if (entry.before === undefined && entry.after === undefined) return also;
  const first = {
    collection: entry.collection,
    key: entry.key,
    before: entry.before ?? null,
    after: entry.after ?? null,
  };
  return [first, ...also];
}

export function isEntry(value: unknown): value is Entry {
  if (typeof value !== "object" || value === null) return false;
  return "seq" in value && typeof value.seq === "number" && "kind" in value && typeof value.kind === "string";
}
