import type { JobFacts, PersonFacts, Schedule } from "#shared/domain/facts.ts";
import type { RecordRef } from "#shared/domain/ids.ts";
import { type Amount, isUnreadable, stated } from "#shared/domain/money.ts";
import * as z from "#shared/domain/schema.ts";
import { type Billing, billings, type Work } from "#shared/domain/status.ts";
import { instantNanos } from "#shared/domain/time.ts";
import { windowAt } from "#shared/domain/windows.ts";
import { amountOf } from "../amount.ts";
import type { Normalise, NormaliseContext, Normalised } from "../connector.ts";
import { emailsOf, nameOf, personKeys, phonesOf } from "../person-keys.ts";
import { problemsOf } from "../problems.ts";
import { customerSchema, type jobSchema, listedJobSchema } from "./schemas.ts";

type Job = z.infer<typeof jobSchema>;

/** Rotor prints no status: a job is completed when the completed list holds it. */
export const completedWork: readonly Work[] = ["completed"];
/** In the list of all jobs and not in the completed one. */
export const openWork: readonly Work[] = ["open", "scheduled", "dispatched", "working", "held", "canceled"];

export const normalise: Normalise = (stream, raw, context) => {
  if (stream === "customers") return customer(raw);
  const parsed = z.safeParse(listedJobSchema, raw);
  if (!parsed.success) return { unfit: problemsOf(parsed.error, raw) };
  return job(parsed.data.job, parsed.data.completed, context);
};

function job(printed: Job, completed: boolean, context: NormaliseContext): Normalised {
  const received = amountOf(printed.total_received);
  const outstanding = amountOf(printed.total_outstanding);
  const schedule = scheduleOf(printed.service_date, context.zone);
  const ref = (stream: string, id: string): RecordRef => ({ connection: context.connection.id, stream, id });
  const facts: JobFacts = {
    kind: "job",
    presence: "present",
    number: null,
    title: null,
    work: { word: null, set: completed ? completedWork : openWork },
    billing: { word: null, set: billingBy(stated(received), stated(outstanding)) },
    customer: printed.customer?.id ? ref("customers", printed.customer.id) : null,
    customerName: printed.customer ? nameOf(printed.customer) : null,
    schedule,
    serviceDay: schedule?.day ?? null,
    completedAt: null,
    technicians: printed.technicians
      ? printed.technicians.map((person) => ({
          record: person.user_id ? ref("technicians", person.user_id) : null,
          email: emailsOf([person.email])[0] ?? null,
          name: person.name ?? null,
        }))
      : null,
    techniciansAre: "all",
    reference: null,
    charge: sumOf(received, outstanding),
    payment: received,
    noCharge: false,
    keys: {},
    carry: {},
  };
  return { facts, parents: [], keys: [], alsoRead: [], notices: noticesOf(printed, received, schedule) };
}

/** What was billed is what came in and what is still due; unknown as soon as one of them is. */
function sumOf(received: Amount, outstanding: Amount): Amount {
  if (isUnreadable(received)) return received;
  if (isUnreadable(outstanding)) return outstanding;
  return received === null || outstanding === null ? null : received + outstanding;
}

/** Billing states two amounts can mean; missing is not zero. */
export function billingBy(received: number | null, outstanding: number | null): readonly Billing[] {
  if (received === null || outstanding === null || received < 0) return billings;
  if (received > 0) return outstanding > 0 ? ["part-paid"] : ["paid"];
  if (outstanding > 0) return ["unbilled", "ready", "invoiced"];
  return outstanding === 0 ? ["unbilled", "ready", "no-charge", "void"] : billings;
}

/** The first visit's start on the company's wall clock; its end is not stated. */
function scheduleOf(serviceDate: string | null | undefined, zone: string): Schedule | null {
  if (!serviceDate || instantNanos(serviceDate) === null) return null;
  return { ...windowAt(serviceDate, null, zone), from: serviceDate };
}

function noticesOf(printed: Job, received: Amount, schedule: Schedule | null): readonly string[] {
  const notices: string[] = [];
  if ((stated(received) ?? 0) < 0) notices.push("total_received is negative");
  if (printed.service_date && !schedule) notices.push(`service_date is no instant: ${printed.service_date}`);
  return notices;
}

function customer(raw: unknown): Normalised | { readonly unfit: string } {
  const parsed = z.safeParse(customerSchema, raw);
  if (!parsed.success) return { unfit: problemsOf(parsed.error, raw) };
  const { status, phone, email } = parsed.data;
  const phones = phonesOf([phone]);
  const emails = emailsOf([email]);
  const facts: PersonFacts = {
    kind: "person",
    role: "customer",
    presence: status === "inactive" ? "inactive" : "present",
    name: nameOf(parsed.data),
    phones,
    emails,
    mergedTo: null,
  };
  return { facts, parents: [], keys: personKeys(phones, emails), alsoRead: [], notices: [] };
}
