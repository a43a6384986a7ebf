import { type BackStep, backStepOf, backStepSchema, steppedBack } from "./back-step.ts";
import { digestOf, sameJson } from "./ids.ts";
import { type Change, changeSchema, emptyJob, isJobState, type JobState } from "./job.ts";
import * as z from "./schema.ts";

/**
 * What a commit of a job leaves beside it, so that what stood before can be had again, byte for byte: the way back from
 * version + 1 to `version`. It is named by what it starts from, so a writer that lost its race leaves one that nothing
 * leads to, and a state that was rebuilt wrongly finds none.
 */
export interface PastStep {
  /** The version it leads to. */
  readonly version: number;
  /** `stateDigest` of the state it starts from. */
  readonly from: string;
  /** When that state was committed, by the committing function's clock. */
  readonly at: string;
  /** The last change of the state it leads to (null: it had none); not said when the commit brought no new one. */
  readonly change?: Change | null | undefined;
  /** From the one state to the other, their last changes aside. */
  readonly step: BackStep | null;
}

export const pastStepSchema: z.ZodMiniType<PastStep> = z.object({
  version: z.int(),
  from: z.string(),
  at: z.string(),
  change: z.optional(z.nullable(changeSchema)),
  step: z.nullable(backStepSchema),
});

/**
 * The digest of a job's state in canonical JSON. Members as empty as a new job's are left out: what a later version of
 * the code adds to a job changes no digest of what was stored before it.
 */
export function stateDigest(state: JobState): string {
  const empty = new Map<string, unknown>(Object.entries(emptyJob(state.id)));
  const members = Object.entries(state).filter(
    ([name, value]) => !empty.has(name) || !sameJson(value, empty.get(name)),
  );
  return digestOf(Object.fromEntries(members));
}

/** The step that committing `next`, numbered as it will stand, over `before` leaves. `at` is an instant. */
export function pastStepOf(
  before: { readonly version: number; readonly state: JobState },
  next: JobState,
  at: string,
): PastStep {
  const isNews = !sameJson(next.lastChange, before.state.lastChange);
  return {
    version: before.version,
    from: stateDigest(next),
    at,
    ...(isNews ? { change: before.state.lastChange } : {}),
    step: backStepOf({ ...next, lastChange: null }, { ...before.state, lastChange: null }),
  };
}

/** The state a step leads to. Throws when the step was made from another state than this one. */
export function stateBefore(after: JobState, past: PastStep): JobState {
  const lastChange = past.change === undefined ? after.lastChange : past.change;
  const before = steppedBack({ ...after, lastChange: null }, past.step);
  if (!isJobState(before))
    throw new Error(`the way back to version ${past.version} of job ${after.id} leads to no job`);
  return { ...before, lastChange };
}
