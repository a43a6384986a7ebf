import type { AssignmentFacts, JobFacts, Schedule, VisitFacts } from "#shared/domain/facts.ts";
import type * as z from "#shared/domain/schema.ts";
import { unknownWord, type Word, type Work } from "#shared/domain/status.ts";
import { localDay } from "#shared/domain/time.ts";
import { windowAt } from "#shared/domain/windows.ts";
import type { Normalise, NormaliseContext, Normalised } from "../connector.ts";
import { creditOf, invoiceOf, paymentOf } from "./normalise-money.ts";
import { bookingOf, customerOf, referenceOf, technicianOf } from "./normalise-people.ts";
import { exactKeys, idText, isInstant, keysOf, type Make, reading, refOf, zoneOfUnit } from "./reading.ts";
import { appointment, assignment, job } from "./schemas.ts";
import { unitsOf } from "./settings.ts";
import { everyWork, workOf } from "./vocabulary.ts";

function jobOf(value: z.infer<typeof job>, context: NormaliseContext): Normalised {
  const notices: string[] = [];
  const completed = value.jobStatus === "Completed" && isInstant(value.completedOn) ? value.completedOn : null;
  const external = (value.externalData ?? []).map((pair) => [`externalData.${pair.key ?? ""}`, pair.value] as const);
  const keys = keysOf({
    jobNumber: value.jobNumber,
    customerPo: value.customerPo,
    ...Object.fromEntries(external),
  });
  const project = refOf(context, "projects", value.projectId);
  const isPart = project !== null && unitsOf(context.connection)[`jobType:${value.jobTypeId}`] === "project";
  const zone = zoneOfUnit(context, value.businessUnitId);
  const facts: JobFacts = {
    kind: "job",
    presence: "present",
    number: value.jobNumber ?? String(value.id),
    title: value.summary?.trim().slice(0, 200) || null,
    work: workWord(value.jobStatus, notices),
    billing: "by-money",
    customer: refOf(context, "customers", value.customerId),
    customerName: null,
    schedule: null,
    ...(value.appointmentCount ? { visits: value.appointmentCount } : {}),
    ...(zone === undefined ? {} : { zone }),
    serviceDay: completed === null ? null : localDay(completed, zone ?? context.zone),
    completedAt: completed,
    technicians: null,
    techniciansAre: "all",
    reference: value.customerPo ?? "",
    charge: null,
    payment: null,
    noCharge: value.noCharge === true,
    keys,
    carry: keysOf({
      businessUnitId: idText(value.businessUnitId),
      locationId: idText(value.locationId),
      jobTypeId: idText(value.jobTypeId),
      bookingId: idText(value.bookingId),
      recallForId: idText(value.recallForId),
      projectId: idText(value.projectId),
      firstAppointmentId: idText(value.firstAppointmentId),
      lastAppointmentId: idText(value.lastAppointmentId),
    }),
    ...(isPart ? { unit: project } : {}),
  };
  return { facts, parents: [], keys: exactKeys(keys), alsoRead: [], notices };
}

function workWord(word: string | null | undefined, notices: string[]): Word<Work> {
  const set = word ? workOf(word) : undefined;
  if (word && set) return { word, set };
  notices.push(`unknown-word: jobStatus ${word ?? "(none)"}`);
  return unknownWord(word ?? null, everyWork);
}

const visitWords: Readonly<Record<string, VisitFacts["state"]>> = {
  Scheduled: "scheduled",
  Dispatched: "dispatched",
  Working: "working",
  Hold: "held",
  Done: "done",
  Canceled: "canceled",
  Unused: "unused",
};

function visitOf(value: z.infer<typeof appointment>, context: NormaliseContext): Normalised {
  const word = value.status ?? "";
  const known = visitWords[word];
  const start = isInstant(value.start) ? value.start : null;
  const facts: VisitFacts = {
    kind: "visit",
    presence: value.active === false ? "inactive" : "present",
    state: value.unused === true ? "unused" : (known ?? "unknown"),
    word,
    schedule: scheduleOf(start, isInstant(value.end) ? value.end : null, context.zone),
    start,
  };
  const parent = refOf(context, "jobs", value.jobId);
  return {
    facts,
    parents: parent ? [parent] : [],
    keys: [],
    alsoRead: [],
    notices: known ? [] : [`unknown-word: appointment status ${word || "(none)"}`],
  };
}

/** The instants of a visit, and what they are on the connection's clock: its business unit stands on the job. */
function scheduleOf(start: string | null, end: string | null, zone: string): Schedule | null {
  if (start === null) return null;
  return { ...windowAt(start, end, zone), from: start, ...(end === null ? {} : { to: end }) };
}

const assignmentWords = ["Scheduled", "Dispatched", "Working", "Done"];

function assignmentOf(value: z.infer<typeof assignment>, context: NormaliseContext): Normalised {
  const facts: AssignmentFacts = {
    kind: "assignment",
    presence: value.active === false ? "inactive" : "present",
    technician: {
      record: refOf(context, "technicians", value.technicianId),
      email: null,
      name: value.technicianName ?? null,
    },
    visit: idText(value.appointmentId),
  };
  const parent = refOf(context, "jobs", value.jobId);
  const odd = value.status && !assignmentWords.includes(value.status);
  return {
    facts,
    parents: parent ? [parent] : [],
    keys: [],
    alsoRead: [],
    notices: odd ? [`unknown-word: assignment status ${value.status}`] : [],
  };
}

const readings: Readonly<Record<string, Make>> = {
  jobs: reading(job, jobOf),
  appointments: reading(appointment, visitOf),
  assignments: reading(assignment, assignmentOf),
  invoices: invoiceOf,
  payments: paymentOf,
  "credit-memos": creditOf,
  bookings: bookingOf,
  customers: customerOf,
  technicians: technicianOf,
  locations: referenceOf("locations"),
  "business-units": referenceOf("business-units"),
  "job-cancel-reasons": referenceOf("job-cancel-reasons"),
};

/** Facts of one record, in our words. Pure. */
export const normalise: Normalise = (stream, raw, context) =>
  readings[stream]?.(raw, context) ?? { unfit: `no stream ${stream}` };
