import type { Intent } from "#shared/domain/intent.ts";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import { compareInstants } from "#shared/domain/time.ts";
import type { Context } from "./context.ts";
import type { PastState } from "./past-states.ts";
import { nothingArrives, reconcile } from "./reconcile.ts";

/** Reconcile's surroundings at an instant of the past. */
export type ContextAt = (now: string) => Context;

/** A plan that a policy makes of what was: what is wanted, since when, and whether it stands at the end of the period. */
export interface WouldPlan {
  readonly intent: Intent;
  readonly since: string;
  readonly stands: boolean;
}

/** Two instants; what is committed at `to` still belongs. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/**
 * What one job would have wanted in a period under a policy. Law: replaying writes nothing; it takes stored states and
 * gives plans, and there is no port below it. Every record comes as it was then and in the order in which it came,
 * people's marks and our own writes as they were, with the passing of time between. `states` are the job's, oldest
 * first; plans come in the order in which they were first wanted.
 */
export function replayJob(states: readonly PastState[], period: Period, contextAt: ContextAt): readonly WouldPlan[] {
  const plans = new Map<string, WouldPlan>();
  const note = (state: JobState, now: string): JobState => {
    for (const [id, plan] of plans) plans.set(id, { ...plan, stands: false });
    for (const intent of state.intents)
      plans.set(intent.id, { intent, since: plans.get(intent.id)?.since ?? now, stands: true });
    return state;
  };
  const before = stateBeforePeriod(states, period);
  let state = before ? note(lookAgain(before, contextAt(period.from)), period.from) : null;
  let [known, now] = [before, period.from];
  for (const { state: stored, at } of statesWithin(states, period)) {
    if (state) state = passTime(state, now, at, contextAt, note);
    // Clocks of two functions may disagree: time never goes back here.
    now = compareInstants(at, now) > 0 ? at : now;
    state = note(takeIn(state, known, stored, contextAt(now)), now);
    known = stored;
  }
  if (state) passTime(state, now, period.to, contextAt, note);
  return [...plans.values()];
}

/** What stood when a period began; null when the job was not there yet. */
export function stateBeforePeriod(states: readonly PastState[], { from }: Period): JobState | null {
  return states.findLast(({ at }) => at === null || compareInstants(at, from) <= 0)?.state ?? null;
}

/** The states committed in a period, its end included and its beginning not. */
export function statesWithin(
  states: readonly PastState[],
  { from, to }: Period,
): readonly { state: JobState; at: string }[] {
  return states.flatMap(({ state, at }) =>
    at !== null && compareInstants(at, from) > 0 && compareInstants(at, to) <= 0 ? [{ state, at }] : [],
  );
}

/**
 * One commit again: what was read and linked by it arrives at the job as the policy has made it. What people and our own
 * writes had done by then does not hang on the policy. A job that lost records was taken apart, and starts again there.
 */
function takeIn(state: JobState | null, known: JobState | null, stored: JobState, context: Context): JobState {
  if (stored.forwardTo !== null) return { ...stored, intents: [] };
  const { observations, links, people } = stored;
  const isWhole = known === null || Object.keys(known.observations).every((key) => observations[key] !== undefined);
  const { attempts, receipts, refusals, accepted } = known ?? emptyJob(stored.id);
  const before =
    isWhole && (known?.forwardTo ?? null) === null
      ? { ...(state ?? emptyJob(stored.id)), attempts, receipts, refusals, accepted }
      : stored;
  return reconcile(before, { observations, links, people }, context).state;
}

/** Far more than grace, quiet period and lag make of one gap between two commits. */
const mostLooks = 64;

/** Looks again whenever time alone may change something, as the schedule does. */
function passTime(
  from: JobState,
  since: string,
  until: string,
  contextAt: ContextAt,
  note: (state: JobState, now: string) => JobState,
): JobState {
  let [state, now] = [from, since];
  for (let looks = 0; looks < mostLooks; looks++) {
    const { dueAt } = state;
    if (dueAt === null || compareInstants(dueAt, now) <= 0 || compareInstants(dueAt, until) >= 0) break;
    now = dueAt;
    state = note(lookAgain(state, contextAt(now)), now);
  }
  return state;
}

function lookAgain(state: JobState, context: Context): JobState {
  return state.forwardTo === null ? reconcile(state, nothingArrives, context).state : { ...state, intents: [] };
}

/** How the plans of one job differ between two policies; a plan both make is `changed` where somebody else agrees to it. */
export interface PlanDifference {
  readonly onlyInForce: readonly WouldPlan[];
  readonly onlyTried: readonly WouldPlan[];
  readonly changed: readonly { readonly inForce: WouldPlan; readonly tried: WouldPlan }[];
  readonly same: number;
}

export function differenceOf(inForce: readonly WouldPlan[], tried: readonly WouldPlan[]): PlanDifference {
  const byId = (plans: readonly WouldPlan[]) => new Map(plans.map((plan) => [plan.intent.id, plan]));
  const [inForceById, triedById] = [byId(inForce), byId(tried)];
  const both = inForce.flatMap((plan) => {
    const other = triedById.get(plan.intent.id);
    return other ? [{ inForce: plan, tried: other }] : [];
  });
  const changed = both.filter((pair) => whoAgrees(pair.inForce.intent) !== whoAgrees(pair.tried.intent));
  return {
    onlyInForce: inForce.filter(({ intent }) => !triedById.has(intent.id)),
    onlyTried: tried.filter(({ intent }) => !inForceById.has(intent.id)),
    changed,
    same: both.length - changed.length,
  };
}

/** A person, a named rule, or nobody. */
export function whoAgrees(intent: Intent): string {
  if (!intent.needsApproval) return intent.kind === "task" ? "a person does it" : "nobody has to agree";
  return intent.approved?.rule === undefined ? "a person agrees" : `rule ${intent.approved.rule}`;
}
