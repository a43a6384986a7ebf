import { isRecord, type Json, type JsonRecord } from "../kit/json.ts";
import type { Context, Reply } from "../kit/vendor.ts";
import { newestFirst, pageOf, readQuery } from "./paging.ts";
import { fieldsOf, printFields } from "./printing.ts";

/** `GET /serviced-jobs`: completed jobs, or with only_completed=false all that are neither archived nor quotes. */
export function listServicedJobs(context: Context): Reply {
  const query = readQuery(context.request.query);
  const onlyCompleted = query.flag("only_completed", true);
  const start = query.instant("service_date_range_start");
  const end = query.instant("service_date_range_end");
  query.check();
  const showsArchived = context.dials.flag("archivedCompletedShown");
  const matching = context.store.list("jobs").filter((job) => {
    const shown = onlyCompleted ? isServiced(job, showsArchived) : !isSet(job, "archived") && !isSet(job, "quote");
    return shown && insideWindow(job, start, end);
  });
  return pageOf(context, newestFirst(matching), (job) => printJob(context, job));
}

function isSet(job: JsonRecord, flag: string): boolean {
  return job[flag] === true;
}

function isServiced(job: JsonRecord, showsArchived: boolean): boolean {
  return isSet(job, "completed") && !isSet(job, "quote") && (showsArchived || !isSet(job, "archived"));
}

/** Both ends count; a job without a visit lies in no window. */
function insideWindow(job: JsonRecord, start: number | undefined, end: number | undefined): boolean {
  if (start === undefined && end === undefined) return true;
  const visit = serviceDate(job);
  if (visit === undefined) return false;
  const at = Date.parse(visit);
  return (start === undefined || at >= start) && (end === undefined || at <= end);
}

/** The start of the first visit, as text. */
function serviceDate(job: JsonRecord): string | undefined {
  const visits = Array.isArray(job["visits"]) ? job["visits"] : [];
  const starts = visits.flatMap((visit) =>
    isRecord(visit) && typeof visit["start"] === "string" ? [visit["start"]] : [],
  );
  return starts.sort((a, b) => Date.parse(a) - Date.parse(b))[0];
}

function printJob(context: Context, job: JsonRecord): JsonRecord {
  const { dials } = context;
  return printFields(dials, [
    ["id", job["id"]],
    ["customer", customerOf(context, job["customer_id"])],
    ["service_date", serviceDate(job)],
    ["service_plan_id", job["service_plan_id"]],
    ["technicians", job["technicians"]],
    ["total_outstanding", job["total_outstanding"]],
    ["total_received", job["total_received"]],
  ]);
}

/** The four fields by which lists name a customer. */
export function customerOf(context: Context, id: Json | undefined): JsonRecord | undefined {
  if (typeof id !== "string") return undefined;
  const customer = context.store.get("customers", id);
  if (!customer) return undefined;
  return printFields(context.dials, fieldsOf(customer, ["id", "company_name", "first_name", "last_name"]));
}
