import * as z from "#shared/domain/schema.ts";
import { get, type Inputs, list, nothing, type Route, usual, write } from "./action.ts";
import { pageOf } from "./fields.ts";
import {
  active,
  byAddress,
  contactsIn,
  contactType,
  created,
  customerType,
  customFieldsIn,
  externalDataFilter,
  externalDataIn,
  fewIds,
  flag,
  guid,
  id,
  ids,
  modified,
  newExternalData,
  optional,
  placeIn,
  text,
} from "./inputs.ts";
import { contact, customer, location } from "./schemas-people.ts";

const crm = { module: "crm" } as const;
const quiet = { notifies: "none" } as const;
const tagged = { customFields: customFieldsIn, tagTypeIds: ids };
const made = optional({ ...tagged, externalData: newExternalData });
const changed = optional({ ...tagged, externalData: externalDataIn });
const newLocation = z.strictObject({ name: text, address: placeIn, ...optional({ contacts: contactsIn }), ...made });

const createCustomer = write(
  {
    ...crm,
    ...quiet,
    key: "createCustomer",
    about: "A customer with at least one location.",
    path: "/customers",
    repeatable: false,
    happened: "listCustomers with name and createdOnOrAfter",
  },
  {
    name: text,
    address: placeIn,
    locations: z.array(newLocation).check(z.minLength(1)),
    ...optional({ type: customerType, contacts: contactsIn, doNotMail: flag, doNotService: flag }),
    ...made,
  },
  customer,
);

const getCustomer = get(
  { ...crm, key: "getCustomer", about: "One customer; its balance is a number.", path: "/customers/{customerId}" },
  { customerId: id, ...optional({ externalDataApplicationGuid: guid }) },
  customer,
);

const updateCustomer = write(
  {
    ...crm,
    ...quiet,
    key: "updateCustomer",
    about: "Changes the fields that are sent; customFields and tagTypeIds replace the whole list.",
    method: "PATCH",
    path: "/customers/{customerId}",
    repeatable: true,
    happened: "getCustomer shows the fields that were sent",
  },
  {
    customerId: id,
    ...optional({
      name: text,
      type: customerType,
      address: placeIn,
      doNotMail: flag,
      doNotService: flag,
      active: flag,
    }),
    ...changed,
  },
  customer,
);

const listCustomers = list(
  {
    ...crm,
    key: "listCustomers",
    about: "Customers; only active ones unless active says otherwise.",
    path: "/customers",
  },
  usual,
  {
    ...created,
    ...modified,
    ...active,
    ...byAddress,
    ...externalDataFilter,
    ...optional({ ids: fewIds, excludeAccountingChangesFromModifiedDateRange: flag, name: text, phone: text }),
  },
  pageOf(customer),
);

const createCustomerContact = write(
  {
    ...crm,
    ...quiet,
    key: "createCustomerContact",
    about: "Adds a phone, e-mail or fax to an active customer.",
    path: "/customers/{customerId}/contacts",
    repeatable: false,
    happened: "listCustomersContact with customerId shows the value",
  },
  { customerId: id, type: contactType, value: text, ...optional({ memo: text }) },
  contact,
);

const updateCustomerContact = write(
  {
    ...crm,
    ...quiet,
    key: "updateCustomerContact",
    about: "Changes a contact of a customer.",
    method: "PATCH",
    path: "/customers/{customerId}/contacts/{customerContactId}",
    repeatable: true,
    happened: "listCustomersContact with customerId shows the value",
  },
  { customerId: id, customerContactId: id, ...optional({ type: contactType, value: text, memo: text }) },
  contact,
);

const removal = {
  ...crm,
  ...quiet,
  about: "Removes a contact from a customer.",
  method: "DELETE",
  path: "/customers/{customerId}/contacts/{customerContactId}",
  repeatable: true,
  happened: "listCustomersContact with customerId no longer shows it",
} as const;
const contactInPath = { customerId: id, customerContactId: id };

/** The document's own spelling, and the right one. */
const deletCustomersContact = write({ ...removal, key: "deletCustomersContact" }, contactInPath, nothing);
const deleteCustomersContact = write({ ...removal, key: "deleteCustomersContact" }, contactInPath, nothing);

/**
 * The API has two lists: of one customer, which takes no filter, and with a modified filter of all customers, which takes
 * their ids in a list. An input that the path would ignore is refused.
 */
function contactRoute(input: Inputs): Route {
  const { customerId, customerIds, ...rest } = input;
  if (input["modifiedBefore"] === undefined && input["modifiedOnOrAfter"] === undefined) {
    const ignored = ["customerIds", "createdBefore", "createdOnOrAfter"].find((name) => input[name] !== undefined);
    return ignored === undefined
      ? { path: "/customers/{customerId}/contacts", input }
      : { refused: `${ignored}: taken only together with modifiedOnOrAfter or modifiedBefore` };
  }
  const listed: readonly unknown[] = Array.isArray(customerIds) ? customerIds : [];
  const ids = [customerId, ...listed].filter((one) => one !== undefined);
  return { path: "/customers/contacts", input: ids.length === 0 ? rest : { ...rest, customerIds: ids } };
}

const listCustomersContact = list(
  {
    ...crm,
    key: "listCustomersContact",
    about: "Contacts of one customer; with a modified filter, of all customers or of customerIds.",
    path: "/customers/{customerId}/contacts",
    route: contactRoute,
  },
  [],
  { ...created, ...modified, ...optional({ customerId: id, customerIds: ids }) },
  pageOf(contact),
);

const createLocation = write(
  {
    ...crm,
    ...quiet,
    key: "createLocation",
    about: "Adds a location to a customer.",
    path: "/locations",
    repeatable: false,
    happened: "listLocations with customerId and name",
  },
  { customerId: id, name: text, address: placeIn, ...optional({ contacts: contactsIn }), ...made },
  location,
);

const getLocation = get(
  { ...crm, key: "getLocation", about: "One location.", path: "/locations/{locationId}" },
  { locationId: id, ...optional({ externalDataApplicationGuid: guid }) },
  location,
);

const updateLocation = write(
  {
    ...crm,
    ...quiet,
    key: "updateLocation",
    about: "Changes the fields that are sent.",
    method: "PATCH",
    path: "/locations/{locationId}",
    repeatable: true,
    happened: "getLocation shows the fields that were sent",
  },
  {
    locationId: id,
    ...optional({ customerId: id, name: text, address: placeIn, active: flag, taxZoneId: id }),
    ...changed,
  },
  location,
);

const listLocations = list(
  {
    ...crm,
    key: "listLocations",
    about: "Locations; only active ones unless active says otherwise.",
    path: "/locations",
  },
  usual,
  {
    ...created,
    ...modified,
    ...active,
    ...byAddress,
    ...externalDataFilter,
    ...optional({ ids: fewIds, name: text, customerId: id }),
  },
  pageOf(location),
);

/** By key, as `operations.ts` gathers them. */
export const customerOperations = {
  createCustomer,
  getCustomer,
  updateCustomer,
  listCustomers,
  createCustomerContact,
  updateCustomerContact,
  deletCustomersContact,
  deleteCustomersContact,
  listCustomersContact,
  createLocation,
  getLocation,
  updateLocation,
  listLocations,
} as const;
