import { type OfficeJob, utcSeconds, type Visit } from "./servicetitan.ts";
import type { World } from "./world.ts";

/** How a job and its visits move in the office. */

const visitWords = {
  Dispatched: "Dispatched",
  InProgress: "Working",
  Completed: "Done",
  Canceled: "Canceled",
  Hold: "Hold",
} as const;

/** The job moves on and its visits with it, all or those named. */
export function moveJob(
  world: World,
  job: OfficeJob,
  at: string,
  word: keyof typeof visitWords,
  how: { completedOn?: string; visits?: readonly number[] } = {},
): void {
  const stamps = word === "Completed" ? { completedOn: utcSeconds(how.completedOn ?? at) } : {};
  world.st.change(at, "jobs", String(job.id), { jobStatus: word, ...stamps }, `${job.number} ${word}`);
  for (const [index, visit] of job.visits.entries()) {
    if (how.visits && !how.visits.includes(index)) continue;
    const status = visitWords[word];
    world.st.change(at, "appointments", String(visit.id), { status }, `${job.number} ${status}`);
    if (word === "Canceled" || word === "Hold") continue;
    for (const { assignment } of visit.crew)
      world.st.change(at, "assignments", String(assignment), { status }, `${job.number} ${status}`);
  }
}

export function moveVisit(world: World, job: OfficeJob, at: string, index: number, visit: Visit): void {
  const key = String(job.visits[index]?.id);
  const start = utcSeconds(visit.start);
  const end = utcSeconds(visit.end);
  const fields = { start, end, arrivalWindowStart: start, arrivalWindowEnd: end };
  world.st.change(at, "appointments", key, fields, `${job.number} moved`);
}
