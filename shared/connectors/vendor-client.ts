import type { ConnectionConfig } from "#shared/domain/policy.ts";
import type { z } from "#shared/domain/schema.ts";

/** Who asks: live reads, people and write-back may use the reserve; backfill and sweeps may not. */
export type Purpose = "live" | "person" | "write" | "sweep" | "backfill";

export interface VendorRequest<Schema extends z.ZodMiniType> {
  /** Key of the operation, for logs, counts and receipts. */
  readonly operation: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path below the connection's base URL, starting with a slash; parts already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  /** What a good answer looks like. An answer that does not fit is Failure `malformed` on reads, `ambiguous` on writes. */
  readonly schema: Schema;
  /** True for anything that may change the vendor: never repeated blindly; no answer is Failure `ambiguous`. */
  readonly writes: boolean;
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
