import { isRecord, type Json, type JsonRecord } from "../kit/json.ts";
import { type Context, Refusal, type Reply, type Route } from "../kit/vendor.ts";
import { bodyFields, type Kind, knownFields } from "./body-fields.ts";
import { PROFILE_MODIFIED } from "./consequences.ts";
import { freshId, listRoute, mustExist, printed, readRoute, route, sent, shelfOf, stored } from "./endpoints.ts";
import { pairFilters, withExternalData } from "./external-data.ts";
import { type ListRules, usualSort } from "./list.ts";
import { invalid } from "./problems.ts";
import {
  after,
  before,
  containsText,
  createdAndModified,
  type Filters,
  onOrAfter,
  sameNumber,
  sameText,
  wholeNumber,
} from "./query.ts";

const CUSTOMER_TYPES = ["Residential", "Commercial"] as const;

const address: Filters = {
  street: containsText("address.street"),
  unit: sameText("address.unit"),
  city: sameText("address.city"),
  state: sameText("address.state"),
  zip: sameText("address.zip"),
  country: sameText("address.country"),
  latitude: sameNumber("address.latitude"),
  longitude: sameNumber("address.longitude"),
};

/** Changes of accounting move a customer's modifiedOn; the exclude flag asks for the others only. */
const modifiedWithout = (query: URLSearchParams, lower: typeof after): Filters => {
  const path =
    query.get("excludeAccountingChangesFromModifiedDateRange")?.toLowerCase() === "true" ? PROFILE_MODIFIED : null;
  if (path === null) return { modifiedOnOrAfter: lower("modifiedOn") };
  const either = (make: typeof before) => (value: string) => {
    const profile = make(path)(value);
    const plain = make("modifiedOn")(value);
    if (!profile || !plain) return null;
    return (record: JsonRecord, shelf: Parameters<typeof profile>[1]) =>
      record[path] === undefined ? plain(record, shelf) : profile(record, shelf);
  };
  return { modifiedOnOrAfter: either(lower), modifiedBefore: either(before) };
};

const digits = (value: string): string => value.replace(/\D/g, "");

const customerList = (lower: typeof after): ListRules => ({
  sort: usualSort,
  active: { parameter: "active", unasked: "active" },
  joined: (query, dials) => ({ ...modifiedWithout(query, lower), ...pairFilters(query, dials) }),
  filters: {
    ...createdAndModified,
    ...address,
    name: containsText("name"),
    phone: (value) => (customer, shelf) =>
      shelf
        .records("contacts")
        .some((one) => one["customerId"] === customer["id"] && digits(String(one["value"])) === digits(value)),
  },
});

const customersFrom = (lower: typeof after): Route =>
  listRoute("crm", "/customers", "listCustomers", "customers", customerList(lower));

const modifiedAfter = customersFrom(after);
const modifiedOnOrAfter = customersFrom(onOrAfter);

/** The list's own words for its lower bound are "modified after". */
const listCustomers: Route = {
  ...modifiedAfter,
  handle: (context) =>
    (context.dials.flag("customersModifiedAfter") ? modifiedAfter : modifiedOnOrAfter).handle(context),
};

const locationList: ListRules = {
  joined: pairFilters,
  sort: usualSort,
  active: { parameter: "active", unasked: "active" },
  filters: { ...createdAndModified, ...address, name: containsText("name"), customerId: wholeNumber("customerId") },
};

const detail: Readonly<Record<string, Kind>> = {
  customFields: "objects",
  tagTypeIds: "integers",
  externalData: "object",
};
const flags: Readonly<Record<string, Kind>> = { type: CUSTOMER_TYPES, doNotMail: "boolean", doNotService: "boolean" };

const newCustomer = bodyFields(
  { name: "string", address: "object", locations: "objects" },
  { ...detail, ...flags, contacts: "objects" },
);
const changedCustomer = bodyFields({}, { ...detail, ...flags, name: "string", address: "object", active: "boolean" });
const newLocation = bodyFields(
  { customerId: "integer", name: "string", address: "object" },
  { ...detail, contacts: "objects", taxZoneId: "integer" },
);
const changedLocation = bodyFields(
  {},
  { ...detail, customerId: "integer", name: "string", address: "object", active: "boolean", taxZoneId: "integer" },
);
const contactOfLocation = bodyFields({ type: "string", value: "string" }, { memo: "string" });

function checked(body: Json, known: Parameters<typeof knownFields>[1]): JsonRecord {
  const { fields, errors } = knownFields(body, known);
  if (Object.keys(errors).length > 0) throw new Refusal(invalid(errors));
  return fields;
}

function externalDataAfter(old: Json | undefined, sentData: Json | undefined): JsonRecord {
  return sentData === undefined ? {} : { externalData: withExternalData(old, sentData) };
}

function openLocation(context: Context, fields: JsonRecord): JsonRecord {
  const { contacts, externalData, ...plain } = fields;
  const id = freshId(context, "locations");
  const location = context.store.create("locations", {
    customFields: [],
    tagTypeIds: [],
    taxZoneId: null,
    zoneId: null,
    mergedToId: null,
    createdById: 1,
    active: true,
    ...plain,
    id,
    externalData: withExternalData(undefined, externalData),
  });
  for (const body of Array.isArray(contacts) ? contacts : []) {
    const contact = checked(body, contactOfLocation);
    context.store.create("locationContacts", {
      memo: null,
      ...contact,
      id: freshId(context, "locationContacts"),
      locationId: id,
    });
  }
  return location;
}

const withoutOwner = ({ customerId: _c, locationId: _l, createdOn: _o, modifiedOn: _m, ...contact }: JsonRecord) =>
  contact;

function locationWithContacts(context: Context, location: JsonRecord): JsonRecord {
  const contacts = shelfOf(context)
    .records("locationContacts")
    .filter((one) => one["locationId"] === location["id"]);
  return { ...printed(location, context), contacts: contacts.map((one) => withoutOwner(printed(one, context))) };
}

/** A customer as writes answer it: with its locations and contacts, which reads leave out. */
function whole(context: Context, id: number): JsonRecord {
  const shelf = shelfOf(context);
  const mine = (record: JsonRecord) => record["customerId"] === id;
  return {
    ...printed(stored(context, "customers", "Customer", id), context),
    locations: shelf
      .records("locations")
      .filter(mine)
      .map((location) => locationWithContacts(context, location)),
    contacts: shelf
      .records("contacts")
      .filter(mine)
      .map((contact) => withoutOwner(printed(contact, context))),
  };
}

function createCustomer(context: Context): Reply {
  const { locations, contacts, externalData, ...plain } = sent(context, newCustomer);
  const places = Array.isArray(locations) ? locations.filter(isRecord) : [];
  if (places.length === 0) throw new Refusal(invalid({ locations: ["At least one location is required."] }));
  const id = freshId(context, "customers");
  context.store.create("customers", {
    type: "Residential",
    customFields: [],
    tagTypeIds: [],
    doNotMail: false,
    doNotService: false,
    balance: 0,
    createdById: 1,
    mergedToId: null,
    active: true,
    ...plain,
    id,
    externalData: withExternalData(undefined, externalData),
  });
  for (const place of places) openLocation(context, checked({ ...place, customerId: id }, newLocation));
  for (const body of Array.isArray(contacts) ? contacts : []) {
    const contact = checked(body, contactOfLocation);
    context.store.create("contacts", { memo: null, ...contact, id: freshId(context, "contacts"), customerId: id });
  }
  return { status: 200, body: whole(context, id) };
}

function updateCustomer(context: Context): Reply {
  const customer = stored(context, "customers", "Customer");
  const { externalData, ...plain } = sent(context, changedCustomer);
  const after = { ...plain, ...externalDataAfter(customer["externalData"], externalData) };
  context.store.update("customers", String(customer["id"]), after);
  return { status: 200, body: whole(context, Number(customer["id"])) };
}

function createLocation(context: Context): Reply {
  const fields = sent(context, newLocation);
  mustExist(context, "customerId", "customers", fields["customerId"]);
  return { status: 200, body: locationWithContacts(context, openLocation(context, fields)) };
}

function updateLocation(context: Context): Reply {
  const location = stored(context, "locations", "Location");
  const { externalData, ...plain } = sent(context, changedLocation);
  const after = { ...plain, ...externalDataAfter(location["externalData"], externalData) };
  return { status: 200, body: printed(context.store.update("locations", String(location["id"]), after), context) };
}

export const customerRoutes: Route[] = [
  listCustomers,
  route("POST", "crm", "/customers", "createCustomer", createCustomer),
  readRoute("crm", "/customers/{id}", "getCustomer", "customers", "Customer"),
  route("PATCH", "crm", "/customers/{id}", "updateCustomer", updateCustomer),
  listRoute("crm", "/locations", "listLocations", "locations", locationList),
  route("POST", "crm", "/locations", "createLocation", createLocation),
  readRoute("crm", "/locations/{id}", "getLocation", "locations", "Location"),
  route("PATCH", "crm", "/locations/{id}", "updateLocation", updateLocation),
];
