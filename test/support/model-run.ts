import { recordKey } from "#shared/domain/ids.ts";
import type { Attempt, Intent } from "#shared/domain/intent.ts";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import type { Known } from "#shared/domain/observation.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { addSeconds } from "#shared/domain/time.ts";
import { receiptOf } from "#shared/pipeline/attempts.ts";
import { type Arrivals, nothingArrives, type Reconciled, reconcile } from "#shared/pipeline/reconcile.ts";
import {
  companyOf,
  contextOf,
  type ModelRecord,
  readingOf,
  recordOf,
  type SystemClass,
  versionOf,
  written,
} from "./model-systems.ts";

/** One job and the model vendors that hold it: what a run of the real rules goes over, step by step and without waiting. */
export interface Model {
  readonly classes: readonly SystemClass[];
  readonly company: CompanyConfig;
  readonly vendors: readonly ModelRecord[];
  readonly job: JobState;
  /** Last read number, one count for all streams. */
  readonly reads: number;
  readonly now: string;
}

/** When every model begins. */
export const beginningOfTime = "2026-11-02T08:00:00.000Z";

export function modelOf(classes: readonly SystemClass[], vendors: readonly ModelRecord[], policy = {}): Model {
  return { classes, company: companyOf(classes, policy), vendors, job: emptyJob("j1"), reads: 0, now: beginningOfTime };
}

export const connectionId = (index: number): string => `s${index + 1}`;
export const keyOf = (index: number): string => recordKey(recordOf(connectionId(index)));

/** Reconciles with what arrives, after an edit of the item as write-back makes it. */
export function reconciled(model: Model, arrivals: Arrivals, edit = (job: JobState): JobState => job): Reconciled {
  return reconcile(edit(model.job), arrivals, contextOf(model.company, model.classes, model.now));
}

export function arrive(
  model: Model,
  known: Readonly<Record<string, Known>>,
  edit?: (job: JobState) => JobState,
): Model {
  return { ...model, job: reconciled(model, { observations: known }, edit).state };
}

/** A fresh reading of system `index`, not yet delivered. */
export function read(model: Model, index: number): { readonly model: Model; readonly known: Record<string, Known> } {
  const [one, record] = [model.classes[index], model.vendors[index]];
  if (!one || !record) throw new Error(`no system ${index}`);
  const reads = model.reads + 1;
  return {
    model: { ...model, reads },
    known: { [keyOf(index)]: readingOf(one, connectionId(index), record, reads, model.now) },
  };
}

/** Read and taken in at once. */
export function observe(model: Model, index: number): Model {
  const { model: next, known } = read(model, index);
  return arrive(next, known);
}

export function setVendor(model: Model, index: number, record: ModelRecord): Model {
  return { ...model, vendors: model.vendors.map((known, at) => (at === index ? record : known)) };
}

export const indexOf = (intent: Intent): number => Number(intent.record.connection.slice(1)) - 1;

export function approveIntent(model: Model, id: string): Model {
  const intents = model.job.intents.map((known) =>
    known.id === id ? { ...known, approved: { by: "ana", at: model.now } } : known,
  );
  return arrive({ ...model, job: { ...model.job, intents } }, nothingArrives.observations);
}

/** What a system shows of an intent's target. */
function shown(model: Model, intent: Intent): string {
  const record = model.vendors[indexOf(intent)];
  return (intent.target === "status" ? record?.word : record?.reference) ?? "";
}

/**
 * Law 7 up to the commit of the attempt: the read before, and what it ends. `attempt` is null when nothing is to be
 * sent; what was read is merged in the same commit that ends the intent.
 */
export function beginWrite(model: Model, intent: Intent): { readonly model: Model; readonly attempt: Attempt | null } {
  const index = indexOf(intent);
  const before = read(model, index);
  const word = shown(model, intent);
  const one = model.classes[index];
  const held = model.vendors[index];
  const modified = one && held ? versionOf(one, held) : null;
  const attempt: Attempt = {
    intent,
    number: 1,
    startedAt: model.now,
    before: { modified, read: before.model.reads, shown: word },
    state: "sent",
    dueAt: addSeconds(model.now, 30),
    lagRead: null,
    requestId: null,
  };
  const without = (job: JobState): JobState => ({
    ...job,
    intents: job.intents.filter((known) => known.id !== intent.id),
  });
  if (word === intent.wanted || word !== intent.read) {
    const outcome = word === intent.wanted ? ("applied" as const) : ("superseded" as const);
    const receipt = receiptOf({ ...attempt, number: 0 }, outcome, word, model.now, null);
    const ended = arrive(before.model, before.known, (job) => ({
      ...without(job),
      receipts: [...job.receipts, receipt],
    }));
    return { model: ended, attempt: null };
  }
  const job = { ...without(model.job), attempts: [...model.job.attempts, attempt] };
  return { model: { ...before.model, job }, attempt };
}

/** The vendor takes the request. */
export function land(model: Model, intent: Intent): Model {
  const index = indexOf(intent);
  const record = model.vendors[index];
  return record ? setVendor(model, index, written(record, intent)) : model;
}

const withAttempt = (job: JobState, intent: string, edit: (attempt: Attempt) => Attempt): JobState => ({
  ...job,
  attempts: job.attempts.map((known) => (known.intent.id === intent ? edit(known) : known)),
});

/** The read back of an answered write. */
export function readBack(model: Model, intent: Intent): Model {
  const after = read(model, indexOf(intent));
  return arrive(after.model, after.known, (job) =>
    withAttempt(job, intent.id, (attempt) => ({ ...attempt, state: "unverified" })),
  );
}

/** The look after the lag, at an attempt that is still open. */
export function lookAfterLag(model: Model, intent: Intent): Model {
  const reading = read(model, indexOf(intent));
  return arrive(reading.model, reading.known, (job) =>
    withAttempt(job, intent.id, (attempt) => ({
      ...attempt,
      state: attempt.state === "sent" ? "ambiguous" : attempt.state,
      lagRead: reading.model.reads,
    })),
  );
}

/** A whole write without a fault. */
export function write(model: Model, intent: Intent): Model {
  const begun = beginWrite(model, intent);
  return begun.attempt === null ? begun.model : readBack(land(begun.model, intent), intent);
}

/** Writes that stand planned now; a task is a person's. */
export const plannedWrites = (model: Model): readonly Intent[] =>
  model.job.intents.filter((intent) => intent.kind === "write");

/**
 * Lets the system finish: everything is read, what is proposed is approved, what is planned is written, until nothing
 * is planned any more. Throws when it does not end within `rounds`: that is a ping-pong.
 */
export function settle(model: Model, rounds = 12): { readonly model: Model; readonly writes: number } {
  let current = model;
  let writes = 0;
  for (let round = 0; round < rounds; round++) {
    for (let index = 0; index < current.classes.length; index++) current = observe(current, index);
    for (const attempt of current.job.attempts) current = lookAfterLag(current, attempt.intent);
    const planned = plannedWrites(current);
    if (planned.length === 0 && current.job.attempts.length === 0) return { model: current, writes };
    for (const { id } of planned) {
      const standing = current.job.intents.find((known) => known.id === id);
      if (!standing) continue;
      if (standing.needsApproval && !standing.approved) current = approveIntent(current, id);
      const approved = current.job.intents.find((known) => known.id === id);
      if (!approved) continue;
      current = write(current, approved);
      writes++;
    }
  }
  throw new Error(`no rest after ${rounds} rounds: ${JSON.stringify(current.job.intents.map((one) => one.sentence))}`);
}
