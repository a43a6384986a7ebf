import * as z from "#shared/domain/schema.ts";
import { get, list, nothing, usual, write } from "./action.ts";
import { pageOf } from "./fields.ts";
import {
  active,
  created,
  customFieldsIn,
  externalDataFilter,
  externalDataIn,
  fewIds,
  flag,
  guid,
  id,
  ids,
  instant,
  modified,
  newExternalData,
  optional,
  priority,
  text,
} from "./inputs.ts";
import { appointment, assignedAppointment, assignment, cancelReason, job } from "./schemas.ts";

const jpm = { module: "jpm" } as const;
const jobStatus = z.enum(["Scheduled", "Dispatched", "InProgress", "Hold", "Completed", "Canceled"]);
const appointmentStatus = z.enum(["Scheduled", "Dispatched", "Working", "Hold", "Done", "Canceled"]);
const leadSource = z.strictObject(optional({ jobId: id, employeeId: id }));
const crew = { jobAppointmentId: id, technicianIds: ids };
const crewed = { module: "dispatch", repeatable: true, notifies: "technician" } as const;

const assignTechnicians = write(
  {
    ...crewed,
    key: "assignTechnicians",
    about: "Adds technicians to an appointment; those already on it stay.",
    path: "/appointment-assignments/assign-technicians",
    happened: "listAppointmentsAssignment with appointmentIds and active=Any shows them",
  },
  crew,
  assignedAppointment,
);

const unassignTechnicians = write(
  {
    ...crewed,
    key: "unassignTechnicians",
    about: "Takes technicians off an appointment.",
    path: "/appointment-assignments/unassign-technicians",
    happened: "listAppointmentsAssignment with appointmentIds no longer shows them as active",
  },
  crew,
  assignedAppointment,
);

const listAppointmentsAssignment = list(
  {
    module: "dispatch",
    key: "listAppointmentsAssignment",
    about: "Which technicians are on which appointments; only active ones unless active says otherwise.",
    path: "/appointment-assignments",
  },
  usual,
  { ...created, ...modified, ...active, ...optional({ ids: fewIds, appointmentIds: ids, jobId: id }) },
  pageOf(assignment),
);

const cancelJob = write(
  {
    ...jpm,
    key: "cancelJob",
    about: "Cancels a job; the invoice is hidden unless it is exported.",
    method: "PUT",
    path: "/jobs/{jobId}/cancel",
    repeatable: true,
    notifies: "unknown",
    happened: "getJob shows jobStatus Canceled",
  },
  { jobId: id, reasonId: id, memo: text },
  nothing,
);

const newAppointment = z.strictObject({
  start: instant,
  end: instant,
  ...optional({ arrivalWindowStart: instant, arrivalWindowEnd: instant, technicianIds: ids }),
});

const createJob = write(
  {
    ...jpm,
    key: "createJob",
    about: "Books a job with its appointments; an invoice of 0.00 is made at once.",
    path: "/jobs",
    repeatable: false,
    notifies: "unknown",
    happened: "listJobs with customerId and createdOnOrAfter, or externalDataKey and externalDataValues",
  },
  {
    customerId: id,
    locationId: id,
    businessUnitId: id,
    jobTypeId: id,
    priority,
    campaignId: id,
    appointments: z.array(newAppointment).check(z.minLength(1)),
    ...optional({
      summary: text,
      customFields: customFieldsIn,
      tagTypeIds: ids,
      externalData: newExternalData,
      projectId: id,
      customerPo: text,
      invoiceSignatureIsRequired: flag,
      jobGeneratedLeadSource: leadSource,
    }),
  },
  job,
);

const getJob = get(
  { ...jpm, key: "getJob", about: "One job; external data only for the application named.", path: "/jobs/{jobId}" },
  { jobId: id, ...optional({ externalDataApplicationGuid: guid }) },
  job,
);

const listJobs = list(
  { ...jpm, key: "listJobs", about: "Jobs by the document's filters; the status filter is jobStatus.", path: "/jobs" },
  [...usual, "Priority"],
  {
    ...created,
    ...modified,
    ...externalDataFilter,
    ...optional({
      ids: fewIds,
      number: text,
      projectId: id,
      bookingId: id,
      jobStatus,
      appointmentStatus,
      priority,
      firstAppointmentStartsOnOrAfter: instant,
      firstAppointmentStartsBefore: instant,
      appointmentStartsOnOrAfter: instant,
      appointmentStartsBefore: instant,
      technicianId: id,
      customerId: id,
      locationId: id,
      soldById: id,
      jobTypeId: id,
      campaignId: id,
      businessUnitId: id,
      invoiceId: id,
      createdFromEstimateId: id,
      estimateIds: ids,
      completedOnOrAfter: instant,
      completedBefore: instant,
      tagTypeIds: ids,
      equipmentIds: ids,
      hasUnusedAppointments: flag,
    }),
  },
  pageOf(job),
);

const updateJob = write(
  {
    ...jpm,
    key: "updateJob",
    about: "Changes the fields that are sent; customFields and tagTypeIds replace the whole list.",
    method: "PATCH",
    path: "/jobs/{jobId}",
    repeatable: true,
    notifies: "unknown",
    happened: "getJob shows the fields that were sent",
  },
  {
    jobId: id,
    ...optional({
      customerId: id,
      locationId: id,
      businessUnitId: id,
      jobTypeId: id,
      priority,
      campaignId: id,
      summary: text,
      shouldUpdateInvoiceItems: flag,
      customFields: customFieldsIn,
      tagTypeIds: ids,
      externalData: externalDataIn,
      customerPo: text,
      jobGeneratedLeadSource: leadSource,
    }),
  },
  job,
);

const listJobCancelReasons = list(
  {
    ...jpm,
    key: "listJobCancelReasons",
    about: "Reasons for canceling a job, active and inactive.",
    path: "/job-cancel-reasons",
  },
  usual,
  { ...created, ...modified, ...active },
  pageOf(cancelReason),
);

const createAppointment = write(
  {
    ...jpm,
    key: "createAppointment",
    about: "Adds an appointment to a job. The API takes technicianIds; a single technicianId would be ignored.",
    path: "/appointments",
    repeatable: false,
    notifies: "technician",
    happened: "listAppointments with jobId shows one of that start",
  },
  {
    jobId: id,
    start: instant,
    end: instant,
    ...optional({
      arrivalWindowStart: instant,
      arrivalWindowEnd: instant,
      technicianIds: ids,
      specialInstructions: text,
    }),
  },
  appointment,
);

const getAppointment = get(
  { ...jpm, key: "getAppointment", about: "One appointment.", path: "/appointments/{appointmentId}" },
  { appointmentId: id },
  appointment,
);

const deleteAppointment = write(
  {
    ...jpm,
    key: "deleteAppointment",
    about: "Deletes an appointment; 409 where its state does not allow it.",
    method: "DELETE",
    path: "/appointments/{appointmentId}",
    repeatable: true,
    notifies: "technician",
    happened: "getAppointment answers 404",
  },
  { appointmentId: id },
  nothing,
);

const listAppointments = list(
  { ...jpm, key: "listAppointments", about: "Appointments by the document's filters.", path: "/appointments" },
  usual,
  {
    ...created,
    ...modified,
    ...active,
    ...optional({
      ids: fewIds,
      jobId: id,
      projectId: id,
      number: text,
      status: appointmentStatus,
      startsOnOrAfter: instant,
      startsBefore: instant,
      technicianId: id,
      customerId: id,
      unused: flag,
    }),
  },
  pageOf(appointment),
);

/** By key, as `operations.ts` gathers them. */
export const jobOperations = {
  assignTechnicians,
  unassignTechnicians,
  listAppointmentsAssignment,
  cancelJob,
  createJob,
  getJob,
  listJobs,
  updateJob,
  listJobCancelReasons,
  createAppointment,
  getAppointment,
  deleteAppointment,
  listAppointments,
} as const;
