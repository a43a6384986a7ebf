import { Failure } from "#shared/domain/failure.ts";
import type { Attempt } from "#shared/domain/intent.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { addHours, addSeconds } from "#shared/domain/time.ts";
import { attemptOf, type Edit, endIntent, type WriteBackPorts, type WroteBack, withAttempt } from "./attempt-edits.ts";
import { receiptOf } from "./attempts.ts";
import type { Standing } from "./look.ts";

/** How an intent of one kind is sent, and how an attempt of it without an outcome is looked at. */
export interface Way {
  look(attempt: Attempt): Promise<WroteBack>;
  send(): Promise<WroteBack>;
}

/** The switch of the company and the switch of all, read consistently; an unreadable switch stops (law 13). */
export async function stopped(
  ports: Pick<WriteBackPorts, "control" | "controlAll">,
): Promise<{ stopped: boolean; epoch: number }> {
  const [own, all] = await Promise.all([ports.control.state(), ports.controlAll.state()]);
  return { stopped: own.stopped || all.stopped, epoch: own.epoch };
}

/** Law 13: the switch throws itself on more writes in an hour than the company ever expects. */
export async function tooMany(
  ports: Pick<WriteBackPorts, "budget" | "clock" | "control">,
  company: CompanyConfig,
): Promise<boolean> {
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
export async function withBudget(
  ports: Pick<WriteBackPorts, "clock">,
  job: Standing,
  edit: Edit,
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
    await edit((state) => ({
      ...withAttempt(state, job.intent.id, (known) => ({ ...known, dueAt })),
      intents: state.intents.map((known) => (known.id === job.intent.id ? { ...known, dueAt } : known)),
    }));
    return { done: "later" };
  }
}

/** From the switch to the send: what is stopped waits, what is older than a restore is void. */
export async function begin(
  ports: Pick<WriteBackPorts, "clock" | "control" | "controlAll">,
  job: Standing,
  edit: Edit,
  send: () => Promise<WroteBack>,
): Promise<WroteBack> {
  const stop = await stopped(ports);
  if (stop.stopped) return { done: "stopped" };
  if (job.intent.epoch === stop.epoch) return withBudget(ports, job, edit, send);
  const now = await ports.clock.now();
  const seen = { ...attemptOf(job, now, 0, null, ""), number: 0 };
  await edit((state) => endIntent(state, job.intent, receiptOf(seen, "void", null, now, "made before a restore")));
  return { done: "void" };
}
