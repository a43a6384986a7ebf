import type { JobState } from "#shared/domain/job.ts";
import type { JobStore } from "./ports.ts";

/**
 * Every job of the company, or only those a person works through. A job that moved between the two lists while they
 * were paged is given once, as it was seen last. Forwarding items of joined jobs are left out.
 */
export async function everyJob(jobs: JobStore, which: "all" | "open"): Promise<readonly JobState[]> {
  const found = new Map<string, JobState>();
  let next: string | null = null;
  do {
    const page: Awaited<ReturnType<JobStore["list"]>> = await (which === "all" ? jobs.list(next) : jobs.listOpen(next));
    for (const { state } of page.jobs) if (state.forwardTo === null) found.set(state.id, state);
    next = page.next;
  } while (next !== null);
  return [...found.values()];
}
