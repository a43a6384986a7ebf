import * as z from "#shared/domain/schema.ts";
import { operation } from "../operation.ts";
import { filters, flag, money, read, record, text, uuid, write } from "./operation-parts.ts";
import { doneSchema, listSchema, recordReplySchema } from "./schemas.ts";
import { statusWords } from "./status.ts";

const source = "customtradescrm.com/developer/docs/rest/api/jobs";
const status = z.enum(statusWords.map((row) => row.word));
const priority = z.enum(["Low", "Normal", "High", "Emergency"]);
const clock = z.nullish(z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected HH:MM")));
const date = z.nullish(
  z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}(T.+)?$/, "expected an ISO date, as 2025-01-20T10:00:00Z")),
);

/** The body of a create, as the reference lists it. */
const creatable = {
  location_uuid: text,
  assigned_to_user_id: text,
  description: text,
  status: z.optional(status),
  priority: z.optional(priority),
  is_urgent: flag,
  is_emergency: flag,
  estimated_amount: money,
  scheduled_date: date,
  scheduled_time_start: clock,
  scheduled_time_end: clock,
  internal_notes: text,
  customer_notes: text,
};

/** "All fields are optional": an update takes the job's other attributes too, its example an actual_amount. */
const writable = {
  ...creatable,
  service_address1: text,
  service_address2: text,
  service_city: text,
  service_state: text,
  service_zip: text,
  actual_amount: money,
};

export const listJobs = operation({
  ...read,
  key: "listJobs",
  path: "/jobs",
  source,
  about: "A page of jobs; soft-deleted ones only when asked for. Several statuses: a list.",
  input: z.strictObject({
    ...filters,
    status: z.optional(z.array(status)),
    location_uuid: z.optional(uuid),
    customer_uuid: z.optional(uuid),
    assigned_to_user_id: z.optional(uuid),
    priority: z.optional(priority),
    search: z.optional(z.string()),
  }),
  output: listSchema("jobs"),
});

export const getJob = operation({
  ...read,
  key: "getJob",
  path: "/jobs/{uuid}",
  source,
  about: "One job with its customer, location and assigned user.",
  input: record,
  output: recordReplySchema,
});

export const createJob = operation({
  ...write,
  method: "POST",
  key: "createJob",
  path: "/jobs",
  source,
  about: "A new job of a customer.",
  repeatable: false,
  happened: "listJobs with customer_uuid and search = the title",
  input: z.strictObject({
    customer_uuid: uuid,
    title: z.string().check(z.minLength(1, "expected a title")),
    ...creatable,
  }),
  output: recordReplySchema,
});

export const updateJob = operation({
  ...write,
  method: "PUT",
  key: "updateJob",
  path: "/jobs/{uuid}",
  source,
  about: "Changes only the fields that are sent.",
  repeatable: true,
  moneyInputs: ["actual_amount"],
  happened: "getJob shows the fields that were sent",
  input: z.strictObject({
    uuid,
    customer_uuid: z.optional(uuid),
    title: z.optional(z.string().check(z.minLength(1, "expected a title"))),
    ...writable,
  }),
  output: doneSchema,
});

export const deleteJob = operation({
  ...write,
  method: "DELETE",
  key: "deleteJob",
  path: "/jobs/{uuid}",
  source,
  about: "Soft delete: sets deleted_at.",
  repeatable: true,
  // With it goes what the job says it is worth.
  money: true,
  happened: "listJobs with include_deleted shows deleted_at",
  input: record,
  output: z.optional(doneSchema),
});
