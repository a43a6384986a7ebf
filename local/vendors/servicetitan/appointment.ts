import type { Json, JsonRecord } from "../kit/json.ts";
import { type Context, Refusal } from "../kit/vendor.ts";
import { bodyFields, knownFields } from "./body-fields.ts";
import { freshId, mustExist, shelfOf } from "./endpoints.ts";
import { sortableInstant } from "./instants.ts";
import { conflict, invalid } from "./problems.ts";

/** What a new appointment may say. A misspelt `technicianId` is not among them and so is dropped without a word. */
export const newAppointment = bodyFields(
  { jobId: "integer", start: "instant", end: "instant" },
  {
    arrivalWindowStart: "instant",
    arrivalWindowEnd: "instant",
    technicianIds: "integers",
    specialInstructions: "string",
  },
);

/** Puts an appointment on its job, with one assignment for each technician, and answers the record. 400 when a field is wrong. */
export function openAppointment(context: Context, body: JsonRecord): JsonRecord {
  const { fields, errors } = knownFields(body, newAppointment);
  if (Object.keys(errors).length > 0) throw new Refusal(invalid(errors));
  const { technicianIds, ...plain } = fields;
  const job = mustExist(context, "jobId", "jobs", fields["jobId"]);
  const id = freshId(context, "appointments");
  const count = Number(job["appointmentCount"] ?? 0) + 1;
  const appointment = context.store.create("appointments", {
    arrivalWindowStart: null,
    arrivalWindowEnd: null,
    specialInstructions: null,
    ...plain,
    id,
    appointmentNumber: `${String(job["jobNumber"])}-${count}`,
    status: "Scheduled",
    customerId: job["customerId"] ?? null,
    unused: false,
    active: true,
  });
  for (const technicianId of Array.isArray(technicianIds) ? technicianIds : [])
    assign(context, appointment, technicianId);
  recountAppointments(context, Number(job["id"]));
  return appointment;
}

/** Adds one technician to an appointment; one who is already on it stays or is refused. 400 when there is no such technician. */
export function assign(context: Context, appointment: JsonRecord, technicianId: Json): void {
  const technician = mustExist(context, "technicianIds", "technicians", technicianId);
  if (technician["active"] === false) {
    throw new Refusal(invalid({ technicianIds: [`Technician ${String(technicianId)} is not active.`] }));
  }
  if (activeAssignments(context, appointment).some((one) => one["technicianId"] === technicianId)) {
    if (context.dials.text("assignedAgain") === "skip") return;
    throw new Refusal(
      conflict(`Technician ${String(technicianId)} is assigned to appointment ${Number(appointment["id"])}.`),
    );
  }
  context.store.create("assignments", {
    id: freshId(context, "assignments"),
    technicianId,
    technicianName: technician["name"] ?? "",
    assignedById: 1,
    assignedOn: context.now,
    status: "Scheduled",
    isPaused: false,
    jobId: appointment["jobId"] ?? null,
    appointmentId: appointment["id"] ?? null,
    active: true,
  });
}

export function activeAssignments(context: Context, appointment: JsonRecord): JsonRecord[] {
  return shelfOf(context)
    .records("assignments")
    .filter((one) => one["appointmentId"] === appointment["id"] && one["active"] !== false);
}

/** Sets the job's count and its first and last appointment from the appointments that are there. */
export function recountAppointments(context: Context, jobId: number): void {
  const mine = shelfOf(context)
    .records("appointments")
    .filter((one) => one["jobId"] === jobId)
    .sort((a, b) => ((sortableInstant(a["start"]) ?? "") < (sortableInstant(b["start"]) ?? "") ? -1 : 1));
  context.store.update("jobs", String(jobId), {
    appointmentCount: mine.length,
    firstAppointmentId: mine[0]?.["id"] ?? 0,
    lastAppointmentId: mine.at(-1)?.["id"] ?? 0,
  });
}
