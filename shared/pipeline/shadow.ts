import { recordKey } from "#shared/domain/ids.ts";
import type { Intent } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import { type CompanyConfig, connectionOf, modeOf, writeTargets } from "#shared/domain/policy.ts";
import { compareInstants } from "#shared/domain/time.ts";
import { recordsAbout } from "./attempts.ts";
import type { Context } from "./context.ts";
import type { PastState } from "./past-states.ts";
import { nothingArrives, reconcile } from "./reconcile.ts";
import { type ContextAt, type Period, stateBeforePeriod, statesWithin } from "./replay.ts";

/**
 * What became of a plan nobody was told of: people did the same by hand, did otherwise, or the plan went before anybody
 * touched the record, or still stands. Only the first two are compared.
 */
export const shadowVerdicts = ["agreed", "differed", "superseded", "open"] as const;
export type ShadowVerdict = (typeof shadowVerdicts)[number];

/** A plan that would have been made where the mode is `observe`, beside what the record then came to show. */
export interface Shadowed {
  readonly intent: Intent;
  readonly plannedAt: string;
  readonly verdict: ShadowVerdict;
  /** When the verdict fell; null while the plan stands. */
  readonly at: string | null;
  /** What the record showed after the plan, in order, the last one being what people left it at. */
  readonly did: readonly string[];
}

/** The company as if what it only observes were proposed: what would have been put before a person. */
export function asIfProposed(company: CompanyConfig): CompanyConfig {
  const connections = company.connections.map((connection) => {
    const modes = writeTargets.map((target) => {
      const mode = modeOf(connection, target);
      return [target, mode === "observe" ? ("propose" as const) : mode] as const;
    });
    return { ...connection, mode: Object.fromEntries(modes) };
  });
  return { ...company, connections };
}

/**
 * Law: a shadow is never stored, and nothing hangs on it. Plans of one job in a period that were not made because the
 * mode is `observe`, each followed through what the vendor later showed. `states` are the job's, oldest first;
 * `proposing` gives the surroundings under `asIfProposed`.
 */
export function shadowJob(
  states: readonly PastState[],
  period: Period,
  company: CompanyConfig,
  proposing: ContextAt,
): readonly Shadowed[] {
  const ended: Shadowed[] = [];
  let standing = new Map<string, Shadowed>();
  const before = stateBeforePeriod(states, period);
  const commits = [...(before ? [{ state: before, at: period.from }] : []), ...statesWithin(states, period)];
  for (const { state, at } of commits) {
    const context = proposing(at);
    const planned = new Map(plansOf(state, company, context).map((intent) => [nameOf(intent), intent]));
    const next = new Map<string, Shadowed>();
    for (const [name, shadow] of standing) {
      if (wroteItself(state, shadow)) continue;
      const now = followed(shadow, state, planned.get(name), at, context);
      if (now.verdict === "open") next.set(name, now);
      else ended.push(now);
    }
    for (const [name, intent] of planned)
      if (!next.has(name)) next.set(name, { intent, plannedAt: at, verdict: "open", at: null, did: [] });
    standing = next;
  }
  return [...ended, ...standing.values()].sort(
    (a, b) => compareInstants(a.plannedAt, b.plannedAt) || (a.intent.id < b.intent.id ? -1 : 1),
  );
}

/** One more commit: the record shows what was wanted, moved elsewhere, or stands; the plan goes on or is gone. */
function followed(
  shadow: Shadowed,
  state: JobState,
  planned: Intent | undefined,
  at: string,
  context: Context,
): Shadowed {
  const { intent } = shadow;
  const shows = context.shows(intent, recordsAbout(intent, state));
  const moved = shows !== (shadow.did.at(-1) ?? intent.read);
  const did = moved ? [...shadow.did, shows] : shadow.did;
  if (shows === intent.wanted) return { ...shadow, did, verdict: "agreed", at };
  // The same is still wanted: what people did may be a step on the way.
  if (planned?.wanted === intent.wanted) return { ...shadow, did };
  return { ...shadow, did, verdict: did.length > 0 ? "differed" : "superseded", at };
}

/** The writes that would have been planned in this state where the mode is `observe`. */
function plansOf(state: JobState, company: CompanyConfig, context: Context): readonly Intent[] {
  if (state.forwardTo !== null) return [];
  return reconcile(state, nothingArrives, context).state.intents.filter((intent) => {
    const connection = connectionOf(company, intent.record.connection);
    return intent.kind === "write" && connection !== undefined && modeOf(connection, intent.target) === "observe";
  });
}

/** A record's target, and of a crew whose place in it. */
function nameOf({ record, target, arguments: more }: Intent): string {
  return JSON.stringify([recordKey(record), target, more["technicianId"] ?? null]);
}

/** Under an earlier mode the write may have been our own: no person did it. */
function wroteItself({ receipts }: JobState, { intent, plannedAt }: Shadowed): boolean {
  return receipts.some(
    ({ outcome, target, record, wanted, at }) =>
      outcome === "applied" &&
      target === intent.target &&
      wanted === intent.wanted &&
      recordKey(record) === recordKey(intent.record) &&
      compareInstants(at, plannedAt) >= 0,
  );
}

/** How many plans met what people did. */
export interface ShadowScore {
  readonly agreed: number;
  readonly differed: number;
  readonly superseded: number;
  readonly open: number;
  /** Agreed by agreed and differed, 0 to 1; null when there is nothing to compare. */
  readonly share: number | null;
}

export function shadowScore(verdicts: readonly ShadowVerdict[]): ShadowScore {
  const count = (verdict: ShadowVerdict): number => verdicts.filter((one) => one === verdict).length;
  const [agreed, differed] = [count("agreed"), count("differed")];
  const share = agreed + differed === 0 ? null : agreed / (agreed + differed);
  return { agreed, differed, superseded: count("superseded"), open: count("open"), share };
}
