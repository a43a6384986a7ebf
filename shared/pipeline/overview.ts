import { type Break, isOpen } from "#shared/domain/break.ts";
import { finalOutcomes } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import { type CompanyConfig, connectionOf, referenceOf } from "#shared/domain/policy.ts";
import { compareInstants } from "#shared/domain/time.ts";
import { numberOf, viewOf } from "#shared/domain/view.ts";
import type { FeedView } from "./context.ts";

/** What a person sees first: every job in one of four groups, the money in them, and what waits for somebody. Pure. */
export type Standing = "agree" | "disagree" | "waiting" | "not-comparable";

export interface JobLine {
  readonly job: string;
  readonly number: string | null;
  readonly customer: string | null;
  readonly day: string | null;
  readonly connections: readonly string[];
  /** Numbers by connection, as each system prints them. */
  readonly numbers: Readonly<Record<string, readonly string[]>>;
  readonly standing: Standing;
  /** For `not-comparable`: since when the stalest feed is silent. */
  readonly since: string | null;
  /** Sum of the absolute gaps of its open money breaks, minor units. */
  readonly gapMinor: number;
  readonly breaks: readonly Break[];
}

export interface Totals {
  readonly jobs: number;
  readonly agree: number;
  readonly disagree: number;
  readonly waiting: number;
  readonly notComparable: number;
  /** Open breaks of any kind. */
  readonly breaks: number;
  readonly moneyJobs: number;
  readonly gapMinor: number;
  readonly chargeMinor: number;
  readonly paymentMinor: number;
  readonly missingTwinMinor: number;
  readonly waitingMinor: number;
  readonly resolvedMinor: number;
  readonly resolved: number;
  /** Intents ever planned. */
  readonly intents: number;
  readonly receipts: Readonly<Record<string, number>>;
  readonly tasks: number;
  readonly awaitingApproval: number;
  readonly attemptsOpen: number;
}

/** True for a record of work that counts as a job: it lives here and belongs to a comparable book. */
export function isJob(state: JobState, company: CompanyConfig): boolean {
  if (state.forwardTo !== null) return false;
  return viewOf(state).roots.some((root) => {
    const connection = connectionOf(company, root.connection);
    return connection !== undefined && connection.book !== "cost";
  });
}

export function jobLine(
  state: JobState,
  company: CompanyConfig,
  feeds: Readonly<Record<string, FeedView>>,
  now: string,
): JobLine {
  const view = viewOf(state);
  const connections = [...new Set(view.roots.map((root) => root.connection))].sort();
  const reference = referenceOf(company)?.id;
  const first = view.roots.find((root) => root.connection === reference) ?? view.roots[0];
  const silent = connections.map((id) => feeds[id]).filter((feed) => feed !== undefined && isStale(feed, now));
  const open = state.breaks.filter(isOpen);
  const standing: Standing =
    silent.length > 0
      ? "not-comparable"
      : open.length > 0
        ? "disagree"
        : state.breaks.some((known) => known.state === "waiting")
          ? "waiting"
          : "agree";
  const since =
    silent.map((feed) => feed?.completeAt ?? null).sort((a, b) => ((a ?? "") < (b ?? "") ? -1 : 1))[0] ?? null;
  const numbers: Record<string, string[]> = {};
  for (const root of view.roots) {
    const known = numbers[root.connection] ?? [];
    known.push(root.facts.number ?? root.observation.record.id);
    numbers[root.connection] = known;
  }
  return {
    job: state.id,
    number: numberOf(view, reference),
    customer:
      first?.facts.customerName ?? view.roots.find((root) => root.facts.customerName)?.facts.customerName ?? null,
    day: first?.facts.serviceDay ?? view.roots.find((root) => root.facts.serviceDay)?.facts.serviceDay ?? null,
    connections,
    numbers,
    standing,
    since,
    gapMinor: open.filter(isMoney).reduce((sum, known) => sum + Math.abs(known.gapMinor), 0),
    breaks: state.breaks,
  };
}

/** A feed that has not been read completely for three of its intervals. */
export function isStale(feed: Pick<FeedView, "completeAt" | "everyMinutes">, now: string): boolean {
  if (feed.completeAt === null) return true;
  const limit = new Date(Date.parse(now) - feed.everyMinutes * 3 * 60_000).toISOString();
  return compareInstants(feed.completeAt, limit) < 0;
}

export function isMoney(known: Break): boolean {
  return known.kind === "charge" || known.kind === "payment" || known.kind === "missing-twin";
}

/** Its gap has closed; one whose amounts cannot be read any more is only put away. */
const isMended = (known: Break): boolean => known.state === "resolved" && known.resolvedAt !== null;

/** Adds up jobs; `agree + disagree + waiting + notComparable = jobs`. */
export function totalsOf(jobs: readonly { readonly state: JobState; readonly line: JobLine }[]): Totals {
  const breaks = jobs.flatMap(({ line }) => line.breaks);
  const money = (kind: Break["kind"], pick: (known: Break) => boolean): number =>
    breaks
      .filter((known) => known.kind === kind && pick(known))
      .reduce((sum, known) => sum + Math.abs(known.gapMinor), 0);
  const all = (pick: (known: Break) => boolean): number =>
    breaks.filter((known) => isMoney(known) && pick(known)).reduce((sum, known) => sum + Math.abs(known.gapMinor), 0);
  const count = (standing: Standing): number => jobs.filter(({ line }) => line.standing === standing).length;
  const intents = jobs.flatMap(({ state }) => state.intents);
  const receipts = jobs.flatMap(({ state }) => state.receipts);
  return {
    jobs: jobs.length,
    agree: count("agree"),
    disagree: count("disagree"),
    waiting: count("waiting"),
    notComparable: count("not-comparable"),
    breaks: breaks.filter(isOpen).length,
    moneyJobs: jobs.filter(({ line }) => line.breaks.some((known) => isMoney(known) && isOpen(known))).length,
    gapMinor: all(isOpen),
    chargeMinor: money("charge", isOpen),
    paymentMinor: money("payment", isOpen),
    missingTwinMinor: money("missing-twin", isOpen),
    waitingMinor: all((known) => known.state === "waiting"),
    resolvedMinor: all(isMended),
    resolved: breaks.filter((known) => isMoney(known) && isMended(known)).length,
    intents: jobs.reduce((sum, { state }) => sum + state.planned, 0),
    receipts: Object.fromEntries(
      finalOutcomes.map((outcome) => [outcome, receipts.filter((receipt) => receipt.outcome === outcome).length]),
    ),
    tasks: intents.filter((intent) => intent.kind === "task").length,
    awaitingApproval: intents.filter(
      (intent) => intent.kind === "write" && intent.needsApproval && !intent.approved && !intent.rejected,
    ).length,
    attemptsOpen: jobs.reduce((sum, { state }) => sum + state.attempts.length, 0),
  };
}
