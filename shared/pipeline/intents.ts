import { digestOf, recordKey, shortHash } from "#shared/domain/ids.ts";
import type { Intent } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import { type Mode, modeOf } from "#shared/domain/policy.ts";
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
    const record = recordKey(one.record);
    if (one.kind === "write") {
      if (openAttempts.has(attemptKey(record, one.target))) return [];
      if (isMade(state, one)) return [];
      const refused = state.refusals.find(
        (known) =>
          known.record === record &&
          known.target === one.target &&
          known.read === one.read &&
          known.wanted === one.wanted &&
          known.outcome !== "retried",
      );
      if (refused?.outcome === "rejected")
        return [...planIntents(state, [refusedThere(one, refused.note, context)], openAttempts, context)];
      if (refused) return [];
    }
    const id = `i${shortHash(digestOf([state.id, record, one.target, one.wanted, one.read, one.arguments["technicianId"] ?? null]))}`;
    const bound = boundTo(state, one, context);
    const standing = state.intents.find((known) => known.id === id);
    const connection = context.company.connections.find((candidate) => candidate.id === one.record.connection);
    const mode: Mode = connection ? modeOf(connection, one.target) : "observe";
    // Records that may not belong together correct each other only when a person says so.
    const asks = one.ask || isInDoubt(state);
    const needsApproval = one.kind === "write" && (asks || mode !== "apply" || one.moneyMinor !== 0);
    const rule = needsApproval ? ruleFor(one, context) : null;
    const kept = standing !== undefined && standing.bound === bound && standing.needsApproval === needsApproval;
    const plannedAt = kept ? standing.plannedAt : context.now;
    const approved =
      kept && standing.approved
        ? standing.approved
        : rule
          ? { by: rule.approvedBy, at: context.now, rule: rule.name }
          : null;
    const rejected = standing !== undefined && standing.bound === bound ? standing.rejected : null;
    return [
      {
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
        rejected,
        bound,
        sentence: one.sentence,
        plannedAt,
        epoch: context.epoch,
        dueAt:
          one.kind === "task"
            ? null
            : later(
                kept ? standing.dueAt : null,
                // What was approved is due from then on, so that one held up by a stop or a lost message is sent again.
                needsApproval ? (approved?.at ?? null) : settledAt(state, plannedAt, context),
                context.now,
              ),
      },
    ];
  });
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

function ruleFor(wanted: Wanted, context: Context): { readonly name: string; readonly approvedBy: string } | null {
  const rules = context.company.policy.rules ?? [];
  return (
    rules.find(
      (rule) =>
        rule.connection === wanted.record.connection &&
        rule.target === wanted.target &&
        Math.abs(wanted.moneyMinor) <= rule.capMinor,
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
