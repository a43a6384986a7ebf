import { emptyJob, type JobState } from "#shared/domain/job.ts";
import { addHours } from "#shared/domain/time.ts";
import type { PastState } from "#shared/pipeline/past-states.ts";
import { nothingArrives, reconcile } from "#shared/pipeline/reconcile.ts";
import type { ContextAt } from "#shared/pipeline/replay.ts";
import { companyOf, contextOf, readingOf, systemClasses } from "./model-systems.ts";

/**
 * The past of one job, told in short: s1 is the office, which nobody can write to, s2 a branch that may be written. A gap
 * of money waits two hours before it is a break.
 */
export const pastClasses = [systemClasses.readOnly, systemClasses.writable] as const;
export const pastCompany = companyOf(pastClasses, { graceHours: { default: 2 } });
/** `at(1.5)` is half past one. */
export const at = (hour: number): string => addHours("2026-11-02T00:00:00.000Z", hour);
export const pastContext =
  (company = pastCompany): ContextAt =>
  (now) =>
    contextOf(company, pastClasses, now);

/** A commit: when, what each system was read to say then (its word, cents paid), and what else became of the job. */
export interface Commit {
  readonly hour: number;
  readonly office?: readonly [word: string, payment?: number];
  readonly branch?: readonly [word: string, payment?: number];
  readonly became?: (state: JobState) => JobState;
}

/** The states a job was stored as, oldest first, one for each commit. */
export function toldPast(commits: readonly Commit[], id = "j1", under = pastContext()): readonly PastState[] {
  const past: PastState[] = [];
  for (const [n, { hour, office, branch, became = (state: JobState) => state }] of commits.entries()) {
    const says = [office, branch].flatMap((said, place) => {
      const one = pastClasses[place];
      if (!said || !one) return [];
      const [word, payment = 0] = said;
      const record = { word, payment, reference: "", charge: 500, modified: n };
      return [[`s${place + 1}/jobs/1`, readingOf(one, `s${place + 1}`, record, n + 1, at(hour))] as const];
    });
    const before = past.at(-1)?.state ?? emptyJob(id);
    const arrives = says.length > 0 ? { observations: Object.fromEntries(says) } : nothingArrives;
    past.push({ state: became(reconcile(before, arrives, under(at(hour))).state), version: n + 1, at: at(hour) });
  }
  return past;
}

/** Work under way in both until the office says at nine that it is done; at ten the branch says so too, and is paid. */
export const bothDone: readonly Commit[] = [
  { hour: 8, office: ["Working"], branch: ["Working"] },
  { hour: 9, office: ["Completed"] },
  { hour: 10, branch: ["Completed", 500] },
];
