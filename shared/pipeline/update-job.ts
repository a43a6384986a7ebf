import { Failure } from "#shared/domain/failure.ts";
import type { JobState } from "#shared/domain/job.ts";
import { type CompanyConfig, connectionOf } from "#shared/domain/policy.ts";
import { compareInstants } from "#shared/domain/time.ts";
import type { ArrivePorts } from "./arrive.ts";
import type { Context } from "./context.ts";
import { isDesk, updateDesk } from "./desk.ts";
import { numbered, toldBy, withEdit } from "./history.ts";
import { loadJob } from "./join.ts";
import type { JobStore, Queues, StoredJob } from "./ports.ts";
import { type Arrivals, mergeObservations, nothingArrives, type Reconciled, reconcile } from "./reconcile.ts";
import { heldOf, peopleOf, type SurroundingPorts, surroundingsOf } from "./surroundings.ts";

/**
 * The stages of one inbound message in their order: normalise, link, reconcile, plan. Their results commit together,
 * in one conditional write of the job item; what follows from it is sent after, and is safe to send again.
 */
export interface TakeInPorts extends ArrivePorts, SurroundingPorts {
  readonly jobs: JobStore;
  readonly queues: Queues;
}

/** What is the same for every job of a batch. */
export type Surroundings = Omit<Context, "held">;

/**
 * Load, reconcile, commit on the version; when it moved, again from the load (law 1: nothing depends on the order). A
 * desk holds no records: it is edited, not reconciled.
 */
export async function updateJob(
  ports: TakeInPorts,
  company: CompanyConfig,
  surroundings: Surroundings,
  job: string,
  arrivals: Arrivals,
  edit: (state: JobState) => JobState = (state) => state,
): Promise<{
  readonly before: JobState;
  readonly stored: StoredJob;
  readonly changed: boolean;
  readonly send: readonly string[];
}> {
  if (isDesk(job)) return updateDesk(ports.jobs, job, surroundings.now, edit);
  for (let tries = 0; tries < 12; tries++) {
    const stored = await loadJob(ports.jobs, job);
    const edited = edit(stored.state);
    const people = await peopleOf(ports, seenWith(edited, arrivals), company, arrivals === nothingArrives);
    const arriving = { ...arrivals, people: { ...people, ...arrivals.people } };
    const {
      state: reconciled,
      changed,
      send,
    } = await reconcileWithHeld(ports, company, surroundings, edited, arriving);
    const state = numbered(stored, withEdit(edited, reconciled));
    const moved = changed || edited !== stored.state;
    if (!moved) return { before: stored.state, stored, changed: false, send };
    if (isEmpty(state)) return { before: stored.state, stored, changed: false, send: [] };
    if ((await ports.jobs.commit(stored, state, surroundings.now)) === "committed")
      return { before: stored.state, stored: { state, version: stored.version + 1 }, changed: true, send };
  }
  throw new Failure("conflict", `job ${job} moved twelve times while it was being reconciled`);
}

/** What a person said of these jobs stands in their history, and whatever else is due there is done with it. */
export async function tellJobs(
  ports: TakeInPorts,
  company: CompanyConfig,
  jobs: readonly string[],
  records: readonly string[],
  line: string,
): Promise<void> {
  const surroundings = await surroundingsOf(ports, company);
  const edit = (state: JobState): JobState => toldBy(state, surroundings.now, records, line);
  for (const job of new Set(jobs)) {
    const { stored, send } = await updateJob(ports, company, surroundings, job, nothingArrives, edit);
    await sendIntents(ports, company, stored, send, surroundings.now);
  }
}

function seenWith(state: JobState, arrivals: Arrivals): JobState {
  return { ...state, observations: mergeObservations(state.observations, arrivals.observations) };
}

/** Unapplied money is asked for only where it can matter: a payment gap that stands now or stood before. */
async function reconcileWithHeld(
  ports: TakeInPorts,
  company: CompanyConfig,
  surroundings: Surroundings,
  before: JobState,
  arrivals: Arrivals,
): Promise<Reconciled> {
  const first = reconcile(before, arrivals, { ...surroundings, held: [] });
  const matters = [...before.breaks, ...first.state.breaks].some(
    (known) => known.kind === "payment" && known.state !== "resolved",
  );
  if (!matters) return first;
  const held = await heldOf(ports, seenWith(before, arrivals), company);
  return held.length === 0 ? first : reconcile(before, arrivals, { ...surroundings, held });
}

/** A due message for a job that does not exist (any more) writes nothing. */
function isEmpty(state: JobState): boolean {
  return Object.keys(state.observations).length === 0 && state.links.length === 0;
}

/** Outbound messages name the intent and no more; sending one twice is harmless. */
export async function sendIntents(
  ports: { readonly queues: Pick<Queues, "outbound"> },
  company: CompanyConfig,
  stored: StoredJob,
  send: readonly string[],
  now: string,
): Promise<number> {
  const { state } = stored;
  let sent = 0;
  const open = state.attempts
    .filter((attempt) => compareInstants(attempt.dueAt, now) <= 0)
    .map((attempt) => attempt.intent);
  for (const intent of [...state.intents.filter((one) => send.includes(one.id)), ...open]) {
    const vendor = connectionOf(company, intent.record.connection)?.vendor;
    if (!vendor) continue;
    await ports.queues.outbound(vendor, [{ v: 1, company: company.id, job: state.id, intent: intent.id }]);
    sent++;
  }
  return sent;
}
