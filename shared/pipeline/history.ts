import type { Break } from "#shared/domain/break.ts";
import { canonicalJson } from "#shared/domain/ids.ts";
import type { Intent } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import { formatMinor } from "#shared/domain/money.ts";
import { mergeFields } from "#shared/domain/policy.ts";

/** What a change of a job amounts to, in lines a person reads; empty when only bookkeeping moved. */
export function changeLines(before: JobState, after: JobState): readonly string[] {
  const lines: string[] = [];
  for (const link of after.links) {
    if (!before.links.some((known) => known.record === link.record))
      lines.push(
        `linked ${link.record} by ${link.rule}${link.evidence.length > 0 ? ` (${link.evidence.join(", ")})` : ""}`,
      );
  }
  for (const [key, known] of Object.entries(after.observations)) {
    const past = before.observations[key];
    if (!past?.said && known.said) lines.push(`${key} first seen`);
    else if (past?.said && known.said && past.said.digest !== known.said.digest) lines.push(`${key} changed`);
    if (known.absent && known.absent.read !== past?.absent?.read && known.absent.read > known.seenRead)
      lines.push(`${key} is ${known.absent.how}`);
  }
  for (const field of mergeFields) {
    const was = before.fields[field];
    const is = after.fields[field];
    if (is && canonicalJson(was?.agreed ?? null) !== canonicalJson(is.agreed ?? null)) {
      lines.push(`${field} is ${canonicalJson(is.agreed)}${is.by.length > 0 ? `, by ${is.by.join(", ")}` : ""}`);
    }
  }
  for (const line of after.money) {
    const past = before.money.find((known) => known.connection === line.connection);
    for (const name of ["charge", "payment"] as const) {
      if ((past?.[name] ?? null) !== line[name])
        lines.push(`${line.connection} ${name} ${line[name] === null ? "not stated" : formatMinor(line[name])}`);
    }
  }
  for (const known of after.breaks) {
    const past = before.breaks.find((other) => other.key === known.key);
    if (past === undefined || standingOf(past) !== standingOf(known))
      lines.push(`break ${known.key} ${standingOf(known)}: ${known.sentence}`);
    else if (past.gapMinor !== known.gapMinor) lines.push(`break ${known.key} now ${formatMinor(known.gapMinor)}`);
  }
  for (const receipt of after.receipts.slice(before.receipts.length))
    lines.push(`write of ${receipt.target} to ${receipt.record.connection}: ${receipt.outcome}`);
  return [...lines, ...planLines(before, after)];
}

/** Put away is not resolved: nobody can say whether its gap has closed. */
const standingOf = ({ state, putAway }: Break): string => (putAway === undefined ? state : "put away");

/** What is newly wanted, what a rule approved, and decisions that fell because what they were made on has moved (law 8). */
function planLines(before: JobState, after: JobState): readonly string[] {
  const lines: string[] = [];
  for (const intent of after.intents) {
    const past = before.intents.find((known) => known.id === intent.id);
    if (!past) lines.push(`${intent.kind === "task" ? "asks a person" : "plans"}: ${intent.sentence}`);
    if (!past?.approved && intent.approved) lines.push(decisionLine({ ...intent, rejected: null }));
  }
  for (const past of before.intents) {
    const now = after.intents.find((known) => known.id === past.id);
    const decided = past.approved ?? past.rejected;
    if (decided === null || now?.approved || now?.rejected) continue;
    const why = now ? "what it was planned from has changed" : "it is not planned now";
    lines.push(`${past.approved ? "approval" : "rejection"} by ${decided.by} fell, ${why}: ${past.sentence}`);
  }
  return lines;
}

/** Who approved or rejected it, as history tells it. */
export function decisionLine({ approved, rejected, sentence }: Intent): string {
  if (rejected) return `rejected by ${rejected.by} (${rejected.why}): ${sentence}`;
  const rule = approved?.rule === undefined ? "" : ` under the rule ${approved.rule}`;
  return `approved by ${approved?.by ?? "nobody"}${rule}: ${sentence}`;
}

/** The job with what a person did to it as its next change; `numbered` gives it its version when it is committed. */
export function toldBy(state: JobState, at: string, records: readonly string[], line: string): JobState {
  return { ...state, lastChange: { version: 0, at, cause: "person", records, lines: [line] } };
}

/** The next state with its new change numbered by the version it will be committed as; history stands under that number. */
export function numbered(stored: { readonly version: number }, next: JobState): JobState {
  const { lastChange } = next;
  return lastChange?.version === 0 ? { ...next, lastChange: { ...lastChange, version: stored.version + 1 } } : next;
}

/** A person's edit and what followed from it are one change: the edit's own lines come first (an edit leaves version 0). */
export function withEdit(edited: JobState, next: JobState): JobState {
  const [act, after] = [edited.lastChange, next.lastChange];
  if (act?.version !== 0 || after === null || after === act) return next;
  const records = [...new Set([...act.records, ...after.records])];
  return { ...next, lastChange: { ...after, cause: act.cause, records, lines: [...act.lines, ...after.lines] } };
}
