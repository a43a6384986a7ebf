import { Failure } from "#shared/domain/failure.ts";
import { type Attempt, type FinalOutcome, movesMoney, restsOnOthers } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import { type CompanyConfig, connectionOf, zoneOf } from "#shared/domain/policy.ts";
import { addSeconds, compareInstants } from "#shared/domain/time.ts";
import type { Outbound } from "#shared/messages/outbound.ts";
import {
  attemptOf,
  type Edit,
  endIntent,
  lagOf,
  type WriteBackPorts,
  type WroteBack,
  withAttempt,
} from "./attempt-edits.ts";
import { commitAttempt } from "./attempt-outcome.ts";
import { receiptOf, refusalOf } from "./attempts.ts";
import { callWay } from "./call-out.ts";
import { change, planAnew } from "./change-job.ts";
import { loadJob } from "./join.ts";
import { handOn, readNow, type Standing, type WriteJob } from "./look.ts";
import { mayGo } from "./may-go.ts";
import { sendAttempt } from "./send-attempt.ts";
import { begin, stopped, tooMany, type Way, withBudget } from "./write-guards.ts";

export type { WriteBackPorts, WroteBack } from "./attempt-edits.ts";

/**
 * Law 7: a write is done when it is seen. Load, check the switch, read, commit the attempt by the item's version, send,
 * read back. Every way out leaves the item saying where the write stands, and an open attempt always has a time at
 * which it is looked at again.
 */
export async function writeBack(ports: WriteBackPorts, company: CompanyConfig, message: Outbound): Promise<WroteBack> {
  const loaded = await loadJob(ports.jobs, message.job);
  const attempt = loaded.state.attempts.find((known) => known.intent.id === message.intent);
  const planned = loaded.state.intents.find((known) => known.id === message.intent);
  // Another job may have moved without a message to this one: what an approval was bound to there is looked at again.
  const stored = !attempt && planned && restsOnOthers(planned) ? await planAnew(ports, company, loaded) : loaded;
  const intent = attempt?.intent ?? stored.state.intents.find((known) => known.id === message.intent);
  if (!intent || intent.kind !== "write") return { done: "gone" };
  const connection = connectionOf(company, intent.record.connection);
  if (!connection) throw new Failure("bad-input", `no connection ${intent.record.connection} is configured`);
  const job: Standing = { stored, intent, connection };
  const edit: Edit = (edited) => change(ports, company, job, edited);
  const way = intent.target === "call" ? callWay(ports, company, job) : await recordWay(ports, company, job);
  const now = await ports.clock.now();
  if (attempt) {
    if (compareInstants(now, attempt.dueAt) < 0) return { done: "waits" };
    return withBudget(ports, job, edit, () => way.look(attempt));
  }
  if (!mayGo(intent, { now })) return { done: "waits" };
  return begin(ports, job, edit, () => way.send());
}

/** A field of a record is written by the writer of its target; a call is sent as it was asked for. */
async function recordWay(ports: WriteBackPorts, company: CompanyConfig, standing: Standing): Promise<Way> {
  const { intent, connection } = standing;
  const connector = ports.connector(connection.vendor);
  const writer = connector?.writers[intent.target];
  if (!connector || !writer)
    throw new Failure("bad-input", `nothing can write ${intent.target} of ${intent.record.connection}`);
  // A connection that names no zone keeps the company's: who writes a time has to know it.
  const client = await ports.client({ ...connection, zone: zoneOf(company, connection) });
  const job: WriteJob = { ...standing, connector, writer, client };
  return {
    look: (attempt) => lookAt(ports, company, job, attempt),
    send: () => attemptWrite(ports, company, job),
  };
}

async function attemptWrite(ports: WriteBackPorts, company: CompanyConfig, job: WriteJob): Promise<WroteBack> {
  const { intent, writer } = job;
  const before = await readNow(ports, company, job);
  const seen: Attempt = {
    ...attemptOf(job, before.at, before.read, before.modified, before.shown),
    ...(writer.guarded ? { guarded: true } : {}),
  };
  // Nothing is sent: what was read is merged in the same commit that ends the intent.
  const end = async (outcome: FinalOutcome, note: string, refusals: JobState["refusals"] = []): Promise<void> => {
    const receipt = receiptOf({ ...seen, number: 0 }, outcome, before.shown, before.at, note);
    await change(ports, company, job, (state) => endIntent(state, intent, receipt, refusals), before.arrivals);
  };
  if (before.shown === intent.wanted) {
    await end("applied", "it was there already; nothing was sent");
    return { done: "already" };
  }
  if (before.shown !== intent.read) {
    await end("superseded", "the vendor holds neither what was planned from nor what is wanted");
    return { done: "superseded" };
  }
  const refused = writer.refuse?.(intent, before.page) ?? null;
  if (refused !== null) {
    await end("rejected", refused, [refusalOf(seen, "rejected", before.at, refused)]);
    return { done: "refused" };
  }
  if (await tooMany(ports, company)) return { done: "stopped" };
  if ((await stopped(ports)).stopped) return { done: "stopped" };
  const committed = await commitAttempt(ports, job, seen);
  if (!committed) return { done: "later" };
  return sendAttempt(ports, company, job, before);
}

/** An attempt without a final outcome: read again; after the vendor's lag this reading decides (docs/merge.md, row 2). */
async function lookAt(
  ports: WriteBackPorts,
  company: CompanyConfig,
  job: WriteJob,
  attempt: Attempt,
): Promise<WroteBack> {
  const now = await ports.clock.now();
  const reading = await readNow(ports, company, job);
  await handOn(ports, company, job, reading);
  // A crash between the attempt and its answer: nobody could throw the switch then (law 13). Before the attempt ends.
  if (attempt.state === "sent" && reading.shown !== attempt.intent.wanted && movesMoney(attempt.intent))
    await ports.control.stop("plumbline", `a money write to ${job.connection.id} got no answer`);
  const mark = (state: JobState): JobState =>
    withAttempt(state, attempt.intent.id, (known) => ({
      ...known,
      state: known.state === "sent" ? "ambiguous" : known.state,
      lagRead: reading.read,
      dueAt: addSeconds(now, lagOf(job.connection)),
    }));
  await change(ports, company, job, mark, reading.arrivals);
  return { done: "looked" };
}
