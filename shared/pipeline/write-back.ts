import { Failure } from "#shared/domain/failure.ts";
import type { Attempt } from "#shared/domain/intent.ts";
import type { JobState } from "#shared/domain/job.ts";
import { type CompanyConfig, connectionOf } from "#shared/domain/policy.ts";
import { addHours, addSeconds, compareInstants } from "#shared/domain/time.ts";
import type { Outbound } from "#shared/messages/outbound.ts";
import {
  attemptOf,
  change,
  endIntent,
  lagOf,
  type WriteBackPorts,
  type WroteBack,
  withAttempt,
} from "./attempt-edits.ts";
import { receiptOf, refusalOf } from "./attempts.ts";
import { loadJob } from "./join.ts";
import { handOn, readNow, type WriteJob } from "./look.ts";
import { mayGo } from "./reconcile.ts";
import { commitAttempt, sendAttempt } from "./send-attempt.ts";

export type { WriteBackPorts, WroteBack } from "./attempt-edits.ts";

/**
 * Law 7: a write is done when it is seen. Load, check the switch, read, commit the attempt by the item's version, send,
 * read back. Every way out leaves the item saying where the write stands, and an open attempt always has a time at
 * which it is looked at again.
 */
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
    const seen = attemptOf(job, now, 0, null, "");
    await change(ports, company, job, (state) =>
      endIntent(state, intent, receiptOf(seen, "void", null, now, "made before a restore")),
    );
    return { done: "void" };
  }
  return withBudget(ports, company, job, () => attemptWrite(ports, company, job));
}

/** The switch of the company and the switch of all, read consistently; an unreadable switch stops (law 13). */
async function stopped(ports: WriteBackPorts): Promise<{ stopped: boolean; epoch: number }> {
  const [own, all] = await Promise.all([ports.control.state(), ports.controlAll.state()]);
  return { stopped: own.stopped || all.stopped, epoch: own.epoch };
}

/** Law 13: the switch throws itself on more writes in an hour than the company ever expects. */
async function tooMany(ports: WriteBackPorts, company: CompanyConfig): Promise<boolean> {
  const limit = company.policy.caps?.writesPerHour;
  if (limit === undefined) return false;
  const now = await ports.clock.now();
  const startsAt = `${now.slice(0, 13)}:00:00.000Z`;
  const window = { name: "hour", startsAt, endsAt: addHours(startsAt, 1), limit };
  const { granted } = await ports.budget.take("write-back", [window], 1);
  if (!granted) await ports.control.stop("plumbline", `more than ${limit} writes within an hour`);
  return !granted;
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
      (state) =>
        endIntent(state, intent, receiptOf({ ...seen, number: 0 }, "rejected", before.shown, before.at, refused), [
          refusalOf(seen, "rejected", before.at, refused),
        ]),
      before.arrivals,
    );
    return { done: "refused" };
  }
  if (await tooMany(ports, company)) return { done: "stopped" };
  if ((await stopped(ports)).stopped) return { done: "stopped" };
  const committed = await commitAttempt(ports, job, seen);
  if (!committed) return { done: "later" };
  return sendAttempt(ports, company, job, before);
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
