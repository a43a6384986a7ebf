import type { JsonRecord } from "../kit/json.ts";
import { type Context, Refusal, type Reply, type Route } from "../kit/vendor.ts";
import { bodyFields, type Kind } from "./body-fields.ts";
import { freshId, listRoute, pathOf, printed, readRoute, route, sent, shelfOf, stored } from "./endpoints.ts";
import { PRIORITIES } from "./jpm-job-list.ts";
import { type ListRules, usualSort } from "./list.ts";
import { absent, conflict } from "./problems.ts";
import { createdAndModified } from "./query.ts";

const bookingList: ListRules = {
  sort: usualSort,
  filters: { ...createdAndModified, externalId: (value) => (booking) => booking["externalId"] === value },
};

const needed: Readonly<Record<string, Kind>> = {
  source: "string",
  name: "string",
  summary: "string",
  isFirstTimeClient: "boolean",
  externalId: "string",
};

const detail: Readonly<Record<string, Kind>> = {
  address: "object",
  contacts: "objects",
  customerType: ["Residential", "Commercial"],
  start: "instant",
  campaignId: "integer",
  businessUnitId: "integer",
  jobTypeId: "integer",
  priority: PRIORITIES,
  uploadedImages: "strings",
  isSendConfirmationEmail: "boolean",
};

const newBooking = bodyFields(needed, detail);
const changedBooking = bodyFields({}, { ...needed, ...detail });

const emptyBooking: JsonRecord = {
  address: null,
  customerType: null,
  start: null,
  campaignId: null,
  businessUnitId: null,
  jobTypeId: null,
  priority: "Normal",
  uploadedImages: [],
  isSendConfirmationEmail: false,
  status: "New",
  dismissingReasonId: null,
  jobId: null,
};

/** The provider in the path; ids of providers are numbers, but a word is taken as it stands. */
function providerOf(context: Context): number | string {
  const text = context.request.params["provider"] ?? "";
  return /^\d+$/.test(text) ? Number(text) : text;
}

const ofProvider = (booking: JsonRecord, context: Context): boolean =>
  booking["bookingProviderId"] === providerOf(context);

/** A booking as printed: its contacts are another resource. */
const shown = (booking: JsonRecord, context: Context): JsonRecord => {
  const { contacts: _, ...plain } = printed(booking, context);
  return plain;
};

/** A lead for the office. Nothing makes `externalId` unique unless the dial says so: the caller must look first. */
function createBooking(context: Context): Reply {
  const fields = sent(context, newBooking);
  const provider = providerOf(context);
  const twin = shelfOf(context)
    .records("bookings")
    .find((one) => one["bookingProviderId"] === provider && one["externalId"] === fields["externalId"]);
  if (twin && context.dials.flag("bookingExternalIdUnique")) {
    throw new Refusal(conflict(`A booking with external id ${String(fields["externalId"])} exists.`));
  }
  const id = freshId(context, "bookings");
  const booking = context.store.create("bookings", { ...emptyBooking, ...fields, id, bookingProviderId: provider });
  return { status: 200, body: shown(booking, context) };
}

function updateBooking(context: Context): Reply {
  const booking = stored(context, "bookings", "Booking");
  if (!ofProvider(booking, context)) throw new Refusal(absent("Booking", Number(booking["id"])));
  if (booking["status"] === "Converted" || booking["status"] === "Dismissed") {
    throw new Refusal(conflict(`Booking ${Number(booking["id"])} is ${String(booking["status"]).toLowerCase()}.`));
  }
  return {
    status: 200,
    body: shown(context.store.update("bookings", String(booking["id"]), sent(context, changedBooking)), context),
  };
}

function getOfProvider(context: Context): Reply {
  const booking = stored(context, "bookings", "Booking");
  return ofProvider(booking, context)
    ? { status: 200, body: shown(booking, context) }
    : absent("Booking", Number(booking["id"]));
}

const provided = "/booking-provider/{provider}/bookings";

export const bookingRoutes: Route[] = [
  listRoute("crm", "/bookings", "listBookingByTenant", "bookings", bookingList, undefined, shown),
  readRoute("crm", "/bookings/{id}", "getBookingByTenant", "bookings", "Booking", shown),
  listRoute("crm", provided, "listBookingByProvider", "bookings", bookingList, ofProvider, shown),
  route("POST", "crm", provided, "createBookingByProvider", createBooking),
  { method: "GET", path: pathOf("crm", `${provided}/{id}`), operation: "getBookingByProvider", handle: getOfProvider },
  route("PATCH", "crm", `${provided}/{id}`, "updateBooking", updateBooking),
];
