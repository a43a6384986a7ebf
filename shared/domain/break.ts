import type { Minor } from "./money.ts";

export const breakKinds = [
  "charge",
  "payment",
  "missing-twin",
  "status",
  "schedule",
  "assignee",
  "reference",
  "presence",
  "unreadable",
  "frozen",
  "self-contradiction",
  "ignored-write",
] as const;
export type BreakKind = (typeof breakKinds)[number];

export const breakStates = ["waiting", "open", "explained", "assigned", "resolved", "reopened"] as const;
export type BreakState = (typeof breakStates)[number];

/** The closed list of causes (docs/accounting.md, "Causes"). */
export const causeKinds = [
  "timing",
  "missing-charge",
  "missing-payment",
  "unapplied",
  "payment-reversed",
  "refund",
  "credit",
  "adjustment",
  "discount",
  "write-off",
  "tax",
  "fee",
  "financing",
  "retention",
  "rounding",
  "duplicate",
  "shared",
  "wrong-link",
  "cut-off",
  "unexplained",
] as const;
export type CauseKind = (typeof causeKinds)[number];

/** What a person may say a gap is: what nobody can explain is no explanation. */
export type SaidCause = Exclude<CauseKind, "unexplained">;
export const saidCauses = causeKinds.filter((kind): kind is SaidCause => kind !== "unexplained");

/**
 * A typed part of a gap. `proven` names the records whose amounts make it; `likely` is arithmetic only and never makes a
 * write, and names a record at most as the one that is meant.
 */
export interface Cause {
  readonly kind: CauseKind;
  readonly certainty: "proven" | "likely";
  readonly minor: Minor;
  readonly records: readonly string[];
}

/** A disagreement. `gapMinor` is the other system minus the reference; the causes sum to it (law 5). */
export interface Break {
  readonly kind: BreakKind;
  /** Names it within the job: kind and what it is about, e.g. `charge`, `status:ctc-boulder`. */
  readonly key: string;
  readonly state: BreakState;
  readonly gapMinor: Minor;
  readonly causes: readonly Cause[];
  readonly firstSeen: string;
  readonly since: string;
  readonly resolvedAt: string | null;
  /** When waiting: the instant at which it opens if nothing changes. */
  readonly opensAt: string | null;
  readonly connections: readonly string[];
  /** A sentence a bookkeeper understands. */
  readonly sentence: string;
  /** Keys of the records whose observations prove it. */
  readonly evidence: readonly string[];
  readonly assignedTo: string | null;
  readonly note: string | null;
  /** What a person said it is, while its gap stays; the causes above are what records and arithmetic say. */
  readonly saidCause?: SaidCause;
  /** On one that is resolved without a time: why nobody can say whether its gap has closed; its sentence ends with it. */
  readonly putAway?: string;
  /** On one that waits to be reopened: what was resolved, which it is again when the gap goes before it opens. */
  readonly resolved?: Pick<Break, "gapMinor" | "causes" | "sentence" | "since" | "putAway">;
}

/** Counts in a company's open money: a break that is open, explained, assigned or reopened. */
export function isOpen(found: Break): boolean {
  return found.state !== "waiting" && found.state !== "resolved";
}
