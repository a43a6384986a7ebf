import { recordKey, sameJson } from "#shared/domain/ids.ts";
import type { Base, JobState, Link } from "#shared/domain/job.ts";
import { type MergeField, mergeFields } from "#shared/domain/policy.ts";
import { viewOf } from "#shared/domain/view.ts";
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
  /** Records that leave; a payment over invoices of both also stays. */
  readonly leaving: ReadonlySet<string>;
  readonly staying: ReadonlySet<string>;
}

/**
 * `into` holds the records now, `past` is the forwarding item of the job that leaves, and `before` what `into` was
 * before that job, or the job it had come with, was absorbed (null: not kept).
 */
export function partingOf(into: JobState, past: JobState, before: JobState | null): Parting {
  const roots = viewOf(past).roots.map((root) => root.key);
  const leaving = recordsBelow(
    into,
    roots.filter((key) => into.observations[key] !== undefined),
  );
  const staying = new Set(
    Object.keys(into.observations).filter((key) => !leaving.has(key) || hangsOnOthers(into, key, leaving)),
  );
  const { before: kept, ...own } = past;
  const absorbed: JobState = { ...own, forwardTo: null, intents: kept?.intents ?? [], dueAt: kept?.dueAt ?? null };
  const home = only(absorbed, (key) => leaving.has(key));
  const start = before?.id === into.id && before.links.every((link) => staying.has(link.record)) ? before : null;
  const base = start ?? only(into, (key) => staying.has(key));
  return {
    leaving,
    staying,
    remaining: {
      start: withActsSince(base, into, [base, absorbed], (key) => staying.has(key) && !leaving.has(key)),
      arrivals: arrivalsOf(into, staying),
    },
    returned: {
      start: withActsSince(home, into, [base, absorbed], (key) => leaving.has(key)),
      arrivals: arrivalsOf(into, leaving),
    },
  };
}

function arrivalsOf(into: JobState, keys: ReadonlySet<string>): Arrivals {
  return {
    observations: Object.fromEntries(Object.entries(into.observations).filter(([key]) => keys.has(key))),
    links: into.links.filter((link) => keys.has(link.record)).map(asItsOwn),
  };
}

/** A record that came after the join was never linked by it. */
function asItsOwn(link: Link): Link {
  return link.rule === "first" || link.rule === "part" ? { ...link, batch: null } : link;
}

/** What was written, refused and accepted since the join stays on the side whose record it was about. */
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
  const accepted = Object.entries(into.accepted).filter(
    ([line, minor]) => isLineOf(line, start) && !known.some((state) => state.accepted[line] === minor),
  );
  return {
    ...start,
    receipts: [...start.receipts, ...receipts],
    refusals: [...start.refusals, ...refusals],
    accepted: { ...start.accepted, ...Object.fromEntries(accepted) },
  };
}

/** `charge:connection` of a connection that has a record here. */
function isLineOf(line: string, state: JobState): boolean {
  const connection = line.slice(line.indexOf(":") + 1);
  return Object.keys(state.observations).some((key) => key.startsWith(`${connection}/`));
}

/** These records and all that hangs on them, however deep. */
function recordsBelow(state: JobState, roots: readonly string[]): ReadonlySet<string> {
  const found = new Set(roots);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [key, { said }] of Object.entries(state.observations)) {
      if (found.has(key) || !said?.hangsOn.some((parent) => found.has(parent))) continue;
      found.add(key);
      grown = true;
    }
  }
  return found;
}

function hangsOnOthers(state: JobState, key: string, leaving: ReadonlySet<string>): boolean {
  return state.observations[key]?.said?.hangsOn.some((parent) => !leaving.has(parent)) ?? false;
}

/** The state with these records only; the same object when it has no others. */
function only(state: JobState, stays: (key: string) => boolean): JobState {
  const named = [...Object.keys(state.observations), ...state.links.map((link) => link.record)];
  if (named.every(stays)) return state;
  const pick = <Value>(of: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(of).filter(([key]) => stays(key)));
  const bases: Partial<Record<MergeField, Readonly<Record<string, Base>>>> = {};
  const fields: Partial<Record<MergeField, NonNullable<JobState["fields"][MergeField]>>> = {};
  for (const field of mergeFields) {
    const base = state.bases[field];
    const standing = state.fields[field];
    if (base) bases[field] = pick(base);
    if (standing) fields[field] = { ...standing, by: standing.by.filter(stays) };
  }
  const gone = new Set(namedIn(state, (key) => !stays(key)));
  for (const name of namedIn(state, stays)) gone.delete(name);
  return {
    ...state,
    observations: pick(state.observations),
    people: Object.fromEntries(Object.entries(state.people).filter(([name]) => !gone.has(name))),
    links: state.links.filter((link) => stays(link.record)),
    bases,
    fields,
    receipts: state.receipts.filter((receipt) => stays(recordKey(receipt.record))),
    refusals: state.refusals.filter((refusal) => stays(refusal.record)),
  };
}

/** The customers and technicians that these records name, as a job's `people` knows them. */
function namedIn(state: JobState, which: (key: string) => boolean): readonly string[] {
  return Object.entries(state.observations).flatMap(([key, { said }]) => {
    if (!said || !which(key)) return [];
    const { facts } = said;
    const customer = facts.kind === "job" && facts.customer ? [recordKey(facts.customer)] : [];
    const technicians =
      facts.kind === "job" ? (facts.technicians ?? []) : facts.kind === "assignment" ? [facts.technician] : [];
    return [
      ...customer,
      ...technicians.flatMap(({ record, email }) => [record ? recordKey(record) : [], email ?? []].flat()),
    ];
  });
}
