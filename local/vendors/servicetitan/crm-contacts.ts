import type { JsonRecord } from "../kit/json.ts";
import { type Context, Refusal, type Reply, type Route } from "../kit/vendor.ts";
import { bodyFields } from "./body-fields.ts";
import { EMPTY, freshId, idInPath, listRoute, pathOf, printed, route, sent, stored } from "./endpoints.ts";
import { absent, conflict, invalid } from "./problems.ts";
import { createdAndModified, wholeNumbers } from "./query.ts";

const CONTACT_TYPES = ["Phone", "Email", "Fax", "MobilePhone"] as const;

const newContact = bodyFields({ type: CONTACT_TYPES, value: "string" }, { memo: "string" });
const changedContact = bodyFields({}, { type: CONTACT_TYPES, value: "string", memo: "string" });

/** A contact as printed: phones carry their settings. Only the list over all customers names the customer. */
function shown(
  contact: JsonRecord,
  context: { request: { params: Record<string, string> } } & Parameters<typeof printed>[1],
): JsonRecord {
  const { customerId, phoneSettings, ...plain } = printed(contact, context);
  const isPhone = plain["type"] === "Phone" || plain["type"] === "MobilePhone";
  const settings = phoneSettings ?? (isPhone ? { phoneNumber: plain["value"] ?? null, doNotText: false } : null);
  return {
    ...plain,
    phoneSettings: settings,
    ...(context.request.params["id"] === undefined ? { customerId: customerId ?? null } : {}),
  };
}

function activeCustomer(context: Context): JsonRecord {
  const customer = stored(context, "customers", "Customer");
  if (customer["active"] === false)
    throw new Refusal(conflict(`Customer ID = ${Number(customer["id"])} is not active`));
  return customer;
}

function contactInPath(context: Context): JsonRecord {
  const contact = stored(context, "contacts", "Contact", idInPath(context, "contactId"));
  if (contact["customerId"] !== idInPath(context)) throw new Refusal(absent("Contact", Number(contact["id"])));
  return contact;
}

function createContact(context: Context): Reply {
  const customer = activeCustomer(context);
  const fields = sent(context, newContact);
  const id = freshId(context, "contacts");
  const contact = context.store.create("contacts", { memo: null, ...fields, id, customerId: customer["id"] ?? null });
  return { status: 200, body: shown(contact, context) };
}

function updateContact(context: Context): Reply {
  activeCustomer(context);
  const contact = contactInPath(context);
  return {
    status: 200,
    body: shown(context.store.update("contacts", String(contact["id"]), sent(context, changedContact)), context),
  };
}

function deleteContact(context: Context): Reply {
  activeCustomer(context);
  context.store.remove("contacts", String(contactInPath(context)["id"]));
  return EMPTY;
}

const ofAll = listRoute(
  "crm",
  "/customers/contacts",
  "listCustomersContact",
  "contacts",
  { filters: { ...createdAndModified, customerIds: wholeNumbers("customerId") } },
  undefined,
  shown,
);

/** The list over all customers needs one bound of the modified time. */
const contactsOfAll: Route = {
  ...ofAll,
  path: pathOf("crm", "/customers/contacts"),
  handle: (context) => {
    const { query } = context.request;
    if (query.has("modifiedOnOrAfter") || query.has("modifiedBefore")) return ofAll.handle(context);
    return invalid({ modifiedOnOrAfter: ["modifiedOnOrAfter or modifiedBefore is required."] });
  },
};

export const contactRoutes: Route[] = [
  contactsOfAll,
  listRoute(
    "crm",
    "/customers/{id}/contacts",
    "listCustomersContact",
    "contacts",
    { filters: {} },
    (contact, context) => contact["customerId"] === idInPath(context),
    shown,
  ),
  route("POST", "crm", "/customers/{id}/contacts", "createCustomerContact", createContact),
  route("PATCH", "crm", "/customers/{id}/contacts/{contactId}", "updateCustomerContact", updateContact),
  route("DELETE", "crm", "/customers/{id}/contacts/{contactId}", "deletCustomersContact", deleteContact),
];
