import type { ConnectionConfig } from "#shared/domain/policy.ts";
import type * as z from "#shared/domain/schema.ts";

/**
 * Who asks. A reserve of the day's (or month's) requests is kept for people and write-back; sweeps and backfill leave
 * the same again for live reads (budget.ts).
 */
export type Purpose = "live" | "person" | "write" | "sweep" | "backfill";

export interface VendorRequest<Schema extends z.ZodMiniType> {
  /** Key of the operation, for logs, counts and receipts. */
  readonly operation: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path below the connection's base URL, starting with a slash; parts already encoded. Empty when `to` is `auth`. */
  readonly path: string;
  /** A list of values repeats its key as given (`key[]=a&key[]=b`); `+` is sent as %2B, a space as %20. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  /** A ready body that is neither JSON nor a form (multipart). */
  readonly bytes?: { readonly contentType: string; readonly content: Uint8Array };
  /** What a good answer holds: JSON (an empty body is undefined), or the bytes as they are. Default `json`. */
  readonly expect?: "json" | "bytes";
  /** A read that the vendor may answer with a redirect to where the bytes lie: followed once, without credentials. */
  readonly redirects?: boolean;
  /** What a good answer looks like. An answer that does not fit is Failure `malformed` on reads, `ambiguous` on writes. */
  readonly schema: Schema;
  /** True for anything that may change the vendor: never repeated blindly; no answer is Failure `ambiguous`. */
  readonly writes: boolean;
  /** Texts of the request that no failure may repeat, as the connection's own secrets: what a person gave for it alone. */
  readonly secrets?: readonly string[];
  /** `auth` asks the connection's own authUrl, without credentials and outside the budget (token requests). */
  readonly to?: "base" | "auth";
}

export interface VendorReply<Value> {
  readonly value: Value;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestId: string | null;
}

/**
 * A client bound to one connection: its base URL, credentials, budget and clock. Every request is counted against the
 * budget before it is sent; the connector's `authorise` adds credentials; failures are classified once (failure.ts).
 */
export interface VendorClient {
  readonly connection: ConnectionConfig;
  /** The secret's parsed value. */
  readonly secret: unknown;
  readonly purpose: Purpose;
  now(): Promise<string>;
  request<Schema extends z.ZodMiniType>(request: VendorRequest<Schema>): Promise<VendorReply<z.infer<Schema>>>;
}
