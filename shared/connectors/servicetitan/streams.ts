import type { StreamSpec } from "../connector.ts";
import type { Module } from "./settings.ts";

/** How a stream is listed; every list also takes page, pageSize and includeTotal. */
export interface ListSpec {
  readonly module: Module;
  readonly path: string;
  /** Key of the document's action, for logs and counts. */
  readonly operation: string;
  /** Sent always: lists hide inactive records unless asked. */
  readonly fixed: Readonly<Record<string, string>>;
  /** The list sorts by modified time; where it has no sort it is read page by page. */
  readonly sorted: boolean;
  /** The list's own words for the bound are "modified after": it is asked for a second earlier, never at the boundary. */
  readonly after?: true;
  /** The list shows external data to the application that names itself. */
  readonly externalData?: true;
}

export const streams = {
  jobs: stream("jobs", "root", 5),
  appointments: stream("appointments", "part", 5),
  /** The document prints no modified time on an assignment, so none is demanded. */
  assignments: { ...stream("assignments", "part", 5), versioned: false },
  invoices: stream("invoices", "part", 5),
  payments: stream("payments", "part", 5),
  /**
   * They reduce what was charged. The endpoint is of spring 2026 and has a scope of its own: where it is denied, or not
   * there yet, its feed fails alone, and jobs are compared without it. No document prints a whole record of it.
   */
  "credit-memos": { ...stream("credit-memos", "reference", 30), versioned: false },
  /** Leads, not jobs: how fresh they are decides nothing about a job's money. */
  bookings: stream("bookings", "reference", 30),
  customers: stream("customers", "person", 60),
  locations: stream("locations", "reference", 360),
  technicians: stream("technicians", "person", 360),
  "business-units": stream("business-units", "reference", 1440),
  "job-cancel-reasons": { ...stream("job-cancel-reasons", "reference", 1440), byId: 0, absence: "lists-only" },
} as const satisfies Readonly<Record<string, StreamSpec>>;

export type StreamName = keyof typeof streams;

function stream(name: string, role: StreamSpec["role"], everyMinutes: number) {
  return {
    name,
    role,
    everyMinutes,
    incremental: "changed",
    byId: 50,
    versioned: true,
    absence: "by-id",
    overlapMinutes: 10,
  } as const;
}

const any = { active: "Any" };
const all = { activeState: "All" };

export const lists: Readonly<Record<StreamName, ListSpec>> = {
  jobs: { module: "jpm", path: "/jobs", operation: "listJobs", fixed: {}, sorted: true, externalData: true },
  appointments: { module: "jpm", path: "/appointments", operation: "listAppointments", fixed: any, sorted: true },
  assignments: {
    module: "dispatch",
    path: "/appointment-assignments",
    operation: "listAppointmentsAssignment",
    fixed: any,
    sorted: true,
  },
  invoices: { module: "accounting", path: "/invoices", operation: "listInvoices", fixed: all, sorted: true },
  payments: { module: "accounting", path: "/payments", operation: "listPayments", fixed: all, sorted: true },
  /** No document states its filters, so they are those of its module: what the API does not know it ignores. */
  "credit-memos": {
    module: "accounting",
    path: "/credit-memos",
    operation: "listCreditMemos",
    fixed: all,
    sorted: true,
  },
  bookings: { module: "crm", path: "/bookings", operation: "listBookingByTenant", fixed: {}, sorted: true },
  customers: { module: "crm", path: "/customers", operation: "listCustomers", fixed: any, sorted: true, after: true },
  locations: { module: "crm", path: "/locations", operation: "listLocations", fixed: any, sorted: true },
  technicians: { module: "settings", path: "/technicians", operation: "listTechnicians", fixed: any, sorted: false },
  "business-units": {
    module: "settings",
    path: "/business-units",
    operation: "listBusinessUnits",
    fixed: any,
    sorted: false,
  },
  "job-cancel-reasons": {
    module: "jpm",
    path: "/job-cancel-reasons",
    operation: "listJobCancelReasons",
    fixed: any,
    sorted: true,
  },
};

/** The stream of that name. Undefined for a name that is none of ours. */
export function isStream(name: string): name is StreamName {
  return Object.hasOwn(streams, name);
}
