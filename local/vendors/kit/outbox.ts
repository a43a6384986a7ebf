import type { Entry } from "./entry.ts";
import { dialsOf, record, type Simulator } from "./simulator.ts";
import { deterministicUuid } from "./store.ts";
import type { ChangeSource, WebhookEvent } from "./vendor.ts";
import { type Account, accountOf, type Change, type Delivery, type Webhook, worldNow } from "./world.ts";

/** The deliveries a set of changes gives rise to, as what the log entry of those changes puts into the outbox and drops from it. */
export function deliveriesFor(
  sim: Simulator,
  account: Account,
  changes: Change[],
  how: { at: string; source: ChangeSource },
): NonNullable<Entry["outbox"]> & { made: number } {
  const rules = sim.vendor.webhooks;
  const put = new Map<string, Delivery>();
  const drop: string[] = [];
  let made = 0;
  if (!rules) return { put: [], drop, made };
  const dials = dialsOf(sim, account);
  for (const change of changes) {
    for (const event of rules.events(change, { account, now: how.at, source: how.source, dials })) {
      for (const webhook of account.webhooks.filter((hook) => wants(hook, event))) {
        const last = (account.counters["delivery"] ?? 0) + made;
        const delivery = newDelivery(sim, account, webhook, event, { at: how.at, number: last + 1 });
        const old = pendingTwin(account, put, webhook, { event, at: how.at });
        if (old) {
          put.delete(old.id);
          drop.push(old.id);
          if (!event.restart) {
            delivery.dueAt = old.dueAt;
            if (old.sealedAt !== undefined) delivery.sealedAt = old.sealedAt;
          }
        }
        put.set(delivery.id, delivery);
        made += 1;
      }
    }
  }
  return { put: [...put.values()], drop, made };
}

function wants(webhook: Webhook, event: WebhookEvent): boolean {
  return webhook.enabled && (webhook.events === null || webhook.events.includes(event.event));
}

function newDelivery(
  sim: Simulator,
  account: Account,
  webhook: Webhook,
  event: WebhookEvent,
  how: { at: string; number: number },
): Delivery {
  const ready = Date.parse(how.at) + (event.delayMs ?? 0);
  const hold = dialsOf(sim, account).number("webhookHoldMs");
  const dueAt = new Date(hold > 0 ? Math.ceil(ready / hold) * hold : ready).toISOString();
  return {
    id: deterministicUuid(`${sim.vendor.id}/${sim.world.seed}/${account.id}/delivery/${how.number}`),
    webhook: webhook.id,
    event: event.event,
    body: event.body,
    eventAt: how.at,
    dueAt,
    attempts: 0,
    ...(event.coalesce === undefined ? {} : { coalesce: event.coalesce }),
    ...(event.coalesce !== undefined && hold > 0 ? { sealedAt: new Date(ready).toISOString() } : {}),
  };
}

/** The undelivered event that this one is merged with. */
function pendingTwin(
  account: Account,
  put: Map<string, Delivery>,
  webhook: Webhook,
  { event, at }: { event: WebhookEvent; at: string },
): Delivery | undefined {
  if (event.coalesce === undefined) return undefined;
  return [...put.values(), ...account.outbox.values()].find(
    (other) =>
      other.webhook === webhook.id &&
      other.coalesce === event.coalesce &&
      other.attempts === 0 &&
      (other.sealedAt === undefined || Date.parse(at) < Date.parse(other.sealedAt)),
  );
}

/** The delivery due first over all accounts, or undefined. */
export function firstDelivery(sim: Simulator): { account: Account; delivery: Delivery } | undefined {
  let first: { account: Account; delivery: Delivery } | undefined;
  for (const account of sim.world.accounts.values()) {
    const reverse = dialsOf(sim, account).text("webhookDelivery").endsWith("reverse");
    for (const delivery of account.outbox.values()) {
      if (!first || earlier(delivery, first.delivery, reverse)) first = { account, delivery };
    }
  }
  return first;
}

function earlier(one: Delivery, other: Delivery, reverse: boolean): boolean {
  const gap = Date.parse(one.dueAt) - Date.parse(other.dueAt);
  return gap < 0 || (gap === 0 && reverse);
}

/** Sends one delivery and logs the outcome: accepted, to be tried again, or lost. True when the receiver accepted it. */
export async function deliver(sim: Simulator, accountId: string, delivery: Delivery): Promise<boolean> {
  const rules = sim.vendor.webhooks;
  const account = accountOf(sim.world, accountId);
  const webhook = account.webhooks.find((hook) => hook.id === delivery.webhook);
  const dials = dialsOf(sim, account);
  const at = later(worldNow(sim.world), delivery.dueAt);
  const mode = dials.text("webhookDelivery");
  if (!rules || !webhook?.enabled || mode === "drop") {
    logDelivery(sim, accountId, delivery, { at, status: null, outcome: "lost", drop: true });
    return false;
  }
  let status: number | null = null;
  for (let copy = 0; copy < (mode.startsWith("duplicate") ? 2 : 1); copy++) {
    const { headers, body } = rules.request(delivery, webhook, account, at);
    status = await post(webhook.url, headers, body, rules.timeoutMs);
  }
  const accepted = status !== null && rules.accepts(status);
  const wait = rules.retryDelaysMs(dials)[delivery.attempts];
  const failures = accepted ? 0 : webhook.failures + 1;
  const limit = rules.disableAfterFailures?.(dials);
  const after: Webhook = { ...webhook, failures, enabled: limit === undefined || failures < limit };
  const retry: Delivery | undefined =
    accepted || wait === undefined || !after.enabled
      ? undefined
      : { ...delivery, attempts: delivery.attempts + 1, dueAt: new Date(Date.parse(at) + wait).toISOString() };
  const outcome = accepted ? "accepted" : retry ? "retry" : "lost";
  logDelivery(sim, accountId, delivery, { at, status, outcome, drop: !retry, retry, webhook: after });
  return accepted;
}

type Outcome = {
  at: string;
  status: number | null;
  outcome: string;
  drop: boolean;
  retry?: Delivery | undefined;
  webhook?: Webhook;
};

function logDelivery(sim: Simulator, account: string, delivery: Delivery, result: Outcome): void {
  record(sim, {
    at: result.at,
    account,
    kind: "delivery",
    operation: delivery.event,
    body: { delivery: delivery.id, attempt: delivery.attempts + 1, outcome: result.outcome },
    ...(result.status === null ? {} : { status: result.status }),
    ...(result.webhook ? { webhook: result.webhook } : {}),
    sent: {
      id: delivery.id,
      webhook: delivery.webhook,
      event: delivery.event,
      attempt: delivery.attempts + 1,
      accepted: result.outcome === "accepted",
    },
    outbox: { put: result.retry ? [result.retry] : [], drop: result.drop ? [delivery.id] : [] },
    effect: result.outcome === "accepted",
    answered: result.status !== null,
  });
}

/** Real time: the receiver's status, or null when none came (refused, reset, too late). */
async function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  timeoutMs: number,
): Promise<number | null> {
  try {
    const reply = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(timeoutMs) });
    await reply.arrayBuffer();
    return reply.status;
  } catch (error) {
    // The outcome "no answer" is itself what is recorded; a bug of ours would not be one of these two.
    if (error instanceof TypeError || (error instanceof DOMException && error.name === "TimeoutError")) return null;
    throw error;
  }
}

export function later(one: string, other: string): string {
  return Date.parse(one) >= Date.parse(other) ? one : other;
}
