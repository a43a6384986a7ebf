import type { JobState, Link, SameAs } from "#shared/domain/job.ts";
import { stated } from "#shared/domain/money.ts";
import { type CompanyConfig, connectionOf } from "#shared/domain/policy.ts";
import { stands } from "#shared/domain/same-call.ts";
import { toldBy } from "./history.ts";
import { loadJob } from "./join.ts";
import { nothingArrives } from "./reconcile.ts";
import { surroundingsOf } from "./surroundings.ts";
import { sendIntents, type TakeInPorts, updateJob } from "./take-in.ts";

/** A person says that records of one connection are one call entered twice, and which of them is kept. */
export interface SameCall {
  readonly keep: string;
  /** The others: none of them counts while the kept one stands. */
  readonly records: readonly string[];
  readonly by: string;
  readonly why: string;
}

/** What does not fit: the path in what was asked, and what was expected there. */
export interface Unfitting {
  readonly path: string;
  readonly expected: string;
}

export type SameCallDecided =
  | { readonly done: true; readonly job: string; readonly records: readonly string[] }
  | { readonly done: false; readonly problems: readonly Unfitting[] };

/** What of this does not fit the job as it stands; empty when it may be said. Pure. */
export function misfitsOf(
  state: JobState,
  { keep, records }: Pick<SameCall, "keep" | "records">,
): readonly Unfitting[] {
  const known = linkOf(state, keep);
  const keepExpected =
    known?.sameAs !== undefined
      ? `a record that counts: ${keep} is itself ${saidOf(known.sameAs)}; take that back first`
      : stands(state, keep)
        ? null
        : `a record of a whole job that stands in its system; ${keep} is not`;
  return [
    ...(keepExpected === null ? [] : [{ path: "keep", expected: keepExpected }]),
    ...records.flatMap((record, index): Unfitting[] => {
      const expected = recordExpected(state, keep, record);
      return expected === null ? [] : [{ path: `records.${index}`, expected }];
    }),
  ];
}

function recordExpected(state: JobState, keep: string, record: string): string | null {
  if (record === keep) return "another record than the one that is kept";
  const said = state.observations[record]?.said;
  if (!said) return `a record of the job that holds ${keep}; ${record} is of another, or of none`;
  if (said.facts.kind !== "job") return `a record of a whole job; ${record} is part of one`;
  const connection = keep.slice(0, keep.indexOf("/"));
  if (said.record.connection !== connection)
    return `a record of ${connection}, as ${keep} is; ${record} is of ${said.record.connection}`;
  const mark = linkOf(state, record)?.sameAs;
  if (mark !== undefined && mark.record !== keep)
    return `a record of which nothing is said yet; ${record} is ${saidOf(mark)}: take that back first`;
  return null;
}

const linkOf = (state: JobState, record: string): Link | undefined =>
  state.links.find((link) => link.record === record);

/** "the same call as ctc/jobs/930, by ana on 2026-11-02". */
export function saidOf({ record, by, at }: SameAs): string {
  return `the same call as ${record}, by ${by} on ${at.slice(0, 10)}`;
}

/** The job with these marked, and a line of history; the job itself when all of it stands already. Pure. */
export function withSameCall(state: JobState, asked: SameCall, now: string): JobState {
  const { keep, records, by, why } = asked;
  const fresh = records.filter((record) => linkOf(state, record)?.sameAs === undefined);
  if (fresh.length === 0 || misfitsOf(state, asked).length > 0) return state;
  const before = {
    breaks: state.breaks.filter((known) => known.state !== "resolved"),
    // A yes falls with what it was said to; a no is not asked again.
    intents: state.intents.map((intent) => ({ ...intent, approved: null })),
  };
  const links = state.links.map((link): Link => {
    const said = state.observations[link.record]?.said?.facts;
    if (!fresh.includes(link.record) || said?.kind !== "job") return link;
    return { ...link, sameAs: { record: keep, by, at: now, why, charge: stated(said.charge), before } };
  });
  const line = `${fresh.join(", ")} ${fresh.length === 1 ? "is" : "are"} the same call as ${keep}, says ${by}${reason(why)}: not counted while that stands`;
  return toldBy({ ...state, links }, now, [...fresh, keep], line);
}

/** The job as if that had never been said of the record, with a line of history; the job itself when nothing was. Pure. */
export function withoutSameCall(
  state: JobState,
  { record, by, why }: { readonly record: string; readonly by: string; readonly why: string },
  now: string,
): JobState {
  const mark = linkOf(state, record)?.sameAs;
  if (mark === undefined) return state;
  const links = state.links.map((link): Link => {
    const { sameAs: _, ...plain } = link;
    return link.record === record ? plain : link;
  });
  const { breaks, intents } = mark.before;
  const closed = breaks.filter((past) => {
    const known = state.breaks.find((one) => one.key === past.key);
    return known === undefined || known.state === "resolved";
  });
  const back = {
    breaks: [...state.breaks.filter((known) => !closed.some((past) => past.key === known.key)), ...closed].sort(
      (a, b) => (a.key < b.key ? -1 : 1),
    ),
    intents: [...state.intents, ...intents.filter((past) => !state.intents.some((known) => known.id === past.id))],
  };
  const line = `${record} is a call of its own again, says ${by}${reason(why)}; it was ${saidOf(mark)}`;
  return toldBy({ ...state, links, ...back }, now, [record, mark.record], line);
}

const reason = (why: string): string => (why === "" ? "" : ` (${why})`);

/** Marks the records on their job as it stands now. Nothing is written to a vendor. */
export async function sayTheSame(
  ports: TakeInPorts,
  company: CompanyConfig,
  asked: SameCall,
): Promise<SameCallDecided> {
  const unread = await unreadOf(ports, company, asked);
  if (unread.length > 0) return { done: false, problems: unread };
  const job = await jobOf(ports, asked.keep);
  if (job === null) return { done: false, problems: [{ path: "keep", expected: unknownRecord(asked.keep) }] };
  let problems: readonly Unfitting[] = [];
  const after = await edited(ports, company, job, (state, now) => {
    problems = misfitsOf(state, asked);
    return withSameCall(state, asked, now);
  });
  return problems.length > 0 ? { done: false, problems } : { done: true, job: after.id, records: asked.records };
}

/** Takes that back for one record: it counts again. */
export async function sayNotTheSame(
  ports: TakeInPorts,
  company: CompanyConfig,
  asked: { readonly record: string; readonly by: string; readonly why: string },
): Promise<SameCallDecided> {
  const job = await jobOf(ports, asked.record);
  if (job === null) return { done: false, problems: [{ path: "record", expected: unknownRecord(asked.record) }] };
  let found = false;
  const after = await edited(ports, company, job, (state, now) => {
    found = linkOf(state, asked.record)?.sameAs !== undefined;
    return withoutSameCall(state, asked, now);
  });
  const expected = `a record that was said to be the same call as another; nothing was said of ${asked.record}`;
  return found
    ? { done: true, job: after.id, records: [asked.record] }
    : { done: false, problems: [{ path: "record", expected }] };
}

const unknownRecord = (record: string): string => `a record that has been read; no job holds ${record}`;

/** Records that nobody has read, or of a connection that there is not. */
async function unreadOf(
  ports: TakeInPorts,
  company: CompanyConfig,
  { keep, records }: SameCall,
): Promise<readonly Unfitting[]> {
  const asked = [{ path: "keep", record: keep }, ...records.map((record, at) => ({ path: `records.${at}`, record }))];
  const claims = await ports.claims.load(asked.map((one) => one.record));
  return asked.flatMap(({ path, record }, at): Unfitting[] => {
    const connection = record.slice(0, record.indexOf("/"));
    if (!connectionOf(company, connection))
      return [
        {
          path,
          expected: `a record of a connection, one of ${company.connections.map(({ id }) => id).join(", ")}; not ${connection}`,
        },
      ];
    return claims[at]?.jobs.length ? [] : [{ path, expected: unknownRecord(record) }];
  });
}

async function jobOf(ports: TakeInPorts, record: string): Promise<string | null> {
  const [claim] = await ports.claims.load([record]);
  const [job] = claim?.jobs ?? [];
  return job === undefined ? null : (await loadJob(ports.jobs, job)).state.id;
}

/** Who stands on which day may be another now: the job is looked at again. */
async function edited(
  ports: TakeInPorts,
  company: CompanyConfig,
  job: string,
  edit: (state: JobState, now: string) => JobState,
): Promise<JobState> {
  const surroundings = await surroundingsOf(ports, company);
  const { stored, changed, send } = await updateJob(ports, company, surroundings, job, nothingArrives, (state) =>
    edit(state, surroundings.now),
  );
  await sendIntents(ports, company, stored, send, surroundings.now);
  if (changed) await ports.queues.inbound([{ v: 1, kind: "due", company: company.id, job: stored.state.id }]);
  return stored.state;
}
