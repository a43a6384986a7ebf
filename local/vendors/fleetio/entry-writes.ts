import { isRecord, type Json, type JsonRecord } from "../kit/json.ts";
import { bodyRecord, type Context, Refusal, type Reply } from "../kit/vendor.ts";
import { type Errors, fieldsOf, movesTotals } from "./entry-fields.ts";
import { badParameter, notFound, printedEntry, unsaved } from "./replies.ts";
import { totalsOf } from "./totals.ts";
import { localTime, zoneOf } from "./zone.ts";

const FIRST_ID = 90_000_001;

/** POST /v2/service_entries -> 201 and Location. */
export function createEntry(context: Context): Reply {
  const body = bodyRecord(context.request, () =>
    badParameter("service_entry", "param is missing or the value is empty"),
  );
  const vehicle = vehicleOf(context, body);
  const errors: Errors = {};
  const fields = fieldsOf(context, body, errors);
  if (fields["completed_at"] === undefined || fields["completed_at"] === null)
    errors["completed_at"] = ["can't be blank"];
  if (!vehicle) errors["vehicle"] = ["must exist"];
  const meter = meterAfter(context, {}, body["meter_entry_attributes"], errors);
  if (!meter) errors["meter_entry_attributes.value"] ??= ["can't be blank"];
  if (Object.keys(errors).length > 0) return unsaved(errors);
  const id = context.store.nextNumber("id", FIRST_ID);
  const entry: JsonRecord = {
    ...emptyEntry,
    ...fields,
    id,
    status: "completed",
    vehicle_id: vehicle?.["id"] ?? null,
    vehicle: vehicle ?? null,
  };
  entry["vendor"] = nested(context, "vendors", fields["vendor_id"]);
  entry["primary_meter_entry"] = meter ?? null;
  Object.assign(entry, totalsOf(entry, body["service_entry_line_items_attributes"]));
  const made = context.store.create("serviceEntries", entry);
  const reply = answer(context, made, 201);
  return { ...reply, headers: { location: `${context.request.origin}/api/v2/service_entries/${id}` } };
}

const emptyEntry: JsonRecord = {
  reference: null,
  started_at: null,
  general_notes: null,
  vendor_id: null,
  work_order_id: null,
  is_sample: false,
  labels: [],
  secondary_meter_entry: null,
  attachment_permissions: { read_photos: true, manage_photos: true, read_documents: true, manage_documents: true },
  custom_fields: {},
  discount_type: "percentage",
  discount_percentage: null,
  tax_1_type: null,
  tax_1_percentage: null,
  tax_2_type: null,
  tax_2_percentage: null,
  labor_time_in_seconds: null,
  locked: false,
};

/** An entry of the shop network: its lock is in no field, only in this answer. */
const LOCKED = unsaved({ base: ["Service Entry is locked and must be Completed to be edited"] });

/** PATCH /v2/service_entries/{id}: `completed_at` is what completes it; a locked entry and a missing meter value are 422. */
export function updateEntry(context: Context): Reply {
  const old = stored(context);
  const body = bodyRecord(context.request, () =>
    badParameter("service_entry", "param is missing or the value is empty"),
  );
  if (old["locked"] === true) return LOCKED;
  const errors: Errors = {};
  const fields = fieldsOf(context, body, errors);
  const meter = meterAfter(context, old, body["meter_entry_attributes"], errors);
  if (meterMissing(context, old, body)) errors["meter_entry_attributes.value"] ??= ["can't be blank"];
  if (Object.keys(errors).length > 0) return unsaved(errors);
  if (meter) fields["primary_meter_entry"] = meter;
  if (fields["completed_at"] !== undefined)
    fields["status"] = fields["completed_at"] === null ? "pending" : "completed";
  if (fields["vendor_id"] !== undefined) fields["vendor"] = nested(context, "vendors", fields["vendor_id"]);
  if (fields["vehicle_id"] !== undefined) fields["vehicle"] = nested(context, "vehicles", fields["vehicle_id"]);
  if (isRecord(fields["custom_fields"]) && isRecord(old["custom_fields"])) {
    fields["custom_fields"] = { ...old["custom_fields"], ...fields["custom_fields"] };
  }
  const lines = body["service_entry_line_items_attributes"];
  if (movesTotals(body)) Object.assign(fields, totalsOf({ ...old, ...fields }, lines));
  return answer(context, context.store.update("serviceEntries", String(old["id"]), fields), 200);
}

/** DELETE: gone for good, 204. */
export function deleteEntry(context: Context): Reply {
  const old = stored(context);
  if (old["locked"] === true) return LOCKED;
  context.store.remove("serviceEntries", String(old["id"]));
  return { status: 204 };
}

function stored({ request, store }: Context): JsonRecord {
  const id = request.params["id"] ?? "";
  const record = /^\d+$/.test(id) ? store.get("serviceEntries", id) : undefined;
  if (!record) throw new Refusal(notFound(request.path));
  return record;
}

function answer(context: Context, record: JsonRecord, status: 200 | 201): Reply {
  if (context.dials.text("writeReplies") === "empty") return { status: 204 };
  return { status, body: printedEntry(record, context.dials.flag("topLevelTimes")) };
}

function vehicleOf({ store }: Context, body: JsonRecord): JsonRecord | undefined {
  if (body["vehicle_id"] !== undefined) return store.get("vehicles", String(body["vehicle_id"]));
  return store
    .list("vehicles")
    .find((vehicle) => vehicle["vin"] !== undefined && vehicle["vin"] === body["vehicle_vin"]);
}

function nested({ store }: Context, collection: string, id: Json | undefined): JsonRecord | null {
  return (id === undefined || id === null ? undefined : store.get(collection, String(id))) ?? null;
}

/** The meter entry after `meter_entry_attributes {value, void}`, taken as sent; undefined when nothing was sent. */
function meterAfter(
  context: Context,
  entry: JsonRecord,
  sent: Json | undefined,
  errors: Errors,
): JsonRecord | undefined {
  if (!isRecord(sent) || sent["value"] === undefined || sent["value"] === null || sent["value"] === "")
    return undefined;
  if (!/^\d+(\.\d+)?$/.test(String(sent["value"]))) {
    errors["meter_entry_attributes.value"] = ["is not a number"];
    return undefined;
  }
  const old = isRecord(entry["primary_meter_entry"]) ? entry["primary_meter_entry"] : undefined;
  const value = String(sent["value"]);
  const isSame = old !== undefined && Number(old["value"]) === Number(value);
  const today = localTime(context.now, zoneOf(context.account)).slice(0, 10);
  return {
    category: null,
    meter_type: null,
    meterable_type: "ServiceEntry",
    meterable_id: entry["id"] ?? null,
    vehicle_id: entry["vehicle_id"] ?? null,
    date: today,
    created_at: today,
    ...old,
    id: isSame ? (old["id"] ?? null) : context.store.nextNumber("meterEntry", FIRST_ID),
    value: isSame ? (old["value"] ?? value) : value,
    void: sent["void"] === true,
    updated_at: isSame ? (old["updated_at"] ?? today) : today,
  };
}

/** Whether this change lacks the meter value that it needs. Which changes need one is a dial. */
function meterMissing({ dials }: Context, old: JsonRecord, body: JsonRecord): boolean {
  const sent = body["meter_entry_attributes"];
  if (isRecord(sent) && sent["value"] !== undefined && sent["value"] !== null && sent["value"] !== "") return false;
  const needs = dials.text("meterNeeded");
  if (needs === "always") return true;
  const completes = body["completed_at"] !== undefined && body["completed_at"] !== null;
  if (needs === "to-complete") return completes;
  const held = old["primary_meter_entry"];
  return completes && !(isRecord(held) && held["value"] !== undefined && held["value"] !== null);
}
