import type { WriteTarget } from "#shared/domain/policy.ts";
import { type CompanyConfig, referenceOf } from "#shared/domain/policy.ts";
import { numberOf, viewOf } from "#shared/domain/view.ts";
import type { Period } from "./replay.ts";
import { contextInPast, type ReplayPorts, somePasts } from "./replay-period.ts";
import { asIfProposed, type ShadowVerdict, shadowJob } from "./shadow.ts";

/** A plan nobody was told of, as people read it. */
export interface ShadowLine {
  readonly job: string;
  readonly number: string | null;
  readonly connection: string;
  readonly target: WriteTarget;
  readonly sentence: string;
  readonly read: string;
  readonly wanted: string;
  /** What the record came to show, in order. */
  readonly did: readonly string[];
  readonly verdict: ShadowVerdict;
  readonly plannedAt: string;
  readonly at: string | null;
  /** Minor units. */
  readonly moneyMinor: number;
}

/** A page of the company's jobs: what would have been proposed where it only observes, and what people did. Writes nothing. */
export async function shadowPage(
  ports: ReplayPorts,
  company: CompanyConfig,
  period: Period,
  next: string | null,
): Promise<{ readonly plans: readonly ShadowLine[]; readonly next: string | null }> {
  const proposing = await contextInPast(ports, asIfProposed(company));
  const page = await somePasts(ports, next);
  const reference = referenceOf(company)?.id;
  const plans = page.pasts.flatMap(({ job, states }) => {
    const number = numberOf(viewOf(job), reference);
    return shadowJob(states, period, company, proposing).map(({ intent, ...became }): ShadowLine => {
      const { target, sentence, read, wanted, moneyMinor } = intent;
      const { connection } = intent.record;
      return { job: job.id, number, connection, target, sentence, read, wanted, moneyMinor, ...became };
    });
  });
  return { plans, next: page.next };
}
