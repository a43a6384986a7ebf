import { jobIdOf } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { viewOf } from "#shared/domain/view.ts";
import { holdApart } from "./apart.ts";
import { branchesOf } from "./branches.ts";
import { numbered } from "./history.ts";
import { loadJob } from "./join.ts";
import { type Parting, partingOf } from "./parting.ts";
import type { ClaimChange, StoredClaim, StoredJob } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { heldOf, surroundingsOf } from "./surroundings.ts";
import type { TakeInPorts } from "./take-in.ts";

export interface Unlinking {
  /** A root that was linked. */
  readonly record: string;
  /** The forwarding job it was in before; that of the record's own first claim unless said. */
  readonly from?: string;
  readonly by: string;
  readonly why: string;
  /** False when a batch or a rule takes it back: what a rule finds by itself it may find again. */
  readonly apart: boolean;
  /** Who it was in the histories: a person unless said. */
  readonly cause?: "rule";
  /** The job as it stands may speak against it. */
  readonly unless?: (state: JobState) => boolean;
}

export type Unlinked =
  | { readonly unlinked: true; readonly job: string; readonly stays: string; readonly records: readonly string[] }
  | { readonly unlinked: false; readonly why: string };

/**
 * Takes one link back: the job that was absorbed lives again, the other is what it was, each with the latest of its own
 * records. One transaction over both jobs and their claims; refused while a write of the joined job is under way.
 */
export async function unlink(ports: TakeInPorts, company: CompanyConfig, asked: Unlinking): Promise<Unlinked> {
  for (let tries = 0; tries < 8; tries++) {
    const found = await linkOf(ports, asked.record, asked.from ?? jobIdOf(asked.record));
    if ("why" in found) return { unlinked: false, why: found.why };
    const { into, past } = found;
    if (into.state.attempts.length > 0)
      return { unlinked: false, why: "a write to its job is under way; unlink again when it is done" };
    if (asked.unless?.(into.state)) return { unlinked: false, why: "something rests on it" };
    const branches = await branchesOf(ports.jobs, into.state);
    const came = branches.find((branch) => branch.job === past.state.id)?.roots;
    const held = rootsOf(past.state).filter((key) => into.state.observations[key] !== undefined);
    const parting = partingOf(into.state, past.state, came ?? held, await beforeOf(ports, into.state, past.state));
    const now = await ports.clock.now();
    // Before the jobs part: a message that comes between must not join them again.
    if (asked.apart) {
      const roots = rootsOf(into.state);
      const leave = roots.filter((key) => parting.leaving.has(key));
      await holdApart(
        ports.sets,
        leave,
        roots.filter((key) => !parting.leaving.has(key)),
        { by: asked.by, at: now, why: asked.why },
      );
    }
    if ((await commitParting(ports, company, { into, past, parting, asked })) === "conflict") continue;
    const jobs = [into.state.id, past.state.id];
    await ports.queues.inbound(jobs.map((job) => ({ v: 1, kind: "due", company: company.id, job }) as const));
    return { unlinked: true, job: past.state.id, stays: into.state.id, records: leavingOf(parting, into.state) };
  }
  return { unlinked: false, why: "its job keeps moving; unlink again" };
}

const rootsOf = (state: JobState): readonly string[] => viewOf(state).roots.map((root) => root.key);

/** The job a record was before it was linked, and the one that holds it now. */
async function linkOf(
  ports: TakeInPorts,
  record: string,
  from: string,
): Promise<{ readonly into: StoredJob; readonly past: StoredJob } | { readonly why: string }> {
  const [claim] = await ports.claims.load([record]);
  const [held] = claim?.jobs ?? [];
  if (held === undefined) return { why: `no job holds ${record}` };
  const into = await loadJob(ports.jobs, held);
  const roots = rootsOf(into.state);
  if (!roots.includes(record)) return { why: `${record} is not linked: it is part of another record` };
  const own = await ports.jobs.load(from);
  if (own.state.forwardTo !== null) return { into, past: own };
  // The job's own first record: it parts from the one other that there is.
  const absorbed: StoredJob[] = [];
  for (const root of roots) {
    const other = await ports.jobs.load(jobIdOf(root));
    if (other.state.forwardTo !== null) absorbed.push(other);
  }
  const [past, another] = absorbed;
  if (past === undefined) return { why: `${record} is linked with nothing` };
  return another === undefined
    ? { into, past }
    : { why: `${record} is where the others are linked to; say which of them to unlink: ${roots.join(", ")}` };
}

/** What the job that holds the records now was before it absorbed this one, or the one that this one had come with. */
async function beforeOf(ports: TakeInPorts, into: JobState, past: JobState): Promise<JobState | null> {
  let last = past;
  for (let hops = 0; hops < 16 && last.forwardTo !== null && last.forwardTo !== into.id; hops++)
    last = (await ports.jobs.load(last.forwardTo)).state;
  return last.before?.into ?? null;
}

interface Act {
  readonly into: StoredJob;
  readonly past: StoredJob;
  readonly parting: Parting;
  readonly asked: Unlinking;
}

async function commitParting(
  ports: TakeInPorts,
  company: CompanyConfig,
  { into, past, parting, asked }: Act,
): Promise<"committed" | "conflict"> {
  const surroundings = await surroundingsOf(ports, company);
  const settle = async ({ start, arrivals }: Parting["remaining"]): Promise<JobState> =>
    reconcile(start, arrivals, { ...surroundings, held: await heldOf(ports, start, company) }).state;
  const told = (stored: StoredJob, state: JobState): JobState => {
    const records = leavingOf(parting, into.state);
    const line = `unlinked ${records.join(", ")} by ${asked.by}: ${asked.why}`;
    const change = { version: 0, at: surroundings.now, cause: asked.cause ?? "person", records, lines: [line] };
    return numbered(stored, { ...state, lastChange: change });
  };
  const claims = await ports.claims.load([...parting.leaving].sort(rootsFirst(into.state)));
  const changes = claims.map((claim) => movedBack(claim, into.state.id, past.state.id, parting));
  // A transaction holds 100 items: the roots' claims first, the rest of a very large job one by one after it.
  const outcome = await ports.jobs.commitTogether(
    [
      { stored: into, next: told(into, await settle(parting.remaining)) },
      { stored: past, next: told(past, await settle(parting.returned)) },
    ],
    changes.slice(0, 90),
    surroundings.now,
  );
  if (outcome === "committed") for (const change of changes.slice(90)) await ports.claims.save(change);
  return outcome;
}

/** The records among what leaves. */
function leavingOf({ leaving }: Parting, into: JobState): readonly string[] {
  return [...leaving].filter((key) => into.observations[key] !== undefined).sort();
}

function rootsFirst(state: JobState): (a: string, b: string) => number {
  const rank = (key: string): number => (state.observations[key]?.said?.facts.kind === "job" ? 0 : 1);
  return (a, b) => rank(a) - rank(b) || (a < b ? -1 : 1);
}

function movedBack(claim: StoredClaim, from: string, to: string, { staying }: Parting): ClaimChange {
  const kept = staying.has(claim.record) ? claim.jobs : claim.jobs.filter((job) => job !== from);
  return { stored: claim, next: { ...claim, jobs: [...new Set([...kept, to])].sort() } };
}
