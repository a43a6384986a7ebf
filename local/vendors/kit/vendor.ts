import type { DialSheet, Dials } from "./dials.ts";
import type { Json, JsonRecord } from "./json.ts";
import type { Store } from "./store.ts";
import type { Account, Change, Delivery, Webhook } from "./world.ts";

/** How a collection names its key and its times; a collection with `softDelete` keeps removed records and sets that field. */
export type CollectionSheet = { key: string; created?: string; modified?: string; softDelete?: string };

export type Reply = {
  status: number;
  body?: Json;
  /** Sent as it stands instead of a JSON body: a stored file. */
  text?: string;
  headers?: Record<string, string>;
  /** A webhook that this write sets up, changes or, with `removed`, takes away. */
  webhook?: Webhook;
};

export type VendorRequest = {
  method: string;
  /** Path below the vendor's base, without the query. */
  path: string;
  query: URLSearchParams;
  /** Header names in lower case. */
  headers: Record<string, string>;
  /** The body as it came, "" when there was none. */
  text: string;
  /** The body as JSON; undefined when there was none or it is no JSON. */
  body: Json | undefined;
  /** The values of `{name}` in the route's path. */
  params: Record<string, string>;
  /** The server's own address, `http://127.0.0.1:PORT`. */
  origin: string;
};

export type OpenContext = {
  request: VendorRequest;
  /** Simulated instant, ISO with milliseconds. */
  now: string;
  seed: number;
  accounts: ReadonlyMap<string, Account>;
  dialsOf(account: Account | undefined): Dials;
};

export type Context = OpenContext & {
  account: Account;
  dials: Dials;
  store: Store;
  /** Counts one in a named meter of this account and window, and answers the new count (kept in memory only). */
  meter(name: string, window: string, by?: number): number;
};

export type Route = {
  method: string;
  /** Below the base, `{name}` for a parameter: `/jobs/{uuid}`. */
  path: string;
  operation: string;
  open?: undefined;
  /** False for a POST that only reads. Default: everything but GET and HEAD writes and is logged. */
  writes?: boolean;
  /** True for a route that takes a body other than JSON (an upload). */
  anyBody?: boolean;
  /** Changes made through `context.store` are kept when the reply is 2xx, dropped otherwise. */
  handle(context: Context): Reply;
};

/** A route before any authentication, e.g. a token endpoint. It changes nothing. */
export type OpenRoute = {
  method: string;
  path: string;
  operation: string;
  open: true;
  /** The account a request names without proving it, to which the request is counted; undefined when it names none. */
  asker?(context: OpenContext): Account | undefined;
  handle(context: OpenContext): Reply;
};

export type WebhookEvent = {
  event: string;
  body: Json;
  /** How long after the change it is sent, in simulated time. Default 0. */
  delayMs?: number;
  /** An undelivered event with the same word is replaced by this one and keeps its due time, or takes the new one if `restart`. */
  coalesce?: string;
  restart?: boolean;
};

export type WebhookRules = {
  events(
    change: Change,
    context: { account: Account; now: string; source: ChangeSource; dials: Dials },
  ): WebhookEvent[];
  request(
    delivery: Delivery,
    webhook: Webhook,
    account: Account,
    now: string,
  ): { headers: Record<string, string>; body: string };
  accepts(status: number): boolean;
  /** Waits before the second, third, ... attempt in simulated time; when they are used up the event is lost. */
  retryDelaysMs(dials: Dials): number[];
  /** Real time given to the receiver. */
  timeoutMs: number;
  disableAfterFailures?(dials: Dials): number | undefined;
};

export type ChangeSource = "write" | "edit";

export type Vendor = {
  id: string;
  /** What stands before every route's path, e.g. `/api/v1`; "" for none. */
  base: string;
  collections: Record<string, CollectionSheet>;
  dials: DialSheet;
  routes: (Route | OpenRoute)[];
  /** The account these credentials name, or the reply that refuses them. */
  authenticate(context: OpenContext): { account: Account } | { reply: Reply };
  /** After authentication and faults, before the route: limits, versions, scopes. A reply ends the request. */
  admit?(context: Context, route: Route | undefined): Reply | undefined;
  /** Headers added to every reply of an authenticated request. */
  headers?(context: Context): Record<string, string>;
  /** What the vendor itself changes after a record changed (balances, numbers). It sees source "edit" for planted edits. */
  onChange?(
    change: Change,
    store: Store,
    context: { account: Account; now: string; source: ChangeSource; dials: Dials },
  ): void;
  webhooks?: WebhookRules;
  /** How the vendor prints an instant in created and modified fields. Default: as it stands. */
  stamp?(iso: string, sequence: number, account: Account): string;
  replies: {
    notFound(request: VendorRequest): Reply;
    /** A body that is no JSON where JSON is needed. */
    badBody(request: VendorRequest): Reply;
    serverError(message: string): Reply;
  };
};

/** Declares a vendor; exists so that a declaration is checked where it is written. */
export function defineVendor(vendor: Vendor): Vendor {
  for (const route of vendor.routes) {
    if (!route.path.startsWith("/")) throw new Error(`${vendor.id}: route ${route.path} does not start with /`);
  }
  return vendor;
}

/** Thrown by handlers to refuse a request: everything the handler changed is dropped. */
export class Refusal extends Error {
  readonly reply: Reply;
  constructor(reply: Reply) {
    super(`refused with ${reply.status}`);
    this.reply = reply;
  }
}

/** A JSON body that must be an object; `refuse` otherwise. */
export function bodyRecord(request: VendorRequest, refuse: () => Reply): JsonRecord {
  const body = request.body;
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw new Refusal(refuse());
  return body;
}
