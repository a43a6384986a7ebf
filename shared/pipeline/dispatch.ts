import type { CompanyConfig } from "#shared/domain/policy.ts";
import { connectionOf } from "#shared/domain/policy.ts";
import { addSeconds } from "#shared/domain/time.ts";
import type { Hint, SweepOrder } from "#shared/messages/hint.ts";
import type { Inbound } from "#shared/messages/inbound.ts";
import type { Outbound } from "#shared/messages/outbound.ts";
import type { Clock, ConfigStore, DueItem, DueStore, Queues, Schedules } from "./ports.ts";
import { makeSchedules, type StreamsOf } from "./schedules.ts";

export interface DispatchPorts {
  readonly clock: Clock;
  readonly config: ConfigStore;
  readonly schedules: Schedules;
  readonly due: DueStore;
  readonly queues: Pick<Queues, "hints" | "inbound" | "outbound" | "sweeps">;
  readonly streamsOf: StreamsOf;
  /** The vendor whose record an intent writes; null when the job no longer holds it. */
  vendorOfIntent(company: string, job: string, intent: string): Promise<string | null>;
  /** Real milliseconds until this invocation ends. */
  timeLeftMs(): number;
}

export interface Dispatched {
  readonly schedulesMade: number;
  readonly handedOut: number;
  /** Items that name nothing configured any more; taken away. */
  readonly dropped: number;
}

const atOnce = 100;
const leastTimeMs = 10_000;

/**
 * Seconds until what was handed out is due again of itself, so that a lost message is only late. Whoever does the work
 * writes the true next time. A sweep may run ten minutes and wait in its queue before.
 */
const leaseSeconds: Readonly<Record<DueItem["kind"], number>> = {
  stream: 600,
  job: 600,
  intent: 600,
  hint: 600,
  sweep: 3600,
};

/**
 * Hands out everything that is due: schedules first, then item after item until nothing is due or time is nearly over.
 * Each item is leased before it is sent, on the time it was read with, so that two ticks never send it twice.
 */
export async function dispatch(ports: DispatchPorts): Promise<Dispatched> {
  const companies = await configured(ports);
  let done: Dispatched = { schedulesMade: 0, handedOut: 0, dropped: 0 };
  for (const company of companies.values()) {
    const made = await makeSchedules(ports, company, ports.streamsOf, await ports.clock.now());
    done = { ...done, schedulesMade: done.schedulesMade + (made ?? 0) };
  }
  while (ports.timeLeftMs() > leastTimeMs) {
    const now = await ports.clock.now();
    const due = await ports.due.due(now, atOnce);
    const addressed = await Promise.all(
      due.map(async (item) => ({ item, to: await addressOf(ports, companies, item) })),
    );
    const lost = addressed.filter(({ to }) => to === null);
    await Promise.all(lost.map(({ item }) => ports.due.cancel(item)));
    const leased = await Promise.all(
      addressed.map(async ({ item, to }) => {
        if (to === null) return null;
        const until = addSeconds(now, leaseSeconds[item.kind]);
        return (await ports.due.handOut(item, until)) ? { item, to } : null;
      }),
    );
    const won = leased.filter((one) => one !== null);
    await send(
      ports.queues,
      won.map(({ to }) => to),
    );
    // A waiting hint is spent once its queue has it; everything else is due again and again.
    await Promise.all(won.filter(({ item }) => item.kind === "hint").map(({ item }) => ports.due.cancel(item)));
    done = { ...done, handedOut: done.handedOut + won.length, dropped: done.dropped + lost.length };
    // An index that lags shows again what was just leased: no use in asking it faster than it catches up.
    if (due.length < atOnce || won.length + lost.length === 0) break;
  }
  return done;
}

type Addressed =
  | { readonly queue: "hints"; readonly vendor: string; readonly message: Hint }
  | { readonly queue: "sweeps"; readonly message: SweepOrder }
  | { readonly queue: "inbound"; readonly message: Inbound }
  | { readonly queue: "outbound"; readonly vendor: string; readonly message: Outbound };

async function configured(ports: DispatchPorts): Promise<ReadonlyMap<string, CompanyConfig>> {
  const companies = new Map<string, CompanyConfig>();
  for (const id of await ports.config.companies()) {
    const company = await ports.config.company(id);
    if (company) companies.set(id, company);
  }
  return companies;
}

/** Queue and message of a due item; null when configuration or the job no longer knows what it names. */
async function addressOf(
  ports: DispatchPorts,
  companies: ReadonlyMap<string, CompanyConfig>,
  item: DueItem,
): Promise<Addressed | null> {
  const company = companies.get(item.company);
  if (!company) return null;
  switch (item.kind) {
    case "job":
      return { queue: "inbound", message: { v: 1, kind: "due", company: company.id, job: item.name } };
    case "intent":
      return intentAddress(ports, company.id, item.name);
    case "hint": {
      const vendor = item.hint ? connectionOf(company, item.hint.connection)?.vendor : undefined;
      return item.hint && vendor ? { queue: "hints", vendor, message: item.hint } : null;
    }
    case "stream":
    case "sweep":
      return streamAddress(ports, company, item);
  }
}

async function intentAddress(ports: DispatchPorts, company: string, name: string): Promise<Addressed | null> {
  const slash = name.indexOf("/");
  const [job, intent] = [name.slice(0, slash), name.slice(slash + 1)];
  const vendor = await ports.vendorOfIntent(company, job, intent);
  return vendor === null ? null : { queue: "outbound", vendor, message: { v: 1, company, job, intent } };
}

function streamAddress(ports: DispatchPorts, company: CompanyConfig, item: DueItem): Addressed | null {
  const slash = item.name.indexOf("/");
  const connection = connectionOf(company, item.name.slice(0, slash));
  const stream = item.name.slice(slash + 1);
  if (!connection || !(stream in ports.streamsOf(connection.vendor))) return null;
  const named = { v: 1 as const, company: company.id, connection: connection.id, stream };
  if (item.kind === "sweep") return { queue: "sweeps", message: named };
  return { queue: "hints", vendor: connection.vendor, message: { ...named, kind: "stream", purpose: "live" } };
}

async function send(queues: DispatchPorts["queues"], addressed: readonly Addressed[]): Promise<void> {
  const hints = addressed.filter((one) => one.queue === "hints");
  for (const [vendor, some] of Map.groupBy(hints, (one) => one.vendor)) {
    await queues.hints(
      vendor,
      some.map(({ message }) => message),
    );
  }
  const outbound = addressed.filter((one) => one.queue === "outbound");
  for (const [vendor, some] of Map.groupBy(outbound, (one) => one.vendor)) {
    await queues.outbound(
      vendor,
      some.map(({ message }) => message),
    );
  }
  const inbound = addressed.filter((one) => one.queue === "inbound");
  if (inbound.length > 0) await queues.inbound(inbound.map(({ message }) => message));
  const sweeps = addressed.filter((one) => one.queue === "sweeps");
  if (sweeps.length > 0) await queues.sweeps(sweeps.map(({ message }) => message));
}
