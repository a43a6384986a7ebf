import type { Failure } from "#shared/domain/failure.ts";
import { recordKey } from "#shared/domain/ids.ts";
import { type Attempt, movesMoney } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import { addSeconds } from "#shared/domain/time.ts";
import { type Edit, lagOf, type WriteBackPorts, type WroteBack, withAttempt } from "./attempt-edits.ts";
import { receiptOf, refusalOf } from "./attempts.ts";
import type { Standing } from "./look.ts";

/** The attempt is committed before it is sent; a moved version means somebody else may be sending. */
export async function commitAttempt(
  ports: Pick<WriteBackPorts, "jobs">,
  job: Standing,
  attempt: Attempt,
): Promise<boolean> {
  const { stored, intent } = job;
  const tries = stored.state.refusals.filter(
    (known) =>
      known.outcome === "retried" && known.record === recordKey(intent.record) && known.target === intent.target,
  ).length;
  const next: JobState = {
    ...stored.state,
    intents: stored.state.intents.filter((known) => known.id !== intent.id),
    attempts: [...stored.state.attempts, { ...attempt, number: tries + 1 }],
    dueAt: attempt.dueAt,
  };
  return (await ports.jobs.commit(stored, next, attempt.startedAt)) === "committed";
}

/** No answer: ambiguous, looked for after the lag. Refused: a receipt, no repeat. Never sent: planned again. */
export async function afterFailure(
  ports: Pick<WriteBackPorts, "clock" | "control">,
  job: Standing,
  failure: Failure,
  edit: Edit,
): Promise<WroteBack> {
  const { intent } = job;
  const now = await ports.clock.now();
  const requestId = failure.detail.requestId ?? null;
  if (failure.kind === "ambiguous" || failure.kind === "malformed") {
    const dueAt = addSeconds(now, lagOf(job.connection));
    await edit((state) =>
      withAttempt(state, intent.id, (attempt) => ({ ...attempt, state: "ambiguous", requestId, dueAt })),
    );
    if (movesMoney(intent))
      await ports.control.stop("plumbline", `a money write to ${intent.record.connection} got no answer`);
    return { done: "written", outcome: "open" };
  }
  const note = failure.detail.body ?? failure.message;
  if (failure.kind === "rejected" || failure.kind === "missing" || failure.kind === "bad-input") {
    await edit((state) => {
      const attempt = state.attempts.find((known) => known.intent.id === intent.id);
      if (!attempt) return state;
      return {
        ...state,
        attempts: state.attempts.filter((known) => known !== attempt),
        receipts: [
          ...state.receipts,
          { ...receiptOf({ ...attempt, requestId }, "rejected", attempt.before.shown, now, note) },
        ],
        refusals: [...state.refusals, refusalOf(attempt, "rejected", now, note)],
      };
    });
    return { done: "written", outcome: "rejected" };
  }
  // The request never left: the intent is wanted as before, with its approval.
  await edit((state) => ({
    ...state,
    attempts: state.attempts.filter((known) => known.intent.id !== intent.id),
    intents: [...state.intents.filter((known) => known.id !== intent.id), intent],
  }));
  throw failure;
}
