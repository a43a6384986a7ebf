import type { Break, BreakState } from "#shared/domain/break.ts";
import { compareInstants, earlier } from "#shared/domain/time.ts";
import { type Found, opensAt } from "./compare.ts";
import type { Context } from "./context.ts";

/**
 * Gives what was found its history: a break waits out its grace, opens, may be explained or assigned by a person, is
 * resolved by itself when the gap closes, and reopens when it comes back and stays beyond its grace. A resolved break
 * keeps the gap it had, also when another came and went within its grace.
 */
export function trackBreaks(
  before: readonly Break[],
  found: readonly Found[],
  context: Context,
  /** Why nobody can say whether the gap has closed: its break is put away with that, and has no time of being resolved. */
  whyUnknown: (known: Break) => string | null = () => null,
): readonly Break[] {
  const byKey = new Map(found.map((one) => [one.key, one]));
  const kept = before.flatMap((known): Break[] => {
    const now = byKey.get(known.key);
    if (now) {
      byKey.delete(known.key);
      return [again(known, now, context)];
    }
    if (known.state === "waiting" && !known.resolved) return [];
    return [ended(known.resolved ? asResolved(known, known.resolved) : known, whyUnknown, context)];
  });
  const fresh = [...byKey.values()].map((one) => first(one, context));
  return [...kept, ...fresh].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/**
 * Its gap is not found any more: it has closed, unless an amount of it is unknown now. Then it is put away, which is told
 * beside what it was and counts as no money found, until both amounts are known again.
 */
function ended(known: Break, whyUnknown: (known: Break) => string | null, context: Context): Break {
  const { putAway, ...gone } = known;
  const why = gone.resolvedAt === null ? whyUnknown(known) : null;
  const sentence = putAway === undefined ? gone.sentence : gone.sentence.slice(0, -`; ${putAway}`.length);
  const done = { ...gone, sentence, state: "resolved", opensAt: null } as const;
  if (why === null) return { ...done, resolvedAt: gone.resolvedAt ?? context.now };
  return { ...done, sentence: `${sentence}; ${why}`, putAway: why };
}

/** It came back and went again within its grace: resolved as it was. */
function asResolved(known: Break, was: NonNullable<Break["resolved"]>): Break {
  const { resolved: _, ...kept } = known;
  return { ...kept, ...was, state: "resolved", opensAt: null };
}

function first(found: Found, context: Context): Break {
  const { now } = context;
  const opens = opensAt(found, now);
  const waits = mustWait(found, opens, now, context);
  return {
    kind: found.kind,
    key: found.key,
    state: waits ? "waiting" : "open",
    gapMinor: found.gapMinor,
    causes: found.causes,
    firstSeen: now,
    since: now,
    resolvedAt: null,
    opensAt: waits && !found.clears ? opens : null,
    connections: found.connections,
    sentence: found.sentence,
    evidence: found.evidence,
    assignedTo: null,
    note: null,
  };
}

function again(known: Break, found: Found, context: Context): Break {
  const { now } = context;
  const moved = known.gapMinor !== found.gapMinor;
  const back = known.state === "resolved";
  // Put away and found again as it was: it never closed, so it stands since then.
  const stood = back && known.resolvedAt === null && !moved;
  const { resolved: was = back ? resolvedOf(known) : undefined, putAway: _, saidCause, ...kept } = known;
  const since = (back && !stood) || (moved && known.state === "waiting") ? now : known.since;
  const opens = opensAt(found, since);
  const waits = (known.state === "waiting" || back) && mustWait(found, opens, since, context);
  const state: BreakState = waits
    ? "waiting"
    : was
      ? "reopened"
      : known.state === "waiting"
        ? "open"
        : moved && known.state === "explained"
          ? "open"
          : known.state;
  return {
    ...kept,
    ...(saidCause !== undefined && !moved ? { saidCause } : {}),
    ...(waits && was ? { resolved: was } : {}),
    state,
    since,
    gapMinor: found.gapMinor,
    causes: found.causes,
    connections: found.connections,
    sentence: found.sentence,
    evidence: found.evidence,
    resolvedAt: waits && was ? known.resolvedAt : null,
    opensAt: waits && !found.clears ? opens : null,
  };
}

function resolvedOf({ gapMinor, causes, sentence, since, putAway }: Break): NonNullable<Break["resolved"]> {
  return { gapMinor, causes, sentence, since, ...(putAway === undefined ? {} : { putAway }) };
}

/** In grace, or a feed has not read everything since, or it will clear by itself. */
function mustWait(found: Found, opens: string, since: string, context: Context): boolean {
  if (found.clears) return true;
  if (compareInstants(context.now, opens) < 0) return true;
  return found.connections.some((id) => {
    const feed = context.feeds[id];
    if (feed === undefined) return false;
    return feed.arrivedAt === null || compareInstants(feed.arrivedAt, since) < 0;
  });
}

/** The next instant at which a waiting break may open: its own, or soon when it waits for a feed. */
export function nextOpening(breaks: readonly Break[], context: Context): string | null {
  let next: string | null = null;
  for (const known of breaks) {
    if (known.state !== "waiting" || known.opensAt === null) continue;
    const later = compareInstants(known.opensAt, context.now) > 0 ? known.opensAt : recheck(known, context);
    next = earlier(next, later);
  }
  return next;
}

function recheck(known: Break, context: Context): string {
  const feeds = known.connections.flatMap((id) => context.feeds[id] ?? []);
  const [arriving] = feeds.flatMap((feed) => feed.arrivesAt ?? []).toSorted();
  if (arriving !== undefined) return arriving;
  const minutes = Math.max(5, ...feeds.map(({ everyMinutes }) => everyMinutes));
  return new Date(Date.parse(context.now) + minutes * 60_000).toISOString();
}
