import { Failure } from "#shared/domain/failure.ts";
import type { JobState } from "#shared/domain/job.ts";
import { type PastStep, stateBefore, stateDigest } from "#shared/domain/past.ts";
import { compareInstants } from "#shared/domain/time.ts";
import type { StoredJob } from "./ports.ts";

/** A job as one commit left it. */
export interface PastState {
  readonly state: JobState;
  readonly version: number;
  /** When it was committed, by the committing function's clock; null for a first version that told no change. */
  readonly at: string | null;
}

/**
 * Every state a job was ever stored as, newest first, each rebuilt from the one after it. Law: what is rebuilt is byte
 * for byte what was stored, in canonical JSON; a step that starts from anything else has another digest and is not
 * taken. Throws Failure `missing` where the steps end before the first version.
 */
export function* pastStates(stored: StoredJob, steps: readonly PastStep[]): Generator<PastState, void> {
  if (stored.version === 0) return;
  const byStart = new Map(steps.map((step) => [`${step.version} ${step.from}`, step]));
  let { state, version } = stored;
  for (; version > 1; version--) {
    const step = byStart.get(`${version - 1} ${stateDigest(state)}`);
    if (!step) throw new Failure("missing", `what job ${state.id} was before its version ${version} was not kept`);
    yield { state, version, at: step.at };
    state = stateBefore(state, step);
  }
  yield { state, version, at: state.lastChange?.at ?? null };
}

/** A job as it was stored at an instant, and until when it stood so. */
export interface StateThen extends PastState {
  /** When the next version was committed; null when it is the job as it stands. */
  readonly until: string | null;
}

/**
 * The state a job was stored as at an instant, that instant's own commits included; null when it was not there yet. Of
 * two functions whose clocks disagree the later commit counts: a version stood from the latest instant of all up to it.
 */
export function stateAt(stored: StoredJob, steps: readonly PastStep[], instant: string): StateThen | null {
  const isLater = (at: string | null): boolean => at !== null && compareInstants(at, instant) > 0;
  const first = [stored.state.lastChange, ...steps.map((step) => step.change)].find((one) => one?.version === 1);
  const commits = [...steps.map((step) => ({ version: step.version + 1, at: step.at })), ...(first ? [first] : [])];
  const earliestLater = commits.reduce(
    (least, one) => (isLater(one.at) ? Math.min(least, one.version) : least),
    Infinity,
  );
  const walked: PastState[] = [];
  for (const past of pastStates(stored, steps)) {
    walked.push(past);
    // Nothing before this version was committed later than asked: it cannot be further back.
    if (!isLater(past.at) && earliestLater >= past.version) break;
  }
  const oldestLater = walked.findLastIndex((past) => isLater(past.at));
  const found = walked[oldestLater + 1];
  return found ? { ...found, until: walked[oldestLater]?.at ?? null } : null;
}
