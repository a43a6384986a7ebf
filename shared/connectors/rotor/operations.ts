import * as z from "#shared/domain/schema.ts";
import type { OperationRow } from "../connector.ts";
import { operation, rowsOf } from "../operation.ts";
import { looks } from "./looks.ts";
import { customerReplySchema, listSchema } from "./schemas.ts";

/**
 * The operations of Rotor's reference (docs.api.getrotor.com) on jobs, customers, leads and plans; `serviced-jobs` as in
 * its page "List serviced jobs".
 */
const source = (page: string): string => `docs.api.getrotor.com, ${page}`;

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;
const instant = z.optional(
  z.string().check(z.regex(INSTANT, "expected an ISO 8601 date-time, as 2026-06-15T08:00:00Z")),
);
const limit = z.optional(
  z
    .int("expected a whole number from 1 to 1000")
    .check(z.minimum(1, "expected at least 1"), z.maximum(1000, "expected at most 1000")),
);
const page = z.optional(z.int("expected a whole number from 1").check(z.minimum(1, "expected at least 1")));
const flag = z.optional(z.boolean());
const text = z.optional(z.string());
const upTo = (length: number) =>
  z.optional(z.string().check(z.maxLength(length, `expected at most ${length} characters`)));
const tags = z.optional(z.array(z.string()));
const activity = z.optional(z.enum(["active", "inactive"]));
const printed = z.looseObject({ id: z.optional(z.string()), message: z.optional(z.string()) });
const read = { method: "GET", writes: false, repeatable: true, notifies: "none" } as const;
/** Repeatable only with an id, a phone or an e-mail, by which the record is found again; so not by itself. */
const upsert = { method: "POST", writes: true, repeatable: false, notifies: "unknown" } as const;

export const testAuthentication = operation({
  ...read,
  key: "testAuthentication",
  path: "/auth/test",
  source: source("Test authentication"),
  about: "Says whose key this is and which scopes it has.",
  input: z.strictObject({}),
  output: z.looseObject({}),
});

export const listServicedJobs = operation({
  ...read,
  key: "listServicedJobs",
  path: "/serviced-jobs",
  source: source("List serviced jobs"),
  about: "Completed jobs, newest created first; with only_completed=false all that are neither archived nor quotes.",
  input: z.strictObject({
    limit,
    only_completed: flag,
    page,
    service_date_range_end: instant,
    service_date_range_start: instant,
  }),
  output: listSchema,
});

export const listCustomers = operation({
  ...read,
  key: "listCustomers",
  path: "/customers",
  source: source("List customers"),
  about: "Customers; tags are separated by commas.",
  input: z.strictObject({ archived: flag, limit, page, search: text, status: activity, tags: text }),
  output: listSchema,
});

export const getCustomer = operation({
  ...read,
  key: "getCustomer",
  path: "/customers/{id}",
  source: source("Get a customer by ID"),
  about: "One customer.",
  input: z.strictObject({ id: z.string() }),
  output: customerReplySchema,
});

export const upsertCustomer = operation({
  ...upsert,
  key: "upsertCustomer",
  path: "/customers",
  source: source("Create or update a customer"),
  about: "By id, else by phone, else by e-mail, else a new one each time; tags are added, never taken away.",
  happened: "listCustomers with search = the phone or e-mail that was sent",
  input: z.strictObject({
    id: text,
    billing_city: text,
    billing_country: text,
    billing_same_as_property: flag,
    billing_state: text,
    billing_street1: text,
    billing_street2: text,
    billing_zip: text,
    company_name: text,
    email: text,
    first_name: text,
    last_name: text,
    notes: upTo(2000),
    phone: text,
    property_city: text,
    property_country: text,
    property_state: text,
    property_street1: text,
    property_street2: text,
    property_zip: text,
    service_frequency: text,
    service_type: upTo(100),
    source: text,
    status: activity,
    tags,
  }),
  output: printed,
});

export const listLeads = operation({
  ...read,
  key: "listLeads",
  path: "/leads",
  source: source("List leads"),
  about: "Leads, newest first; tags are separated by commas.",
  input: z.strictObject({ archived: flag, limit, page, search: text, stage: text, tags: text }),
  output: listSchema,
});

export const upsertLead = operation({
  ...upsert,
  key: "upsertLead",
  path: "/leads",
  source: source("Create or update a lead"),
  about: "By id, else by phone, else by e-mail, else a new one each time; tags are added, never taken away.",
  happened: "listLeads with search = the phone or e-mail that was sent",
  input: z.strictObject({
    id: text,
    address_city: text,
    address_country: text,
    address_state: text,
    address_street1: text,
    address_street2: text,
    address_zip: text,
    email: text,
    follow_up_date: text,
    name: text,
    notes: upTo(2000),
    phone: text,
    priority: z.optional(z.enum(["low", "medium", "high"])),
    projected_value: z.optional(z.number()),
    service_type: upTo(100),
    source: text,
    stage: text,
    tags,
  }),
  output: printed,
});

export const listServicePlans = operation({
  ...read,
  key: "listServicePlans",
  path: "/service-plans",
  source: source("List service plans"),
  about: "Service agreements, newest first.",
  input: z.strictObject({
    created_at_range_end: instant,
    created_at_range_start: instant,
    frequency: z.optional(
      z.enum([
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
      ]),
    ),
    limit,
    page,
    service_type: text,
    sold_by_user_id: text,
    status: activity,
  }),
  output: listSchema,
});

export const listPins = operation({
  ...read,
  key: "listPins",
  path: "/pins",
  source: source("List pins"),
  about: "Marks on the sales map, newest first; nothing of a job is in them.",
  input: z.strictObject({ limit, page, pin_type_id: text, user_id: text }),
  output: listSchema,
});

export const operations: readonly OperationRow[] = rowsOf(
  [
    testAuthentication,
    listServicedJobs,
    listCustomers,
    getCustomer,
    upsertCustomer,
    listLeads,
    upsertLead,
    listServicePlans,
    listPins,
  ],
  looks,
);
