import { instantMillis } from "#shared/domain/time.ts";
import type { TokenSource } from "./connector.ts";

/**
 * Keeps the token of one connection for all calls of this process: renewed when a tenth of its life (at least a minute)
 * is left, one renewal at a time. Keep one per connection beside the client, not one per request.
 */
export function tokenSource(clock: { now(): Promise<string> }): TokenSource {
  let held: { readonly token: string; readonly until: number } | null = null;
  let renewing: Promise<string> | null = null;
  return {
    async token(fetch) {
      const now = instantMillis(await clock.now());
      if (held && now < held.until) return held.token;
      renewing ??= renew(fetch, now).finally(() => {
        renewing = null;
      });
      return renewing;
    },
    forget() {
      const had = held !== null;
      held = null;
      return had;
    },
  };

  async function renew(fetch: Parameters<TokenSource["token"]>[0], now: number): Promise<string> {
    const { token, lifeSeconds } = await fetch();
    held = { token, until: now + (lifeSeconds - Math.max(60, lifeSeconds / 10)) * 1000 };
    return token;
  }
}
