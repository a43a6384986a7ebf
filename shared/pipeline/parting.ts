import { recordKey, sameJson } from "#shared/domain/ids.ts";
import type { JobState, Link } from "#shared/domain/job.ts";
import { unitsIn } from "#shared/domain/unit.ts";
import { viewOf } from "#shared/domain/view.ts";
import { namedIn, recordsBelow, recordsStaying, withOnly } from "./leaving.ts";
import type { Arrivals } from "./reconcile.ts";

/**
 * How two joined jobs part again. Pure. Each side starts from exactly what it was before the join and takes in what has
 * been read of its records since; when nothing was, reconciling leaves it byte for byte what it was.
 */
export interface Side {
  readonly start: JobState;
  readonly arrivals: Arrivals;
}

export interface Parting {
  /** The job that stays, without what leaves. */
  readonly remaining: Side;
  /** The job that was absorbed, on its own again. */
  readonly returned: Side;
  /** Records that leave, and units of which no part stays; a payment over invoices of both also stays. */
  readonly leaving: ReadonlySet<string>;
  readonly staying: ReadonlySet<string>;
}

/**
 * `into` holds the records now, `past` is the forwarding item of the job that leaves with `roots`, and `before` what `into` was
 * before that job, or the job it had come with, was absorbed (null: not kept).
 */
export function partingOf(into: JobState, past: JobState, roots: readonly string[], before: JobState | null): Parting {
  const leaving = recordsBelow(into, [...roots, ...unitsOf(into, roots)]);
  const staying = recordsStaying(into, leaving);
  const { before: kept, ...own } = past;
  const absorbed: JobState = { ...own, forwardTo: null, intents: kept?.intents ?? [], dueAt: kept?.dueAt ?? null };
  const home = withOnly(absorbed, (key) => leaving.has(key));
  const start = before?.id === into.id && before.links.every((link) => staying.has(link.record)) ? before : null;
  const base = start ?? withOnly(into, (key) => staying.has(key));
  return {
    leaving,
    staying,
    remaining: {
      start: withActsSince(base, into, [base, absorbed], (key) => staying.has(key) && !leaving.has(key)),
      arrivals: arrivalsOf(into, staying, base),
    },
    returned: {
      start: withActsSince(home, into, [base, absorbed], (key) => leaving.has(key)),
      arrivals: arrivalsOf(into, leaving, home),
    },
  };
}

/** Units of which these are all the parts that the job has: what bills such a unit leaves with them. */
function unitsOf(into: JobState, leaving: readonly string[]): readonly string[] {
  const { roots } = viewOf(into);
  const staying = unitsIn(roots.filter((root) => !leaving.includes(root.key)));
  return [...unitsIn(roots)].filter((unit) => !staying.has(unit)).sort();
}

/** Who the people are whom a record names comes along with it, where the start did not hold the record. */
function arrivalsOf(into: JobState, keys: ReadonlySet<string>, start: JobState): Arrivals {
  const named = namedIn(into, (key) => keys.has(key) && start.observations[key] === undefined);
  return {
    people: Object.fromEntries(Object.entries(into.people).filter(([name]) => named.includes(name))),
    observations: Object.fromEntries(Object.entries(into.observations).filter(([key]) => keys.has(key))),
    links: into.links.filter((link) => keys.has(link.record)).map(asItsOwn),
  };
}

/** A record that came after the join was never linked by it. */
function asItsOwn(link: Link): Link {
  return link.rule === "first" || link.rule === "part" ? { ...link, batch: null } : link;
}

/** What was written, refused, accepted and said of a record since the join stays on the side whose record it was about. */
function withActsSince(
  start: JobState,
  into: JobState,
  known: readonly JobState[],
  own: (record: string) => boolean,
): JobState {
  const isKnown = (name: "receipts" | "refusals", act: unknown): boolean =>
    known.some((state) => state[name].some((one) => sameJson(one, act)));
  const receipts = into.receipts.filter((one) => own(recordKey(one.record)) && !isKnown("receipts", one));
  const refusals = into.refusals.filter((one) => own(one.record) && !isKnown("refusals", one));
  const records = Object.keys(into.observations).filter(own);
  const accepted = Object.entries(into.accepted).filter(
    ([line, minor]) => isLineOf(line, records) && !known.some((state) => state.accepted[line] === minor),
  );
  return {
    ...start,
    links: start.links.map((link) => asSaid(link, into)),
    receipts: [...start.receipts, ...receipts],
    refusals: [...start.refusals, ...refusals],
    accepted: { ...start.accepted, ...Object.fromEntries(accepted) },
  };
}

/** Whether a record is the same call as another is a person's last word on it, whenever it was said. */
function asSaid(link: Link, into: JobState): Link {
  const now = into.links.find((one) => one.record === link.record);
  if (now === undefined || now.sameAs === link.sameAs) return link;
  const { sameAs: _, ...plain } = link;
  return now.sameAs ? { ...plain, sameAs: now.sameAs } : plain;
}

/** `charge:connection` of a connection that has a record here. */
function isLineOf(line: string, records: readonly string[]): boolean {
  const connection = line.slice(line.indexOf(":") + 1);
  return records.some((key) => key.startsWith(`${connection}/`));
}
