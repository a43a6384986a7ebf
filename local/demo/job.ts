import { type BranchJob, drag, openBranchJob, payBranch, writeAmount } from "./customtrades.ts";
import type { RecordName, Truth } from "./demo.ts";
import { completeEntry, openEntry } from "./fleetio.ts";
import { addMinutes, localDay, type Slot, slot } from "./instants.ts";
import { grossPrice, type Price } from "./money.ts";
import type { Work } from "./names.ts";
import type { Branch, Customer, Technician } from "./people.ts";
import { type CrewJob, finish, openCrewJob, settle } from "./rotor.ts";
import { bookJob, type OfficeJob, type Visit } from "./servicetitan.ts";
import { type Method, postInvoice, priceInvoice, receive } from "./servicetitan-billing.ts";
import { moveJob } from "./servicetitan-visits.ts";
import type { World } from "./world.ts";

/** One job with its views in all systems that hold it, told in the order in which things happen. */
export type Job = {
  readonly number: string;
  readonly customer: Customer;
  readonly work: Work;
  readonly office: OfficeJob;
  readonly crew: CrewJob | null;
  readonly branch: BranchJob | null;
  readonly entries: number[];
  readonly truth: Truth;
};

export type Opening = {
  number: string;
  story?: number;
  customer: Customer;
  work: Work;
  bookedAt: string;
  visits: readonly Visit[];
  technicians: readonly Technician[];
  unit: Branch;
  rotor?: boolean;
  /** Number of the branch's job, when the branch has it. */
  branchNumber?: string | undefined;
  branchStatus?: string;
  customerPo?: string | undefined;
  noCharge?: boolean;
  recallForId?: number;
  /** What Rotor shows as due from the first. */
  estimate?: number;
};

/** A visit of so many minutes. */
export function visitAt(start: string, minutes = 120): Visit {
  return { start, end: addMinutes(start, minutes) };
}

/** Opens the job wherever it lives. */
export function openJob(world: World, how: Opening): Job {
  const { number, customer, bookedAt: at, visits, technicians } = how;
  for (const visit of visits) customer.days.add(localDay(visit.start));
  const office = bookJob(world, {
    number,
    customer,
    at,
    visits,
    crew: technicians,
    branch: how.unit,
    summary: how.work.summary,
    branchNumber: how.branchNumber,
    customerPo: how.customerPo,
    noCharge: how.noCharge ?? false,
    ...(how.recallForId === undefined ? {} : { recallForId: how.recallForId }),
  });
  const [first] = visits;
  const [lead] = technicians;
  const starts = visits.map((visit) => visit.start);
  const crew = how.rotor
    ? openCrewJob(world, { customer, at, starts, crew: technicians, estimate: how.estimate ?? 0 })
    : null;
  const branch =
    how.branchNumber !== undefined && first && lead
      ? openBranchJob(world, {
          number: how.branchNumber,
          customer,
          at,
          title: how.work.title,
          visit: first,
          lead,
          ...(how.branchStatus === undefined ? {} : { status: how.branchStatus }),
        })
      : null;
  const truth: Truth = { number, story: how.story ?? null, records: [officeName(office)] };
  if (crew) truth.records.push(crewName(crew));
  if (branch) truth.records.push(branchName(branch));
  world.truth.push(truth);
  return { number, customer, work: how.work, office, crew, branch, entries: [], truth };
}

export const officeName = (office: OfficeJob): RecordName => record("st-main", "jobs", office.id);
export const crewName = (crew: CrewJob): RecordName => record("rotor-crews", "serviced-jobs", crew.id);
export const branchName = (branch: BranchJob): RecordName => record("ctc-boulder", "jobs", branch.id);
export const entryName = (id: number): RecordName => record("fleetio-frontrange", "service-entries", id);

function record(connection: string, stream: string, id: string | number): RecordName {
  return { connection, stream, id: String(id) };
}

/** The client's own record of the work on one van. */
export function enterAtClient(world: World, job: Job, entry: Parameters<typeof openEntry>[2]): void {
  job.entries.push(entry.id);
  job.truth.records.push(entryName(entry.id));
  openEntry(world, world.client, entry);
}

/** The price stands in the office, on the crew's phones and, if asked, on the branch's card. */
export function price(
  world: World,
  job: Job,
  at: string,
  cost: Price,
  how: { branch?: boolean; day?: string } = {},
): void {
  priceInvoice(world, job.office, at, cost, job.work.title, how.day);
  if (job.crew) settle(world, job.crew, at, job.crew.received, cost.total - job.crew.received, `${job.number} priced`);
  if (job.branch && how.branch) writeAmount(world, job.branch, at, cost.total);
}

/** A payment seen in the office and by the crew at once; on the branch's invoice too when there is one. */
export function pay(world: World, job: Job, at: string, minor: number, method?: Method): void {
  receive(world, job.customer, at, {
    total: minor,
    on: [{ job: job.office, amount: minor }],
    ...(method ? { method } : {}),
  });
  const { crew, branch } = job;
  if (crew) settle(world, crew, at, crew.received + minor, crew.outstanding - minor, `${job.number} paid`);
  if (branch?.invoice) payBranch(world, branch, job.customer, at, minor);
}

export type Day = {
  day: string;
  /** Null: the invoice stays at 0.00. */
  price: Price | null;
  /** Slot of the first step; the others follow, one slot each. */
  from?: Slot;
  /** The branch writes its amount on the card (else it stays null). */
  branchAmount?: boolean;
  /** What the branch calls it at the end; null leaves the card at Needs Approval. */
  branchEnds?: string | null;
  /** Instant of completion that the office states, when it is not the moment it was typed. */
  completedOn?: string;
  invoiceDay?: string;
  post?: "Posted" | "Exported" | null;
};

/**
 * A day's work, step by step, so that at no step two systems' words exclude each other: the office dispatches, the
 * branch starts, the technician works and prices, the branch asks for approval, the office completes, and last the
 * crew and the branch close. Without a branch the steps between fall away.
 */
export function workDay(world: World, job: Job, how: Day): { completedAt: string; closedAt: string } {
  const { day } = how;
  let step: number = how.from ?? 0;
  const next = (): string => {
    if (step > 6) throw new Error(`${job.number}: the day has no slot ${step}`);
    const number = step++;
    return slot(day, number as Slot);
  };
  const { branch, crew, office } = job;
  moveJob(world, office, next(), "Dispatched");
  if (branch) drag(world, branch, next(), "In Progress");
  const working = next();
  moveJob(world, office, working, "InProgress");
  const priced = { branch: how.branchAmount ?? false, ...(how.invoiceDay ? { day: how.invoiceDay } : {}) };
  if (how.price) price(world, job, working, how.price, priced);
  if (branch) drag(world, branch, next(), "Needs Approval");
  const completedAt = next();
  moveJob(world, office, completedAt, "Completed", how.completedOn ? { completedOn: how.completedOn } : {});
  if (how.post) postInvoice(world, office, completedAt, how.post);
  if (!crew && !branch) return { completedAt, closedAt: completedAt };
  const closedAt = next();
  if (crew) finish(world, crew, closedAt, `${job.number} finished`);
  if (branch && how.branchEnds !== null) drag(world, branch, closedAt, how.branchEnds ?? "Complete");
  return { completedAt, closedAt };
}

/** The client closes its entries, after the office completed. */
export function closeAtClient(world: World, job: Job, at: string): void {
  for (const id of job.entries) completeEntry(world.client, id, at);
}

export const quoted = (total: number): Price => grossPrice(total);
