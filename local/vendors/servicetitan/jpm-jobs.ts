import type { JsonRecord } from "../kit/json.ts";
import { type Context, Refusal, type Reply, type Route } from "../kit/vendor.ts";
import { openAppointment } from "./appointment.ts";
import { bodyFields, type Kind } from "./body-fields.ts";
import {
  EMPTY,
  freshId,
  idInPath,
  listRoute,
  mustExist,
  printed,
  readRoute,
  route,
  sent,
  shelfOf,
  stored,
} from "./endpoints.ts";
import { withExternalData } from "./external-data.ts";
import { bookedInvoice } from "./invoice.ts";
import { jobList, PRIORITIES } from "./jpm-job-list.ts";
import { usualSort } from "./list.ts";
import { problem, refused } from "./problems.ts";
import { createdAndModified, wholeNumbers } from "./query.ts";

const detail: Readonly<Record<string, Kind>> = {
  summary: "string",
  customFields: "objects",
  tagTypeIds: "integers",
  externalData: "object",
  customerPo: "string",
  jobGeneratedLeadSource: "object",
};

const newJob = bodyFields(
  {
    customerId: "integer",
    locationId: "integer",
    businessUnitId: "integer",
    jobTypeId: "integer",
    priority: PRIORITIES,
    appointments: "objects",
  },
  { ...detail, campaignId: "integer", projectId: "integer", invoiceSignatureIsRequired: "boolean" },
);

const changedJob = bodyFields(
  {},
  {
    ...detail,
    customerId: "integer",
    locationId: "integer",
    businessUnitId: "integer",
    jobTypeId: "integer",
    priority: PRIORITIES,
    campaignId: "integer",
    shouldUpdateInvoiceItems: "boolean",
  },
);

/** A call is booked: the job, its appointments, and at once an invoice of 0.00. */
function createJob(context: Context): Reply {
  const fields = sent(context, newJob);
  if (fields["campaignId"] === undefined) throw new Refusal({ ...refused("campaignId is required."), status: 422 });
  mustExist(context, "customerId", "customers", fields["customerId"]);
  mustExist(context, "locationId", "locations", fields["locationId"]);
  const id = freshId(context, "jobs");
  const number = String(context.store.nextNumber("jobNumber", 900_001));
  const invoiceId = freshId(context, "invoices");
  const { appointments, externalData, ...plain } = fields;
  context.store.create("jobs", {
    ...emptyJob,
    ...plain,
    id,
    jobNumber: number,
    invoiceId,
    total: 0,
    externalData: withExternalData(undefined, externalData),
  });
  const asked = Array.isArray(appointments) ? appointments : [];
  for (const appointment of asked)
    openAppointment(context, { ...(isPlain(appointment) ? appointment : {}), jobId: id });
  const job = stored(context, "jobs", "Job", id);
  context.store.create("invoices", bookedInvoice(shelfOf(context), job, invoiceId));
  return { status: 200, body: printed(job, context) };
}

const isPlain = (value: unknown): value is JsonRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const emptyJob: JsonRecord = {
  projectId: null,
  jobStatus: "Scheduled",
  completedOn: null,
  campaignId: null,
  summary: null,
  customFields: [],
  appointmentCount: 0,
  firstAppointmentId: 0,
  lastAppointmentId: 0,
  recallForId: null,
  warrantyId: null,
  jobGeneratedLeadSource: null,
  noCharge: false,
  notificationsEnabled: true,
  createdById: 1,
  tagTypeIds: [],
  leadCallId: null,
  bookingId: null,
  soldById: null,
  customerPo: null,
};

/** `customFields` and `tagTypeIds` describe the whole list; `externalData` has its own patch mode. */
function updateJob(context: Context): Reply {
  const job = stored(context, "jobs", "Job");
  const { externalData, shouldUpdateInvoiceItems: _, ...plain } = sent(context, changedJob);
  const pairsAfter =
    externalData === undefined ? {} : { externalData: withExternalData(job["externalData"], externalData) };
  return {
    status: 200,
    body: printed(context.store.update("jobs", String(job["id"]), { ...plain, ...pairsAfter }), context),
  };
}

/** Cancels the job and its open appointments; an invoice that is not exported is hidden with it. */
function cancelJob(context: Context): Reply {
  const job = stored(context, "jobs", "Job");
  const { reasonId, memo } = sent(context, bodyFields({ reasonId: "integer", memo: "string" }, {}));
  mustExist(context, "reasonId", "jobCancelReasons", reasonId);
  const id = idInPath(context);
  if (job["jobStatus"] === "Canceled") throw new Refusal(refused(`Job ${id} is already canceled.`));
  if (job["jobStatus"] === "Completed") throw new Refusal(refused(`Job ${id} is completed and cannot be canceled.`));
  const { store } = context;
  store.update("jobs", String(id), { jobStatus: "Canceled" });
  for (const appointment of shelfOf(context).records("appointments")) {
    if (appointment["jobId"] === id && appointment["status"] !== "Done") {
      store.update("appointments", String(appointment["id"]), { status: "Canceled" });
    }
  }
  for (const invoice of context.dials.flag("cancelHidesInvoice") ? shelfOf(context).records("invoices") : []) {
    if (isPlain(invoice["job"]) && invoice["job"]["id"] === id && invoice["syncStatus"] !== "Exported") {
      store.update("invoices", String(invoice["id"]), { active: false });
    }
  }
  const log = {
    id: freshId(context, "canceledLogs"),
    jobId: id,
    reasonId: reasonId ?? null,
    memo: memo ?? null,
    active: true,
  };
  store.create("canceledLogs", log);
  return EMPTY;
}

/** The paths of 2022 that the newest list leaves out: gone unless the dial brings them back. */
const olderStatus =
  (status: "Hold" | "Completed") =>
  (context: Context): Reply => {
    if (!context.dials.flag("olderJobRoutes")) return problem(404, `No resource at ${context.request.path}.`);
    const job = stored(context, "jobs", "Job");
    if (job["jobStatus"] === "Canceled") throw new Refusal(refused(`Job ${Number(job["id"])} is canceled.`));
    const done = status === "Completed" ? { completedOn: context.now } : {};
    context.store.update("jobs", String(job["id"]), { jobStatus: status, ...done });
    return EMPTY;
  };

/** The log's reasons by job: GET /jobs/cancel-reasons?ids=1,2 */
const reasonsByJob = listRoute("jpm", "/jobs/cancel-reasons", "listJobCancelReasonsByJob", "canceledLogs", {
  filters: { ids: wholeNumbers("jobId") },
});

export const jobRoutes: Route[] = [
  listRoute("jpm", "/jobs", "listJobs", "jobs", jobList),
  reasonsByJob,
  route("POST", "jpm", "/jobs", "createJob", createJob),
  readRoute("jpm", "/jobs/{id}", "getJob", "jobs", "Job"),
  route("PATCH", "jpm", "/jobs/{id}", "updateJob", updateJob),
  route("PUT", "jpm", "/jobs/{id}/cancel", "cancelJob", cancelJob),
  route("PUT", "jpm", "/jobs/{id}/hold", "holdJob", olderStatus("Hold")),
  route("PUT", "jpm", "/jobs/{id}/complete", "completeJob", olderStatus("Completed")),
  listRoute(
    "jpm",
    "/jobs/{id}/canceled-log",
    "listCanceledLog",
    "canceledLogs",
    { filters: {} },
    (log, context) => log["jobId"] === idInPath(context),
  ),
  listRoute("jpm", "/job-cancel-reasons", "listJobCancelReasons", "jobCancelReasons", {
    filters: createdAndModified,
    sort: usualSort,
    active: { parameter: "active", unasked: "any" },
  }),
];
