import type { JsonRecord } from "./demo.ts";
import { localClock, localDay } from "./instants.ts";
import { dollars, type Price } from "./money.ts";
import type { Customer, Technician } from "./people.ts";
import type { World } from "./world.ts";

/** What the Boulder branch does in Custom Trades CRM. */

const LONG_AGO = "2026-02-20T17:45:00.000Z";

export type BranchJob = { id: string; number: string; invoice: { id: string; total: number; paid: number } | null };

export function furnishBranch(world: World): void {
  for (const { customtrades, first, last, email } of world.technicians) {
    const user = { uuid: customtrades, first_name: first, last_name: last, email, role: "technician" };
    world.ctc.create(LONG_AGO, "users", user, "hired");
  }
}

/** The customer and its place, with phone and e-mail as the branch types them. */
export function enterCustomer(world: World, customer: Customer): { id: string; location: string } {
  if (customer.customtrades) return customer.customtrades;
  customer.customtrades = { id: world.random.uuid(), location: world.random.uuid() };
  const { id, location } = customer.customtrades;
  const { phone } = customer;
  const place = { address1: customer.street, address2: null, city: customer.city, state: "CO", zip: customer.zip };
  const record = {
    uuid: id,
    customer_type: customer.company ? "commercial" : "residential",
    first_name: customer.first,
    last_name: customer.last,
    company_name: customer.company,
    email: customer.email,
    phone: `${phone.slice(0, 3)}-${phone.slice(3, 6)}-${phone.slice(6)}`,
    ...place,
    is_vip: false,
    deleted_at: null,
  };
  world.ctc.create(LONG_AGO, "customers", record, "entered");
  const home = {
    uuid: location,
    customer_uuid: id,
    name: customer.company ?? customer.last,
    ...place,
    deleted_at: null,
  };
  world.ctc.create(LONG_AGO, "locations", home, "entered");
  return customer.customtrades;
}

export type BranchCall = {
  number: string;
  customer: Customer;
  at: string;
  title: string;
  visit: { start: string; end: string };
  lead: Technician;
  status?: string;
  more?: JsonRecord;
};

export function openBranchJob(world: World, call: BranchCall): BranchJob {
  const { id: customer, location } = enterCustomer(world, call.customer);
  const uuid = world.random.uuid();
  const record = {
    uuid,
    job_number: call.number,
    customer_uuid: customer,
    location_uuid: location,
    assigned_to_user_id: call.lead.customtrades,
    title: call.title,
    description: null,
    status: call.status ?? "Scheduled",
    priority: "Normal",
    is_urgent: false,
    is_emergency: false,
    service_address1: call.customer.street,
    service_address2: null,
    service_city: call.customer.city,
    service_state: "CO",
    service_zip: call.customer.zip,
    estimated_amount: null,
    actual_amount: null,
    ...planned(call.visit),
    started_at: null,
    completed_at: null,
    invoiced_at: null,
    paid_at: null,
    internal_notes: null,
    customer_notes: null,
    deleted_at: null,
    ...call.more,
  };
  world.ctc.create(call.at, "jobs", record, `${call.number} entered`);
  return { id: uuid, number: call.number, invoice: null };
}

const planned = ({ start, end }: { start: string; end: string }): JsonRecord => ({
  scheduled_date: localDay(start),
  scheduled_time_start: localClock(start),
  scheduled_time_end: localClock(end),
});

export function replan(world: World, job: BranchJob, at: string, visit: { start: string; end: string }): void {
  world.ctc.change(at, "jobs", job.id, planned(visit), `${job.number} replanned`);
}

const stampOf: Readonly<Record<string, string>> = {
  "In Progress": "started_at",
  "Ready to Invoice": "completed_at",
  Complete: "completed_at",
};

/** Drags the card to another column; the stamp that goes with it is set. */
export function drag(world: World, job: BranchJob, at: string, status: string, more: JsonRecord = {}): void {
  const stamp = stampOf[status];
  const fields = { status, ...(stamp === undefined ? {} : { [stamp]: at }), ...more };
  world.ctc.change(at, "jobs", job.id, fields, `${job.number} ${status}`);
}

export function writeAmount(world: World, job: BranchJob, at: string, minor: number): void {
  world.ctc.change(at, "jobs", job.id, { actual_amount: dollars(minor) }, `${job.number} amount`);
}

export function strike(world: World, job: BranchJob, at: string): void {
  world.ctc.remove(at, "jobs", job.id, `${job.number} deleted`);
}

/** An invoice of the branch over the whole job. */
export function billBranch(world: World, job: BranchJob, customer: Customer, at: string, price: Price): void {
  const uuid = world.random.uuid();
  job.invoice = { id: uuid, total: price.total, paid: 0 };
  const invoice = {
    uuid,
    invoice_number: `INV-${world.nextId("ctc invoices", 3100)}`,
    job_uuid: job.id,
    customer_uuid: customer.customtrades?.id ?? null,
    invoice_type: "Full",
    status: "Pending",
    issue_date: localDay(at),
    due_date: localDay(at),
    subtotal: dollars(price.net),
    tax_amount: dollars(price.tax),
    discount_amount: 0,
    total_amount: dollars(price.total),
    paid_amount: 0,
    balance_amount: dollars(price.total),
    deleted_at: null,
  };
  world.ctc.create(at, "invoices", invoice, `${job.number} invoiced`);
}

/** A payment on the branch's invoice; `fee` is what the card company keeps of it. */
export function payBranch(world: World, job: BranchJob, customer: Customer, at: string, minor: number, fee = 0): void {
  const { invoice } = job;
  if (!invoice) throw new Error(`${job.number} has no invoice`);
  const payment = {
    uuid: world.random.uuid(),
    payment_number: `PAY-${world.nextId("ctc payments", 8800)}`,
    invoice_uuid: invoice.id,
    customer_uuid: customer.customtrades?.id ?? null,
    payment_type: fee > 0 ? "credit_card" : "check",
    payment_method: null,
    amount: dollars(minor),
    processing_fee: dollars(fee),
    net_amount: dollars(minor - fee),
    payment_date: localDay(at),
    transaction_id: null,
    reference_number: null,
    authorization_code: null,
    payment_details: null,
    notes: null,
    status: "Completed",
    processed_at: at,
    created_by_user_id: null,
    deleted_at: null,
  };
  world.ctc.create(at, "payments", payment, `${job.number} paid`);
  invoice.paid += minor;
  const left = invoice.total - invoice.paid;
  const fields = {
    paid_amount: dollars(invoice.paid),
    balance_amount: dollars(left),
    status: left > 0 ? "Pending" : "Paid",
  };
  world.ctc.change(at, "invoices", invoice.id, fields, `${job.number} paid ${invoice.paid}`);
}
