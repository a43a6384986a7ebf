import type { Connector } from "#shared/connectors/connector.ts";
import type { VendorClient } from "#shared/connectors/vendor-client.ts";
import type { Attempt, Intent } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { ConnectionConfig } from "#shared/domain/policy.ts";
import { addSeconds } from "#shared/domain/time.ts";
import type { Standing } from "./look.ts";
import type { Control, ManifestStore, ReadNumbers } from "./ports.ts";
import type { TakeInPorts } from "./update-job.ts";

export interface WriteBackPorts extends TakeInPorts {
  readonly reads: ReadNumbers;
  readonly manifest: ManifestStore;
  /** Counts writes where all functions see them. */
  readonly budget: {
    take(
      name: string,
      windows: readonly {
        readonly name: string;
        readonly startsAt: string;
        readonly endsAt: string;
        readonly limit: number;
      }[],
      n: number,
    ): Promise<{ readonly granted: boolean }>;
  };
  readonly controlAll: Control;
  readonly client: (connection: ConnectionConfig) => Promise<VendorClient>;
  readonly connector: (vendor: string) => Connector | undefined;
}

export type WroteBack =
  | { readonly done: "gone" | "waits" | "stopped" | "looked" | "superseded" | "already" | "refused" | "later" | "void" }
  | { readonly done: "written"; readonly outcome: "applied" | "open" | "rejected" };

/**
 * How long a writer may live (infra's time-out of write-back is held to it by a test). Until it is over nobody else
 * ends its attempt: its request may be on the way still, and a second one would follow it.
 */
export const writerSeconds = 60;

export function attemptOf(job: Standing, at: string, read: number, modified: string | null, shown: string): Attempt {
  return {
    intent: job.intent,
    number: 1,
    startedAt: at,
    before: { modified, read, shown },
    state: "sent",
    dueAt: addSeconds(at, writerSeconds + lagOf(job.connection)),
    lagRead: null,
    requestId: null,
  };
}

export function lagOf(connection: ConnectionConfig): number {
  return connection.lagSeconds ?? 30;
}

export function withAttempt(state: JobState, intent: string, edit: (attempt: Attempt) => Attempt): JobState {
  return { ...state, attempts: state.attempts.map((known) => (known.intent.id === intent ? edit(known) : known)) };
}

/**
 * Ends an intent without an attempt. Another delivery of its message may have been faster: what it made of the intent
 * stands, and nothing is told twice.
 */
export function endIntent(
  state: JobState,
  intent: Intent,
  receipt: JobState["receipts"][number],
  refusals: JobState["refusals"] = [],
): JobState {
  if (!state.intents.some((known) => known.id === intent.id)) return state;
  return {
    ...state,
    intents: state.intents.filter((known) => known.id !== intent.id),
    receipts: [...state.receipts, receipt],
    refusals: [...state.refusals, ...refusals],
  };
}

/** Edits the item an intent stands in and commits it; again from the load when it moved meanwhile. */
export type Edit = (edit: (state: JobState) => JobState) => Promise<unknown>;
