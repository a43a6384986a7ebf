import type { Break, Cause } from "#shared/domain/break.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { Minor } from "#shared/domain/money.ts";
import { type CompanyConfig, referenceOf } from "#shared/domain/policy.ts";
import { compareInstants } from "#shared/domain/time.ts";
import { numberOf, viewOf } from "#shared/domain/view.ts";

/**
 * A deposit can be laid on one job's invoice only. Each job alone finds that it lacks exactly what the deposit holds;
 * who looks at several of them sees that it clears by itself only up to what it holds. The longest standing comes first,
 * then the smaller id; the others count as open and name those before them. Pure.
 */
export interface SharedBreak extends Break {
  /** The payment that proves it, and the jobs that rest on the same one and stood longer. */
  readonly behind?: { readonly payment: string; readonly jobs: readonly string[] };
}

export interface SharedJob extends JobState {
  readonly breaks: readonly SharedBreak[];
}

/** A standing break that unapplied money proves. */
interface Resting {
  readonly state: JobState;
  readonly found: Break;
  readonly proofs: readonly Cause[];
  readonly payments: readonly string[];
}

/** Payments that the breaks of several jobs rest on: what these hold has to be asked for. */
export function contestedPayments(states: readonly JobState[]): readonly string[] {
  return [...contestedIn(restingOn(states))].toSorted();
}

/**
 * The same jobs, in their order, where the breaks that come too late stand open. `holds` is what each contested payment
 * holds, minor units; one that it does not name holds the most that a break says of it.
 */
export function sharedOut(
  states: readonly JobState[],
  holds: ReadonlyMap<string, Minor>,
  company: CompanyConfig,
): readonly SharedJob[] {
  const resting = restingOn(states);
  const contested = contestedIn(resting);
  if (contested.size === 0) return states;
  const told = new Map<Break, SharedBreak>();
  const left = new Map(holds);
  for (const { proofs } of resting)
    for (const { records, minor } of proofs)
      for (const payment of records)
        if (!holds.has(payment)) left.set(payment, Math.max(left.get(payment) ?? 0, Math.abs(minor)));
  const first: Resting[] = [];
  const late: Resting[] = [];
  for (const one of resting.toSorted(longestFirst)) {
    const taken = takenBy(one, left);
    if (taken) {
      for (const [payment, minor] of taken) left.set(payment, minor);
      first.push(one);
    } else if (first.some((before) => sharesPayment(before, one))) {
      late.push(one);
    }
  }
  for (const one of first) {
    const others = late.filter((other) => sharesPayment(one, other));
    if (others.length > 0) told.set(one.found, asFirst(one, others, company));
  }
  for (const one of late) {
    const before = first.filter((other) => sharesPayment(one, other));
    told.set(one.found, asLate(one, before, company));
  }
  return states.map((state) =>
    state.breaks.some((found) => told.has(found))
      ? { ...state, breaks: state.breaks.map((found) => told.get(found) ?? found) }
      : state,
  );
}

function restingOn(states: readonly JobState[]): readonly Resting[] {
  return states.flatMap((state) =>
    state.breaks.flatMap((found): Resting[] => {
      if (found.state === "resolved") return [];
      const proofs = found.causes.filter(({ kind, certainty }) => kind === "unapplied" && certainty === "proven");
      const payments = [...new Set(proofs.flatMap(({ records }) => records))];
      return payments.length === 0 ? [] : [{ state, found, proofs, payments }];
    }),
  );
}

function contestedIn(resting: readonly Resting[]): ReadonlySet<string> {
  const named = new Map<string, number>();
  for (const { payments } of resting) for (const payment of payments) named.set(payment, (named.get(payment) ?? 0) + 1);
  return new Set([...named].flatMap(([payment, jobs]) => (jobs > 1 ? [payment] : [])));
}

/** What is left of its payments once the whole of it has been taken; null where they do not hold that much any more. */
function takenBy({ proofs }: Resting, left: ReadonlyMap<string, Minor>): ReadonlyMap<string, Minor> | null {
  const after = new Map<string, Minor>();
  for (const { records, minor } of proofs) {
    let needed = Math.abs(minor);
    for (const payment of records) {
      const there = after.get(payment) ?? left.get(payment) ?? 0;
      const part = Math.min(there, needed);
      after.set(payment, there - part);
      needed -= part;
    }
    if (needed > 0) return null;
  }
  return after;
}

const sharesPayment = (a: Resting, b: Resting): boolean => a.payments.some((payment) => b.payments.includes(payment));

function longestFirst(a: Resting, b: Resting): number {
  return compareInstants(a.found.since, b.found.since) || (a.state.id < b.state.id ? -1 : 1);
}

function asFirst(one: Resting, others: readonly Resting[], company: CompanyConfig): SharedBreak {
  const jobs = others.map(({ state }) => nameOf(state, company));
  const [verb, count] = jobs.length === 1 ? ["rests", "counts"] : ["rest", "count"];
  const words = `${jobsText(jobs)} ${verb} on the same payment ${sharedText(one, others)} and ${count} as open`;
  return { ...one.found, sentence: `${one.found.sentence}; ${words}` };
}

/** It does not clear by itself; what stood open already stands as it did, and says why the payment will not help it. */
function asLate(one: Resting, before: readonly Resting[], company: CompanyConfig): SharedBreak {
  const { found } = one;
  const jobs = before.map(({ state }) => nameOf(state, company));
  const payment = sharedText(one, before);
  const words = `${jobsText(jobs)} ${jobs.length === 1 ? "rests" : "rest"} on the same payment ${payment}, which clears only one of them`;
  const clears = found.state === "waiting" && found.opensAt === null;
  return {
    ...found,
    ...(clears ? { state: found.resolved ? "reopened" : "open" } : {}),
    sentence: `${found.sentence}; ${words}`,
    behind: { payment, jobs },
  };
}

function sharedText(one: Resting, others: readonly Resting[]): string {
  return one.payments.filter((payment) => others.some(({ payments }) => payments.includes(payment))).join(" and ");
}

function jobsText(jobs: readonly string[]): string {
  return `${jobs.length === 1 ? "job" : "jobs"} ${jobs.join(" and ")}`;
}

function nameOf(state: JobState, company: CompanyConfig): string {
  return numberOf(viewOf(state), referenceOf(company)?.id) ?? state.id;
}
