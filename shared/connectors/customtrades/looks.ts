import type { LookOf } from "../connector.ts";

type Given = Parameters<LookOf>[0];

/** As many as a page takes. */
const limit = 100;

/** `data` is the record, or holds it under its name: the reference does not show which. */
const one = (read: string): string => `data.${read.slice("get".length).toLowerCase()}|data`;

/** The record shows the members that were sent. */
const shows =
  (read: string): LookOf =>
  ({ uuid, ...sent }) => ({ read, input: { uuid }, rows: one(read), wants: [{ shows: sent }], expect: "there" });

/** A soft delete leaves the record with its time, or answers 404. */
const goes =
  (read: string): LookOf =>
  ({ uuid }) => ({
    read,
    input: { uuid },
    rows: one(read),
    wants: [{ of: { uuid, deleted_at: null } }],
    expect: "gone",
  });

/** A record of that list, with the members that tell it from others. */
function appears(read: string, rows: string, filters: (given: Given) => Given, tells: readonly string[]): LookOf {
  return (given) => ({
    read,
    input: { ...stated(filters(given)), limit },
    rows: `data.${rows}`,
    wants: [{ of: stated(Object.fromEntries(tells.map((name) => [name, given[name]]))) }],
    expect: "new",
  });
}

function stated(given: Given): Given {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null));
}

/** How each write is found again; the words for it stand in its row. */
export const looks: Readonly<Record<string, LookOf>> = {
  createJob: appears("listJobs", "jobs", ({ customer_uuid, title }) => ({ customer_uuid, search: title }), [
    "customer_uuid",
    "title",
  ]),
  updateJob: shows("getJob"),
  deleteJob: goes("getJob"),
  createInvoice: appears("listInvoices", "invoices", ({ customer_uuid, job_uuid }) => ({ customer_uuid, job_uuid }), [
    "customer_uuid",
    "job_uuid",
    "total_amount",
    "subtotal",
  ]),
  updateInvoice: shows("getInvoice"),
  deleteInvoice: goes("getInvoice"),
  createPayment: appears("listPayments", "payments", ({ invoice_uuid }) => ({ invoice_uuid }), [
    "invoice_uuid",
    "amount",
  ]),
  updatePayment: shows("getPayment"),
  deletePayment: goes("getPayment"),
  createCustomer: appears(
    "listCustomers",
    "customers",
    ({ phone, email, last_name }) => ({ search: email ?? phone ?? last_name }),
    ["first_name", "last_name", "email"],
  ),
  updateCustomer: shows("getCustomer"),
  deleteCustomer: goes("getCustomer"),
};
