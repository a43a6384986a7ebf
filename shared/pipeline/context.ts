import type { IntentSubject, Vocabulary } from "#shared/connectors/connector.ts";
import type { Facts } from "#shared/domain/facts.ts";
import type { RecordRef } from "#shared/domain/ids.ts";
import type { Minor } from "#shared/domain/money.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";

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
  /** The last complete read of which all that was found has had its time to arrive here (arrival.ts). */
  readonly arrivedAt: string | null;
  /** When what was read since will have arrived; null when all has. */
  readonly arrivesAt: string | null;
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
  /** The other jobs whose invoices it lies on. */
  readonly losing: readonly Losing[];
}

/** A job that loses money when a payment is moved to another job. */
export interface Losing {
  readonly job: string;
  /** As people know it. */
  readonly name: string;
  /** What of the payment lies on its invoices, minor units. */
  readonly minor: Minor;
  /** Its payment gap as it stands: the other system less the reference; 0 when they agree. */
  readonly gapMinor: Minor;
}
