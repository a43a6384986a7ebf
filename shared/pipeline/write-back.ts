import type { Connector } from "#shared/connectors/connector.ts";
import type { VendorClient } from "#shared/connectors/vendor-client.ts";
import { Failure } from "#shared/domain/failure.ts";
import { recordKey } from "#shared/domain/ids.ts";
import type { Attempt, Intent } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import { type CompanyConfig, type ConnectionConfig, connectionOf } from "#shared/domain/policy.ts";
import { addSeconds, compareInstants } from "#shared/domain/time.ts";
import type { Outbound } from "#shared/messages/outbound.ts";
import { receiptOf, refusalOf } from "./attempts.ts";
import { loadJob } from "./join.ts";
import { handOn, type Reading, readNow, type WriteJob } from "./look.ts";
import type { Control, ManifestStore, ReadNumbers, StoredJob } from "./ports.ts";
import { type Arrivals, mayGo, nothingArrives } from "./reconcile.ts";
import { surroundingsOf } from "./surroundings.ts";
import { type TakeInPorts, updateJob } from "./take-in.ts";

/**
 * Law 7: a write is done when it is seen. Load, check the switch, read, commit the attempt by the item's version, send,
 * read back. Every way out leaves the item saying where the write stands, and an open attempt always has a time at
 * which it is looked at again.
 */
export interface WriteBackPorts extends TakeInPorts {
  readonly reads: ReadNumbers;
  readonly manifest: ManifestStore;
  readonly controlAll: Control;
  readonly client: (connection: ConnectionConfig) => Promise<VendorClient>;
  readonly connector: (vendor: string) => Connector | undefined;
}

export type WroteBack =
  | { readonly done: "gone" | "waits" | "stopped" | "looked" | "superseded" | "already" | "refused" | "later" | "void" }
  | { readonly done: "written"; readonly outcome: "applied" | "open" | "rejected" };

export async function writeBack(ports: WriteBackPorts, company: CompanyConfig, message: Outbound): Promise<WroteBack> {
  const stored = await loadJob(ports.jobs, message.job);
  const attempt = stored.state.attempts.find((known) => known.intent.id === message.intent);
  const intent = attempt?.intent ?? stored.state.intents.find((known) => known.id === message.intent);
  if (!intent || intent.kind !== "write") return { done: "gone" };
  const connection = connectionOf(company, intent.record.connection);
  const connector = connection ? ports.connector(connection.vendor) : undefined;
  const writer = connector?.writers[intent.target];
  if (!connection || !connector || !writer)
    throw new Failure("bad-input", `nothing can write ${intent.target} of ${intent.record.connection}`);
  const job: WriteJob = { stored, intent, connection, connector, writer, client: await ports.client(connection) };
  if (attempt) return lookAt(ports, company, job, attempt);
  const now = await ports.clock.now();
  if (!mayGo(intent, { now })) return { done: "waits" };
  const stop = await stopped(ports);
  if (stop.stopped) return { done: "stopped" };
  if (intent.epoch !== stop.epoch) {
    await change(ports, company, job, (state) => ({
      ...state,
      intents: state.intents.filter((known) => known.id !== intent.id),
      receipts: [
        ...state.receipts,
        receiptOf(attemptOf(job, now, 0, null, ""), "void", null, now, "made before a restore"),
      ],
    }));
    return { done: "void" };
  }
  return withBudget(ports, company, job, () => attemptWrite(ports, company, job));
}

/** The switch of the company and the switch of all, read consistently; an unreadable switch stops (law 13). */
async function stopped(ports: WriteBackPorts): Promise<{ stopped: boolean; epoch: number }> {
  const [own, all] = await Promise.all([ports.control.state(), ports.controlAll.state()]);
  return { stopped: own.stopped || all.stopped, epoch: own.epoch };
}

/** A spent budget or a vendor out of reach before the send: due again later, nothing was written. */
async function withBudget(
  ports: WriteBackPorts,
  company: CompanyConfig,
  job: WriteJob,
  run: () => Promise<WroteBack>,
): Promise<WroteBack> {
  try {
    return await run();
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    if (cause.kind !== "rate-limited" && cause.kind !== "transient" && cause.kind !== "unauthorised") throw cause;
    const now = await ports.clock.now();
    const dueAt =
      cause.kind === "rate-limited" && cause.detail.retryAt
        ? cause.detail.retryAt
        : addSeconds(now, cause.kind === "unauthorised" ? 3600 : 300);
    await change(ports, company, job, (state) => ({
      ...withAttempt(state, job.intent.id, (known) => ({ ...known, dueAt })),
      intents: state.intents.map((known) => (known.id === job.intent.id ? { ...known, dueAt } : known)),
    }));
    return { done: "later" };
  }
}

async function attemptWrite(ports: WriteBackPorts, company: CompanyConfig, job: WriteJob): Promise<WroteBack> {
  const { intent, writer } = job;
  const before = await readNow(ports, company, job);
  const seen = attemptOf(job, before.at, before.read, before.modified, before.shown);
  if (before.shown === intent.wanted) {
    // Merged in the same commit that ends the intent.
    await change(
      ports,
      company,
      job,
      (state) =>
        endIntent(
          state,
          intent,
          receiptOf(
            { ...seen, number: 0 },
            "applied",
            before.shown,
            before.at,
            "it was there already; nothing was sent",
          ),
        ),
      before.arrivals,
    );
    return { done: "already" };
  }
  if (before.shown !== intent.read) {
    await change(
      ports,
      company,
      job,
      (state) =>
        endIntent(
          state,
          intent,
          receiptOf(
            { ...seen, number: 0 },
            "superseded",
            before.shown,
            before.at,
            "the vendor holds neither what was planned from nor what is wanted",
          ),
        ),
      before.arrivals,
    );
    return { done: "superseded" };
  }
  const refused = writer.refuse?.(intent, before.page) ?? null;
  if (refused !== null) {
    await change(
      ports,
      company,
      job,
      (state) => ({
        ...endIntent(state, intent, receiptOf({ ...seen, number: 0 }, "rejected", before.shown, before.at, refused)),
        refusals: [...state.refusals, refusalOf(seen, "rejected", before.at, refused)],
      }),
      before.arrivals,
    );
    return { done: "refused" };
  }
  if ((await stopped(ports)).stopped) return { done: "stopped" };
  // The attempt is committed before it is sent; a moved version means somebody else may be sending.
  const committed = await commitAttempt(ports, job, seen);
  if (!committed) return { done: "later" };
  return sendAttempt(ports, company, job, before);
}

async function commitAttempt(ports: WriteBackPorts, job: WriteJob, attempt: Attempt): Promise<boolean> {
  const { stored, intent } = job;
  const tries = stored.state.refusals.filter(
    (known) =>
      known.outcome === "retried" && known.record === recordKey(intent.record) && known.target === intent.target,
  ).length;
  const next: JobState = {
    ...stored.state,
    intents: stored.state.intents.filter((known) => known.id !== intent.id),
    attempts: [...stored.state.attempts, { ...attempt, number: tries + 1 }],
    dueAt: attempt.dueAt,
  };
  return (await ports.jobs.commit(stored, next)) === "committed";
}

async function sendAttempt(
  ports: WriteBackPorts,
  company: CompanyConfig,
  job: WriteJob,
  before: Reading,
): Promise<WroteBack> {
  const { intent, writer, client } = job;
  let requestId: string | null = null;
  try {
    ({ requestId } = await writer.send(client, intent, before.page));
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    return afterFailure(ports, company, job, cause);
  }
  const after = await readNow(ports, company, job);
  await handOn(ports, company, job, after);
  const answered = (state: JobState): JobState =>
    withAttempt(state, intent.id, (attempt) => ({ ...attempt, state: "unverified", requestId }));
  const { stored } = await change(ports, company, job, answered, after.arrivals);
  return {
    done: "written",
    outcome: stored.state.attempts.some((known) => known.intent.id === intent.id) ? "open" : "applied",
  };
}

/** No answer: ambiguous, looked for after the lag. Refused: a receipt, no repeat. Never sent: planned again. */
async function afterFailure(
  ports: WriteBackPorts,
  company: CompanyConfig,
  job: WriteJob,
  failure: Failure,
): Promise<WroteBack> {
  const { intent } = job;
  const now = await ports.clock.now();
  const requestId = failure.detail.requestId ?? null;
  if (failure.kind === "ambiguous" || failure.kind === "malformed") {
    await change(ports, company, job, (state) =>
      withAttempt(state, intent.id, (attempt) => ({ ...attempt, state: "ambiguous", requestId })),
    );
    if (intent.moneyMinor !== 0)
      await ports.control.stop("plumbline", `a money write to ${intent.record.connection} got no answer`);
    return { done: "written", outcome: "open" };
  }
  const note = failure.detail.body ?? failure.message;
  if (failure.kind === "rejected" || failure.kind === "missing" || failure.kind === "bad-input") {
    await change(ports, company, job, (state) => {
      const attempt = state.attempts.find((known) => known.intent.id === intent.id);
      if (!attempt) return state;
      return {
        ...state,
        attempts: state.attempts.filter((known) => known !== attempt),
        receipts: [
          ...state.receipts,
          { ...receiptOf({ ...attempt, requestId }, "rejected", attempt.before.shown, now, note) },
        ],
        refusals: [...state.refusals, refusalOf(attempt, "rejected", now, note)],
      };
    });
    return { done: "written", outcome: "rejected" };
  }
  // The request never left: the intent is wanted as before.
  await change(ports, company, job, (state) => ({
    ...state,
    attempts: state.attempts.filter((known) => known.intent.id !== intent.id),
  }));
  throw failure;
}

/** An attempt without a final outcome: read again; after the vendor's lag this reading decides (merge-rules, row 2). */
async function lookAt(
  ports: WriteBackPorts,
  company: CompanyConfig,
  job: WriteJob,
  attempt: Attempt,
): Promise<WroteBack> {
  const now = await ports.clock.now();
  const afterLag = compareInstants(now, attempt.dueAt) >= 0;
  if (!afterLag) return { done: "waits" };
  return withBudget(ports, company, job, async () => {
    const reading = await readNow(ports, company, job);
    await handOn(ports, company, job, reading);
    const mark = (state: JobState): JobState =>
      withAttempt(state, attempt.intent.id, (known) => ({
        ...known,
        state: known.state === "sent" ? "ambiguous" : known.state,
        lagRead: reading.read,
        dueAt: addSeconds(now, lagOf(job.connection)),
      }));
    await change(ports, company, job, mark, reading.arrivals);
    return { done: "looked" };
  });
}

function attemptOf(job: WriteJob, at: string, read: number, modified: string | null, shown: string): Attempt {
  return {
    intent: job.intent,
    number: 1,
    startedAt: at,
    before: { modified, read, shown },
    state: "sent",
    dueAt: addSeconds(at, lagOf(job.connection)),
    lagRead: null,
    requestId: null,
  };
}

function lagOf(connection: ConnectionConfig): number {
  return connection.lagSeconds ?? 30;
}

function withAttempt(state: JobState, intent: string, edit: (attempt: Attempt) => Attempt): JobState {
  return { ...state, attempts: state.attempts.map((known) => (known.intent.id === intent ? edit(known) : known)) };
}

function endIntent(state: JobState, intent: Intent, receipt: JobState["receipts"][number]): JobState {
  return {
    ...state,
    intents: state.intents.filter((known) => known.id !== intent.id),
    receipts: [...state.receipts, receipt],
  };
}

async function change(
  ports: WriteBackPorts,
  company: CompanyConfig,
  job: WriteJob,
  edit: (state: JobState) => JobState,
  arrivals: Arrivals = nothingArrives,
): Promise<{ stored: StoredJob }> {
  const surroundings = await surroundingsOf(ports, company);
  return updateJob(ports, company, surroundings, job.stored.state.id, arrivals, edit);
}
