import type { Json, JsonRecord } from "../kit/json.ts";
import { bodyRecord, type Context, Refusal, type Reply, type Route } from "../kit/vendor.ts";
import type { Webhook } from "../kit/world.ts";
import { badParameter, notFound, unsaved } from "./replies.ts";
import { localTime, zoneOf } from "./zone.ts";

const EVENTS = ["service_entry_created", "service_entry_updated", "service_entry_deleted", "import_completed"];

const numberOf = (id: string): number => Number(id.replace(/\D/g, ""));

/** A webhook as printed: one boolean per event, and `all_events`. The secret is told once, when it is made. */
function printed({ store }: Context, webhook: Webhook): JsonRecord {
  const flags = EVENTS.map((event): [string, boolean] => [
    event,
    webhook.events === null || webhook.events.includes(event),
  ]);
  const details = store.get("webhookDetails", webhook.id);
  return {
    id: numberOf(webhook.id),
    url: webhook.url,
    enabled: webhook.enabled,
    authorization: details?.["authorization"] ?? null,
    all_events: webhook.events === null,
    ...Object.fromEntries(flags),
  };
}

function found({ account, request }: Context): Webhook {
  const webhook = account.webhooks.find(({ id }) => String(numberOf(id)) === request.params["id"]);
  if (!webhook) throw new Refusal(notFound(request.path));
  return webhook;
}

/** The webhook after a body: what it does not name stays. */
function changed(webhook: Webhook, body: JsonRecord): Webhook {
  const now = new Set(webhook.events ?? EVENTS);
  for (const event of EVENTS) {
    if (body[event] === true) now.add(event);
    if (body[event] === false) now.delete(event);
  }
  const all = body["all_events"] === undefined ? webhook.events === null : body["all_events"] === true;
  return {
    ...webhook,
    url: typeof body["url"] === "string" ? body["url"] : webhook.url,
    enabled: typeof body["enabled"] === "boolean" ? body["enabled"] : webhook.enabled,
    failures: body["enabled"] === true ? 0 : webhook.failures,
    events: all ? null : [...now],
  };
}

function keepAuthorization({ store }: Context, id: string, value: Json | undefined): void {
  if (value === undefined) return;
  if (store.get("webhookDetails", id)) store.update("webhookDetails", id, { authorization: value });
  else store.create("webhookDetails", { id, authorization: value });
}

function createWebhook(context: Context): Reply {
  const body = bodyRecord(context.request, () => badParameter("webhook", "param is missing or the value is empty"));
  if (typeof body["url"] !== "string" || !/^https?:\/\//.test(body["url"])) return unsaved({ url: ["is invalid"] });
  const taken = context.account.webhooks.map(({ id }) => numberOf(id));
  const id = `webhook-${Math.max(context.store.nextNumber("webhook"), 1 + Math.max(0, ...taken))}`;
  const secret = typeof body["secret"] === "string" ? body["secret"] : context.store.uuid();
  const webhook = changed({ id, url: body["url"], secret, events: [], enabled: true, failures: 0 }, body);
  keepAuthorization(context, id, body["authorization"]);
  return { status: 201, body: { ...printed(context, webhook), secret }, webhook };
}

function updateWebhook(context: Context): Reply {
  const body = bodyRecord(context.request, () => badParameter("webhook", "param is missing or the value is empty"));
  const webhook = changed(found(context), body);
  keepAuthorization(context, webhook.id, body["authorization"]);
  return { status: 200, body: printed(context, webhook), webhook };
}

function deleteWebhook(context: Context): Reply {
  return { status: 204, webhook: { ...found(context), removed: true } };
}

/** The latest attempts at deliveries, newest first. */
function listWebhookEvents({ account }: Context): Reply {
  const timeZone = zoneOf(account);
  const events = account.sent.map((sent) => ({
    id: sent.id,
    status: sent.accepted ? "success" : "failure",
    event: sent.event,
    webhook_id: numberOf(sent.webhook),
    last_sent_at: localTime(sent.at, timeZone),
    retried_at: sent.attempt > 1 ? localTime(sent.at, timeZone) : null,
  }));
  return { status: 200, body: events.reverse() };
}

export const webhookRoutes: Route[] = [
  {
    method: "GET",
    path: "/v1/webhooks",
    operation: "listWebhooks",
    handle: (context) => ({ status: 200, body: context.account.webhooks.map((webhook) => printed(context, webhook)) }),
  },
  { method: "POST", path: "/v1/webhooks", operation: "createWebhook", handle: createWebhook },
  {
    method: "GET",
    path: "/v1/webhooks/{id}",
    operation: "getWebhook",
    handle: (context) => ({ status: 200, body: printed(context, found(context)) }),
  },
  { method: "PATCH", path: "/v1/webhooks/{id}", operation: "updateWebhook", handle: updateWebhook },
  { method: "DELETE", path: "/v1/webhooks/{id}", operation: "deleteWebhook", handle: deleteWebhook },
  { method: "GET", path: "/v1/webhook_events", operation: "listWebhookEvents", handle: listWebhookEvents },
];
