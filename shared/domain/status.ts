/** The three facts of a job: whether it is there, how far the work is, how far the bill is. */
export const presences = ["present", "inactive", "deleted", "unseen"] as const;
export const works = [
  "proposed",
  "open",
  "scheduled",
  "dispatched",
  "working",
  "held",
  "completed",
  "canceled",
] as const;
export const billings = ["unbilled", "ready", "invoiced", "part-paid", "paid", "no-charge", "void"] as const;

export type Presence = (typeof presences)[number];
export type Work = (typeof works)[number];
export type Billing = (typeof billings)[number];

/**
 * What a vendor's word can mean: a set of states. `also` widens it for a while after the job was completed elsewhere
 * (a word that lags), `partly` while only a part of the work is known to be billed. An unknown word is the full set: it disagrees with nothing and moves nothing (law 10).
 */
export interface Word<State extends string> {
  /** The word as the vendor printed it; null where the vendor prints none. */
  readonly word: string | null;
  readonly set: readonly State[];
  readonly also?: { readonly states: readonly State[]; readonly hoursAfterCompletion: number };
  /** What it may mean besides while an invoice for a part of the work stands on the job. */
  readonly partly?: readonly State[];
  readonly unknown?: true;
  /** Set when the record's own time stamps leave none of the word's states (the word wins, and the job says so). */
  readonly contradiction?: string;
}

export function unknownWord<State extends string>(word: string | null, all: readonly State[]): Word<State> {
  return { word, set: all, unknown: true };
}

/** One row of a vendor's vocabulary: how a status word is read, and the one thing it may be written for. */
export interface StatusWord {
  readonly word: string;
  /** The vendor's own order; a rule moves only forward in it. */
  readonly order: number;
  readonly work: readonly Work[];
  readonly billing: readonly Billing[];
  /** States of the work it may mean besides while an invoice for a part of it stands on the job. */
  readonly partly?: readonly Work[];
  /** Absent: the word is never written. `onlyFrom`: the words it may be written over. */
  readonly write?: {
    readonly work: readonly Work[];
    readonly billing: readonly Billing[];
    readonly onlyFrom?: readonly string[];
  };
  /** A word that a person put there and no rule leaves. */
  readonly pinned?: true;
}
