import type { RecordRef } from "./ids.ts";
import type { WriteTarget } from "./policy.ts";

export const finalOutcomes = ["applied", "superseded", "ignored", "rejected", "unresolved", "void"] as const;
export const interimOutcomes = ["ambiguous", "unverified"] as const;
export type FinalOutcome = (typeof finalOutcomes)[number];
export type InterimOutcome = (typeof interimOutcomes)[number];

/**
 * One wanted change to one vendor record. `write` is sent through the vendor's API; `task` asks a person, because no
 * API can do it, and closes by itself when the vendor's next observation shows it.
 */
export interface Intent {
  readonly id: string;
  readonly kind: "write" | "task";
  readonly target: WriteTarget;
  readonly record: RecordRef;
  /** What the record shows of the target now, and what it should show: canonical texts made by the connector's `shows`. */
  readonly read: string;
  readonly wanted: string;
  /** Arguments the writer needs (a date with its offset, a technician's id, splits); bound by the hash. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Money at stake in this write, minor units; 0 when none. */
  readonly moneyMinor: number;
  /** Vendor requests it costs when nothing fails. */
  readonly requests: number;
  readonly needsApproval: boolean;
  readonly approved: { readonly by: string; readonly at: string; readonly rule?: string } | null;
  readonly rejected: { readonly by: string; readonly at: string; readonly why: string } | null;
  /** Hash over what it was planned from (law 8): fields, record versions, links, bases, policy version, amount. */
  readonly bound: string;
  /** A sentence a person understands: what, where, why; for a task who, where, what to type. */
  readonly sentence: string;
  readonly plannedAt: string;
  readonly epoch: number;
  /** Not sent before this instant (quiet period, stop, quota, lag); null when it may go at once or waits for a person. */
  readonly dueAt: string | null;
}

/** A write that moves money; a call says so by itself, its amount stands in what is sent. */
export function movesMoney(intent: Pick<Intent, "moneyMinor" | "arguments">): boolean {
  return intent.moneyMinor !== 0 || intent.arguments["money"] === true;
}

/** A change that other jobs lose by: what it was bound to stands in their items too, and may have moved there. */
export function restsOnOthers({ arguments: given }: Pick<Intent, "arguments">): boolean {
  return Array.isArray(given["losing"]) && given["losing"].length > 0;
}

/**
 * What a call needs when it is sent and nothing keeps (passwords, signatures), by the names under which a person gives
 * it. Such a call is sent while its caller waits, never from a queue.
 */
export function withheldOf({ arguments: given }: Pick<Intent, "arguments">): readonly string[] {
  const names = given["withheld"];
  return Array.isArray(names) ? names.map(String) : [];
}

/** An attempt is committed before its request is sent (law 7); without an outcome it is ambiguous. */
export interface Attempt {
  readonly intent: Intent;
  readonly number: number;
  readonly startedAt: string;
  /** Vendor version and read number of the read before, and what it showed. */
  readonly before: { readonly modified: string | null; readonly read: number; readonly shown: string };
  readonly state: "sent" | InterimOutcome;
  /** Time of the next look; an open attempt always has one. */
  readonly dueAt: string;
  /** Number of the read made after the vendor's lag had passed; null until then. */
  readonly lagRead: number | null;
  readonly requestId: string | null;
  /** The vendor guards the write against a concurrent edit: nobody's can have been overwritten. */
  readonly guarded?: true;
}

export interface Receipt {
  readonly intent: string;
  readonly target: WriteTarget;
  readonly record: RecordRef;
  readonly outcome: FinalOutcome;
  readonly at: string;
  /** When the attempt was made, where that is told apart from when its outcome was seen. */
  readonly sentAt?: string;
  readonly attempts: number;
  readonly before: string;
  readonly wanted: string;
  readonly after: string | null;
  readonly requestId: string | null;
  readonly moneyMinor: number;
  readonly approvedBy: string | null;
  /**
   * `overwritten`: the vendor has no concurrency guard, the gap between read and write stayed open. `unseen`: the vendor
   * answered that it was done, and no read shows it.
   */
  readonly flags: readonly string[];
  readonly note: string | null;
}

/** A write that did not take: not planned again until what is wanted or what is read differs (docs/merge.md, row 2). */
export interface Refusal {
  readonly record: string;
  readonly target: WriteTarget;
  readonly read: string;
  readonly wanted: string;
  readonly outcome: "ignored" | "rejected" | "unresolved" | "retried";
  readonly at: string;
  readonly note: string | null;
}
