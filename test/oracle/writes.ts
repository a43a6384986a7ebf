import type { Demo, JsonRecord, Truth } from "#local/demo/demo.ts";
import { having, type Standing } from "./fold.ts";
import { linesOf, recordsAt } from "./lines.ts";
import { columnFits, columnFor, officeBilling, officeWork } from "./words.ts";

/** One accepted write that a vendor's log must show, once. */
export type Write = { account: string; collection: string; key: string; fields: JsonRecord };
export type Outcome = { connection: string; target: string; outcome: "applied" | "rejected" | "ignored" };

/** What is to be done about a job's status, day, crew or reference at an instant, and what then stands open. */
export type Step = { writes: Write[]; outcomes: Outcome[]; breaks: string[]; approvals: string[]; tasks: string[] };

const THREE_DAYS = 3 * 86_400_000;

type Moment = { demo: Demo; truth: Truth; now: string; standing: Standing; before: Standing };

const recordsOf = ({ truth, standing }: Moment, connection: string): JsonRecord[] =>
  recordsAt(
    standing,
    truth.records.filter((one) => one.connection === connection),
  );

const rules = [status, removal, schedule, crew, reference, claim] as const;

/** Applies every rule to one job at one instant; writes are not yet carried out. */
export function stepOf(moment: Moment): Step {
  const step: Step = { writes: [], outcomes: [], breaks: [], approvals: [], tasks: [] };
  for (const rule of rules) rule(moment, step);
  return step;
}

/** The office's status, and the branch's card beside it. */
function status(moment: Moment, step: Step): void {
  const [job] = recordsOf(moment, "st-main");
  if (!job) return;
  const { standing, truth } = moment;
  const work = officeWork(job, standing);
  const [line] = linesOf(truth.records.slice(0, 1), standing);
  const invoices = having(standing, "st-main", "invoices", "job.id", job["id"]);
  const posted = invoices.some((one) => one["syncStatus"] !== "Pending" || one["sentStatus"] !== "NotSent");
  const billing = line ? officeBilling(job, line, posted) : [];
  for (const card of recordsOf(moment, "ctc-boulder")) {
    if (card["deleted_at"] !== null || columnFits(String(card["status"]), work, billing)) continue;
    if (job["jobStatus"] === "Canceled") {
      step.breaks.push("status");
      step.tasks.push("ctc-boulder status");
      continue;
    }
    const word = columnFor(work, billing);
    if (word === null) continue;
    step.writes.push({
      account: "ctc-boulder",
      collection: "jobs",
      key: String(card["uuid"]),
      fields: { status: word },
    });
    step.outcomes.push({ connection: "ctc-boulder", target: "status", outcome: "applied" });
  }
}

function removal(moment: Moment, step: Step): void {
  const cards = recordsOf(moment, "ctc-boulder");
  const [job] = recordsOf(moment, "st-main");
  if (
    job &&
    job["jobStatus"] !== "Canceled" &&
    cards.length > 0 &&
    cards.every((card) => card["deleted_at"] !== null)
  ) {
    step.breaks.push("presence");
  }
}

/** Denver's day and wall clock of an instant. */
function wallOf(instant: unknown): string {
  const at = String(instant);
  const hours = at < "2026-11-01T08:00" ? 6 : 7;
  return new Date(Date.parse(at) - hours * 3_600_000).toISOString().slice(0, 16);
}

function plannedOf(moment: Moment, standing: Standing): { office: string | null; card: string | null } {
  const at: Moment = { ...moment, standing };
  const [job] = recordsOf(at, "st-main");
  const [card] = recordsOf(at, "ctc-boulder").filter((one) => one["deleted_at"] === null);
  const visits = job
    ? having(standing, "st-main", "appointments", "jobId", job["id"]).filter((one) => one["status"] !== "Canceled")
    : [];
  const [visit] = visits;
  return {
    office: visit ? wallOf(visit["start"]) : null,
    card: card ? `${String(card["scheduled_date"]).slice(0, 10)}T${String(card["scheduled_time_start"])}` : null,
  };
}

/** The office moves a visit: the branch follows if it had not moved it too. */
function schedule(moment: Moment, step: Step): void {
  const now = plannedOf(moment, moment.standing);
  if (now.office === null || now.card === null || now.office === now.card) return;
  const was = plannedOf(moment, moment.before);
  const [card] = recordsOf(moment, "ctc-boulder");
  if (was.office === now.office || was.office === null) {
    // Only the branch has moved so far: its day is the newer one, and nothing can be written in the office.
    if (moment.standing !== moment.before) return;
    step.breaks.push("schedule");
    step.approvals.push("ctc-boulder schedule");
    return;
  }
  if (was.card !== was.office || !card) {
    step.breaks.push("schedule");
    step.approvals.push("ctc-boulder schedule");
    return;
  }
  const [day, clock] = now.office.split("T");
  const fields = { scheduled_date: day ?? "", scheduled_time_start: clock ?? "" };
  step.writes.push({ account: "ctc-boulder", collection: "jobs", key: String(card["uuid"]), fields });
  step.outcomes.push({ connection: "ctc-boulder", target: "schedule", outcome: "applied" });
}

/** The crews' own word about who works wins over the office's. */
function crew(moment: Moment, step: Step): void {
  const { standing } = moment;
  const [office] = recordsOf(moment, "st-main");
  const [field] = recordsOf(moment, "rotor-crews");
  if (!office || !field) return;
  const technicians = Object.values(standing["st-main"]?.["technicians"] ?? {});
  const wanted = new Set(
    (Array.isArray(field["technicians"]) ? field["technicians"] : []).map((one) => {
      const mail = typeof one === "object" && one !== null && !Array.isArray(one) ? one["email"] : undefined;
      return technicians.find((technician) => technician["email"] === mail)?.["id"];
    }),
  );
  const standingOn = having(standing, "st-main", "assignments", "jobId", office["id"]).filter(
    (one) => one["active"] === true,
  );
  const on = new Set(standingOn.map((one) => one["technicianId"]));
  const [visit] = having(standing, "st-main", "appointments", "jobId", office["id"]);
  const outcome = { connection: "st-main", target: "assignees", outcome: "applied" } as const;
  for (const technicianId of [...wanted].filter((one) => !on.has(one ?? null))) {
    const fields = {
      technicianId: technicianId ?? null,
      jobId: office["id"] ?? null,
      appointmentId: visit?.["id"] ?? null,
      active: true,
    };
    step.writes.push({ account: "st-main", collection: "assignments", key: "new", fields });
    step.outcomes.push(outcome);
  }
  for (const one of standingOn.filter((held) => !wanted.has(held["technicianId"] ?? null))) {
    step.writes.push({
      account: "st-main",
      collection: "assignments",
      key: String(one["id"]),
      fields: { active: false },
    });
    step.outcomes.push(outcome);
  }
}

/** The client's reference is the office's purchase order; one office job answers and changes nothing. */
function reference(moment: Moment, step: Step): void {
  const [job] = recordsOf(moment, "st-main");
  const entries = recordsOf(moment, "fleetio-frontrange");
  const [first] = entries;
  if (!job || !first || job["customerPo"] === first["reference"]) return;
  const silent = JSON.stringify(moment.demo.dials.servicetitan).includes(`"${String(job["id"])}"`);
  if (silent) {
    step.outcomes.push({ connection: "st-main", target: "reference", outcome: "ignored" });
    step.breaks.push("reference");
    return;
  }
  const fields = { customerPo: first["reference"] ?? null };
  step.writes.push({ account: "st-main", collection: "jobs", key: String(job["id"]), fields });
  step.outcomes.push({ connection: "st-main", target: "reference", outcome: "applied" });
}

/** Three days after the office completed, the client's pending entry is closed, unless its shop network locked it. */
function claim(moment: Moment, step: Step): void {
  const [job] = recordsOf(moment, "st-main");
  if (!job || job["jobStatus"] !== "Completed") return;
  const done = Date.parse(String(job["completedOn"]));
  if (Date.parse(moment.now) < done + THREE_DAYS) return;
  for (const entry of recordsOf(moment, "fleetio-frontrange")) {
    if (entry["status"] !== "pending") continue;
    const target = { connection: "fleetio-frontrange", target: "status" };
    if (entry["locked"] === true) {
      step.outcomes.push({ ...target, outcome: "rejected" });
      step.breaks.push("status");
      step.tasks.push("fleetio-frontrange status");
      continue;
    }
    step.writes.push({
      account: "fleetio-frontrange",
      collection: "serviceEntries",
      key: String(entry["id"]),
      fields: { status: "completed" },
    });
    step.outcomes.push({ ...target, outcome: "applied" });
  }
}
