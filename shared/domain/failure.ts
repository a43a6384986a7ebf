/**
 * Every failure has a disposition (law 11). The list is closed; a test enumerates it. Expected failures travel as
 * values of this type or as a thrown Failure; nothing is caught, logged and forgotten.
 */
export const dispositions = {
  /** 5xx, network, time-out of a read: the message stays and comes again. */
  transient: "retry",
  /** 429 or our own budget is spent: due again at `retryAt`; never counts towards a dead-letter queue. */
  "rate-limited": "retry-at",
  /** 401, or 403 for a key or scope: the feed says so and a person is asked; due again later. */
  unauthorised: "ask-person",
  /** A payload that fails its schema, or has no id or version where its document states one. */
  malformed: "quarantine",
  /** The vendor refused our write: a receipt, no repeat. */
  rejected: "give-up",
  /** A write without an answer: look for it before anything else. */
  ambiguous: "read-back",
  /** The stored version moved: read again and run again. */
  conflict: "retry",
  /** The vendor says there is no such record. */
  missing: "observe-absence",
  /** A command of a person, or configuration, that does not fit. */
  "bad-input": "give-up",
} as const;

export type FailureKind = keyof typeof dispositions;
export type Disposition = (typeof dispositions)[FailureKind];

export interface FailureDetail {
  readonly connection?: string;
  readonly operation?: string;
  /** HTTP status, when there was an answer. */
  readonly status?: number;
  /** Instant before which a repeat is useless. */
  readonly retryAt?: string;
  /** The vendor's answer, redacted and cut. */
  readonly body?: string;
  readonly requestId?: string;
  /** Whose limit: `day`, `month`, `minute`, `second`, `share` (our own cap), `others` (429 below our count). */
  readonly limit?: string;
}

export class Failure extends Error {
  override readonly name = "Failure";
  readonly kind: FailureKind;
  readonly detail: FailureDetail;

  constructor(kind: FailureKind, message: string, detail: FailureDetail = {}, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.detail = detail;
  }

  get disposition(): Disposition {
    return dispositions[this.kind];
  }
}
