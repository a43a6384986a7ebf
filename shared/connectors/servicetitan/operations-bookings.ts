import * as z from "#shared/domain/schema.ts";
import { get, list, usual, write } from "./action.ts";
import { pageOf } from "./fields.ts";
import {
  addressIn,
  contactsIn,
  created,
  customerType,
  fewIds,
  flag,
  id,
  instant,
  modified,
  optional,
  priority,
  text,
} from "./inputs.ts";
import { booking } from "./schemas-people.ts";

const crm = { module: "crm" } as const;
const provider = optional({ bookingProvider: text });

const bookingFields = optional({
  address: addressIn,
  customerType,
  start: instant,
  campaignId: id,
  businessUnitId: id,
  jobTypeId: id,
  priority,
  uploadedImages: z.array(text),
});
const bookingCore = { source: text, name: text, summary: text, isFirstTimeClient: flag, externalId: text };

const createBookingByProvider = write(
  {
    ...crm,
    key: "createBookingByProvider",
    about: "A booking for the office to convert into a job; with isSendConfirmationEmail the customer is written to.",
    path: "/booking-provider/{bookingProvider}/bookings",
    repeatable: false,
    notifies: "customer",
    happened: "listBookingByProvider with externalId",
  },
  {
    ...provider,
    ...bookingCore,
    ...bookingFields,
    ...optional({ contacts: contactsIn, isSendConfirmationEmail: flag }),
  },
  booking,
);

const getBookingByProvider = get(
  {
    ...crm,
    key: "getBookingByProvider",
    about: "One booking of a provider.",
    path: "/booking-provider/{bookingProvider}/bookings/{bookingId}",
  },
  { ...provider, bookingId: id },
  booking,
);

const updateBooking = write(
  {
    ...crm,
    key: "updateBooking",
    about: "Changes the fields of a booking that are sent.",
    method: "PATCH",
    path: "/booking-provider/{bookingProvider}/bookings/{bookingId}",
    repeatable: true,
    notifies: "unknown",
    happened: "getBookingByProvider shows the fields that were sent",
  },
  { ...provider, bookingId: id, ...optional(bookingCore), ...bookingFields },
  booking,
);

const bookingFilters = { ...created, ...modified, ...optional({ ids: fewIds, externalId: text }) };

const listBookingByProvider = list(
  {
    ...crm,
    key: "listBookingByProvider",
    about: "Bookings of a provider.",
    path: "/booking-provider/{bookingProvider}/bookings",
  },
  usual,
  { ...provider, ...bookingFilters },
  pageOf(booking),
);

const getBookingByTenant = get(
  { ...crm, key: "getBookingByTenant", about: "One booking, of whatever provider.", path: "/bookings/{bookingId}" },
  { bookingId: id },
  booking,
);

const listBookingByTenant = list(
  { ...crm, key: "listBookingByTenant", about: "Bookings of all providers.", path: "/bookings" },
  usual,
  bookingFilters,
  pageOf(booking),
);

/** By key, as `operations.ts` gathers them. */
export const bookingOperations = {
  createBookingByProvider,
  getBookingByProvider,
  updateBooking,
  listBookingByProvider,
  getBookingByTenant,
  listBookingByTenant,
} as const;
