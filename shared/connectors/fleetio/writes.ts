import { Failure } from "#shared/domain/failure.ts";
import type { Intent } from "#shared/domain/intent.ts";
import * as z from "#shared/domain/schema.ts";
import { instantNanos, withOffsetOf } from "#shared/domain/time.ts";
import type { Connector, Page, Writer } from "../connector.ts";
import type { VendorClient } from "../vendor-client.ts";
import { meterValueOf } from "./normalise.ts";
import { reader } from "./reader.ts";
import { type ServiceEntry, serviceEntry } from "./schemas.ts";
import { STREAM } from "./streams.ts";

/** The entry as it stands before the write. Throws `rejected` when it is not there any more. */
function entryOf(before: Page, intent: Intent): ServiceEntry {
  const parsed = serviceEntry.safeParse(before.records.find((record) => record.id === intent.record.id)?.raw);
  if (parsed.success) return parsed.data;
  throw new Failure("rejected", `Fleetio shows no service entry ${intent.record.id}`, {
    operation: "updateServiceEntry",
  });
}

const read: Writer["read"] = (client, intent) => reader.byIds(client, STREAM, [intent.record.id]);

/**
 * PATCH with the meter value as it stands: the endpoint demands one, and none is ever invented or voided. Fleetio
 * answers with the entry, or 204 with nothing.
 */
async function patch(client: VendorClient, intent: Intent, before: Page, fields: Readonly<Record<string, unknown>>) {
  const value = meterValueOf(entryOf(before, intent));
  if (value === null) throw new Failure("rejected", NO_METER, { operation: "updateServiceEntry" });
  const { requestId } = await client.request({
    operation: "updateServiceEntry",
    method: "PATCH",
    path: `/v2/service_entries/${encodeURIComponent(intent.record.id)}`,
    // The record prints the value as text; the endpoint takes a float.
    json: { ...fields, meter_entry_attributes: { value: Number(value) } },
    schema: z.unknown(),
    writes: true,
  });
  return { requestId };
}

const NO_METER =
  "the entry has no meter value, which Fleetio demands: ask the client to enter it and to complete the entry";

function withoutMeter(intent: Intent, before: Page): string | null {
  return meterValueOf(entryOf(before, intent)) === null ? NO_METER : null;
}

/**
 * "Completed" is written as `completed_at`, the authority's completion with the offset of the client's own times. An
 * entry of the shop network is locked until its repair order is closed; it shows no lock, the 422 says it.
 */
const status: Writer = {
  target: "status",
  requests: 3,
  guarded: false,
  read,
  shows: (records) => wordOf(records),
  refuse: (intent, before) =>
    completionOf(intent) === null
      ? "no other system says when the work was completed: ask the client to complete the entry in Fleetio"
      : withoutMeter(intent, before),
  send(client, intent, before) {
    const at = completionOf(intent);
    if (at === null || intent.wanted !== "completed") {
      throw new Failure("bad-input", `a service entry is only ever completed, at a known time, not ${intent.wanted}`);
    }
    const entry = entryOf(before, intent);
    const printed = entry.started_at ?? entry.created_at ?? entry.completed_at ?? at;
    return patch(client, intent, before, { completed_at: withOffsetOf(at, printed) });
  },
};

/** The client's own purchase order number stands there: it is filled only when it is empty. */
const reference: Writer = {
  target: "reference",
  requests: 3,
  guarded: false,
  read,
  shows(records) {
    const facts = records[0]?.facts;
    return facts?.kind === "job" ? (facts.reference ?? "") : "";
  },
  refuse: (intent, before) =>
    entryOf(before, intent).reference?.trim()
      ? "the entry carries the client's own reference: ask the client whether it may be changed"
      : withoutMeter(intent, before),
  send(client, intent, before) {
    if (entryOf(before, intent).reference?.trim()) {
      throw new Failure("rejected", "the entry carries the client's own reference", {
        operation: "updateServiceEntry",
      });
    }
    return patch(client, intent, before, { reference: intent.wanted });
  },
};

function wordOf(records: Parameters<Writer["shows"]>[0]): string {
  const facts = records[0]?.facts;
  return facts?.kind === "job" ? (facts.work.word ?? "") : "";
}

/** The completion that the plan took from the authority; null when it is none. */
function completionOf(intent: Intent): string | null {
  const at = intent.arguments["completedAt"];
  return typeof at === "string" && instantNanos(at) !== null ? at : null;
}

export const writers: Connector["writers"] = { status, reference };
