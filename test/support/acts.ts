import type { Break } from "#shared/domain/break.ts";
import type { Attempt, Intent, Receipt, Refusal } from "#shared/domain/intent.ts";

/** What was planned, sent, answered and found on a job, each plain unless a test says otherwise. */
const now = "2026-11-02T10:00:00.000Z";
const record = { connection: "s2", stream: "jobs", id: "1" };

/** A status to be written, that waits for nobody. */
export function intentOf(more: Partial<Intent> = {}): Intent {
  return {
    ...{ id: "i1", kind: "write", target: "status", record, read: "Scheduled", wanted: "Completed", arguments: {} },
    ...{ moneyMinor: 0, requests: 3, needsApproval: false, approved: null, rejected: null, bound: "b" },
    ...{ sentence: "sets the status to Completed", plannedAt: now, epoch: 1, dueAt: null },
    ...more,
  };
}

/** A write that is under way. */
export function attemptOf(more: Partial<Attempt> = {}): Attempt {
  return {
    ...{ intent: intentOf(), number: 1, startedAt: now, before: { modified: null, read: 1, shown: "Scheduled" } },
    ...{ state: "sent", dueAt: now, lagRead: null, requestId: null },
    ...more,
  };
}

/** A write that was seen. */
export function receiptOf(more: Partial<Receipt> = {}): Receipt {
  return {
    ...{ intent: "i1", target: "status", record, outcome: "applied", at: now, attempts: 1, before: "Scheduled" },
    ...{ wanted: "Completed", after: "Completed", requestId: null, moneyMinor: 0, approvedBy: null, flags: [] },
    note: null,
    ...more,
  };
}

/** A write that changed nothing, to the record of this key. */
export function refusalOf(key: string, more: Partial<Refusal> = {}): Refusal {
  return {
    ...{ record: key, target: "status", read: "Scheduled", wanted: "Completed", outcome: "ignored", at: now },
    note: null,
    ...more,
  };
}

/** An open difference of 5.00 between two systems' charges. */
export function breakOf(more: Partial<Break> = {}): Break {
  return {
    ...{ kind: "charge", key: "charge", state: "open", gapMinor: 500, causes: [], firstSeen: now, since: now },
    ...{ resolvedAt: null, opensAt: null, connections: ["s1", "s2"], sentence: "s2 says 5.00 more", evidence: [] },
    ...{ assignedTo: null, note: null },
    ...more,
  };
}
