import type { JsonRecord } from "./demo.ts";
import { localDay } from "./instants.ts";
import type { Customer, Technician } from "./people.ts";
import type { World } from "./world.ts";

/** What Ridgeline's office does in ServiceTitan. Each function is one thing somebody does in its screens. */

export const units = {
  denver: { id: 71, name: "Denver Service" },
  boulder: { id: 72, name: "Boulder Branch" },
  fleet: { id: 74, name: "Fleet" },
} as const;
export const CANCEL_REASON = 1088;
const LONG_AGO = "2026-02-11T16:20:00.000Z";

export type Visit = { start: string; end: string };
export type OfficeJob = {
  id: number;
  number: string;
  invoice: number;
  visits: { id: number; crew: { assignment: number; technician: Technician }[] }[];
};

const addressOf = (customer: Customer): JsonRecord => ({
  street: customer.street,
  unit: null,
  city: customer.city,
  state: "CO",
  zip: customer.zip,
  country: "USA",
});

export const officeName = (customer: Customer): string => customer.company ?? `${customer.first} ${customer.last}`;

/** Technicians, business units, cancel reasons: there from the first. */
export function furnishOffice(world: World): void {
  const { st } = world;
  for (const unit of Object.values(units)) {
    const plain = {
      id: unit.id,
      active: true,
      name: unit.name,
      officialName: unit.name,
      currency: "USD",
      externalData: [],
    };
    st.create(LONG_AGO, "businessUnits", plain, "opened");
  }
  for (const [id, name] of [
    [CANCEL_REASON, "Customer canceled"],
    [1089, "No access"],
    [1091, "Duplicate"],
  ] as const)
    st.create(LONG_AGO, "jobCancelReasons", { id, name, active: true }, "opened");
  for (const technician of world.technicians) {
    const record = {
      id: technician.servicetitan,
      userId: technician.servicetitan + 50_000,
      name: technician.name,
      roleIds: [3],
      businessUnitId: units[technician.branch].id,
      mainZoneId: null,
      zoneIds: [],
      email: technician.email,
      phoneNumber: technician.phone,
      loginName: technician.email.split("@")[0] ?? "",
      customFields: [],
      active: true,
      isManagedTech: true,
    };
    st.create(LONG_AGO, "technicians", record, "hired");
  }
}

/** The customer with a location and with phone and e-mail as contacts. */
export function knowCustomer(world: World, customer: Customer): { id: number; location: number } {
  if (customer.servicetitan) return customer.servicetitan;
  const { st } = world;
  const id = world.nextId("st customers", 21_400_000);
  const location = world.nextId("st locations", 26_900_000);
  customer.servicetitan = { id, location };
  const common = {
    active: true,
    name: officeName(customer),
    address: addressOf(customer),
    customFields: [],
    tagTypeIds: [],
  };
  const record = {
    ...common,
    id,
    type: customer.company ? "Commercial" : "Residential",
    balance: 0,
    doNotMail: false,
    doNotService: false,
    createdById: 12,
    mergedToId: null,
    externalData: [],
  };
  st.create(LONG_AGO, "customers", record, "entered");
  const place = {
    ...common,
    id: location,
    customerId: id,
    mergedToId: null,
    zoneId: null,
    taxZoneId: null,
    externalData: [],
  };
  st.create(LONG_AGO, "locations", place, "entered");
  addContact(world, id, customer.company ? "Phone" : "MobilePhone", customer.phone);
  addContact(world, id, "Email", customer.email);
  return customer.servicetitan;
}

export function addContact(world: World, customerId: number, type: string, value: string, at = LONG_AGO): void {
  const id = world.nextId("st contacts", 33_100_000);
  world.st.create(at, "contacts", { id, customerId, type, value, memo: null }, "contact entered");
}

export type Booking = {
  number: string;
  customer: Customer;
  at: string;
  visits: readonly Visit[];
  crew: readonly Technician[];
  branch: Customer["branch"];
  summary: string;
  /** Number of the branch's job, kept as external data. */
  branchNumber?: string | undefined;
  customerPo?: string | undefined;
  noCharge?: boolean;
  recallForId?: number;
};

/** A call is booked: the job, its visits with their crew, and at once an invoice of 0.00. */
export function bookJob(world: World, booking: Booking): OfficeJob {
  const { at, customer, number } = booking;
  const { id: customerId, location } = knowCustomer(world, customer);
  const job: OfficeJob = {
    id: world.nextId("st jobs", 41_200_000),
    number,
    invoice: world.nextId("st invoices", 52_700_000),
    visits: booking.visits.map(() => ({ id: world.nextId("st appointments", 63_800_000), crew: [] })),
  };
  const record = {
    id: job.id,
    jobNumber: number,
    projectId: null,
    customerId,
    locationId: location,
    jobStatus: "Scheduled",
    completedOn: null,
    businessUnitId: units[booking.branch].id,
    jobTypeId: booking.branch === "fleet" ? 412 : 377,
    priority: "Normal",
    campaignId: 5150,
    summary: booking.summary,
    customFields: [],
    appointmentCount: job.visits.length,
    firstAppointmentId: job.visits[0]?.id ?? 0,
    lastAppointmentId: job.visits.at(-1)?.id ?? 0,
    recallForId: booking.recallForId ?? null,
    warrantyId: null,
    jobGeneratedLeadSource: null,
    noCharge: booking.noCharge ?? false,
    notificationsEnabled: true,
    createdById: 12,
    tagTypeIds: [],
    leadCallId: null,
    bookingId: null,
    soldById: null,
    externalData: booking.branchNumber === undefined ? [] : [{ key: "ctc", value: booking.branchNumber }],
    customerPo: booking.customerPo ?? null,
    invoiceId: job.invoice,
  };
  world.st.create(at, "jobs", record, `${number} booked`);
  openInvoice(world, job, { at, customer, branch: booking.branch, reference: booking.customerPo ?? number });
  for (const [index, visit] of booking.visits.entries()) bookVisit(world, job, index, visit, booking);
  return job;
}

function openInvoice(
  world: World,
  job: OfficeJob,
  how: { at: string; customer: Customer; branch: Customer["branch"]; reference: string },
): void {
  const { customer } = how;
  const place = { id: customer.servicetitan?.location ?? 0, name: officeName(customer) };
  const invoice = {
    id: job.invoice,
    syncStatus: "Pending",
    summary: null,
    referenceNumber: how.reference,
    invoiceDate: `${localDay(how.at)}T00:00:00Z`,
    dueDate: null,
    subTotal: "0.00",
    salesTax: "0.00",
    salesTaxCode: { id: 8, name: "Denver metro", taxRate: 0.08 },
    total: "0.00",
    balance: "0.00",
    invoiceType: null,
    customer: { id: customer.servicetitan?.id ?? 0, name: officeName(customer) },
    customerAddress: addressOf(customer),
    location: place,
    locationAddress: addressOf(customer),
    businessUnit: { ...units[how.branch] },
    termName: "Due Upon Receipt",
    createdBy: "office",
    batch: null,
    depositedOn: null,
    adjustmentToId: null,
    job: { id: job.id, number: job.number, type: null },
    projectId: null,
    royalty: { status: "Pending", date: null, sentOn: null, memo: null },
    employeeInfo: null,
    commissionEligibilityDate: null,
    sentStatus: "NotSent",
    reviewStatus: "NeedsReview",
    assignedTo: null,
    items: [],
    customFields: [],
    active: true,
    paidOn: null,
    exportId: null,
  };
  world.st.create(how.at, "invoices", invoice, `${job.number} booked`);
}

function bookVisit(world: World, job: OfficeJob, index: number, visit: Visit, booking: Booking): void {
  const mine = job.visits[index];
  if (!mine) throw new Error(`${job.number} has no visit ${index}`);
  const record = {
    id: mine.id,
    jobId: job.id,
    appointmentNumber: `${job.number}-${index + 1}`,
    start: utcSeconds(visit.start),
    end: utcSeconds(visit.end),
    arrivalWindowStart: utcSeconds(visit.start),
    arrivalWindowEnd: utcSeconds(visit.end),
    status: "Scheduled",
    specialInstructions: null,
    customerId: booking.customer.servicetitan?.id ?? null,
    unused: false,
    active: true,
  };
  world.st.create(booking.at, "appointments", record, `${job.number} booked`);
  for (const technician of booking.crew) putOn(world, job, index, technician, booking.at);
}

function putOn(world: World, job: OfficeJob, index: number, technician: Technician, at: string): void {
  const mine = job.visits[index];
  if (!mine) throw new Error(`${job.number} has no visit ${index}`);
  const id = world.nextId("st assignments", 74_500_000);
  mine.crew.push({ assignment: id, technician });
  const record = {
    id,
    technicianId: technician.servicetitan,
    technicianName: technician.name,
    assignedById: 12,
    assignedOn: utcSeconds(at),
    status: "Scheduled",
    isPaused: false,
    jobId: job.id,
    appointmentId: mine.id,
    active: true,
  };
  world.st.create(at, "assignments", record, `${job.number} crewed`);
}

export const utcSeconds = (at: string): string => `${new Date(Date.parse(at)).toISOString().slice(0, 19)}Z`;
