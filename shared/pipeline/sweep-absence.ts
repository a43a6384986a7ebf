import type { Page, StreamSpec } from "#shared/connectors/connector.ts";
import { instantMillis } from "#shared/domain/time.ts";
import type { SweepState } from "./ports.ts";

/** A record without a read by id must be missing from two proven sweeps at least this far apart (law 4). */
const apartHours = 12;

/** A sweep that would conclude more than the larger of these stops and asks (law 4). */
const most = { records: 3, share: 0.005 } as const;

export interface MissingFrom {
  readonly absence: StreamSpec["absence"];
  /** Ids the job items hold and the list does not show. */
  readonly missing: readonly string[];
  readonly known: number;
  readonly proven: boolean;
  readonly scope: string;
  readonly now: string;
  readonly before: SweepState;
}

export interface Absence {
  readonly missing: number;
  /** To be read by id, which proves it. */
  readonly readById: readonly string[];
  /** Concluded: missing from two proven sweeps far enough apart. */
  readonly unseen: readonly string[];
  readonly question: string | null;
  /** What the next sweep must know; null leaves it as it is. */
  readonly next: SweepState | null;
}

/**
 * A list is proven complete by its end and, where the vendor states totals, by the same total on every page and that
 * many records. Records without an id count: they may be the ones that seem to be missing, so they prove nothing gone.
 */
export function provenBy(pages: readonly Pick<Page, "total" | "unfit" | "dropped">[], identified: number): boolean {
  const totals = pages.map((page) => page.total).filter((total) => total !== null);
  const nameless = pages.reduce((sum, page) => sum + page.unfit.length, 0);
  const dropped = pages.reduce((sum, page) => sum + page.dropped, 0);
  if (nameless > 0) return false;
  return totals.every((total) => total === identified + dropped);
}

/** What may be concluded from what a sweep did not find. Pure. */
export function judgeMissing(from: MissingFrom): Absence {
  const { absence, missing, known, proven, scope, now, before } = from;
  const nothing: Absence = { missing: missing.length, readById: [], unseen: [], question: null, next: null };
  // Where a deletion shows as a field of the record, a list that lacks one says nothing.
  if (absence === "field" || !proven) return nothing;
  const cap = Math.max(most.records, Math.floor(known * most.share));
  if (missing.length > cap) {
    const question =
      `a sweep at ${now} did not find ${missing.length} of ${known} records that were there, more than the ${cap} it may ` +
      "conclude by itself: were they removed, or may our key no longer see them?";
    return { ...nothing, question };
  }
  if (absence === "by-id") return { ...nothing, readById: missing };
  return { ...nothing, ...secondSweep(missing, scope, now, before) };
}

/** Where only lists tell: what an earlier proven sweep of the same scope missed too is concluded, the rest remembered. */
function secondSweep(
  missing: readonly string[],
  scope: string,
  now: string,
  before: SweepState,
): Pick<Absence, "unseen" | "next"> {
  const firstMissed = before.scope === scope ? before.missing : {};
  const unseen = missing.filter((id) => {
    const since = firstMissed[id];
    return since !== undefined && instantMillis(now) - instantMillis(since) >= apartHours * 3_600_000;
  });
  const remembered = Object.fromEntries(missing.map((id) => [id, firstMissed[id] ?? now]));
  return { unseen, next: { scope, provenAt: now, missing: remembered } };
}
