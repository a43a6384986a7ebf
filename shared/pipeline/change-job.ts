import type { JobState } from "#shared/domain/job.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import type { WriteBackPorts } from "./attempt-edits.ts";
import type { Standing } from "./look.ts";
import type { StoredJob } from "./ports.ts";
import { type Arrivals, nothingArrives } from "./reconcile.ts";
import { surroundingsOf } from "./surroundings.ts";
import { updateJob } from "./update-job.ts";

/** Edits the job as it stands now, reconciles and commits; again from the load when it moved meanwhile. */
export async function change(
  ports: WriteBackPorts,
  company: CompanyConfig,
  job: Standing,
  edit: (state: JobState) => JobState,
  arrivals: Arrivals = nothingArrives,
): Promise<{ stored: StoredJob }> {
  const surroundings = await surroundingsOf(ports, company);
  return updateJob(ports, company, surroundings, job.stored.state.id, arrivals, edit);
}

/** The job reconciled as things stand now, with nothing new of its own. */
export async function planAnew(
  ports: WriteBackPorts,
  company: CompanyConfig,
  { state }: StoredJob,
): Promise<StoredJob> {
  const surroundings = await surroundingsOf(ports, company);
  return (await updateJob(ports, company, surroundings, state.id, nothingArrives)).stored;
}
