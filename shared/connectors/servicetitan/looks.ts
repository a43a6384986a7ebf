import { addHours } from "#shared/domain/time.ts";
import type { Look, LookedFor, LookOf } from "../connector.ts";
import type { Inputs } from "./action.ts";

/** What was made lately, the newest first; clocks may be apart. */
const lately = (at: string): Inputs => ({ createdOnOrAfter: addHours(at, -1), pageSize: 200, sort: "-CreatedOn" });

/** Inputs that steer the write and are no member of the record. */
const steering = ["debugRequest", "shouldUpdateInvoiceItems", "isSendConfirmationEmail", "bookingProvider"];

function sent(given: Inputs, ...without: readonly string[]): Inputs {
  const left = [...steering, ...without];
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value !== undefined && !left.includes(name)),
  );
}

function picked(given: Inputs, ...names: readonly string[]): Inputs {
  return Object.fromEntries(names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])));
}

/**
 * One record, read by its id, shows what was sent. External data is shown to the application it belongs to, and as the
 * pairs alone.
 */
const shows =
  (read: string, id: string): LookOf =>
  (given) => {
    const { applicationGuid, externalData } = membersOf(given["externalData"]);
    const named = applicationGuid === undefined ? {} : { externalDataApplicationGuid: applicationGuid };
    const pairs = externalData === undefined ? {} : { externalData };
    const input = { ...picked(given, id), ...named };
    return { read, input, rows: "", wants: [{ shows: { ...sent(given, id), ...pairs } }], expect: "there" };
  };

/** A record made lately, that the filter finds, with the members that tell it from others. */
const appears =
  (read: string, filters: readonly string[], tells: readonly string[]): LookOf =>
  (given, at) => ({
    read,
    input: { ...picked(given, ...filters), ...lately(at) },
    rows: "data",
    wants: [{ of: picked(given, ...tells) }],
    expect: "new",
  });

/** Invoices and payments have no read by id: the list of that one id. */
const listed = (read: string, ids: readonly unknown[], wants: readonly LookedFor[]): Look => ({
  read,
  input: { ids, activeState: "All" },
  rows: "data",
  wants,
  expect: "there",
});

const ofFields =
  (read: string): LookOf =>
  ({ operations }) => {
    const changes = rowsOf(operations).slice(0, 50);
    return listed(
      read,
      changes.map((one) => one["objectId"]),
      changes.map(({ objectId, customFields }) => ({ of: { id: objectId }, shows: { customFields } })),
    );
  };

const contactOf = ({ customerId }: Inputs): Pick<Look, "read" | "input" | "rows"> => ({
  read: "listCustomersContact",
  input: { customerId, pageSize: 500 },
  rows: "data",
});

const contactGone: LookOf = (given) => ({
  ...contactOf(given),
  wants: [{ of: { id: given["customerContactId"] } }],
  expect: "gone",
});

/** Technicians of one appointment; an assignment that ended stays in the list, not active. */
const crew = (given: Inputs, expect: "there" | "gone"): Look => ({
  read: "listAppointmentsAssignment",
  input: { appointmentIds: [given["jobAppointmentId"]], active: "Any", pageSize: 500 },
  rows: "data",
  wants: listOf(given["technicianIds"]).map((technicianId) => ({
    of: { appointmentId: given["jobAppointmentId"], technicianId, ...(expect === "gone" ? { active: true } : {}) },
    shows: { active: true },
  })),
  expect,
});

/** The shares of a payment are inputs by invoice and amount, and printed as `appliedTo` and `appliedAmount`. */
function shares(splits: unknown): Inputs[] {
  return rowsOf(splits).map(({ invoiceId, invoiceNumber, amount }) => ({
    ...(invoiceId === undefined ? { appliedToReferenceNumber: invoiceNumber } : { appliedTo: invoiceId }),
    appliedAmount: amount,
  }));
}

const payments: Readonly<Record<string, LookOf>> = {
  createPayment: ({ splits, ...given }, at) => {
    const [first] = rowsOf(splits);
    if (first === undefined) return null;
    const { invoiceId, invoiceNumber } = first;
    return {
      read: "listPayments",
      input: {
        ...lately(at),
        ...(invoiceId === undefined
          ? { appliedToReferenceNumber: invoiceNumber }
          : { appliedToInvoiceIds: [invoiceId] }),
      },
      rows: "data",
      wants: [{ of: { ...picked(given, "typeId", "checkNumber", "authCode", "memo"), appliedTo: shares(splits) } }],
      expect: "new",
    };
  },
  updatePayment: ({ paymentId, splits, ...given }) =>
    listed(
      "listPayments",
      [paymentId],
      [{ of: { id: paymentId }, shows: { ...sent(given, "status"), appliedTo: shares(splits) } }],
    ),
  updatePaymentCustomFields: ofFields("listPayments"),
};

const invoices: Readonly<Record<string, LookOf>> = {
  createInvoices: appears("listInvoices", ["adjustmentToId"], ["adjustmentToId", "summary"]),
  updateInvoice: ({ invoiceId, number, subtotal, tax, ...given }) => {
    const renamed = { referenceNumber: number, subTotal: subtotal, salesTax: tax };
    const shows = sent({ ...given, ...renamed }, "payments");
    return listed("listInvoices", [invoiceId], [{ of: { id: invoiceId }, shows }]);
  },
  updateInvoiceCustomFields: ofFields("listInvoices"),
  /** A line with an id is changed, one without is added. */
  updateInvoiceItems: ({ invoiceId, ...line }) => ({
    read: "listInvoices",
    input: { ids: [invoiceId], activeState: "All" },
    rows: "data.0.items",
    wants: [line["id"] === undefined ? { of: sent(line) } : { of: picked(line, "id"), shows: sent(line, "id") }],
    expect: line["id"] === undefined ? "new" : "there",
  }),
  deleteInvoiceItem: ({ invoiceId, itemId }) => ({
    read: "listInvoices",
    input: { ids: [invoiceId], activeState: "All" },
    rows: "data.0.items",
    wants: [{ of: { id: itemId } }],
    expect: "gone",
  }),
};

const jobs: Readonly<Record<string, LookOf>> = {
  assignTechnicians: (given) => crew(given, "there"),
  unassignTechnicians: (given) => crew(given, "gone"),
  cancelJob: ({ jobId }) => ({
    read: "getJob",
    input: { jobId },
    rows: "",
    wants: [{ shows: { jobStatus: "Canceled" } }],
    expect: "there",
  }),
  createJob: appears("listJobs", ["customerId"], ["customerId", "locationId", "businessUnitId", "jobTypeId"]),
  updateJob: shows("getJob", "jobId"),
  createAppointment: (given) => ({
    read: "listAppointments",
    input: { ...picked(given, "jobId"), pageSize: 200 },
    rows: "data",
    wants: [{ of: picked(given, "jobId", "start", "end") }],
    expect: "new",
  }),
  deleteAppointment: ({ appointmentId }) => ({
    read: "getAppointment",
    input: { appointmentId },
    rows: "",
    wants: [{ of: { id: appointmentId } }],
    expect: "gone",
  }),
  rescheduleAppointment: shows("getAppointment", "appointmentId"),
};

/**
 * How each write is found again; the words for it stand in its row. An upload is found by a path that only its answer
 * tells, and a raw request by nothing that is known here: those two have none.
 */
export const looks: Readonly<Record<string, LookOf>> = {
  ...jobs,
  ...invoices,
  ...payments,
  createProject: appears("listProjects", ["locationId"], ["locationId", "name", "projectTypeId"]),
  updateProject: shows("getProject", "projectId"),
  createInstalledEquipment: (given, at) => ({
    read: "listInstalledEquipment",
    input: { ...lately(at), locationIds: [given["locationId"]] },
    rows: "data",
    wants: [{ of: picked(given, "locationId", "name", "serialNumber") }],
    expect: "new",
  }),
  updateInstalledEquipment: shows("getInstalledEquipment", "installedEquipmentId"),
  createBookingByProvider: (given) => ({
    read: "listBookingByProvider",
    input: picked(given, "bookingProvider", "externalId"),
    rows: "data",
    wants: [{ of: picked(given, "externalId") }],
    expect: "new",
  }),
  updateBooking: (given) => ({
    read: "getBookingByProvider",
    input: picked(given, "bookingProvider", "bookingId"),
    rows: "",
    wants: [{ shows: sent(given, "bookingId") }],
    expect: "there",
  }),
  createCustomer: appears("listCustomers", ["name"], ["name"]),
  updateCustomer: shows("getCustomer", "customerId"),
  createCustomerContact: (given) => ({
    ...contactOf(given),
    wants: [{ of: picked(given, "type", "value") }],
    expect: "new",
  }),
  updateCustomerContact: (given) => ({
    ...contactOf(given),
    wants: [{ of: { id: given["customerContactId"] }, shows: sent(given, "customerId", "customerContactId") }],
    expect: "there",
  }),
  deletCustomersContact: contactGone,
  deleteCustomersContact: contactGone,
  createLocation: appears("listLocations", ["customerId", "name"], ["customerId", "name"]),
  updateLocation: shows("getLocation", "locationId"),
  /** The list of technicians has no sort. */
  createTechnician: ({ name }, at) => ({
    read: "listTechnicians",
    input: { name, createdOnOrAfter: addHours(at, -1), pageSize: 200 },
    rows: "data",
    wants: [{ of: { name } }],
    expect: "new",
  }),
  updateTechnician: shows("getTechnician", "technicianId"),
};

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function rowsOf(value: unknown): readonly Inputs[] {
  return listOf(value).map(membersOf);
}

function membersOf(value: unknown): Inputs {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
