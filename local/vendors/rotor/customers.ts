import type { JsonRecord } from "../kit/json.ts";
import type { Context, Reply } from "../kit/vendor.ts";
import { newestFirst, pageOf } from "./paging.ts";
import { fieldsOf, printFields } from "./printing.ts";
import { notFound } from "./replies.ts";
import { type Sheet, upsert } from "./upsert.ts";

const address = ["city", "country", "state", "street1", "street2", "zip"];
const sheet: Sheet = {
  collection: "customers",
  called: "Customer",
  fields: {
    ...Object.fromEntries(address.map((part) => [`billing_${part}`, "string"])),
    billing_same_as_property: "boolean",
    company_name: "string",
    email: "string",
    first_name: "string",
    last_name: "string",
    notes: "string",
    phone: "string",
    ...Object.fromEntries(address.map((part) => [`property_${part}`, "string"])),
    service_frequency: "string",
    service_type: "string",
    source: "string",
    status: ["active", "inactive"],
    tags: "strings",
  },
  longest: { notes: 2000, service_type: 100 },
};

export function listCustomers(context: Context): Reply {
  return pageOf(context, newestFirst(context.store.list("customers")), (customer) => printCustomer(context, customer));
}

export function getCustomer(context: Context): Reply {
  const customer = context.store.get("customers", context.request.params["id"] ?? "");
  return customer ? { status: 200, body: { data: printCustomer(context, customer), status: "success" } } : notFound;
}

/** The reply of a write is flat, unlike that of a list. */
export function upsertCustomer(context: Context): Reply {
  const names = ["id", ...Object.keys(sheet.fields), "created_at"];
  return upsert(context, sheet, (customer) => printFields(context.dials, fieldsOf(customer, names)));
}

function printCustomer(context: Context, customer: JsonRecord): JsonRecord {
  const parts = address.flatMap((part): [string, string][] => {
    const value = customer[`property_${part}`];
    return typeof value === "string" ? [[part, value]] : [];
  });
  const property = parts.length > 0 ? Object.fromEntries(parts) : undefined;
  return printFields(context.dials, [
    ["id", customer["id"]],
    ["address", customer["address"] ?? property],
    ...fieldsOf(customer, [
      "company_name",
      "created_at",
      "email",
      "first_name",
      "is_auto_pay",
      "last_name",
      "location",
    ]),
    ...fieldsOf(customer, ["notes", "phone", "source", "status", "tags"]),
  ]);
}
