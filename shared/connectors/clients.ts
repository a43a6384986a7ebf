import { Failure } from "#shared/domain/failure.ts";
import { digestOf } from "#shared/domain/ids.ts";
import type { ConnectionConfig } from "#shared/domain/policy.ts";
import type { BudgetStore } from "./budget.ts";
import type { Connector, TokenSource } from "./connector.ts";
import { createVendorClient } from "./http-client.ts";
import { sealOf } from "./token-seal.ts";
import { type TokenStore, tokenSource } from "./tokens.ts";
import type { Purpose, VendorClient } from "./vendor-client.ts";

export interface ClientAsked {
  readonly connector: Connector;
  readonly company: string;
  readonly connection: ConnectionConfig;
  readonly purpose: Purpose;
  /** The company's own. */
  readonly budget: BudgetStore;
  /** The company's own. */
  readonly tokens: TokenStore;
}

/**
 * Makes clients of connections for one process: a connection's token is shared with all other processes, and kept here
 * for as long as its secret is the same; secrets come through their cache.
 * Throws Failure `unauthorised` when a secret does not have the shape its vendor needs (law 11: a person is asked).
 */
export function vendorClients(world: {
  readonly secrets: { get(name: string): Promise<unknown> };
  readonly clock: { now(): Promise<string> };
}): (asked: ClientAsked) => Promise<VendorClient> {
  const sources = new Map<string, TokenSource>();
  return async ({ connector, company, connection, purpose, budget, tokens }) => {
    const secret = connector.secret.safeParse(await world.secrets.get(connection.secret));
    if (!secret.success) {
      const fields = secret.error.issues.map((issue) => issue.path.join(".")).join(", ");
      throw new Failure("unauthorised", `secret ${connection.secret} has not the shape its vendor needs: ${fields}`, {
        connection: connection.id,
      });
    }
    const about = `${company}/${connection.id}`;
    const key = `${about}/${digestOf(secret.data)}`;
    const sharing = () => ({ store: tokens, connection: connection.id, seal: sealOf(secret.data, about) });
    const source = sources.get(key) ?? tokenSource(world.clock, sharing());
    sources.set(key, source);
    const parts = { connection, secret: secret.data, http: connector.http, purpose, clock: world.clock, budget };
    return createVendorClient({ ...parts, tokens: source });
  };
}
