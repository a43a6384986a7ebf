import { Failure } from "#shared/domain/failure.ts";
import { digestOf, sameJson, shortHash } from "#shared/domain/ids.ts";
import { type Intent, type Receipt, withheldOf } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import { earlier } from "#shared/domain/time.ts";
import { decisionLine, numbered } from "./history.ts";
import { mayGo } from "./may-go.ts";
import type { JobStore, StoredJob } from "./ports.ts";

/**
 * A connection's desk: an item of the shape of a job that holds the writes a person asked for by hand and that belong to
 * no job. It has no records, so nothing of it is reconciled, compared or counted; its intents, attempts and receipts
 * are those of every write.
 */
const prefix = "desk-";

export function deskOf(connection: string): string {
  return `${prefix}${connection}`;
}

export function isDesk(job: string): boolean {
  return job.startsWith(prefix);
}

/** Receipts the item keeps; older ones stand in its history, and what was sent in the archive. */
const keptReceipts = 100;

/** A call that a person asked for, before it stands on the desk. */
export interface CallAsked {
  readonly connection: string;
  readonly operation: string;
  /** Names the asking: the same one asked twice is one call. */
  readonly asking: string;
  readonly by: string;
  /** Key of the stored call in the archive, and the digest of what it holds (law 8). */
  readonly archived: string;
  readonly digest: string;
  /** What is sent, as a person reads it: method, path and the start of the body. */
  readonly sent: string;
  readonly requests: number;
  readonly money: boolean;
  readonly needsApproval: boolean;
  /** Names of what is given when it is sent, and nothing keeps. */
  readonly withheld?: readonly string[];
  readonly epoch: number;
}

export function callIntentId({ connection, asking }: Pick<CallAsked, "connection" | "asking">): string {
  return `c${shortHash(digestOf([deskOf(connection), asking]))}`;
}

/** Who asks for a write that needs no approval has approved it by asking. */
export function callIntent(asked: CallAsked, now: string): Intent {
  const { connection, operation, by, archived, digest, sent, requests, money, needsApproval, epoch } = asked;
  const withheld = asked.withheld ?? [];
  const args = { operation, archived, digest, by, money, ...(withheld.length > 0 ? { withheld } : {}) };
  const later = withheld.length > 0 ? "; plumbline call --send sends it" : "";
  return {
    id: callIntentId(asked),
    kind: "write",
    target: "call",
    record: { connection, stream: "calls", id: operation },
    read: "",
    wanted: sent,
    arguments: args,
    // The amount of a call stands in its body, under a name of each vendor's own: `arguments.money` says that there is one.
    moneyMinor: 0,
    requests,
    needsApproval,
    approved: needsApproval ? null : { by, at: now },
    rejected: null,
    bound: digestOf([connection, operation, digest, money]),
    sentence: `${operation} at ${connection}, asked for by ${by}: ${sent}${money ? " (may move money)" : ""}${later}`,
    plannedAt: now,
    epoch,
    dueAt: needsApproval || withheld.length > 0 ? null : now,
  };
}

/** Puts a call on its desk; one that stands there, or stood there, is left as it is. */
export async function enterCall(jobs: JobStore, asked: CallAsked, now: string): ReturnType<typeof updateDesk> {
  const intent = callIntent(asked, now);
  return updateDesk(jobs, deskOf(asked.connection), now, (state) =>
    callStanding(state, intent.id) === null
      ? { ...state, intents: [...state.intents, intent], planned: state.planned + 1 }
      : state,
  );
}

export type CallStanding =
  | {
      readonly standing: "waits for approval" | "waits for its secrets" | "rejected" | "on its way" | "sent";
      readonly planned: Intent;
    }
  | { readonly standing: "done"; readonly receipt: Receipt };

/** Where a call stands; null for one this desk does not know (any more). */
export function callStanding(state: JobState, id: string): CallStanding | null {
  const receipt = state.receipts.find((known) => known.intent === id);
  if (receipt) return { standing: "done", receipt };
  const attempt = state.attempts.find((known) => known.intent.id === id);
  if (attempt) return { standing: "sent", planned: attempt.intent };
  const planned = state.intents.find((known) => known.id === id);
  if (!planned) return null;
  if (planned.rejected !== null) return { standing: "rejected", planned };
  if (planned.needsApproval && planned.approved === null) return { standing: "waits for approval", planned };
  return { standing: withheldOf(planned).length > 0 ? "waits for its secrets" : "on its way", planned };
}

/**
 * Edits a desk and commits it on its version, again from the load when it moved; what may go now is named in `send`.
 * Throws Failure `conflict` when it moved twelve times.
 */
export async function updateDesk(
  jobs: JobStore,
  id: string,
  now: string,
  edit: (state: JobState) => JobState,
): Promise<{
  readonly before: JobState;
  readonly stored: StoredJob;
  readonly changed: boolean;
  readonly send: readonly string[];
}> {
  for (let tries = 0; tries < 12; tries++) {
    const stored = await jobs.load(id);
    const before = stored.state;
    const state = settled(before, edit(before), now);
    const send = state.intents.filter((intent) => mayGo(intent, { now })).map((intent) => intent.id);
    if (sameJson(state, before)) return { before, stored, changed: false, send };
    const next = numbered(stored, state);
    if ((await jobs.commit(stored, next, now)) === "committed")
      return { before, stored: { state: next, version: stored.version + 1 }, changed: true, send };
  }
  throw new Failure("conflict", `${id} moved twelve times while it was being changed`);
}

/** What follows from an edit: times, the lines of its history, and what the item no longer has to hold. */
function settled(before: JobState, edited: JobState, now: string): JobState {
  // What was rejected has been seen as such in the plan, and ends with the next change of the desk.
  const ended = edited.intents.filter((one) => before.intents.find((known) => known.id === one.id)?.rejected);
  const intents = edited.intents.filter((one) => !ended.includes(one)).map(withTime);
  if (sameJson({ ...edited, intents }, before)) return before;
  const lines = linesOf(before, { ...edited, intents });
  return {
    ...edited,
    intents,
    receipts: edited.receipts.slice(-keptReceipts),
    // A refusal keeps a planner from planning the same again; nobody plans a call.
    refusals: [],
    dueAt: dueOf({ ...edited, intents }),
    lastChange:
      lines.length === 0 ? before.lastChange : { version: 0, at: now, cause: "call", records: [], lines: [...lines] },
  };
}

/**
 * What was approved is due from then on, so that one held up by a stop or a lost message is sent again; what a person
 * has to send is due for nobody else.
 */
function withTime(intent: Intent): Intent {
  if (withheldOf(intent).length > 0) return { ...intent, dueAt: null };
  return intent.approved !== null && intent.dueAt === null ? { ...intent, dueAt: intent.approved.at } : intent;
}

function dueOf(state: JobState): string | null {
  const goes = state.intents.filter((one) => one.rejected === null && (!one.needsApproval || one.approved !== null));
  return [...goes, ...state.attempts].reduce<string | null>((due, one) => earlier(due, one.dueAt), null);
}

function linesOf(before: JobState, after: JobState): readonly string[] {
  const lines: string[] = [];
  for (const intent of after.intents) {
    const past = before.intents.find((known) => known.id === intent.id);
    if (!past) lines.push(`asks: ${intent.sentence}`);
    if (past && ((!past.approved && intent.approved) || (!past.rejected && intent.rejected)))
      lines.push(decisionLine(intent));
  }
  for (const receipt of after.receipts) {
    if (before.receipts.some((known) => known.intent === receipt.intent)) continue;
    const asked = receipt.requestId === null ? "" : `, request ${receipt.requestId}`;
    lines.push(`${receipt.record.id}: ${receipt.outcome}${asked}${receipt.note === null ? "" : ` (${receipt.note})`}`);
  }
  return lines;
}
