import type { JsonRecord } from "../kit/json.ts";
import { type Context, Refusal, type Reply, type Route } from "../kit/vendor.ts";
import { activeAssignments, newAppointment, openAppointment, recountAppointments } from "./appointment.ts";
import { bodyFields } from "./body-fields.ts";
import { EMPTY, listRoute, printed, readRoute, route, sent, shelfOf, stored } from "./endpoints.ts";
import { APPOINTMENT_STATUSES } from "./jpm-job-list.ts";
import { type ListRules, usualSort } from "./list.ts";
import { conflict } from "./problems.ts";
import { before, byNumber, createdAndModified, oneWord, onOrAfter, sameText, wholeNumber, yesOrNo } from "./query.ts";

const appointmentList: ListRules = {
  sort: usualSort,
  active: { parameter: "active", unasked: "active" },
  filters: {
    ...createdAndModified,
    jobId: wholeNumber("jobId"),
    projectId: byNumber(
      (projectId) => (one, shelf) => shelf.find("jobs", Number(one["jobId"]))?.["projectId"] === projectId,
    ),
    number: sameText("appointmentNumber"),
    status: oneWord("status", APPOINTMENT_STATUSES),
    startsOnOrAfter: onOrAfter("start"),
    startsBefore: before("start"),
    technicianId: byNumber(
      (technicianId) => (one, shelf) =>
        shelf
          .records("assignments")
          .some((a) => a["appointmentId"] === one["id"] && a["technicianId"] === technicianId && a["active"] !== false),
    ),
    customerId: wholeNumber("customerId"),
    unused: yesOrNo("unused"),
  },
};

function createAppointment(context: Context): Reply {
  const fields = sent(context, newAppointment);
  const job = stored(context, "jobs", "Job", Number(fields["jobId"]));
  if (job["jobStatus"] === "Completed" || job["jobStatus"] === "Canceled") {
    throw new Refusal(conflict(`Job ${String(job["id"])} is ${String(job["jobStatus"]).toLowerCase()}.`));
  }
  return { status: 200, body: printed(openAppointment(context, fields), context) };
}

/** Only a visit that has not begun, on a job that keeps another one, can be deleted, as far as the dials go. */
function deleteAppointment(context: Context): Reply {
  const appointment = stored(context, "appointments", "Appointment");
  const others = shelfOf(context)
    .records("appointments")
    .filter((one) => one["jobId"] === appointment["jobId"] && one["id"] !== appointment["id"]);
  const statuses = context.dials.value("deletableStatuses");
  const open = Array.isArray(statuses) && statuses.includes(appointment["status"] ?? null);
  if (!open || (others.length === 0 && !context.dials.flag("lastVisitDeletable"))) {
    throw new Refusal(conflict("Appointment is in the state that doesn't allow deletion"));
  }
  for (const one of activeAssignments(context, appointment)) {
    context.store.update("assignments", String(one["id"]), { active: false });
  }
  context.store.update("appointments", String(appointment["id"]), { active: false });
  context.store.remove("appointments", String(appointment["id"]));
  recountAppointments(context, Number(appointment["jobId"]));
  return EMPTY;
}

/** Moves a visit; not among the actions of the integration document, but in the vendor's own paths. */
function reschedule(context: Context): Reply {
  const appointment = stored(context, "appointments", "Appointment");
  const times = sent(
    context,
    bodyFields({}, { start: "instant", end: "instant", arrivalWindowStart: "instant", arrivalWindowEnd: "instant" }),
  );
  if (appointment["status"] !== "Scheduled" && appointment["status"] !== "Hold") {
    throw new Refusal(conflict(`Appointment is ${String(appointment["status"])} and cannot be rescheduled.`));
  }
  const after = context.store.update("appointments", String(appointment["id"]), times);
  recountAppointments(context, Number(appointment["jobId"]));
  return { status: 200, body: printed(after, context) };
}

const isOnlyOpenVisit = (context: Context, { id, jobId }: JsonRecord): boolean =>
  !shelfOf(context)
    .records("appointments")
    .some(
      (one) => one["jobId"] === jobId && one["id"] !== id && one["status"] !== "Done" && one["status"] !== "Canceled",
    );

/** Puts a visit on hold, with a reason as cancel wants one, or takes it off again; empty 200. */
const holding =
  (from: string, to: string) =>
  (context: Context): Reply => {
    const appointment = stored(context, "appointments", "Appointment");
    if (to === "Hold") sent(context, bodyFields({ reasonId: "integer", memo: "string" }, {}));
    if (appointment["status"] !== from) {
      throw new Refusal(conflict(`Appointment is ${String(appointment["status"])}, not ${from}.`));
    }
    context.store.update("appointments", String(appointment["id"]), { status: to });
    if (context.dials.flag("visitMovesJob") && isOnlyOpenVisit(context, appointment)) {
      context.store.update("jobs", String(appointment["jobId"]), { jobStatus: to });
    }
    return EMPTY;
  };

export const appointmentRoutes: Route[] = [
  listRoute("jpm", "/appointments", "listAppointments", "appointments", appointmentList),
  route("POST", "jpm", "/appointments", "createAppointment", createAppointment),
  readRoute("jpm", "/appointments/{id}", "getAppointment", "appointments", "Appointment"),
  route("DELETE", "jpm", "/appointments/{id}", "deleteAppointment", deleteAppointment),
  route("PATCH", "jpm", "/appointments/{id}/reschedule", "rescheduleAppointment", reschedule),
  route("PUT", "jpm", "/appointments/{id}/hold", "holdAppointment", holding("Scheduled", "Hold")),
  route("DELETE", "jpm", "/appointments/{id}/hold", "releaseAppointment", holding("Hold", "Scheduled")),
];
