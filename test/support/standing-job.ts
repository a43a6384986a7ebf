import type { Break, BreakKind } from "#shared/domain/break.ts";
import type { Intent, Receipt } from "#shared/domain/intent.ts";
import type { JobState, MoneyLine } from "#shared/domain/job.ts";
import type { Minor } from "#shared/domain/money.ts";
import type { Seen } from "#shared/domain/view.ts";
import { jobWith } from "./job-with.ts";

/** Jobs as they stand in the store, said by what a test is about and nothing else. */
export const now = "2026-11-02T08:00:00.000Z";

/** A job that holds these records, each as it was last read. */
export function standingJob(records: readonly Seen[], more: Partial<JobState> = {}, id = "j1"): JobState {
  return jobWith(records, { id, links: [], ...more });
}

/** An open break, unless said otherwise. */
export function standingBreak(kind: BreakKind, gapMinor: Minor, more: Partial<Break> = {}): Break {
  return {
    ...{ kind, key: kind, state: "open", gapMinor, causes: [], firstSeen: now, since: now, resolvedAt: null },
    ...{ opensAt: null, connections: ["s1", "s2"], sentence: "", evidence: [], assignedTo: null, note: null },
    ...more,
  };
}

/** A write to s1 that nobody has to agree to, unless said otherwise. */
export function standingIntent(id: string, more: Partial<Intent> = {}): Intent {
  return {
    ...{ id, kind: "write", target: "status", record: { connection: "s1", stream: "jobs", id: "1" } },
    ...{ read: "Working", wanted: "Completed", arguments: {}, moneyMinor: 0, requests: 2, needsApproval: false },
    ...{ approved: null, rejected: null, bound: "b", sentence: `what ${id} does`, plannedAt: now, epoch: 1 },
    dueAt: null,
    ...more,
  };
}

/** An applied write, unless said otherwise. */
export function standingReceipt(intent: string, more: Partial<Receipt> = {}): Receipt {
  return {
    ...{ intent, target: "status", record: { connection: "s1", stream: "jobs", id: "1" }, outcome: "applied" },
    ...{ at: now, attempts: 1, before: "Working", wanted: "Completed", after: "Completed", requestId: null },
    ...{ moneyMinor: 0, approvedBy: null, flags: [], note: null },
    ...more,
  };
}

/** What a system says of the money, in cents. */
export function standingMoney(connection: string, charge: Minor | null, payment: Minor | null): MoneyLine {
  return { connection, charge, payment, outstanding: null, provisional: false, unreadable: [] };
}
