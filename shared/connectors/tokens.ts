import { addSeconds, instantMillis } from "#shared/domain/time.ts";
import type { TokenSource } from "./connector.ts";
import type { Seal } from "./token-seal.ts";

/** A token as all sandboxes see it. */
export interface KeptToken {
  /** Readable to who knows the connection's secret (token-seal.ts). */
  readonly sealed: string;
  /** From this instant on it is renewed. */
  readonly until: string;
}

/** Where the sandboxes of a company share the tokens of its connections. */
export interface TokenStore {
  load(connection: string): Promise<KeptToken | null>;
  /** True for the one that may renew what it has `seen`; until `until` nobody else may. */
  lease(connection: string, seen: KeptToken | null, at: string, until: string): Promise<boolean>;
  /** Keeps the renewed token and ends the lease. */
  save(connection: string, token: KeptToken): Promise<void>;
  /** Ends the lease of one that could not renew. */
  release(connection: string): Promise<void>;
}

export interface Sharing {
  readonly store: TokenStore;
  readonly connection: string;
  readonly seal: Seal;
  /** Real time to the next look, while another sandbox renews. */
  readonly pause?: () => Promise<void>;
}

/** A renewal is one request of thirty seconds at the most; by the clock port. */
const leaseSeconds = 45;
/** Looks, a quarter of a second apart: who renews answers within moments, or has died and is not waited for. */
const mostLooks = 20;
const aQuarterSecond = (): Promise<void> => new Promise((done) => setTimeout(done, 250));

/**
 * The token of one connection: renewed when a tenth of its life (at least a minute) is left, one renewal at a time. With
 * `sharing` all sandboxes have one token; without it (code that uses the connectors alone) every process has its own.
 * Keep one per connection beside the client, not one per request.
 */
export function tokenSource(clock: { now(): Promise<string> }, sharing: Sharing | null = null): TokenSource {
  let held: Held | null = null;
  let renewing: Promise<string> | null = null;
  /** What the vendor answered 401 to: it may stand in the store yet. */
  let refused: string | null = null;
  return {
    async token(fetch) {
      const now = await clock.now();
      if (held && instantMillis(now) < instantMillis(held.until)) return held.token;
      renewing ??= renewed(fetch).finally(() => {
        renewing = null;
      });
      return renewing;
    },
    forget() {
      if (held === null) return false;
      refused = held.token;
      held = null;
      return true;
    },
  };

  async function renewed(fetch: Fetch): Promise<string> {
    held = sharing === null ? await fetched(fetch) : await shared(sharing, fetch);
    return held.token;
  }

  async function fetched(fetch: Fetch): Promise<Held> {
    const now = await clock.now();
    const { token, lifeSeconds } = await fetch();
    return { token, until: addSeconds(now, lifeSeconds - Math.max(60, lifeSeconds / 10)) };
  }

  async function shared({ store, connection, seal, pause = aQuarterSecond }: Sharing, fetch: Fetch): Promise<Held> {
    for (let looks = 1; ; looks++) {
      const now = await clock.now();
      const kept = await store.load(connection);
      const token = kept && instantMillis(now) < instantMillis(kept.until) ? seal.open(kept.sealed) : null;
      if (kept && token !== null && token !== refused) return { token, until: kept.until };
      if (await store.lease(connection, kept, now, addSeconds(now, leaseSeconds))) break;
      if (looks === mostLooks) break;
      await pause();
    }
    try {
      const { token, until } = await fetched(fetch);
      await store.save(connection, { sealed: seal.seal(token), until });
      return { token, until };
    } catch (cause) {
      await store.release(connection);
      throw cause;
    }
  }
}

interface Held {
  readonly token: string;
  readonly until: string;
}

type Fetch = Parameters<TokenSource["token"]>[0];
