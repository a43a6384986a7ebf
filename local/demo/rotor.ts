import { dollars } from "./money.ts";
import type { Customer, Technician } from "./people.ts";
import type { World } from "./world.ts";

/** What the crews' phones do in Rotor. It knows no number, no reference, and no status but completed. */

const LONG_AGO = "2026-03-03T15:10:00.000Z";

export type CrewJob = { id: string; received: number; outstanding: number };

/** The customer, with phone and e-mail as Rotor prints them. */
export function meetCustomer(world: World, customer: Customer, at = LONG_AGO): string {
  if (customer.rotor) return customer.rotor;
  const id = world.random.uuid();
  customer.rotor = id;
  const { phone } = customer;
  const record = {
    id,
    company_name: customer.company ?? "",
    first_name: customer.first,
    last_name: customer.last,
    phone: `(${phone.slice(0, 3)}) ${phone.slice(3, 6)}-${phone.slice(6)}`,
    email: customer.email,
    property_street1: customer.street,
    property_city: customer.city,
    property_state: "CO",
    property_zip: customer.zip,
    status: "active",
    tags: [],
  };
  world.rotor.create(at, "customers", record, "entered");
  return id;
}

const crewOf = (crew: readonly Technician[]) => crew.map(({ email, name, rotor }) => ({ email, name, user_id: rotor }));

export function openCrewJob(
  world: World,
  job: { customer: Customer; at: string; starts: readonly string[]; crew: readonly Technician[]; estimate?: number },
): CrewJob {
  const opened: CrewJob = { id: world.random.uuid(), received: 0, outstanding: job.estimate ?? 0 };
  const record = {
    id: opened.id,
    customer_id: meetCustomer(world, job.customer),
    visits: job.starts.map((start) => ({ start: `${new Date(Date.parse(start)).toISOString().slice(0, 19)}Z` })),
    technicians: crewOf(job.crew),
    total_received: 0,
    total_outstanding: dollars(opened.outstanding),
    service_plan_id: null,
    completed: false,
    archived: false,
    quote: false,
  };
  world.rotor.create(job.at, "jobs", record, "opened");
  return opened;
}

/** Sets what is received and what is still due, in cents. */
export function settle(
  world: World,
  job: CrewJob,
  at: string,
  received: number,
  outstanding: number,
  why: string,
): void {
  job.received = received;
  job.outstanding = outstanding;
  const fields = { total_received: dollars(received), total_outstanding: dollars(outstanding) };
  world.rotor.change(at, "jobs", job.id, fields, why);
}

export function finish(world: World, job: CrewJob, at: string, why: string): void {
  world.rotor.change(at, "jobs", job.id, { completed: true }, why);
}

export function recrew(world: World, job: CrewJob, at: string, crew: readonly Technician[], why: string): void {
  world.rotor.change(at, "jobs", job.id, { technicians: crewOf(crew) }, why);
}
