import { Failure } from "#shared/domain/failure.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { referenceOf } from "#shared/domain/policy.ts";
import { numberOf, viewOf } from "#shared/domain/view.ts";
import { isDesk } from "./desk.ts";
import { type PastState, pastStates } from "./past-states.ts";
import type { JobStore, StoredJob } from "./ports.ts";
import {
  type ContextAt,
  differenceOf,
  type Period,
  type PlanDifference,
  replayJob,
  stateBeforePeriod,
  statesWithin,
  type WouldPlan,
} from "./replay.ts";
import { type SurroundingPorts, surroundingsOf } from "./surroundings.ts";

/** Reads only: nothing a replay is given can write, and no vendor is behind it. */
export interface ReplayPorts extends SurroundingPorts {
  readonly jobs: Pick<JobStore, "list" | "past">;
}

/** What some plans come to. */
export interface PlanSum {
  readonly writes: number;
  readonly tasks: number;
  /** Money at stake, minor units, each plan's counted without its sign. */
  readonly moneyMinor: number;
  /** Vendor requests the writes cost when nothing fails. */
  readonly requests: number;
}

export interface ReplayedJob extends PlanDifference {
  readonly job: string;
  readonly number: string | null;
}

export interface ReplayedPage {
  /** Jobs whose plans differ. */
  readonly jobs: readonly ReplayedJob[];
  readonly replayed: number;
  /** Jobs in which the replay under the policy in force plans exactly what was planned then. */
  readonly asPlanned: number;
  readonly inForce: PlanSum;
  readonly tried: PlanSum;
  readonly next: string | null;
}

/**
 * A page of the company's jobs replayed under the policy in force and under another one, `tried`. Every feed counts as
 * read completely at each instant, and unapplied money as unknown: neither is kept of the past. Links stay as they were.
 */
export async function replayPage(
  ports: ReplayPorts,
  {
    company,
    tried,
    period,
  }: { readonly company: CompanyConfig; readonly tried: CompanyConfig; readonly period: Period },
  next: string | null,
): Promise<ReplayedPage> {
  const [contextInForce, contextTried] = [await contextInPast(ports, company), await contextInPast(ports, tried)];
  const page = await somePasts(ports, next);
  const replayed = page.pasts
    .filter(({ states }) => wasThere(states, period))
    .map(({ job, states }) => ({
      job,
      states,
      inForce: replayJob(states, period, contextInForce),
      tried: replayJob(states, period, contextTried),
    }));
  const reference = referenceOf(company)?.id;
  const jobs = replayed.flatMap(({ job, ...plans }): readonly ReplayedJob[] => {
    const difference = differenceOf(plans.inForce, plans.tried);
    const differs = difference.onlyInForce.length + difference.onlyTried.length + difference.changed.length > 0;
    return differs ? [{ job: job.id, number: numberOf(viewOf(job), reference), ...difference }] : [];
  });
  return {
    jobs,
    replayed: replayed.length,
    asPlanned: replayed.filter(({ states, inForce }) => isAsPlanned(states, period, inForce)).length,
    inForce: sumOf(replayed.flatMap(({ inForce }) => inForce)),
    tried: sumOf(replayed.flatMap((one) => one.tried)),
    next: page.next,
  };
}

/** Reconcile's surroundings at instants of the past. */
export async function contextInPast(ports: SurroundingPorts, company: CompanyConfig): Promise<ContextAt> {
  const surroundings = await surroundingsOf(ports, company);
  return (now) => {
    const feeds = Object.entries(surroundings.feeds).map(
      ([id, feed]) => [id, { ...feed, completeAt: now, arrivedAt: now, arrivesAt: null }] as const,
    );
    return { ...surroundings, now, feeds: Object.fromEntries(feeds), held: [] };
  };
}

/** Jobs whose pasts are gone through by one request: what fits into an API's half minute. */
const jobsAtOnce = 20;

/** A job as it stands, and all it ever was, oldest first. */
interface JobPast {
  readonly job: JobState;
  readonly states: readonly PastState[];
}

/** Some of the company's jobs with their pasts, and where the next ones begin. */
export async function somePasts(
  ports: { readonly jobs: Pick<JobStore, "list" | "past"> },
  next: string | null,
): Promise<{ readonly pasts: readonly JobPast[]; readonly next: string | null }> {
  const cursor = /^(\d+)\.(.*)$/.exec(next ?? "0.");
  if (!cursor) throw new Failure("bad-input", "the page to go on from is not one of ours");
  const [skip, from] = [Number(cursor[1]), cursor[2] ?? ""];
  const page = await ports.jobs.list(from === "" ? null : from);
  // What is called by hand is planned by nobody: no policy would have asked for it, or not.
  const some = page.jobs.slice(skip, skip + jobsAtOnce).filter(({ state }) => !isDesk(state.id));
  const pasts = await Promise.all(some.map((stored) => pastOf(ports, stored)));
  if (skip + jobsAtOnce < page.jobs.length) return { pasts, next: `${skip + jobsAtOnce}.${from}` };
  return { pasts, next: page.next === null ? null : `0.${page.next}` };
}

async function pastOf(ports: { readonly jobs: Pick<JobStore, "past"> }, stored: StoredJob): Promise<JobPast> {
  const { state: job } = stored;
  return { job, states: [...pastStates(stored, await ports.jobs.past(job.id))].reverse() };
}

/** What the job was in a period: as it stood at the beginning, and as each commit left it. */
export function statesOf(states: readonly PastState[], period: Period): readonly JobState[] {
  const before = stateBeforePeriod(states, period);
  return [...(before ? [before] : []), ...statesWithin(states, period).map(({ state }) => state)];
}

/** False for a job that came later, or had been part of another one all the time. */
function wasThere(states: readonly PastState[], period: Period): boolean {
  return statesOf(states, period).some((state) => state.forwardTo === null);
}

function isAsPlanned(states: readonly PastState[], period: Period, plans: readonly WouldPlan[]): boolean {
  const planned = new Set(statesOf(states, period).flatMap((state) => state.intents.map(({ id }) => id)));
  return planned.size === plans.length && plans.every(({ intent }) => planned.has(intent.id));
}

function sumOf(plans: readonly WouldPlan[]): PlanSum {
  const writes = plans.filter(({ intent }) => intent.kind === "write");
  return {
    writes: writes.length,
    tasks: plans.length - writes.length,
    moneyMinor: plans.reduce((sum, { intent }) => sum + Math.abs(intent.moneyMinor), 0),
    requests: writes.reduce((sum, { intent }) => sum + intent.requests, 0),
  };
}
