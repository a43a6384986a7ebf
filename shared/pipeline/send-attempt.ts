import { Failure } from "#shared/domain/failure.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { addSeconds } from "#shared/domain/time.ts";
import { lagOf, type WriteBackPorts, type WroteBack, withAttempt } from "./attempt-edits.ts";
import { afterFailure } from "./attempt-outcome.ts";
import { change } from "./change-job.ts";
import { handOn, type Reading, readNow, type WriteJob } from "./look.ts";

/** Sends the one request of a committed attempt and reads back what came of it. */
export async function sendAttempt(
  ports: WriteBackPorts,
  company: CompanyConfig,
  job: WriteJob,
  before: Reading,
): Promise<WroteBack> {
  const { intent, writer, client } = job;
  let requestId: string | null = null;
  try {
    ({ requestId } = await writer.send(client, intent, before.page));
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    return afterFailure(ports, job, cause, (edit) => change(ports, company, job, edit));
  }
  const dueAt = addSeconds(await ports.clock.now(), lagOf(job.connection));
  const answered = (state: JobState): JobState =>
    withAttempt(state, intent.id, (attempt) => ({ ...attempt, state: "unverified", requestId, dueAt }));
  let after: Reading;
  try {
    after = await readNow(ports, company, job);
  } catch (cause) {
    // The vendor took it and cannot be read now: that it answered must not be forgotten.
    await change(ports, company, job, answered);
    throw cause;
  }
  await handOn(ports, company, job, after);
  const { stored } = await change(ports, company, job, answered, after.arrivals);
  return {
    done: "written",
    outcome: stored.state.attempts.some((known) => known.intent.id === intent.id) ? "open" : "applied",
  };
}
