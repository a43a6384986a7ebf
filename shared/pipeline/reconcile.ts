import type { Break, BreakKind } from "#shared/domain/break.ts";
import { isOpen } from "#shared/domain/break.ts";
import { recordKey, sameJson } from "#shared/domain/ids.ts";
import type { JobState, Link } from "#shared/domain/job.ts";
import { type Known, mergeKnown, nothingKnown } from "#shared/domain/observation.ts";
import { mergeFields } from "#shared/domain/policy.ts";
import { addHours, compareInstants, earlier } from "#shared/domain/time.ts";
import { type View, viewOf } from "#shared/domain/view.ts";
import { attemptKey, type Settled, settleAttempts } from "./attempts.ts";
import { nextOpening, trackBreaks } from "./breaks.ts";
import { compareMoney, contradictions, missingTwins, moneyLines, presenceBreaks } from "./compare.ts";
import type { Context } from "./context.ts";
import { isFrozen, thawsAt, trackFlips } from "./flips.ts";
import { changeLines } from "./history.ts";
import { modeFor, planIntents } from "./intents.ts";
import { whyUnknown } from "./known-amounts.ts";
import { mayGo } from "./may-go.ts";
import { fieldStates, mergeAll, nextBases } from "./merge-fields.ts";
import { canceledWithMoney, completedAtZero, moneyOnDuplicates } from "./odd-money.ts";
import { type Standing, type Wanted, wantedChanges } from "./plan.ts";
import { chargeChange } from "./plan-charge.ts";
import { invoicesAsked } from "./plan-invoice.ts";
import { moneyChanges } from "./plan-money.ts";
import { paymentsRecorded } from "./plan-payment.ts";
import { statusBreaks } from "./status-breaks.ts";
import { completedElsewhere } from "./words.ts";

/** What arrives at a job: newly read records, links, and persons known by now. */
export interface Arrivals {
  readonly observations: Readonly<Record<string, Known>>;
  readonly links?: readonly Link[];
  readonly people?: Readonly<Record<string, string>>;
}

export const nothingArrives: Arrivals = { observations: {} };

export interface Reconciled {
  readonly state: JobState;
  /** False when not a byte differs: nothing is to be written. */
  readonly changed: boolean;
  /** Ids of the intents that may be sent now. */
  readonly send: readonly string[];
}

/**
 * Law 1: state' = reconcile(state, observations, links, policy, now). Pure, level-triggered: what counts is the latest
 * observation of every record, never the message that brought it; reconciling twice equals once.
 */
export function reconcile(before: JobState, arrivals: Arrivals, context: Context): Reconciled {
  const { current, settled } = taken(before, arrivals, context);
  const view = viewOf(current);
  const merged = mergeAll(current, view, settled, context);
  const flips = trackFlips(current, merged, context.now);
  const money = moneyLines(view, context);
  const moneyBreaks = moneyBreaksOf(before, current, view, money, context);
  const standing = standingOf(merged, flips, moneyBreaks);
  const changes = wantedChanges(current, view, standing, context);
  const otherFound = [
    ...presenceBreaks(view),
    ...contradictions(view),
    ...canceledWithMoney(view, money, context),
    ...moneyOnDuplicates(view, context),
    ...statusBreaks({ ...current, flips }, view, standing, changes, context),
  ];
  const others = before.breaks.filter((known) => !isMoney(known));
  const breaks = [...moneyBreaks, ...trackBreaks(others, otherFound, context)].sort((a, b) => (a.key < b.key ? -1 : 1));
  const books = { state: current, view, lines: money, breaks, context };
  const inBooks = [...chargeChange(books), ...invoicesAsked(books), ...paymentsRecorded(books)];
  const ofMoney = [...moneyChanges(view, breaks, context), ...inBooks];
  const wanted = [
    ...changes.filter((change) => change.kind === "write" || taskIsDue(change, breaks)),
    ...ofMoney.filter((one) => one.kind === "task" || modeFor(one, context) !== "observe"),
  ];
  const held = settled.attempts.map(({ intent }) => attemptKey(recordKey(intent.record), intent.target));
  const intents = planIntents(current, wanted, new Set(held), context);
  const isNew = (id: string): boolean => !before.intents.some((known) => known.id === id);
  const next: JobState = {
    ...current,
    fields: fieldStates(current, merged),
    bases: nextBases(current, view, merged, context),
    money,
    breaks,
    intents,
    planned: current.planned + intents.filter((intent) => intent.kind === "write" && isNew(intent.id)).length,
    flips,
    notices: noticesOf(view, money),
    dueAt: earlier(dueAt(breaks, intents, settled, view, flips, context), aloneUntil(current, view, context)),
    lastChange: null,
  };
  return finish(before, next, arrivals, context);
}

/** The job with what arrived, and with what that says of the writes under way. */
function taken(
  before: JobState,
  arrivals: Arrivals,
  context: Context,
): { readonly current: JobState; readonly settled: Settled } {
  const arrived: JobState = {
    ...before,
    observations: mergeObservations(before.observations, arrivals.observations),
    links: mergeLinks(before.links, arrivals.links ?? []),
    people: { ...before.people, ...arrivals.people },
  };
  const settled = settleAttempts(arrived, context);
  const isWritten = ({ record, target }: JobState["refusals"][number]): boolean =>
    settled.written.includes(attemptKey(record, target));
  const current: JobState = {
    ...arrived,
    attempts: settled.attempts,
    receipts: [...before.receipts, ...settled.receipts],
    refusals: [...before.refusals.filter((known) => !isWritten(known)), ...settled.refusals],
  };
  return { current, settled };
}

function moneyBreaksOf(
  before: JobState,
  current: JobState,
  view: View,
  money: JobState["money"],
  context: Context,
): readonly Break[] {
  const found = [...compareMoney(current, view, money, context), ...missingTwins(current, view, money, context)];
  return trackBreaks(before.breaks.filter(isMoney), found, context, (known) => whyUnknown(known, money));
}

/** What stands between the systems, of which changes and breaks are made. */
function standingOf(
  merged: ReturnType<typeof mergeAll>,
  flips: JobState["flips"],
  moneyBreaks: readonly Break[],
): Standing {
  return {
    agreed: Object.fromEntries(
      mergeFields.flatMap((field) => (merged[field]?.agreed == null ? [] : [[field, merged[field].agreed]])),
    ),
    sides: Object.fromEntries(mergeFields.flatMap((field) => (merged[field] ? [[field, merged[field].sides]] : []))),
    moneyOpen: moneyBreaks.some(isOpen),
    frozen: mergeFields.filter((field) => isFrozen(field, flips)),
  };
}

/** The kinds that comparing money finds: they have their history apart, since what is wanted depends on them. */
const moneyKinds: readonly BreakKind[] = ["charge", "payment", "missing-twin", "unreadable"];
const isMoney = ({ kind }: Break): boolean => moneyKinds.includes(kind);

/** What the live records could not make clear, each said once. */
function noticesOf(view: View, money: JobState["money"]): readonly string[] {
  const said = [...view.roots, ...view.invoices, ...view.payments, ...view.visits]
    .filter((seen) => seen.live)
    .flatMap((seen) => seen.observation.notices ?? []);
  return [...new Set([...said, ...completedAtZero(view, money)])].sort();
}

/** A task is asked for only once its break stands open, so that a system that lags a little bothers nobody. */
function taskIsDue(change: Wanted, breaks: readonly Break[]): boolean {
  return breaks.some((known) => isOpen(known) && known.key === `${change.target}:${recordKey(change.record)}`);
}

/** Each record's latest, whatever came first (law 2). */
export function mergeObservations(
  a: Readonly<Record<string, Known>>,
  b: Readonly<Record<string, Known>>,
): Readonly<Record<string, Known>> {
  const merged: Record<string, Known> = { ...a };
  for (const [key, known] of Object.entries(b)) merged[key] = mergeKnown(merged[key] ?? nothingKnown, known);
  return merged;
}

/** One link a record, the first that was made; two messages of a batch may bring the same record. */
function mergeLinks(a: readonly Link[], b: readonly Link[]): readonly Link[] {
  const byRecord = new Map([...a, ...b].reverse().map((link) => [link.record, link]));
  return [...byRecord.values()].sort((x, y) => (x.record < y.record ? -1 : 1));
}

/** The earliest instant at which time alone may change something. */
function dueAt(
  breaks: readonly Break[],
  intents: JobState["intents"],
  settled: Settled,
  view: View,
  flips: JobState["flips"],
  context: Context,
): string | null {
  let due = nextOpening(breaks, context);
  for (const intent of intents) due = earlier(due, intent.dueAt);
  for (const attempt of settled.attempts) due = earlier(due, attempt.dueAt);
  for (const root of view.roots) {
    const { also } = root.facts.work;
    const completed = also && root.live ? completedElsewhere(view, root.connection) : null;
    if (!also || completed === null) continue;
    const until = addHours(completed, also.hoursAfterCompletion);
    if (compareInstants(until, context.now) > 0) due = earlier(due, until);
  }
  return earlier(due, thawsAt(flips));
}

/** Hours after which a job that stands alone is put before a person. */
export const hoursAlone = 1;

/** A job that another system should have too, and does not, is put before a person an hour after it was first seen. */
function aloneUntil(state: JobState, view: View, context: Context): string | null {
  const [first, ...others] = view.roots.filter((root) => root.live);
  if (!first || others.some((root) => root.connection !== first.connection)) return null;
  if (!context.company.policy.expectedIn?.some((expected) => expected.from === first.connection)) return null;
  const since = state.links.find((link) => link.record === first.key)?.at;
  const until = since === undefined ? null : addHours(since, hoursAlone);
  return until !== null && compareInstants(until, context.now) > 0 ? until : null;
}

function finish(before: JobState, next: JobState, arrivals: Arrivals, context: Context): Reconciled {
  const compare = { ...next, lastChange: before.lastChange };
  const changed = !sameJson(compare, before);
  const send = next.intents.filter((intent) => mayGo(intent, context)).map((intent) => intent.id);
  if (!changed) return { state: before, changed: false, send };
  const lines = changeLines(before, next);
  const records = Object.keys(arrivals.observations).sort();
  const cause = records.length > 0 ? "observed" : "time";
  const lastChange = lines.length === 0 ? before.lastChange : { version: 0, at: context.now, cause, records, lines };
  return { state: { ...next, lastChange }, changed: true, send };
}
