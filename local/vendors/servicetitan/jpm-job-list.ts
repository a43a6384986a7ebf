import type { JsonRecord } from "../kit/json.ts";
import { pairFilters } from "./external-data.ts";
import { sortableInstant } from "./instants.ts";
import { type ListRules, usualSort } from "./list.ts";
import {
  before,
  byNumber,
  createdAndModified,
  type Filter,
  oneWord,
  onOrAfter,
  sameText,
  type Test,
  wholeNumber,
  wholeNumbers,
} from "./query.ts";

export const JOB_STATUSES = ["Scheduled", "Dispatched", "InProgress", "Hold", "Completed", "Canceled"] as const;
export const APPOINTMENT_STATUSES = ["Scheduled", "Dispatched", "Working", "Hold", "Done", "Canceled"] as const;
export const PRIORITIES = ["Low", "Normal", "High", "Urgent"] as const;

/** Jobs that have at least one appointment of which the test holds. */
function withAppointment(test: Test): Test {
  let jobs: Set<unknown> | undefined;
  return (job, shelf) => {
    jobs ??= new Set(
      shelf.records("appointments").flatMap((appointment) => (test(appointment, shelf) ? [appointment["jobId"]] : [])),
    );
    return jobs.has(job["id"]);
  };
}

const appointmentFilter =
  (filter: Filter): Filter =>
  (value) => {
    const test = filter(value);
    return test && withAppointment(test);
  };

/** Judges the earliest appointment of a job alone. */
const firstAppointmentFilter =
  (filter: Filter): Filter =>
  (value) => {
    const test = filter(value);
    let first: Map<unknown, JsonRecord> | undefined;
    return (
      test &&
      ((job, shelf) => {
        first ??= firstByJob(shelf.records("appointments"));
        const appointment = first.get(job["id"]);
        return appointment !== undefined && test(appointment, shelf);
      })
    );
  };

function firstByJob(appointments: JsonRecord[]): Map<unknown, JsonRecord> {
  const first = new Map<unknown, JsonRecord>();
  for (const one of appointments) {
    const old = first.get(one["jobId"]);
    const start = sortableInstant(one["start"]) ?? "";
    if (!old || start < (sortableInstant(old["start"]) ?? "")) first.set(one["jobId"], one);
  }
  return first;
}

const assignedTo = (technicianId: number): Test => {
  let jobs: Set<unknown> | undefined;
  return (job, shelf) => {
    jobs ??= new Set(
      shelf
        .records("assignments")
        .flatMap((one) => (one["technicianId"] === technicianId && one["active"] !== false ? [one["jobId"]] : [])),
    );
    return jobs.has(job["id"]);
  };
};

const billedBy =
  (invoiceId: number): Test =>
  (job, shelf) => {
    const invoice = shelf.find("invoices", invoiceId);
    const billed = invoice?.["job"];
    return typeof billed === "object" && billed !== null && !Array.isArray(billed) && billed["id"] === job["id"];
  };

/** The jobs' list; its filter by status is `jobStatus`, and `status` is a parameter it does not know. */
export const jobList: ListRules = {
  sort: { ...usualSort, priority: "priority" },
  joined: pairFilters,
  filters: {
    ...createdAndModified,
    number: sameText("jobNumber"),
    projectId: wholeNumber("projectId"),
    bookingId: wholeNumber("bookingId"),
    jobStatus: oneWord("jobStatus", JOB_STATUSES),
    appointmentStatus: appointmentFilter(oneWord("status", APPOINTMENT_STATUSES)),
    priority: oneWord("priority", PRIORITIES),
    firstAppointmentStartsOnOrAfter: firstAppointmentFilter(onOrAfter("start")),
    firstAppointmentStartsBefore: firstAppointmentFilter(before("start")),
    appointmentStartsOnOrAfter: appointmentFilter(onOrAfter("start")),
    appointmentStartsBefore: appointmentFilter(before("start")),
    technicianId: byNumber(assignedTo),
    customerId: wholeNumber("customerId"),
    locationId: wholeNumber("locationId"),
    soldById: wholeNumber("soldById"),
    jobTypeId: wholeNumber("jobTypeId"),
    campaignId: wholeNumber("campaignId"),
    businessUnitId: wholeNumber("businessUnitId"),
    invoiceId: byNumber(billedBy),
    completedOnOrAfter: onOrAfter("completedOn"),
    completedBefore: before("completedOn"),
    tagTypeIds: wholeNumbers("tagTypeIds"),
    createdFromEstimateId: wholeNumber("createdFromEstimateId"),
    estimateIds: wholeNumbers("estimateIds"),
    equipmentIds: wholeNumbers("equipmentIds"),
    hasUnusedAppointments: (value) =>
      /^(true|false)$/i.test(value)
        ? (job, shelf) =>
            withAppointment((one) => one["unused"] === true)(job, shelf) === (value.toLowerCase() === "true")
        : null,
  },
};
