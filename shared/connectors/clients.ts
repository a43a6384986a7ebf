import { Failure } from "#shared/domain/failure.ts";
import type { ConnectionConfig } from "#shared/domain/policy.ts";
import type { BudgetStore } from "./budget.ts";
import type { Connector, TokenSource } from "./connector.ts";
import { createVendorClient } from "./http-client.ts";
import { tokenSource } from "./tokens.ts";
import type { Purpose, VendorClient } from "./vendor-client.ts";

export interface ClientAsked {
  readonly connector: Connector;
  readonly company: string;
  readonly connection: ConnectionConfig;
  readonly purpose: Purpose;
  /** The company's own. */
  readonly budget: BudgetStore;
}

/**
 * Makes clients of connections for one process: tokens are kept per connection, secrets come through their cache.
 * Throws Failure `unauthorised` when a secret does not have the shape its vendor needs (law 11: a person is asked).
 */
export function vendorClients(world: {
  readonly secrets: { get(name: string): Promise<unknown> };
  readonly clock: { now(): Promise<string> };
}): (asked: ClientAsked) => Promise<VendorClient> {
  const tokens = new Map<string, TokenSource>();
  return async ({ connector, company, connection, purpose, budget }) => {
    const key = `${company}/${connection.id}`;
    const source = tokens.get(key) ?? tokenSource(world.clock);
    tokens.set(key, source);
    const secret = connector.secret.safeParse(await world.secrets.get(connection.secret));
    if (!secret.success) {
      const fields = secret.error.issues.map((issue) => issue.path.join(".")).join(", ");
      throw new Failure("unauthorised", `secret ${connection.secret} has not the shape its vendor needs: ${fields}`, {
        connection: connection.id,
      });
    }
    const parts = { connection, secret: secret.data, http: connector.http, purpose, clock: world.clock, budget };
    return createVendorClient({ ...parts, tokens: source });
  };
}
