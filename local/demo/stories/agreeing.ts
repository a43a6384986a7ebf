import { billBranch, drag, strike, writeAmount } from "../customtrades.ts";
import { OTHER_VENDOR, openEntry } from "../fleetio.ts";
import { addMinutes, denver, slot } from "../instants.ts";
import { closeAtClient, enterAtClient, openJob, pay, price, quoted, visitAt, workDay } from "../job.ts";
import { netPrice } from "../money.ts";
import { fleetWork, plumbing } from "../names.ts";
import { moveJob } from "../servicetitan-visits.ts";
import { apart, outcome, tell } from "../story.ts";
import type { World } from "../world.ts";

/** Stories in which nothing may be written and no money is open. */

export function allFourAgree(world: World): void {
  const day = "2026-10-26";
  const cost = netPrice(world.amount(48600));
  const job = openJob(world, {
    number: "10241",
    story: 1,
    customer: world.couriers,
    work: fleetWork[0],
    bookedAt: denver("2026-10-22", "09:15"),
    visits: [visitAt(denver(day, "08:00"))],
    technicians: [world.technician("Sam Begaye"), world.technician("Nate Fischer")],
    unit: "fleet",
    rotor: true,
    branchNumber: "JOB-0871",
    customerPo: "10241",
  });
  const entry = {
    id: 88101,
    at: denver(day, "06:30"),
    reference: "10241",
    total: cost.total,
    status: "pending",
  } as const;
  enterAtClient(world, job, { ...entry, startedAt: denver(day, "06:30") });
  const { closedAt } = workDay(world, job, { day, price: cost, branchAmount: true, post: "Exported" });
  closeAtClient(world, job, addMinutes(closedAt, 30));
  if (job.branch) billBranch(world, job.branch, job.customer, closedAt, cost);
  pay(world, job, addMinutes(closedAt, 60), cost.total, "ACH");
  tell(world, 1, "all-four-agree", "Four systems hold the job and agree on all of it.", [outcome(job)]);
}

export function deletedInBranch(world: World): void {
  const day = "2026-10-30";
  const job = openJob(world, {
    number: "10309",
    story: 22,
    customer: world.person("Ruth", "Kincaid", "boulder"),
    work: plumbing[6],
    bookedAt: denver("2026-10-26", "14:40"),
    visits: [visitAt(denver(day, "08:00"))],
    technicians: [world.technician("Wes McAllister")],
    unit: "boulder",
    branchNumber: "JOB-0944",
  });
  const { branch, office } = job;
  if (!branch) throw new Error("the branch has this job");
  moveJob(world, office, slot(day, 0), "Dispatched");
  drag(world, branch, slot(day, 1), "In Progress");
  moveJob(world, office, slot(day, 2), "InProgress");
  price(world, job, slot(day, 2), quoted(world.amount(24000)));
  strike(world, branch, slot(day, 4));
  const expect = "The branch deleted its card while the office goes on: shown, and nothing is canceled by it.";
  tell(world, 22, "deleted-in-branch", expect, [outcome(job, { breaks: [apart("presence")] })]);
}

export function notOurEntry(world: World): void {
  const at = slot("2026-10-29", 1);
  const common = { at, startedAt: at, completedAt: at, status: "completed" } as const;
  openEntry(world, world.client, {
    ...common,
    id: 88131,
    reference: "",
    total: 9640,
    vendor: OTHER_VENDOR,
    notes: "Oil change",
  });
  openEntry(world, world.client, { ...common, id: 88132, reference: "SAMPLE", total: 12500, sample: true });
  const brakes = slot("2026-10-30", 2);
  const own = { id: 5107, at: brakes, startedAt: brakes, completedAt: brakes, status: "completed" } as const;
  openEntry(world, world.own, { ...own, reference: "RPF-VAN-3", total: 41237, vendor: OTHER_VENDOR, notes: "Brakes" });
  const expect =
    "Another shop's work and a sample are dropped at the door; our own vans are cost and compared with nothing.";
  tell(world, 20, "not-our-entry", expect, []);
}

export function lateOnTheLastEvening(world: World): void {
  const start = "2026-11-01T02:30:00.000Z";
  const cost = quoted(world.amount(102000));
  const job = openJob(world, {
    number: "10322",
    story: 26,
    customer: world.person("Colin", "Mayhew", "boulder"),
    work: plumbing[0],
    bookedAt: denver("2026-10-27", "11:10"),
    visits: [visitAt(start, 100)],
    technicians: [world.technician("Cody Larsen")],
    unit: "boulder",
    rotor: true,
    branchNumber: "JOB-0952",
  });
  // The paper of Saturday's late call is done on Monday.
  const completedOn = "2026-11-01T04:10:00.000Z";
  workDay(world, job, { day: "2026-11-02", price: cost, branchAmount: true, completedOn, invoiceDay: "2026-10-31" });
  const expect = "All four dates are of October in Denver, though one is printed as November in UTC.";
  tell(world, 26, "late-on-the-last-evening", expect, [outcome(job)]);
}

export function threeTimesAndBackwards(world: World): void {
  const day = "2026-11-02";
  const cost = quoted(world.amount(21450));
  const job = openJob(world, {
    number: "10327",
    story: 28,
    customer: world.couriers,
    work: fleetWork[1],
    bookedAt: denver("2026-10-26", "10:05"),
    visits: [visitAt(denver(day, "08:00"))],
    technicians: [world.technician("Gloria Montoya")],
    unit: "fleet",
    customerPo: "10327",
  });
  const opened = { id: 88140, at: addMinutes(slot(day, 0), -60), reference: "10327", total: cost.total } as const;
  enterAtClient(world, job, { ...opened, status: "pending", startedAt: opened.at });
  workDay(world, job, { day, price: cost, post: "Posted" });
  const at = slot(day, 4);
  const edit = (minutes: number, fields: Parameters<World["client"]["change"]>[3], why: string): void =>
    world.client.change(addMinutes(at, minutes), "serviceEntries", "88140", fields, why);
  edit(0, { general_notes: "left rear too" }, "88140 noted");
  closeAtClient(world, job, addMinutes(at, 4));
  edit(8, { general_notes: "left rear too, next in 5,000 mi" }, "88140 noted again");
  const expect = "Three updates, told in whatever order: the newest version stays and the state changes once.";
  tell(world, 28, "three-times-and-backwards", expect, [outcome(job)]);
}

export function warrantyCallback(world: World): void {
  const before = openJob(world, {
    number: "10229",
    customer: world.person("Amelia", "Thorne", "boulder"),
    work: plumbing[9],
    bookedAt: denver("2026-10-06", "09:30"),
    visits: [visitAt(denver("2026-10-12", "09:00"))],
    technicians: [world.technician("Erin Kowalski")],
    unit: "boulder",
  });
  const cost = quoted(world.amount(41500));
  const done = workDay(world, before, { day: "2026-10-12", price: cost, post: "Exported" });
  pay(world, before, addMinutes(done.closedAt, 60), cost.total, "Check");
  const day = "2026-10-27";
  const job = openJob(world, {
    number: "10303",
    story: 19,
    customer: before.customer,
    work: plumbing[9],
    bookedAt: denver("2026-10-23", "16:30"),
    visits: [visitAt(denver(day, "09:00"), 60)],
    technicians: [world.technician("Erin Kowalski")],
    unit: "boulder",
    rotor: true,
    branchNumber: "JOB-0939",
    noCharge: true,
    recallForId: before.office.id,
  });
  workDay(world, job, { day, price: null });
  if (job.branch) writeAmount(world, job.branch, slot(day, 5), 0);
  tell(world, 19, "warranty-callback", "A callback under warranty is no unbilled job.", [outcome(job)]);
}
