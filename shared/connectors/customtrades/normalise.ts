import type { JobFacts, PersonFacts, Schedule } from "#shared/domain/facts.ts";
import type { RecordRef } from "#shared/domain/ids.ts";
import * as z from "#shared/domain/schema.ts";
import type { Presence } from "#shared/domain/status.ts";
import { billings, works } from "#shared/domain/status.ts";
import { instantNanos, localDay, printedDay } from "#shared/domain/time.ts";
import { oddTimes } from "#shared/domain/windows.ts";
import { amountOf } from "../amount.ts";
import type { Normalise, NormaliseContext, Normalised } from "../connector.ts";
import { emailsOf, nameOf, personKeys, phonesOf } from "../person-keys.ts";
import { problemsOf } from "../problems.ts";
import { invoice, payment } from "./normalise-money.ts";
import { customerSchema, jobSchema, settingsSchema } from "./schemas.ts";
import { type StatusFacts, statusFacts } from "./status.ts";

type Job = z.infer<typeof jobSchema>;
type Result = Normalised | { readonly unfit: string };

const byStream: Readonly<Record<string, (raw: unknown, context: NormaliseContext) => Result>> = {
  jobs: job,
  invoices: invoice,
  payments: payment,
  customers: customer,
};

export const normalise: Normalise = (stream, raw, context) =>
  byStream[stream]?.(raw, context) ?? { unfit: `no stream ${stream}` };

function job(raw: unknown, context: NormaliseContext): Result {
  const parsed = z.safeParse(jobSchema, raw);
  if (!parsed.success) return { unfit: problemsOf(parsed.error, raw) };
  const printed = parsed.data;
  const ref = (stream: string, id: string): RecordRef => ({ connection: context.connection.id, stream, id });
  const customerId = printed.customer_uuid ?? printed.customer?.uuid;
  const presence = presenceOf(printed);
  const status = statusOf(printed, presence, context);
  const schedule = scheduleOf(printed);
  const number = printed.job_number ?? null;
  const facts: JobFacts = {
    kind: "job",
    presence,
    number,
    title: printed.title ?? null,
    work: status.work,
    billing: status.billing,
    customer: customerId ? ref("customers", customerId) : null,
    customerName: printed.customer ? nameOf(printed.customer) : null,
    schedule,
    serviceDay: serviceDayOf(printed, schedule, context.zone),
    completedAt: instantOrNull(printed.completed_at),
    technicians: techniciansOf(printed, ref),
    techniciansAre: "some",
    reference: null,
    charge: amountOf(printed.actual_amount),
    payment: null,
    noCharge: false,
    keys: number === null ? {} : { job_number: number },
    carry: carried(printed),
  };
  const keys = number === null ? [] : [{ kind: "job_number", value: number }];
  const unknown = status.unknown ? [`unknown-word: status ${JSON.stringify(printed.status ?? null)}`] : [];
  return { facts, parents: [], keys, alsoRead: [], notices: [...unknown, ...oddClocks(schedule, context.zone)] };
}

/** Wall clocks that a clock change skips or repeats: which instant is meant is not sure, so the job says so. */
function oddClocks(schedule: Schedule | null, zone: string): readonly string[] {
  const odd = schedule === null ? [] : oddTimes(schedule, zone);
  return odd.map(({ day, time, note }) => `wall-clock-${note}: ${day} ${time}`);
}

function statusOf(printed: Job, presence: Presence, context: NormaliseContext): StatusFacts {
  const word = printed.status ?? null;
  // A deleted job says nothing of the work any more: its word is kept to be seen, as every state.
  if (presence === "deleted") return { work: { word, set: works }, billing: { word, set: billings }, unknown: false };
  const settings = z.safeParse(settingsSchema, context.connection);
  const completeMeans = (settings.success ? settings.data.completeMeans : undefined) ?? "work-done";
  const stamps = {
    started: Boolean(printed.started_at),
    completed: Boolean(printed.completed_at),
    invoiced: Boolean(printed.invoiced_at),
    paid: Boolean(printed.paid_at),
  };
  return statusFacts(word, stamps, completeMeans);
}

function presenceOf(printed: { readonly deleted_at?: string | null | undefined }): Presence {
  return printed.deleted_at ? "deleted" : "present";
}

/** The day as printed and the wall clock beside it; the time part of scheduled_date is not looked at. */
function scheduleOf(printed: Job): Schedule | null {
  const day = printed.scheduled_date ? printedDay(printed.scheduled_date) : null;
  if (day === null) return null;
  return { day, start: clockOf(printed.scheduled_time_start), end: clockOf(printed.scheduled_time_end) };
}

/** `9:00:00` as `09:00`; null for what is no time of day. */
export function clockOf(text: string | null | undefined): string | null {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?$/.exec(text ?? "");
  return match?.[1] && match[2] ? `${match[1].padStart(2, "0")}:${match[2]}` : null;
}

/** A text that is no instant says that it happened, and not when. */
function instantOrNull(text: string | null | undefined): string | null {
  return text && instantNanos(text) !== null ? text : null;
}

function serviceDayOf(printed: Job, schedule: Schedule | null, zone: string): string | null {
  if (schedule) return schedule.day;
  const at = printed.completed_at ?? printed.started_at;
  return at && instantNanos(at) !== null ? localDay(at, zone) : null;
}

/** One person at most, the lead; their e-mail is printed only when a job is read by uuid, so it is not used. */
function techniciansOf(printed: Job, ref: (stream: string, id: string) => RecordRef): JobFacts["technicians"] {
  if (printed.assigned_to_user_id === undefined) return null;
  if (!printed.assigned_to_user_id) return [];
  return [{ record: ref("users", printed.assigned_to_user_id), email: null, name: null }];
}

/** What a write must keep as it stands. */
function carried(printed: Job): Readonly<Record<string, string>> {
  const carry: Record<string, string> = {};
  if (printed.scheduled_date) carry["scheduled_date"] = printed.scheduled_date;
  if (printed.internal_notes) carry["internal_notes"] = printed.internal_notes;
  return carry;
}

function customer(raw: unknown): Result {
  const parsed = z.safeParse(customerSchema, raw);
  if (!parsed.success) return { unfit: problemsOf(parsed.error, raw) };
  const phones = phonesOf([parsed.data.phone]);
  const emails = emailsOf([parsed.data.email]);
  const facts: PersonFacts = {
    kind: "person",
    role: "customer",
    presence: presenceOf(parsed.data),
    name: nameOf(parsed.data),
    phones,
    emails,
    mergedTo: null,
  };
  return { facts, parents: [], keys: personKeys(phones, emails), alsoRead: [], notices: [] };
}
