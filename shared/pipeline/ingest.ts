import { Failure } from "#shared/domain/failure.ts";
import { addHours, addSeconds, compareInstants } from "#shared/domain/time.ts";
import { arrivedAt } from "./arrival.ts";
import { backOnBeat, nextRead, pollMinutes, tryAgainAt } from "./due-times.ts";
import { addForwarded, type Forwarded, forward, type KnownDigests, nothingForwarded } from "./forward.ts";
import type { Feed, FeedRun } from "./ports.ts";
import { answerOf, changeFeed, failing, leastTimeMs, type Readable, type ReadingPorts } from "./reading.ts";

/** A run that its invocation could not finish goes on where it stood, unless that was longer ago than this. */
const runLifeHours = 24;
/** A page of more records than this asks for the whole manifest at once: cheaper than its chunks one by one. */
const wholeManifestFrom = 100;

export interface RunResult extends Forwarded {
  readonly outcome: "complete" | "continued" | "failed" | "fresh";
  readonly pages: number;
  readonly failure: Failure | null;
  /** When the stream is due again; null when another run has said so already. */
  readonly dueAt: string | null;
}

/**
 * Reads a stream from its mark to its end and forwards what changed. Each page's read number is taken before its
 * request, so two runs that overlap leave what the later request saw (law 2). The mark moves only at the proven end;
 * `completeAt` becomes the run's start, because what changed after it may lie on a page read before. A `backfill`
 * reads all from the beginning and forwards all, whatever the manifest says.
 * A failure of the vendor is a word on the feed and a later due time, never a message that comes back; failures of our
 * own stores and queues throw.
 */
export async function readStream(
  ports: ReadingPorts,
  readable: Readable,
  purpose: "live" | "person" | "backfill",
): Promise<RunResult> {
  const { connection, spec, reader } = readable;
  const started = await ports.clock.now();
  const feed = await ports.feeds.load(connection.id, spec.name);
  const isBackfill = purpose === "backfill";
  const run = runToGoOn(feed, isBackfill, started);
  if (purpose === "live" && run.next === null && isFresh(feed, readable, started)) return alreadyRead();
  const first = isBackfill || feed.completeAt === null;
  const client = await answerOf(() => readable.client(first && purpose !== "person" ? "backfill" : purpose));
  if (client instanceof Failure) {
    return failed(ports, readable, { feed, run, counted: nothingForwarded, pages: 0, isBackfill }, client);
  }
  const known = isBackfill ? null : knownDigests(ports, readable);
  let { next, mark } = run;
  let counted = nothingForwarded;
  for (let pages = 1; ; pages++) {
    const read = await ports.reads.take(connection.id, spec.name);
    const at = await ports.clock.now();
    const page = await answerOf(() => reader.page(client, { stream: spec.name, next, since: run.since }));
    if (page instanceof Failure) {
      return failed(ports, readable, { feed, run: { ...run, next, mark }, counted, pages, isBackfill }, page);
    }
    const handed = await forward(ports, readable, { page, read, at }, known, first ? "backfill" : "inbound");
    counted = addForwarded(counted, handed);
    mark = page.mark ?? mark;
    next = page.next;
    const soFar = { feed, run: { ...run, next, mark }, counted, pages, isBackfill };
    if (next === null) return complete(ports, readable, soFar);
    if (ports.timeLeftMs() < leastTimeMs) return goOnLater(ports, readable, soFar, next);
  }
}

/**
 * A second hint for the same due time (one that waited longer than its lease) finds the stream just read. Only people
 * and backfills ask out of turn.
 */
function isFresh(feed: Feed, { connection, spec }: Readable, now: string): boolean {
  if (feed.completeAt === null || feed.failingSince !== null) return false;
  return compareInstants(addSeconds(feed.completeAt, pollMinutes(connection, spec) * 30), now) > 0;
}

function alreadyRead(): RunResult {
  return { ...nothingForwarded, outcome: "fresh", pages: 0, failure: null, dueAt: null };
}

interface Run extends Omit<FeedRun, "next"> {
  readonly next: string | null;
}

/** Where a run stands. */
interface SoFar {
  /** As it was when the run began. */
  readonly feed: Feed;
  readonly run: Run;
  readonly counted: Forwarded;
  readonly pages: number;
  readonly isBackfill: boolean;
}

function runToGoOn(feed: Feed, isBackfill: boolean, now: string): Run {
  const kept = isBackfill ? feed.backfill : feed.run;
  if (kept && compareInstants(addHours(kept.startedAt, runLifeHours), now) > 0) return kept;
  return { startedAt: now, since: isBackfill ? null : feed.mark, next: null, mark: null };
}

/** Digests of a page's records: asked for by name while pages are small, all at once from the first large one on. */
function knownDigests(ports: ReadingPorts, readable: Readable): KnownDigests {
  const { connection, spec } = readable;
  let whole: ReadonlyMap<string, string> | null = null;
  return async (ids) => {
    if (whole === null && ids.length <= wholeManifestFrom) return ports.manifest.load(connection.id, spec.name, ids);
    whole ??= await ports.manifest.load(connection.id, spec.name);
    return whole;
  };
}

async function complete(ports: ReadingPorts, readable: Readable, soFar: SoFar): Promise<RunResult> {
  const { run, counted, pages, isBackfill } = soFar;
  const now = await ports.clock.now();
  const minutes = pollMinutes(readable.connection, readable.spec);
  const { completeAt, failingSince } = soFar.feed;
  const dueAt =
    failingSince === null || completeAt === null
      ? nextRead(run.startedAt, now, minutes)
      : backOnBeat(completeAt, run.startedAt, now, minutes);
  const changed = (feed: Feed): Feed => ({
    ...withCounts(feed, counted, now),
    completeAt: run.startedAt,
    completeBefore: arrivedAt(feed, now),
    handedOnAt: now,
    // A backfill began at the beginning of time: where live reads stand is theirs.
    mark: isBackfill ? (feed.mark ?? run.mark) : (run.mark ?? feed.mark),
    failingSince: null,
    ...(isBackfill ? { backfill: null } : { run: null }),
  });
  await changeFeed(ports, readable, changed, isBackfill ? undefined : () => schedule(ports, readable, dueAt));
  return { ...counted, outcome: "complete", pages, failure: null, dueAt };
}

async function goOnLater(ports: ReadingPorts, readable: Readable, soFar: SoFar, next: string): Promise<RunResult> {
  const { counted, pages, isBackfill } = soFar;
  const run = { ...soFar.run, next };
  const now = await ports.clock.now();
  const changed = (feed: Feed): Feed => ({
    ...withCounts(feed, counted, now),
    failingSince: null,
    ...(isBackfill ? { backfill: run } : { run }),
  });
  await changeFeed(ports, readable, changed, () => schedule(ports, readable, now, isBackfill));
  return { ...counted, outcome: "continued", pages, failure: null, dueAt: now };
}

/** What the vendor failed at is tried again from the same page; only a list that no longer fits begins anew. */
async function failed(
  ports: ReadingPorts,
  readable: Readable,
  { run, counted, pages, isBackfill }: SoFar,
  failure: Failure,
): Promise<RunResult> {
  const now = await ports.clock.now();
  const goesOn = failure.kind === "rate-limited" || failure.kind === "transient" || failure.kind === "unauthorised";
  const kept = goesOn && run.next !== null ? { ...run, next: run.next } : null;
  const changed = (feed: Feed): Feed => ({
    ...failing(withCounts(feed, counted, feed.lastReadAt), failure, now),
    ...(isBackfill ? { backfill: kept } : { run: kept }),
  });
  const tryAgain = ({ failingSince }: Feed): string => tryAgainAt(failure, now, failingSince ?? now);
  const feed = await changeFeed(ports, readable, changed, (next) =>
    schedule(ports, readable, tryAgain(next), isBackfill),
  );
  return { ...counted, outcome: "failed", pages, failure, dueAt: tryAgain(feed) };
}

function withCounts(feed: Feed, counted: Forwarded, lastReadAt: string | null): Feed {
  return {
    ...feed,
    lastReadAt,
    counted: {
      read: feed.counted.read + counted.read,
      forwarded: feed.counted.forwarded + counted.forwarded,
      dropped: feed.counted.dropped + counted.dropped,
      quarantined: feed.counted.quarantined + counted.quarantined,
    },
  };
}

async function schedule(ports: ReadingPorts, readable: Readable, dueAt: string, backfill = false): Promise<void> {
  const { company, connection, spec } = readable;
  const name = `${connection.id}/${spec.name}`;
  if (!backfill) {
    await ports.due.schedule({ company, kind: "stream", name, dueAt });
    return;
  }
  const hint = {
    v: 1,
    kind: "stream",
    company,
    connection: connection.id,
    stream: spec.name,
    purpose: "backfill",
  } as const;
  await ports.due.schedule({ company, kind: "hint", name: `backfill/${name}`, dueAt, hint });
}
