import { type JsonRecord, textOf } from "../kit/json.ts";
import type { Context } from "../kit/vendor.ts";
import type { FieldSheet } from "./fields.ts";
import { byEqual, bySearch } from "./lists.ts";
import { nextNumber } from "./numbering.ts";
import { related } from "./related.ts";
import { invalid } from "./replies.ts";
import type { Resource } from "./resource.ts";

const statuses = [
  "New",
  "Contacted",
  "Scheduled",
  "In Progress",
  "Needs Approval",
  "Ready to Invoice",
  "Invoiced",
  "Complete",
  "Estimate Sent",
  "Estimate Approved",
];
const stamps = ["started_at", "completed_at", "invoiced_at", "paid_at"];

const fields: FieldSheet = {
  customer_uuid: { kind: "of", collection: "customers", required: true },
  location_uuid: { kind: "of", collection: "locations" },
  assigned_to_user_id: { kind: "of", collection: "users" },
  title: { kind: "text", required: true },
  description: { kind: "text" },
  status: { kind: "word", words: statuses, default: "New" },
  priority: { kind: "word", words: ["Low", "Normal", "High", "Emergency"], default: "Normal" },
  is_urgent: { kind: "flag", default: false },
  is_emergency: { kind: "flag", default: false },
  service_address1: { kind: "text" },
  service_address2: { kind: "text" },
  service_city: { kind: "text" },
  service_state: { kind: "text" },
  service_zip: { kind: "text" },
  estimated_amount: { kind: "amount" },
  actual_amount: { kind: "amount" },
  scheduled_date: { kind: "instant" },
  scheduled_time_start: { kind: "clock" },
  scheduled_time_end: { kind: "clock" },
  internal_notes: { kind: "text" },
  customer_notes: { kind: "text" },
};

/** The job. There is no balance on it, no filter or sort by modified time, and nothing that guards against two writers. */
export const jobs: Resource = {
  name: "jobs",
  singular: "job",
  fields,
  filter: ({ request }, records) => {
    const wanted = (request.query.get("status") ?? "")
      .split(",")
      .flatMap((word) => (word.trim() === "" ? [] : [word.trim()]));
    const byStatus = records.filter((job) => wanted.length === 0 || wanted.includes(textOf(job["status"])));
    const equal = byEqual(
      request.query,
      ["location_uuid", "customer_uuid", "assigned_to_user_id", "priority"],
      byStatus,
    );
    return bySearch(request.query, ["title", "description", "job_number"], equal);
  },
  printInList,
  printAlone: (context, job) => ({
    ...job,
    customer: related(context, "customers", job["customer_uuid"]),
    location: related(context, "locations", job["location_uuid"]),
    assigned_user: related(context, "users", job["assigned_to_user_id"]),
  }),
  complete: (context, job) => ({
    job_number: nextNumber(context.store, { collection: "jobs", field: "job_number", prefix: "JOB-", digits: 4 }),
    ...job,
    ...Object.fromEntries(stamps.map((stamp) => [stamp, null])),
  }),
  amend,
};

function printInList(context: Context, job: JsonRecord): JsonRecord {
  const customer = related(context, "customers", job["customer_uuid"], [
    "uuid",
    "first_name",
    "last_name",
    "company_name",
  ]);
  const shape = context.dials.text("jobListShape");
  if (shape === "sample") {
    const names = ["uuid", "job_number", "title", "status", "priority"];
    const shown = Object.fromEntries(names.map((name) => [name, job[name] ?? null]));
    return { ...shown, customer, scheduled_date: job["scheduled_date"] ?? null };
  }
  const { customer_uuid: _named, ...rest } = job;
  return shape === "customer-object-only" ? { ...rest, customer } : { ...job, customer };
}

/** Time stamps: what a PUT may do with them, and whether the status sets them, is not documented; both are dials. */
function amend(context: Context, old: JsonRecord, sentFields: JsonRecord, sent: JsonRecord): JsonRecord {
  const mode = context.dials.text("stampsByPut");
  const named = stamps.filter((stamp) => sent[stamp] !== undefined);
  if (mode === "refuse" && named.length > 0) invalid(`${named.join(", ")} cannot be set`);
  const more: JsonRecord = {};
  if (mode === "take") for (const stamp of named) more[stamp] = sent[stamp] ?? null;
  const status = sentFields["status"];
  if (!context.dials.flag("statusSetsStamps") || status === undefined || status === old["status"]) return more;
  const stamp = {
    "In Progress": "started_at",
    "Ready to Invoice": "completed_at",
    Invoiced: "invoiced_at",
    Complete: "completed_at",
  }[textOf(status)];
  if (stamp !== undefined && typeof old[stamp] !== "string") more[stamp] ??= context.now;
  return more;
}
