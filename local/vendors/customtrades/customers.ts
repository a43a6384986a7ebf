import type { FieldSheet } from "./fields.ts";
import { bySearch } from "./lists.ts";
import { invalid } from "./replies.ts";
import type { Resource } from "./resource.ts";

const address = (kind: string): FieldSheet =>
  Object.fromEntries(
    ["address1", "address2", "city", "state", "zip"].map((part) => [`${kind}_${part}`, { kind: "text" }]),
  );

const fields: FieldSheet = {
  first_name: { kind: "text", required: true },
  last_name: { kind: "text", required: true },
  company_name: { kind: "text" },
  email: { kind: "text" },
  phone: { kind: "text" },
  customer_type: { kind: "word", words: ["Residential", "Commercial"], default: "Residential" },
  is_vip: { kind: "flag", default: false },
  ...address("physical"),
  ...address("billing"),
  primary_service_location_uuid: { kind: "of", collection: "locations" },
  notes: { kind: "text" },
  internal_flags: { kind: "json" },
  on_my_way_notify_via: { kind: "text" },
};

const filters: Record<string, (customer: Record<string, unknown>) => boolean> = {
  all: () => true,
  residential: (customer) => customer["customer_type"] === "Residential",
  commercial: (customer) => customer["customer_type"] === "Commercial",
  vip: (customer) => customer["is_vip"] === true,
};

export const customers: Resource = {
  name: "customers",
  singular: "customer",
  fields,
  filter: ({ request }, records) => {
    const name = request.query.get("filter") ?? "all";
    const kept = records.filter(filters[name] ?? invalid(`filter must be one of: ${Object.keys(filters).join(", ")}`));
    return bySearch(request.query, ["first_name", "last_name", "company_name", "email", "phone", "uuid"], kept);
  },
  printInList: (_context, customer) => customer,
  printAlone: (_context, customer) => customer,
  complete: (_context, customer) => customer,
};
