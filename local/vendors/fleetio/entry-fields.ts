import { isRecord, type Json, type JsonRecord } from "../kit/json.ts";
import type { Context } from "../kit/vendor.ts";
import { centsOf } from "./totals.ts";
import { instantOf, localTime, zoneOf } from "./zone.ts";

export type Errors = Record<string, string[]>;

interface BodyField {
  /** What is wrong with a value that cannot be saved. */
  readonly fault: (value: Json, timeZone: string) => string | undefined;
  /** How the record keeps it, where it is not printed as it was sent. */
  readonly kept?: (value: Json, timeZone: string) => JsonRecord;
}

const text = (most: number): BodyField => ({ fault: (value) => textUpTo(value, most) });
const whole: BodyField = { fault: wholeOrNull };
const time = (name: string): BodyField => ({
  fault: timeOrNull,
  kept: (value, timeZone) => {
    const instant = instantOf(value, timeZone);
    return { [name]: instant === null ? value : localTime(new Date(instant).toISOString(), timeZone) };
  },
});
/** A number in the body, text in the record. */
const percentage = (name: string): BodyField => ({
  fault: numberOrNull,
  kept: (value) => ({ [name]: value === null ? null : String(value) }),
});
/** Dollars in the body, cents in the record. */
const amount = (name: string): BodyField => ({
  fault: numberOrNull,
  kept: (value) => ({ [`${name}_cents`]: centsOf(value) }),
});

/** Fields that are not here (status, all sums in cents) are ignored without a word. */
const FIELDS: Readonly<Record<string, BodyField>> = {
  completed_at: time("completed_at"),
  started_at: time("started_at"),
  vehicle_id: whole,
  vendor_id: whole,
  reference: text(255),
  label_list: { ...text(255), kept: (value) => ({ labels: labelsOf(value) }) },
  general_notes: text(65_535),
  custom_fields: {
    fault: (value) => (value === null || isRecord(value) ? undefined : "is invalid"),
    kept: (value) => ({ custom_fields: value ?? {} }),
  },
  discount_type: {
    fault: (value) => (value === "fixed" || value === "percentage" ? undefined : "is not included in the list"),
  },
  discount_percentage: percentage("discount_percentage"),
  discount: amount("discount"),
  tax_1_type: text(255),
  tax_1_percentage: percentage("tax_1_percentage"),
  tax_1: amount("tax_1"),
  tax_2_type: text(255),
  tax_2_percentage: percentage("tax_2_percentage"),
  tax_2: amount("tax_2"),
};

/** What a body changes of the record; what cannot be saved is told in `errors`. */
export function fieldsOf(context: Context, body: JsonRecord, errors: Errors): JsonRecord {
  const timeZone = zoneOf(context.account);
  const fields: JsonRecord = {};
  for (const [name, { fault, kept }] of Object.entries(FIELDS)) {
    const value = body[name];
    if (value === undefined) continue;
    const sentence = fault(value, timeZone);
    if (sentence !== undefined) errors[name] = [sentence];
    else Object.assign(fields, kept ? kept(value, timeZone) : { [name]: value });
  }
  return fields;
}

/** Whether a body names anything of which the sums are made. */
export function movesTotals(body: JsonRecord): boolean {
  return Object.keys(body).some((name) => /^(discount|tax_[12])(_|$)|^service_entry_line_items_/.test(name));
}

function labelsOf(list: Json): Json[] {
  const names = typeof list === "string" ? list.split(",").map((name) => name.trim()) : [];
  return names.filter((name) => name !== "").map((name, at) => ({ id: at + 1, name }));
}

function timeOrNull(value: Json, timeZone: string): string | undefined {
  return value === null || instantOf(value, timeZone) !== null ? undefined : "is not a valid date-time";
}

function wholeOrNull(value: Json): string | undefined {
  return value === null || Number.isSafeInteger(value) ? undefined : "is not a number";
}

function numberOrNull(value: Json): string | undefined {
  return value === null || /^\d+(\.\d+)?$/.test(String(value)) ? undefined : "is not a number";
}

function textUpTo(value: Json, most: number): string | undefined {
  if (value !== null && typeof value !== "string") return "is invalid";
  return value !== null && value.length > most ? `is too long (maximum is ${most} characters)` : undefined;
}
