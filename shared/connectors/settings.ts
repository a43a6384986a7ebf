import { Failure } from "#shared/domain/failure.ts";
import type { ConnectionConfig } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import { problemsOf } from "./problems.ts";
import type { VendorClient } from "./vendor-client.ts";

/** The connection's settings in its vendor's shape. Throws Failure `bad-input` with what does not fit. */
export function settingsIn<Schema extends z.ZodMiniType>(
  schema: Schema,
  connection: ConnectionConfig,
): z.output<Schema> {
  const parsed = z.safeParse(schema, connection);
  if (parsed.success) return parsed.data;
  const problems = problemsOf(parsed.error, connection);
  throw new Failure("bad-input", `connection ${connection.id}: ${problems}`, { connection: connection.id });
}

/** The connection's credentials in its vendor's shape. Throws Failure `unauthorised`, which names paths and no values. */
export function secretIn<Schema extends z.ZodMiniType>(
  schema: Schema,
  { secret, connection }: Pick<VendorClient, "secret" | "connection">,
): z.output<Schema> {
  const parsed = z.safeParse(schema, secret);
  if (parsed.success) return parsed.data;
  const problems = problemsOf(parsed.error, secret);
  throw new Failure("unauthorised", `secret of ${connection.id}: ${problems}`, { connection: connection.id });
}
