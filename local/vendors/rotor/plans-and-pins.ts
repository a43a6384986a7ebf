import { isRecord, type Json, type JsonRecord } from "../kit/json.ts";
import type { Context, Reply } from "../kit/vendor.ts";
import { createdAt, newestFirst, pageOf, readQuery } from "./paging.ts";
import { fieldsOf, printFields } from "./printing.ts";
import { customerOf } from "./serviced-jobs.ts";

const frequencies = [
  "One-Time",
  "Annual",
  "Semi-Annual",
  "Tri-Annual",
  "Quarterly",
  "Bi-Monthly",
  "Monthly",
  "Bi-Weekly",
  "Weekly",
  "Custom",
];

/** `GET /service-plans`, newest first, with the filters of the reference. */
export function listServicePlans(context: Context): Reply {
  const query = readQuery(context.request.query);
  const from = query.instant("created_at_range_start");
  const until = query.instant("created_at_range_end");
  const frequency = query.word("frequency", frequencies);
  const serviceType = query.word("service_type");
  const soldBy = query.word("sold_by_user_id");
  const status = query.word("status", ["active", "inactive"]);
  query.check();
  const plans = context.store.list("servicePlans").filter((plan) => {
    if (from !== undefined && createdAt(plan) < from) return false;
    if (until !== undefined && createdAt(plan) > until) return false;
    if (frequency !== undefined && plan["service_frequency"] !== frequency) return false;
    if (serviceType !== undefined && plan["service_type"] !== serviceType) return false;
    if (soldBy !== undefined && nested(plan["sold_by"], "user_id") !== soldBy) return false;
    return status === undefined || plan["active"] === (status === "active");
  });
  return pageOf(context, newestFirst(plans), (plan) => printPlan(context, plan));
}

function printPlan(context: Context, plan: JsonRecord): JsonRecord {
  return printFields(context.dials, [
    ...fieldsOf(plan, ["id", "active", "created_at"]),
    ["customer", customerOf(context, plan["customer_id"])],
    ...fieldsOf(plan, [
      "num_completed_jobs",
      "num_pending_jobs",
      "num_scheduled_jobs",
      "sale_value",
      "service_frequency",
    ]),
    ...fieldsOf(plan, ["service_type", "sold_by", "start_date", "total_received"]),
  ]);
}

/** `GET /pins`: marks on the sales map; nothing of a job is in them. */
export function listPins(context: Context): Reply {
  const type = context.request.query.get("pin_type_id");
  const user = context.request.query.get("user_id");
  const pins = context.store
    .list("pins")
    .filter((pin) => type === null || nested(pin["pin_type"], "id") === type)
    .filter((pin) => user === null || nested(pin["created_by"], "user_id") === user);
  const names = ["id", "created_at", "created_by", "location", "pin_type"];
  return pageOf(context, newestFirst(pins), (pin) => printFields(context.dials, fieldsOf(pin, names)));
}

function nested(value: Json | undefined, field: string): Json | undefined {
  return isRecord(value) ? value[field] : undefined;
}
