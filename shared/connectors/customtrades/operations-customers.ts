import * as z from "#shared/domain/schema.ts";
import { operation } from "../operation.ts";
import { filters, flag, read, record, text, uuid, write } from "./operation-parts.ts";
import { doneSchema, listSchema, recordReplySchema } from "./schemas.ts";

const source = "customtradescrm.com/developer/docs/rest/api/customers";

const writable = {
  company_name: text,
  email: text,
  phone: text,
  customer_type: z.optional(z.enum(["Residential", "Commercial"])),
  is_vip: flag,
  physical_address1: text,
  physical_address2: text,
  physical_city: text,
  physical_state: text,
  physical_zip: text,
  billing_address1: text,
  billing_address2: text,
  billing_city: text,
  billing_state: text,
  billing_zip: text,
  primary_service_location_uuid: text,
  notes: text,
  internal_flags: z.optional(z.unknown()),
  on_my_way_notify_via: z.nullish(z.enum(["email", "sms", "both"])),
};

export const listCustomers = operation({
  ...read,
  key: "listCustomers",
  path: "/customers",
  source,
  about: "A page of customers.",
  input: z.strictObject({
    ...filters,
    filter: z.optional(z.enum(["all", "residential", "commercial", "vip"])),
    search: z.optional(z.string()),
  }),
  output: listSchema("customers"),
});

export const getCustomer = operation({
  ...read,
  key: "getCustomer",
  path: "/customers/{uuid}",
  source,
  about: "One customer.",
  input: record,
  output: recordReplySchema,
});

export const createCustomer = operation({
  ...write,
  method: "POST",
  key: "createCustomer",
  path: "/customers",
  source,
  about: "A new customer.",
  repeatable: false,
  happened: "listCustomers with search = the phone or e-mail that was sent",
  input: z.strictObject({ first_name: z.string(), last_name: z.string(), ...writable }),
  output: recordReplySchema,
});

export const updateCustomer = operation({
  ...write,
  method: "PUT",
  key: "updateCustomer",
  path: "/customers/{uuid}",
  source,
  about: "Changes only the fields that are sent.",
  repeatable: true,
  happened: "getCustomer shows the fields that were sent",
  input: z.strictObject({ uuid, first_name: z.optional(z.string()), last_name: z.optional(z.string()), ...writable }),
  output: doneSchema,
});

export const deleteCustomer = operation({
  ...write,
  method: "DELETE",
  key: "deleteCustomer",
  path: "/customers/{uuid}",
  source,
  about: "Soft delete: sets deleted_at.",
  repeatable: true,
  happened: "listCustomers with include_deleted shows deleted_at",
  input: record,
  output: z.optional(doneSchema),
});

export const getCompany = operation({
  ...read,
  key: "getCompany",
  path: "/companies/me",
  source: "customtradescrm.com/developer/docs/rest/api/companies",
  about: "The company whose key this is.",
  input: z.strictObject({}),
  output: recordReplySchema,
});
