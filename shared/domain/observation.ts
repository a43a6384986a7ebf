import type { Facts } from "./facts.ts";
import { canonicalJson, type RecordRef } from "./ids.ts";
import { compareInstants } from "./time.ts";

/**
 * Which of two readings of a record is the later one: first by the vendor's own modified time, kept as its original
 * text, then by the number of the read (law 2). `modified` is null for a vendor whose document states no version.
 */
export interface Version {
  readonly modified: string | null;
  readonly read: number;
}

export function compareVersions(a: Version, b: Version): number {
  if (a.modified !== null && b.modified !== null) {
    const byVendor = compareInstants(a.modified, b.modified);
    if (byVendor !== 0) return byVendor;
  } else if (a.modified !== b.modified) {
    return a.modified === null ? -1 : 1;
  }
  return a.read - b.read;
}

/** What a vendor said of a record, in our words, with the vendor's version of it. */
export interface Observation {
  readonly record: RecordRef;
  readonly version: Version;
  /** Digest of the raw payload as forwarded; the sweep compares it with what the vendor shows. */
  readonly digest: string;
  /** When it was read, by the clock port; shown to people, never compared. */
  readonly at: string;
  /** Keys of the records it hangs on: a visit on its job, a payment on its invoices. Empty for a root. */
  readonly hangsOn: readonly string[];
  readonly facts: Facts;
  /** What could not be understood, said once per word: `unknown-word: ...` (law 10). */
  readonly notices?: readonly string[];
}

/**
 * All that is known of one record: the latest thing it said, and the numbers of the last read that found it and of the
 * last read that proved it gone. Each part is a maximum, so merging is commutative, associative and idempotent (law 2).
 */
export interface Known {
  readonly said: Observation | null;
  readonly seenRead: number;
  readonly absent: { readonly read: number; readonly at: string; readonly how: "deleted" | "unseen" } | null;
}

export const nothingKnown: Known = { said: null, seenRead: 0, absent: null };

export function knownFrom(observation: Observation): Known {
  return { said: observation, seenRead: observation.version.read, absent: null };
}

export function mergeKnown(a: Known, b: Known): Known {
  return {
    said: laterSaid(a.said, b.said),
    seenRead: Math.max(a.seenRead, b.seenRead),
    absent: laterAbsence(a.absent, b.absent),
  };
}

/** True when the last word about the record is that it is gone. */
export function isGone(known: Known): boolean {
  return known.absent !== null && known.absent.read > known.seenRead;
}

function laterSaid(a: Observation | null, b: Observation | null): Observation | null {
  if (!a || !b) return a ?? b;
  const order = compareVersions(a.version, b.version);
  if (order !== 0) return order > 0 ? a : b;
  // Same version and same read: the same reading delivered twice. The text decides, so that the order never does.
  return canonicalJson(a) >= canonicalJson(b) ? a : b;
}

function laterAbsence(a: Known["absent"], b: Known["absent"]): Known["absent"] {
  if (!a || !b) return a ?? b;
  if (a.read !== b.read) return a.read > b.read ? a : b;
  return canonicalJson(a) >= canonicalJson(b) ? a : b;
}
