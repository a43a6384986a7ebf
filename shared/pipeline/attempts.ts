import { recordKey } from "#shared/domain/ids.ts";
import type { Attempt, FinalOutcome, Receipt, Refusal } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import { isGone, type Known, type Observation } from "#shared/domain/observation.ts";
import type { Context } from "./context.ts";

/** What became of the open attempts, by what has been read since (docs/merge.md, rows 1 to 3). */
export interface Settled {
  readonly attempts: readonly Attempt[];
  readonly receipts: readonly Receipt[];
  readonly refusals: readonly Refusal[];
  /** `record|target` whose latest word is our own write, seen: the base takes it, and it is no edit. */
  readonly written: readonly string[];
  /** `record|target` on which further writes are only proposed: somebody may have set it back. */
  readonly ask: readonly string[];
}

export function attemptKey(record: string, target: string): string {
  return `${record}|${target}`;
}

/** That it stands there is proven; that it was our request which did it is not, and makes no difference to the field. */
const found = "no answer came; a later reading shows it, whoever wrote it";

/**
 * Row 1: a later read shows the wanted word: `applied`. Row 2: the read after the lag is in and the wanted word is not
 * there: an answered write is `ignored`, one without an answer is planned once more and then `unresolved`; where the
 * vendor's version moved or there is none, further writes are proposed. Row 3: otherwise it stays open.
 */
export function settleAttempts(state: JobState, context: Context): Settled {
  const attempts: Attempt[] = [];
  const receipts: Receipt[] = [];
  const refusals: Refusal[] = [];
  const written: string[] = [];
  const ask: string[] = [];
  for (const attempt of state.attempts) {
    const { intent } = attempt;
    const key = recordKey(intent.record);
    const shown = shownNow(state, attempt, context);
    if (shown !== null && shown.text === intent.wanted) {
      receipts.push(
        receiptOf(attempt, "applied", shown.text, context.now, attempt.state === "ambiguous" ? found : null),
      );
      written.push(attemptKey(key, intent.target));
      continue;
    }
    // Once the read after the lag is in, what is shown is as of that read or a later one.
    if (attempt.lagRead === null || shown === null) {
      attempts.push(attempt);
      continue;
    }
    const sameWord = shown.text === attempt.before.shown;
    const versionStood = shown.modified !== null && shown.modified === attempt.before.modified;
    const answered = attempt.state !== "ambiguous";
    const repeated = state.refusals.some(
      (known) =>
        known.record === key &&
        known.target === intent.target &&
        known.outcome === "retried" &&
        known.wanted === intent.wanted,
    );
    if (sameWord && versionStood && !answered && !repeated && intent.moneyMinor === 0) {
      refusals.push(
        refusalOf(attempt, "retried", context.now, "no answer came and nothing changed; planned once more"),
      );
      continue;
    }
    const outcome = !sameWord ? "superseded" : answered ? "ignored" : "unresolved";
    receipts.push(receiptOf(attempt, outcome, shown.text, context.now, null));
    // Whoever may have set it back is asked (row 2): only what surely did not take is not planned again.
    const refused = outcome === "unresolved" || (outcome === "ignored" && versionStood);
    if (refused) refusals.push(refusalOf(attempt, outcome, context.now, null));
    if (!(sameWord && versionStood)) ask.push(attemptKey(key, intent.target));
  }
  return { attempts, receipts, refusals, written, ask };
}

/**
 * What the latest reading after the attempt's read-before shows; null when there is none yet. The read after the lag
 * may find nothing at all (a record that is gone, a booking that was never made): that is an answer too.
 */
function shownNow(
  state: JobState,
  attempt: Attempt,
  context: Context,
): { text: string; modified: string | null } | null {
  const { intent } = attempt;
  const key = recordKey(intent.record);
  const related = relatedTo(intent, state);
  const found = latestRead(related);
  const read = Math.max(found, attempt.lagRead ?? 0);
  if (read <= attempt.before.read) return null;
  const records = related.flatMap((known) => (known.said && found === read && !isGone(known) ? [known.said] : []));
  if (records.length === 0 && attempt.lagRead === null) return null;
  records.sort(itselfFirst(key));
  return {
    text: context.shows(intent, records),
    modified: state.observations[key]?.said?.version.modified ?? null,
  };
}

/** Whether all that is known of the attempt's record was read before its own read-before: none of it is our write. */
export function isFromBefore(attempt: Attempt, state: JobState): boolean {
  return latestRead(relatedTo(attempt.intent, state)) < attempt.before.read;
}

function relatedTo(intent: Attempt["intent"], state: JobState): readonly Known[] {
  const key = recordKey(intent.record);
  return Object.values(state.observations).filter(({ said }) => said !== null && isAbout(intent, key, said));
}

const latestRead = (related: readonly Known[]): number => Math.max(0, ...related.map((known) => known.seenRead));

/** What is known of an intent's record and its parts, by which its target is shown; what is gone is left out. */
export function recordsAbout(intent: Attempt["intent"], state: JobState): readonly Observation[] {
  const key = recordKey(intent.record);
  const found = Object.values(state.observations).flatMap((known) =>
    known.said && isAbout(intent, key, known.said) && !isGone(known) ? [known.said] : [],
  );
  return found.sort(itselfFirst(key));
}

/** The record itself first, as a reading of it gives it. */
function itselfFirst(key: string): (a: Observation, b: Observation) => number {
  return (a, b) =>
    Number(recordKey(b.record) === key) - Number(recordKey(a.record) === key) ||
    (recordKey(a.record) < recordKey(b.record) ? -1 : 1);
}

/** The record itself or a part of it; of a record that is yet to be made (`new:`), any of its stream that the job holds. */
function isAbout(intent: Attempt["intent"], key: string, said: Observation): boolean {
  if (recordKey(said.record) === key || said.hangsOn.includes(key)) return true;
  const { connection, stream, id } = intent.record;
  return id.startsWith("new:") && said.record.connection === connection && said.record.stream === stream;
}

export function receiptOf(
  attempt: Attempt,
  outcome: FinalOutcome,
  after: string | null,
  at: string,
  note: string | null,
): Receipt {
  const { intent } = attempt;
  return {
    intent: intent.id,
    target: intent.target,
    record: intent.record,
    outcome,
    at,
    // Who calls by hand may wait long for the outcome: an approval, a stop, the vendor's lag.
    ...(intent.target === "call" && attempt.number > 0 ? { sentAt: attempt.startedAt } : {}),
    attempts: attempt.number,
    before: attempt.before.shown,
    wanted: intent.wanted,
    after,
    requestId: attempt.requestId,
    moneyMinor: intent.moneyMinor,
    approvedBy: intent.approved?.by ?? null,
    flags: outcome === "applied" && attempt.number > 0 && !attempt.guarded ? ["overwritten"] : [],
    note,
  };
}

export function refusalOf(attempt: Attempt, outcome: Refusal["outcome"], at: string, note: string | null): Refusal {
  const { intent } = attempt;
  return {
    record: recordKey(intent.record),
    target: intent.target,
    read: intent.read,
    wanted: intent.wanted,
    outcome,
    at,
    note,
  };
}
