import { digestOf, recordKey, shortHash } from "#shared/domain/ids.ts";
import type { Intent, Refusal } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import { type Mode, modeOf, type Rule } from "#shared/domain/policy.ts";
import { addSeconds, compareInstants } from "#shared/domain/time.ts";
import { viewOf } from "#shared/domain/view.ts";
import { askedInstead } from "./abilities.ts";
import { attemptKey } from "./attempts.ts";
import type { Context } from "./context.ts";
import { isInDoubt } from "./doubt.ts";
import type { Wanted } from "./plan.ts";

/** Law 8: what an approval is bound to. A change in any of it voids the approval; nothing else does. */
function boundTo(state: JobState, wanted: Wanted, context: Context): string {
  const known = state.observations[recordKey(wanted.record)];
  return digestOf({
    record: wanted.record,
    target: wanted.target,
    read: wanted.read,
    wanted: wanted.wanted,
    arguments: wanted.arguments,
    money: wanted.moneyMinor,
    version: known?.said?.version.modified ?? null,
    links: state.links.filter((link) => link.rule !== "part").map((link) => link.record),
    policy: context.policyVersion,
  });
}

/**
 * Turns wanted changes into intents, keeping what stood before: the same change keeps its id, its approval and its time.
 * What was ignored or rejected is not planned again until the wanted or the read word differs.
 */
export function planIntents(
  state: JobState,
  wanted: readonly Wanted[],
  openAttempts: ReadonlySet<string>,
  context: Context,
): readonly Intent[] {
  return wanted.flatMap((one): Intent[] => {
    if (one.kind === "task") return [intentOf(state, one, context)];
    if (openAttempts.has(attemptKey(recordKey(one.record), one.target)) || isMade(state, one)) return [];
    const refused = refusalOf(state, one);
    if (!refused) return [intentOf(state, one, context)];
    return refused.outcome === "rejected" ? [intentOf(state, refusedThere(one, refused.note, context), context)] : [];
  });
}

/** What came of the same change before, where that is not to be tried again. */
function refusalOf(state: JobState, { record, target, read, wanted }: Wanted): Refusal | undefined {
  return state.refusals.find(
    (known) =>
      known.record === recordKey(record) &&
      known.target === target &&
      known.read === read &&
      known.wanted === wanted &&
      known.outcome !== "retried",
  );
}

function intentOf(state: JobState, one: Wanted, context: Context): Intent {
  const technician = one.arguments["technicianId"] ?? null;
  const id = `i${shortHash(digestOf([state.id, recordKey(one.record), one.target, one.wanted, one.read, technician]))}`;
  const bound = boundTo(state, one, context);
  const standing = state.intents.find((known) => known.id === id);
  const mode = modeFor(one, context);
  // Records that may not belong together correct each other only when a person says so.
  const needsApproval =
    one.kind === "write" && (one.ask || isInDoubt(state) || mode !== "apply" || one.moneyMinor !== 0);
  const kept = standing !== undefined && standing.bound === bound && standing.needsApproval === needsApproval;
  const plannedAt = kept ? standing.plannedAt : context.now;
  const rule = needsApproval ? ruleFor(state, one, context) : null;
  const byRule = rule ? { by: rule.approvedBy, at: context.now, rule: rule.name } : null;
  const approved = (kept ? standing.approved : null) ?? byRule;
  // What was approved is due from then on, so that one held up by a stop or a lost message is sent again.
  const settled = needsApproval ? (approved?.at ?? null) : settledAt(state, plannedAt, context);
  return {
    id,
    kind: one.kind,
    target: one.target,
    record: one.record,
    read: one.read,
    wanted: one.wanted,
    arguments: one.arguments,
    moneyMinor: one.moneyMinor,
    requests: one.requests,
    needsApproval,
    approved,
    rejected: standing !== undefined && standing.bound === bound ? standing.rejected : null,
    bound,
    sentence: one.sentence,
    plannedAt,
    epoch: context.epoch,
    dueAt: one.kind === "task" ? null : later(kept ? standing.dueAt : null, settled, context.now),
  };
}

/** What may be done at a record's connection: nothing is written where it only observes (docs/merge.md). */
export function modeFor({ record, target }: Wanted, context: Context): Mode {
  const connection = context.company.connections.find((candidate) => candidate.id === record.connection);
  return connection ? modeOf(connection, target) : "observe";
}

/** What the vendor refused is asked of a person there. */
const refusedThere = (one: Wanted, note: string | null, context: Context): Wanted =>
  askedInstead(one, note === null ? "the API refused it" : `the vendor said: ${note}`, context);

/** A record that was to be made (`new:`) is made once: afterwards its break waits for the office, not for us. */
function isMade(state: JobState, { record, target }: Wanted): boolean {
  return (
    record.id.startsWith("new:") &&
    state.receipts.some(
      (receipt) =>
        receipt.outcome === "applied" && receipt.target === target && recordKey(receipt.record) === recordKey(record),
    )
  );
}

/**
 * The rule that approves a change in a person's place, within its cap and the company's. None does where a connection
 * only observes, where records may not belong together, and for money whose cause is not proven; a booking is approved
 * by what it is, since the office makes the job of it or not.
 */
function ruleFor(state: JobState, wanted: Wanted, context: Context): Rule | null {
  const { rules = [], caps } = context.company.policy;
  const isLikely = wanted.ask && wanted.moneyMinor !== 0 && wanted.target !== "job";
  if (isLikely || isInDoubt(state) || modeFor(wanted, context) === "observe") return null;
  const most = caps?.moneyPerWriteMinor ?? Number.POSITIVE_INFINITY;
  return (
    rules.find(
      (rule) =>
        rule.connection === wanted.record.connection &&
        rule.target === wanted.target &&
        Math.abs(wanted.moneyMinor) <= Math.min(rule.capMinor, most),
    ) ?? null
  );
}

/** A write that was put off (a spent budget, a vendor out of reach) stays put off until its time has come. */
function later(postponed: string | null, settled: string | null, now: string): string | null {
  if (postponed === null || compareInstants(postponed, now) <= 0) return settled;
  return settled === null || compareInstants(postponed, settled) > 0 ? postponed : settled;
}

/**
 * When a write that nobody has to approve may go: after a quiet period, and once every system that decides has been
 * read completely since it was planned, so that no half of a change is written (docs/decisions.md, "A write waits a quiet period").
 */
function settledAt(state: JobState, plannedAt: string, context: Context): string {
  let at = addSeconds(plannedAt, context.quietSeconds);
  const deciding = new Set(Object.values(context.company.policy.authority).flat());
  const here = new Set(
    viewOf(state).roots.flatMap((root) => (root.live && deciding.has(root.connection) ? [root.connection] : [])),
  );
  for (const id of here) {
    const feed = context.feeds[id];
    if (!feed || (feed.arrivedAt !== null && compareInstants(feed.arrivedAt, plannedAt) >= 0)) continue;
    const next = feed.arrivesAt ?? addSeconds(feed.arrivedAt ?? context.now, (feed.everyMinutes + 1) * 60);
    const look = compareInstants(next, context.now) > 0 ? next : addSeconds(context.now, 300);
    if (compareInstants(look, at) > 0) at = look;
  }
  return at;
}
