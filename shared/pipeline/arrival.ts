import { addSeconds, compareInstants } from "#shared/domain/time.ts";
import type { Feed } from "./ports.ts";

/** What a read found is on its way through the queues for at most this long after it was handed on. */
const arrivalSeconds = 60;

type Read = Pick<Feed, "completeAt" | "completeBefore" | "handedOnAt">;

/**
 * When a stream was last read completely and what was found has had its time to arrive: a read that ended just now has
 * handed on what it found, and no more. Null before the first one.
 */
export function arrivedAt(feed: Read, now: string): string | null {
  return arrivesAt(feed, now) === null ? feed.completeAt : (feed.completeBefore ?? null);
}

/** When what the last complete read found will have arrived; null when it has, or there was none. */
export function arrivesAt(feed: Read, now: string): string | null {
  const handedOn = feed.handedOnAt ?? feed.completeAt;
  const at = handedOn === null ? null : addSeconds(handedOn, arrivalSeconds);
  return at !== null && compareInstants(at, now) > 0 ? at : null;
}
