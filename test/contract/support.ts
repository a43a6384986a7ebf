import { type BudgetStore, budgetInMemory } from "#shared/connectors/budget.ts";
import type { Connector } from "#shared/connectors/connector.ts";
import { createVendorClient } from "#shared/connectors/http-client.ts";
import { tokenSource } from "#shared/connectors/tokens.ts";
import type { Purpose, VendorClient } from "#shared/connectors/vendor-client.ts";
import { Failure } from "#shared/domain/failure.ts";
import type { Intent } from "#shared/domain/intent.ts";
import { type ConnectionConfig, connectionSchema, type WriteTarget } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";

export const noon = "2026-10-29T12:00:00.000Z";

/** A connection as configuration gives it. */
export function connectionFor(vendor: string, baseUrl: string, more: Record<string, unknown> = {}): ConnectionConfig {
  return z.parse(connectionSchema, {
    id: `${vendor}-one`,
    vendor,
    book: "receivable",
    baseUrl,
    secret: "none",
    zone: "America/Denver",
    ...more,
  });
}

export interface ClientOptions {
  readonly connection: ConnectionConfig;
  readonly secret?: unknown;
  readonly purpose?: Purpose;
  readonly budget?: BudgetStore;
  readonly clock?: { now(): Promise<string> };
  readonly fetchTimeoutMs?: number;
}

export function clientFor(connector: Pick<Connector, "http">, options: ClientOptions): VendorClient {
  const clock = options.clock ?? { now: async () => noon };
  return createVendorClient({
    connection: options.connection,
    secret: options.secret ?? {},
    http: connector.http,
    purpose: options.purpose ?? "live",
    clock,
    budget: options.budget ?? budgetInMemory(),
    tokens: tokenSource(clock),
    ...(options.fetchTimeoutMs === undefined ? {} : { fetchTimeoutMs: options.fetchTimeoutMs }),
  });
}

/** The Failure a call ends in; anything else is the test's own failure. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  const caught: unknown = await call.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (caught instanceof Failure) return caught;
  throw caught instanceof Error ? caught : new Error("it did not fail");
}

/** An approved intent to write one target of one record. */
export function intentTo(
  connection: string,
  target: WriteTarget,
  record: { readonly stream: string; readonly id: string },
  wanted: string,
  more: Readonly<Record<string, unknown>> = {},
): Intent {
  return {
    id: "i1",
    kind: "write",
    target,
    record: { connection, ...record },
    read: "",
    wanted,
    arguments: more,
    moneyMinor: 0,
    requests: 3,
    needsApproval: false,
    approved: null,
    rejected: null,
    bound: "",
    sentence: "",
    plannedAt: noon,
    epoch: 1,
    dueAt: null,
  };
}
