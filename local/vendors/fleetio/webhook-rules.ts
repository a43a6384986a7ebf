import { createHmac } from "node:crypto";
import { type JsonRecord, sameJson } from "../kit/json.ts";
import type { Vendor, WebhookEvent, WebhookRules } from "../kit/vendor.ts";
import { printedEntry } from "./replies.ts";
import { localTime, zoneOf } from "./zone.ts";

/** Hidden: the import that last wrote the entry. An import's rows make no events of their own. */
export const IMPORT = "_import";

const MINUTE = 60_000;

/** Five tries in the first hour, then hourly until a day is over. */
const RETRIES = [1, 4, 10, 15, 30, ...Array.from({ length: 23 }, () => 60)].map((minutes) => minutes * MINUTE);

function entryEvents(
  before: JsonRecord | null,
  after: JsonRecord | null,
  key: string,
  debounceMs: number,
): WebhookEvent[] {
  const show = (record: JsonRecord) => printedEntry(record, true);
  if (after && after[IMPORT] !== undefined && !sameJson(before?.[IMPORT], after[IMPORT])) return [];
  if (!after) return before ? [{ event: "service_entry_deleted", body: show(before) }] : [];
  if (!before) return [{ event: "service_entry_created", body: show(after) }];
  if (sameJson(show(before), show(after))) return [];
  const merged = { delayMs: debounceMs, coalesce: `updated ${key}`, restart: true };
  return [{ event: "service_entry_updated", body: show(after), ...merged }];
}

/** Signed events: create and delete at once, updates a minute after the last one, an import as one event. */
export const webhookRules: WebhookRules = {
  events: ({ collection, key, before, after }, { dials }) => {
    const events =
      collection === "serviceEntries"
        ? entryEvents(before, after, key, dials.number("debounceMs"))
        : collection === "imports" && !before && after
          ? [{ event: "import_completed", body: importBody(after) }]
          : [];
    const late = dials.number("webhookDelayMs");
    return events.map((event) => ({ ...event, delayMs: (event.delayMs ?? 0) + late }));
  },
  request: (delivery, webhook, account) => {
    const timeZone = zoneOf(account);
    const by = account.settings["triggeredBy"];
    const body = JSON.stringify({
      id: delivery.id,
      event: delivery.event,
      timestamp: localTime(delivery.eventAt, timeZone),
      triggered_by: typeof by === "string" ? by : null,
      payload: delivery.body,
    });
    const passed = account.collections.get("webhookDetails")?.get(webhook.id)?.["authorization"];
    return {
      headers: {
        "content-type": "application/json",
        "x-fleetio-webhook-signature": createHmac("sha256", webhook.secret).update(body).digest("hex"),
        ...(typeof passed === "string" ? { authorization: passed } : {}),
      },
      body,
    };
  },
  accepts: (status) => status === 200,
  retryDelaysMs: () => RETRIES,
  timeoutMs: 30_000,
  disableAfterFailures: (dials) => dials.number("disableAfterFailures") || undefined,
};

function importBody(done: JsonRecord): JsonRecord {
  const { rows: _, ...body } = done;
  return body;
}

/**
 * A bulk import is one record in `imports` with its `rows`: they are written here, and only `import_completed` is sent,
 * with its kind and the ids that were created and updated (texts) and affected (numbers).
 */
export const onChange: NonNullable<Vendor["onChange"]> = (
  { collection, key, before, after },
  store,
  { account, now },
) => {
  if (collection !== "imports" || before || !after || !Array.isArray(after["rows"])) return;
  const created: string[] = [];
  const updated: string[] = [];
  for (const row of after["rows"]) {
    if (typeof row !== "object" || row === null || Array.isArray(row)) continue;
    const id = String(row["id"]);
    const old = store.get("serviceEntries", id);
    if (old) store.update("serviceEntries", id, { ...row, [IMPORT]: key });
    else store.create("serviceEntries", { ...row, [IMPORT]: key });
    (old ? updated : created).push(id);
  }
  const ids = {
    created_record_ids: created,
    updated_record_ids: updated,
    affected_record_ids: [...created, ...updated].map(Number),
  };
  const ended = { state: "complete", error_messages: [], completed_at: localTime(now, zoneOf(account)) };
  store.update("imports", key, { type: after["type"] ?? "ServiceEntryImport", ...ended, ...ids });
};
