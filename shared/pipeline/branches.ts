import { jobIdOf } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import { viewOf } from "#shared/domain/view.ts";
import type { JobStore } from "./ports.ts";

/** A job that was absorbed, as its forwarding item tells. */
export interface Branch {
  readonly job: string;
  /** The records it was founded with, its first one first. */
  readonly own: readonly string[];
  /** All it came with that came no other way since. */
  readonly roots: readonly string[];
  /** The job it was absorbed into. */
  readonly into: string;
  /** What it was. */
  readonly past: JobState;
}

/** How a job's records came together: every job that was absorbed on the way. Reads one forwarding item a root. */
export async function branchesOf(jobs: Pick<JobStore, "loadMany">, state: JobState): Promise<readonly Branch[]> {
  const roots = viewOf(state).roots.map((root) => root.key);
  const ids = [...new Set(roots.map(jobIdOf))].filter((id) => id !== state.id);
  const past = new Map<string, JobState>();
  for (const one of await jobs.loadMany(ids)) if (one.state.forwardTo !== null) past.set(one.state.id, one.state);
  const ways = new Map(roots.map((root) => [root, wayOf(root, state.id, past)]));
  const through = (job: string): readonly string[] => roots.filter((root) => ways.get(root)?.includes(job));
  return [...past].flatMap(([job, absorbed]): Branch[] => {
    const own = through(job).filter((root) => ways.get(root)?.[0] === job);
    if (own.length === 0 || absorbed.forwardTo === null) return [];
    const founder = (root: string): number => (jobIdOf(root) === job ? 0 : 1);
    const founded = own.toSorted((a, b) => founder(a) - founder(b));
    return [{ job, own: founded, roots: through(job), into: absorbed.forwardTo, past: absorbed }];
  });
}

/** The jobs through which a root came here, the one it came in first; none for a root of the job itself. */
function wayOf(root: string, job: string, past: ReadonlyMap<string, JobState>): readonly string[] {
  const way: string[] = [];
  let at = past.get(jobIdOf(root)) ?? smallestWith(root, past);
  while (at && !way.includes(at.id)) {
    way.push(at.id);
    if (at.forwardTo === job) return way;
    at = at.forwardTo === null ? undefined : past.get(at.forwardTo);
  }
  return [];
}

/** A record that never had a job of its own came with the one it was given to. */
function smallestWith(root: string, past: ReadonlyMap<string, JobState>): JobState | undefined {
  const size = (state: JobState): number => Object.keys(state.observations).length;
  return [...past.values()]
    .filter((state) => state.observations[root] !== undefined)
    .toSorted((a, b) => size(a) - size(b))[0];
}
