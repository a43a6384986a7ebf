import { recordKey } from "#shared/domain/ids.ts";
import { type Minor, stated } from "#shared/domain/money.ts";
import type { Known } from "#shared/domain/observation.ts";
import type { Claim } from "./ports.ts";
import { isReadGone, mergeReadings, type Reading, type Unapplied } from "./unapplied.ts";

/**
 * What an invoice that stood without a job said last (membership, point of sale, project). No job holds it, so its claim
 * does, from its first reading without a job on; the claim of an invoice that always had one says nothing of this.
 */
export interface Jobless extends Reading {
  /** Its latest reading hangs on a job. */
  readonly attached: boolean;
  /** Record key of the customer; null when it names none. */
  readonly customer: string | null;
  readonly number: string | null;
  /** Printed day. */
  readonly day: string | null;
  /** Minor units; null when not stated or not to be read. */
  readonly total: Minor | null;
  readonly balance: Minor | null;
  /** Not a charge yet. */
  readonly draft: boolean;
  /** Its own record says that it counts no more: void, inactive, deleted. */
  readonly over: boolean;
}

/** What the claim keeps of an invoice after this reading; `found` are the jobs it hangs on by it. */
export function joblessKept({ jobless }: Claim, { said }: Known, found: readonly string[]): Jobless | undefined {
  if (said?.facts.kind !== "invoice" || (jobless === undefined && found.length > 0)) return jobless;
  const { facts, version } = said;
  // First by name, so that of one reading delivered twice the delivery that found its job is the later one.
  const read: Jobless = {
    attached: found.length > 0,
    customer: facts.customer ? recordKey(facts.customer) : null,
    number: facts.number,
    day: facts.day,
    total: stated(facts.total),
    balance: stated(facts.balance),
    draft: facts.stage === "draft",
    over: facts.presence !== "present" || facts.stage === "void",
    version,
    seenRead: version.read,
    goneRead: 0,
  };
  return jobless ? mergeReadings(jobless, read) : read;
}

/** What a claim holds of money that no job holds. */
export interface HeldMoney {
  readonly unapplied?: Unapplied | undefined;
  readonly jobless?: Jobless | undefined;
}

/** Which customer's money that lies in no job this record is: a record key, "" for nobody's; undefined when it is none. */
export function unattachedTo({ unapplied, jobless }: HeldMoney): string | undefined {
  if (unapplied) return liesOnNoInvoice(unapplied) ? (unapplied.customer ?? "") : undefined;
  if (!jobless || jobless.attached || jobless.over || isReadGone(jobless)) return undefined;
  return jobless.customer ?? "";
}

function liesOnNoInvoice(unapplied: Unapplied): boolean {
  return unapplied.rest !== 0 && !isReadGone(unapplied);
}

/** The claim with what it says of unattached money, so that the store can list it. */
export function asListed(claim: Claim): Claim {
  const { unattached: _, ...said } = claim;
  const customer = unattachedTo(said);
  return customer === undefined ? said : { ...said, unattached: customer };
}
