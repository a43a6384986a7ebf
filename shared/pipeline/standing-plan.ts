import type { Intent } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import { type CompanyConfig, referenceOf } from "#shared/domain/policy.ts";
import { compareInstants } from "#shared/domain/time.ts";
import { numberOf, viewOf } from "#shared/domain/view.ts";

/** An intent beside the job it stands in. */
export interface StandingIntent extends Intent {
  readonly job: string;
  /** The job's number as people know it. */
  readonly number: string | null;
}

export interface Planned {
  readonly intents: readonly StandingIntent[];
  /** Vendor requests the writes cost when nothing fails, by connection. */
  readonly requests: Readonly<Record<string, number>>;
  /** Money the writes move, minor units, each counted as it is without its sign. */
  readonly moneyMinor: number;
}

/** What is planned in these jobs, oldest first; rejected intents stand too, marked. */
export function standingIntents(states: readonly JobState[], company: CompanyConfig): readonly StandingIntent[] {
  const reference = referenceOf(company)?.id;
  return states
    .flatMap((state) => {
      const number = numberOf(viewOf(state), reference);
      return state.intents.map((intent): StandingIntent => ({ job: state.id, number, ...intent }));
    })
    .sort((a, b) => compareInstants(a.plannedAt, b.plannedAt) || (a.id < b.id ? -1 : 1));
}

export function plannedOf(intents: readonly StandingIntent[]): Planned {
  const requests: Record<string, number> = {};
  let moneyMinor = 0;
  for (const intent of intents) {
    if (intent.kind !== "write" || intent.rejected !== null) continue;
    requests[intent.record.connection] = (requests[intent.record.connection] ?? 0) + intent.requests;
    moneyMinor += Math.abs(intent.moneyMinor);
  }
  return { intents, requests, moneyMinor };
}

/** A write that waits for a person's yes or no. */
export function awaitsApproval(intent: Intent): boolean {
  return intent.kind === "write" && intent.needsApproval && intent.approved === null && intent.rejected === null;
}
