import type { JobState } from "#shared/domain/job.ts";
import type { Minor } from "#shared/domain/money.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { sets } from "./link.ts";
import { contestedPayments, type SharedJob, sharedOut } from "./one-deposit.ts";
import { isJob } from "./overview.ts";
import type { ClaimStore, JobStore, SetStore } from "./ports.ts";
import { restOf } from "./unapplied.ts";

export interface DepositPorts {
  readonly claims: Pick<ClaimStore, "load">;
  readonly jobs: Pick<JobStore, "loadMany">;
  readonly sets: Pick<SetStore, "list">;
}

/** A customer of more jobs than this (a property manager) is not looked through for the sake of one. */
const mostJobs = 200;

/** What the payments hold that several of these jobs rest on: a read unit for each of them, and most times there is none. */
export async function depositsOf(
  { claims }: Pick<DepositPorts, "claims">,
  states: readonly JobState[],
): Promise<ReadonlyMap<string, Minor>> {
  const payments = contestedPayments(states);
  const found = payments.length === 0 ? [] : await claims.load(payments);
  return new Map(found.map(({ record, unapplied }) => [record, restOf(unapplied)?.data.unapplied ?? 0]));
}

/** All these jobs, which are all there are, with each deposit shared out among them. */
export async function sharedAmongAll(
  ports: Pick<DepositPorts, "claims">,
  company: CompanyConfig,
  states: readonly JobState[],
): Promise<readonly SharedJob[]> {
  const jobs = states.filter((state) => isJob(state, company));
  return sharedOut(jobs, await depositsOf(ports, jobs), company);
}

/**
 * These jobs, where each deposit they rest on is shared out among all the jobs of its customer. It reads nothing more for
 * jobs that rest on none, and else that customer's jobs; of a customer with too many nothing is said.
 */
export async function sharedWithOthers(
  ports: DepositPorts,
  company: CompanyConfig,
  states: readonly JobState[],
): Promise<readonly SharedJob[]> {
  const payments = [...new Set(states.flatMap(paymentsProving))];
  if (payments.length === 0) return states;
  const customers = new Set((await ports.claims.load(payments)).flatMap(({ unapplied }) => unapplied?.customer ?? []));
  const roots = await Promise.all([...customers].map((customer) => ports.sets.list(sets.names(customer))));
  const few = roots.filter((members) => members.length <= mostJobs).flat();
  const claims = few.length === 0 ? [] : await ports.claims.load([...new Set(few.map(({ member }) => member))]);
  const own = new Set(states.map(({ id }) => id));
  const ids = [...new Set(claims.flatMap(({ jobs }) => jobs))].filter((id) => !own.has(id));
  const others = ids.length === 0 ? [] : (await ports.jobs.loadMany(ids)).map(({ state }) => state);
  const all = [...states, ...others.filter((state) => isJob(state, company))];
  return sharedOut(all, await depositsOf(ports, all), company).slice(0, states.length);
}

function paymentsProving({ breaks }: JobState): readonly string[] {
  const standing = breaks.filter(({ state }) => state !== "resolved");
  return standing.flatMap(({ causes }) =>
    causes.flatMap(({ kind, certainty, records }) => (kind === "unapplied" && certainty === "proven" ? records : [])),
  );
}
