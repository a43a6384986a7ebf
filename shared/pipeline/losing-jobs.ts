import { parseRecordKey } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { Minor } from "#shared/domain/money.ts";
import { numberOf, viewOf } from "#shared/domain/view.ts";
import type { Held, Losing } from "./context.ts";
import { loadJob } from "./join.ts";
import type { ClaimStore, JobStore } from "./ports.ts";

/**
 * The jobs that lose what of a payment lies on their invoices when all of it is taken for the job `gains`. Such a
 * change is one over two jobs: it stands in the job that gains, and is bound to both (law 8). Costs a read of the
 * invoices' claims and one of each job, and nothing for a payment that lies on no invoice.
 */
export async function losingJobs(
  ports: { readonly claims: ClaimStore; readonly jobs: JobStore },
  gains: string,
  shares: Held["shares"],
): Promise<readonly Losing[]> {
  if (shares.length === 0) return [];
  const claims = await ports.claims.load(shares.map(([invoice]) => invoice));
  const found = new Map<string, Losing>();
  for (const [index, { jobs }] of claims.entries()) {
    const [invoice = "", minor = 0] = shares[index] ?? [];
    for (const id of jobs) {
      const { state } = await loadJob(ports.jobs, id);
      if (state.id === gains) continue;
      const lost = (found.get(state.id)?.minor ?? 0) + minor;
      const name = numberOf(viewOf(state), parseRecordKey(invoice).connection) ?? state.id;
      found.set(state.id, { job: state.id, name, minor: lost, gapMinor: paymentGap(state) });
    }
  }
  return [...found.values()].sort((a, b) => (a.job < b.job ? -1 : 1));
}

/** What its payments differ by now, in grace or open; 0 when they agree. */
function paymentGap({ breaks }: JobState): Minor {
  return breaks.find((known) => known.key === "payment" && known.state !== "resolved")?.gapMinor ?? 0;
}
