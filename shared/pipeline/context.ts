import type { IntentSubject, Vocabulary } from "#shared/connectors/connector.ts";
import type { Facts } from "#shared/domain/facts.ts";
import type { RecordRef } from "#shared/domain/ids.ts";
import type { Minor } from "#shared/domain/money.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { addSeconds, compareInstants } from "#shared/domain/time.ts";

/** What reconcile knows beside the job: policy, vocabularies, freshness, and the time. All data, handed in. */
export interface Context {
  readonly now: string;
  readonly company: CompanyConfig;
  /** Digest of the policy; part of what a plan is bound to. */
  readonly policyVersion: string;
  readonly epoch: number;
  readonly vocabularies: Readonly<Record<string, Vocabulary>>;
  /** What records show of an intent's target, by the connector of the record's connection. */
  readonly shows: (
    intent: IntentSubject,
    records: readonly { readonly record: RecordRef; readonly facts: Facts }[],
  ) => string;
  readonly feeds: Readonly<Record<string, FeedView>>;
  /** Unapplied money of the job's customers, held by the customer. */
  readonly held: readonly Held[];
  /** Seconds a wanted write waits for the rest of what changed with it. */
  readonly quietSeconds: number;
}

/** Freshness of a connection: the oldest of its streams that speak of jobs and money. */
export interface FeedView {
  readonly completeAt: string | null;
  /** Of the complete read before that one; null or absent when there was none. */
  readonly completeBefore?: string | null;
  readonly everyMinutes: number;
}

export interface Held {
  readonly payment: string;
  readonly connection: string;
  readonly customer: string;
  readonly unapplied: Minor;
  readonly total: Minor;
  /** What lies on invoices: record key of the invoice, minor units. */
  readonly shares: readonly (readonly [invoice: string, minor: Minor])[];
}

/** What a complete read found is on its way through the queues for at most this long. */
const arrivalSeconds = 60;

/**
 * When a system was last read completely and what was found has had its time to arrive: a read that ended just now has
 * handed on what it found, and no more. Null before the first one.
 */
export function arrivedAt(feed: Pick<FeedView, "completeAt" | "completeBefore">, now: string): string | null {
  const { completeAt, completeBefore = null } = feed;
  if (completeAt === null) return null;
  return compareInstants(addSeconds(completeAt, arrivalSeconds), now) <= 0 ? completeAt : completeBefore;
}

/** When what the last complete read found will have arrived; null when it has. */
export function arrivesAt(feed: FeedView, now: string): string | null {
  const at = feed.completeAt === null ? null : addSeconds(feed.completeAt, arrivalSeconds);
  return at !== null && compareInstants(at, now) > 0 ? at : null;
}
