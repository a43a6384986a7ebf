import { type Context, Refusal, type Reply, type Route } from "../kit/vendor.ts";
import { activeAssignments, assign } from "./appointment.ts";
import { bodyFields } from "./body-fields.ts";
import { listRoute, printed, route, sent, shelfOf } from "./endpoints.ts";
import { type ListRules, usualSort } from "./list.ts";
import { conflict, invalid } from "./problems.ts";
import { createdAndModified, wholeNumber, wholeNumbers } from "./query.ts";

const assignmentList: ListRules = {
  sort: usualSort,
  active: { parameter: "active", unasked: "active" },
  filters: { ...createdAndModified, appointmentIds: wholeNumbers("appointmentId"), jobId: wholeNumber("jobId") },
};

const crew = bodyFields({ jobAppointmentId: "integer", technicianIds: "integers" }, {});

function appointmentOf(context: Context) {
  const { jobAppointmentId, technicianIds } = sent(context, crew);
  const appointment = shelfOf(context).find("appointments", Number(jobAppointmentId));
  if (!appointment)
    throw new Refusal(invalid({ jobAppointmentId: [`Appointment ${Number(jobAppointmentId)} was not found.`] }));
  return { appointment, technicianIds: Array.isArray(technicianIds) ? technicianIds : [] };
}

/** Adds the technicians and answers the appointment, not the assignments. Those already on it stay. */
function assignTechnicians(context: Context): Reply {
  const { appointment, technicianIds } = appointmentOf(context);
  if (appointment["status"] === "Done" || appointment["status"] === "Canceled") {
    throw new Refusal(conflict(`Appointment ${Number(appointment["id"])} is ${String(appointment["status"])}.`));
  }
  for (const technicianId of technicianIds) assign(context, appointment, technicianId);
  return { status: 200, body: printed(appointment, context) };
}

/** Makes the assignments of the technicians inactive; one who was not assigned is passed over. */
function unassignTechnicians(context: Context): Reply {
  const { appointment, technicianIds } = appointmentOf(context);
  for (const one of activeAssignments(context, appointment)) {
    if (technicianIds.includes(Number(one["technicianId"]))) {
      context.store.update("assignments", String(one["id"]), { active: false });
    }
  }
  return { status: 200, body: printed(appointment, context) };
}

const path = "/appointment-assignments";

export const dispatchRoutes: Route[] = [
  listRoute("dispatch", path, "listAppointmentsAssignment", "assignments", assignmentList),
  route("POST", "dispatch", `${path}/assign-technicians`, "assignTechnicians", assignTechnicians),
  route("POST", "dispatch", `${path}/unassign-technicians`, "unassignTechnicians", unassignTechnicians),
];
