import type { Reader, StreamSpec } from "#shared/connectors/connector.ts";
import type { Purpose, VendorClient } from "#shared/connectors/vendor-client.ts";
import { Failure } from "#shared/domain/failure.ts";
import type { ConnectionConfig } from "#shared/domain/policy.ts";
import type {
  Archive,
  Clock,
  DueStore,
  Feed,
  FeedStore,
  ManifestStore,
  Quarantine,
  Queues,
  ReadNumbers,
} from "./ports.ts";

/** A stream of a connection, and how to read it. */
export interface Readable {
  readonly company: string;
  readonly connection: ConnectionConfig;
  readonly spec: StreamSpec;
  readonly reader: Reader;
  /** Throws Failure `unauthorised` when the connection's secret is not there or has not its shape. */
  client(purpose: Purpose): Promise<VendorClient>;
}

/** Whether jobs hold the stream's records; people and references stand in their claims only. */
export function isOfJobs({ role }: Pick<StreamSpec, "role">): boolean {
  return role === "root" || role === "part";
}

/** What reading needs of the world; the stores are the company's own. */
export interface ReadingPorts {
  readonly clock: Clock;
  readonly feeds: FeedStore;
  readonly reads: ReadNumbers;
  readonly manifest: ManifestStore;
  readonly quarantine: Quarantine;
  readonly archive: Archive;
  readonly queues: Pick<Queues, "inbound" | "backfill" | "hints">;
  readonly due: Pick<DueStore, "schedule">;
  /** Real milliseconds until this invocation ends. */
  timeLeftMs(): number;
}

/** Below this an invocation begins no further request: a slow page and what follows it must still fit. */
export const leastTimeMs = 40_000;

/**
 * The vendor's answer, or the Failure that it meant. Only what the vendor is asked runs in here: a failure of our own
 * table or queue is no word about the vendor's feed, and goes on to keep the message.
 */
export async function answerOf<Value>(ask: () => Promise<Value>): Promise<Value | Failure> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/**
 * Changes what is kept of a feed. Read again first, because another run may have ended meanwhile. What follows from the
 * change is `also` written beside it: either may be lost alone, since a stream handed out is due again of itself.
 */
export async function changeFeed(
  ports: Pick<ReadingPorts, "feeds">,
  readable: Pick<Readable, "connection" | "spec">,
  change: (feed: Feed) => Feed,
  also: (feed: Feed) => Promise<void> = () => Promise.resolve(),
): Promise<Feed> {
  const next = change(await ports.feeds.load(readable.connection.id, readable.spec.name));
  await Promise.all([ports.feeds.save(next), also(next)]);
  return next;
}

/** The feed with this failure said on it. */
export function failing(feed: Feed, failure: Failure, now: string): Feed {
  return {
    ...feed,
    lastFailure: { at: now, kind: failure.kind, message: failure.message },
    failingSince: feed.failingSince ?? now,
  };
}
