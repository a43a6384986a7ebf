import { createHmac } from "node:crypto";
import { type JsonRecord, sameJson } from "../kit/json.ts";
import type { WebhookRules } from "../kit/vendor.ts";

/** What a change of these collections is called; ServiceTitan's own names stand in no text that could be reached. */
const things: Readonly<Record<string, string>> = {
  jobs: "job",
  appointments: "appointment",
  invoices: "invoice",
  payments: "payment",
  customers: "customer",
  bookings: "booking",
};

/** After the first try: seconds until the next ones. Then only a person sends it again, in the portal. */
const RETRY_SECONDS = [10, 30, 60, 300];

function shown(record: JsonRecord): JsonRecord {
  return Object.fromEntries(
    Object.entries(record).filter(([name]) => !name.startsWith("_") && name !== "externalData"),
  );
}

/**
 * One callback an event, any 2xx is taken, and what is not taken after about seven minutes is lost: documented. Names,
 * body and header are assumed.
 */
export const webhookRules: WebhookRules = {
  events: ({ collection, before, after }) => {
    const thing = things[collection];
    if (thing === undefined) return [];
    if (!after) return before ? [{ event: `${thing}.deleted`, body: shown(before) }] : [];
    if (!before) return [{ event: `${thing}.created`, body: shown(after) }];
    return sameJson(shown(before), shown(after)) ? [] : [{ event: `${thing}.updated`, body: shown(after) }];
  },
  request: ({ id, event, eventAt, body }, { secret }, { credentials }) => {
    const text = JSON.stringify({
      ...{ id, eventType: event, timestamp: eventAt },
      ...{ tenantId: Number(credentials["tenant"]), data: body },
    });
    const signature = createHmac("sha256", secret).update(text).digest("hex");
    return { headers: { "content-type": "application/json", "x-servicetitan-signature": signature }, body: text };
  },
  accepts: (status) => status >= 200 && status < 300,
  retryDelaysMs: (dials) => (dials.flag("webhookRetries") ? RETRY_SECONDS.map((seconds) => seconds * 1000) : []),
  timeoutMs: 30_000,
};
