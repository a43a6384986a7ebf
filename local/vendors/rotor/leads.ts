import type { JsonRecord } from "../kit/json.ts";
import type { Context, Reply } from "../kit/vendor.ts";
import { newestFirst, pageOf } from "./paging.ts";
import { fieldsOf, printFields } from "./printing.ts";
import { type Sheet, upsert } from "./upsert.ts";

const address = ["city", "country", "state", "street1", "street2", "zip"];
const sheet: Sheet = {
  collection: "leads",
  called: "Lead",
  fields: {
    ...Object.fromEntries(address.map((part) => [`address_${part}`, "string"])),
    email: "string",
    follow_up_date: "string",
    name: "string",
    notes: "string",
    phone: "string",
    priority: ["low", "medium", "high"],
    projected_value: "number",
    service_type: "string",
    source: "string",
    stage: "string",
    tags: "strings",
  },
  longest: { notes: 2000, service_type: 100 },
};

const listed = [
  "id",
  "archived",
  "archived_at",
  "assigned_to",
  "created_at",
  "email",
  "follow_up_date",
  "lead_source",
  "location",
  "name",
  "notes",
  "phone",
  "priority",
  "projected_value",
  "property_city",
  "property_country",
  "property_state",
  "property_street1",
  "property_street2",
  "property_zip",
  "service_type",
  "stage",
  "tags",
  "value_score",
];

export function listLeads(context: Context): Reply {
  return pageOf(context, newestFirst(context.store.list("leads")), (lead) => printLead(context, lead, listed));
}

export function upsertLead(context: Context): Reply {
  return upsert(context, sheet, (lead) =>
    printLead(context, lead, [...address.map((part) => `address_${part}`), ...listed]),
  );
}

/** What is sent as `address_*` and `source` is shown as `property_*` and `lead_source` too. */
function printLead(context: Context, lead: JsonRecord, names: string[]): JsonRecord {
  const twins = address.map((part): [string, JsonRecord[string] | undefined] => [
    `property_${part}`,
    lead[`address_${part}`],
  ]);
  const shown: JsonRecord = {};
  for (const [name, value] of [...twins, ["lead_source", lead["source"]] as const])
    if (value !== undefined) shown[name] = value;
  return printFields(context.dials, fieldsOf({ ...shown, ...lead }, names));
}
