import type { Facts, JobFacts, Schedule } from "#shared/domain/facts.ts";
import { Failure } from "#shared/domain/failure.ts";
import { type RecordRef, recordKey } from "#shared/domain/ids.ts";
import type { Intent } from "#shared/domain/intent.ts";
import { formatMinor, isUnreadable } from "#shared/domain/money.ts";
import * as z from "#shared/domain/schema.ts";
import { plainTime } from "#shared/domain/windows.ts";
import type { Connector, IntentSubject, Page, Writer } from "../connector.ts";
import { pathText } from "../query.ts";
import { endKeeping, scheduleFrom, scheduleShown } from "../schedule-text.ts";
import type { VendorClient } from "../vendor-client.ts";
import { jobWriter } from "./new-job.ts";
import { paymentWriter } from "./new-payment.ts";
import { clockOf } from "./normalise.ts";
import { reader } from "./reader.ts";
import { presenceWriter } from "./removal.ts";
import { doneSchema, jobSchema } from "./schemas.ts";

/** There is no guard against two writers (reference: no ETag, no version in a PUT); an update is partial in spite of PUT. */
const common = { requests: 3, guarded: false, read: readJob } as const;

const status: Writer = {
  ...common,
  target: "status",
  shows: (records, intent) => jobFacts(records, intent)?.work.word ?? "",
  refuse: (intent, before) =>
    intent.wanted === "Scheduled" && !plannedSchedule(intent) && !rawJob(before)?.scheduled_date
      ? "Nobody says when: set the date and times in Custom Trades CRM, then the status Scheduled."
      : null,
  send: (client, intent, before) => {
    const schedule = intent.wanted === "Scheduled" ? plannedSchedule(intent) : null;
    return update(client, intent, { status: intent.wanted, ...(schedule ? scheduleBody(schedule, before) : {}) });
  },
};

const schedule: Writer = {
  ...common,
  target: "schedule",
  shows: (records, intent) => scheduleShown(jobFacts(records, intent)?.schedule ?? null, intent.wanted),
  send: (client, intent, before) => {
    const wanted = scheduleFrom(intent.wanted);
    if (!wanted) throw new Failure("bad-input", `not a schedule: ${intent.wanted}`, { operation: "updateJob" });
    return update(client, intent, scheduleBody(wanted, before));
  },
};

/** Dollars of the job's actual_amount as decimal text; empty when none is stated. */
const amount: Writer = {
  ...common,
  target: "amount",
  shows: (records, intent) => {
    const charge = jobFacts(records, intent)?.charge ?? null;
    if (charge === null) return "";
    return isUnreadable(charge) ? `unreadable ${charge.unreadable}` : formatMinor(charge);
  },
  send: (client, intent) => {
    if (!/^-?\d+\.\d{2}$/.test(intent.wanted)) {
      throw new Failure("bad-input", `not an amount: ${intent.wanted}`, { operation: "updateJob" });
    }
    // The text is printed as a JSON number, digit by digit; no arithmetic is done with it.
    return update(client, intent, { actual_amount: Number(intent.wanted) });
  },
};

export const writers: Connector["writers"] = {
  status,
  schedule,
  amount,
  payment: paymentWriter,
  presence: presenceWriter,
  job: jobWriter,
};

/** The job's facts among the records that were read; null when the vendor has no such job. */
export function jobFacts(
  records: readonly { readonly record: RecordRef; readonly facts: Facts }[],
  intent: IntentSubject,
): JobFacts | null {
  const found = records.find((one) => recordKey(one.record) === recordKey(intent.record));
  return found?.facts.kind === "job" ? found.facts : null;
}

function readJob(client: VendorClient, intent: Intent): Promise<Page> {
  return reader.byIds(client, "jobs", [intent.record.id]);
}

function rawJob(page: Page): z.infer<typeof jobSchema> | null {
  const parsed = z.safeParse(jobSchema, page.records[0]?.raw);
  return parsed.success ? parsed.data : null;
}

const scheduleArguments = z.looseObject({
  schedule: z.looseObject({ day: z.string(), start: z.nullish(z.string()), end: z.nullish(z.string()) }),
});

/** Day and times the plan wants with the status: its argument `schedule`. */
function plannedSchedule(intent: Intent): Schedule | null {
  const parsed = z.safeParse(scheduleArguments, intent.arguments);
  if (!parsed.success) return null;
  const { day, start, end } = parsed.data.schedule;
  return { day, start: start ?? null, end: end ?? null };
}

/**
 * The three fields of a schedule. Only the day of scheduled_date means something: the time part that the vendor
 * printed stays, and where there was none it is noon, so that no zone in the country turns it into another day.
 */
function scheduleBody(wanted: Schedule, before: Page): Readonly<Record<string, unknown>> {
  const job = rawJob(before);
  const printed = job?.scheduled_date;
  // An end that stays behind a start that moved would end the visit before it begins.
  const kept = { start: clockOf(job?.scheduled_time_start), end: clockOf(job?.scheduled_time_end) };
  const end = wanted.end ?? (wanted.start === null ? undefined : endKeeping(wanted.start, kept));
  // An hour that comes twice has one text there; what was written is read as either of them.
  return {
    scheduled_date: `${wanted.day}${printed ? printed.slice(10) : "T12:00:00Z"}`,
    ...(wanted.start === null ? {} : { scheduled_time_start: plainTime(wanted.start) }),
    ...(end === undefined || (end === null && kept.end === null)
      ? {}
      : { scheduled_time_end: end === null ? null : plainTime(end) }),
  };
}

async function update(
  client: VendorClient,
  intent: Intent,
  json: Readonly<Record<string, unknown>>,
): Promise<{ readonly requestId: string | null }> {
  const { requestId } = await client.request({
    operation: "updateJob",
    method: "PUT",
    path: pathText("/jobs/{uuid}", { uuid: intent.record.id }),
    json,
    schema: doneSchema,
    writes: true,
  });
  return { requestId };
}
