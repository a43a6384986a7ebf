import { drag, replan } from "../customtrades.ts";
import { addMinutes, denver, slot } from "../instants.ts";
import { closeAtClient, enterAtClient, type Job, openJob, pay, price, quoted, visitAt, workDay } from "../job.ts";
import { fleetWork, plumbing } from "../names.ts";
import { recrew } from "../rotor.ts";
import { postInvoice } from "../servicetitan-billing.ts";
import { moveJob, moveVisit } from "../servicetitan-visits.ts";
import { apart, applied, outcome, tell } from "../story.ts";
import type { World } from "../world.ts";

/** Stories in which something is written back, or is tried to be. */

export function doneInOfficeOpenInBranch(world: World): void {
  const day = "2026-10-29";
  const cost = quoted(world.amount(31250));
  const job = openJob(world, {
    number: "10244",
    story: 2,
    customer: world.person("Maribel", "Santos", "boulder"),
    work: plumbing[2],
    bookedAt: denver("2026-10-23", "09:10"),
    visits: [visitAt(denver(day, "08:00"))],
    technicians: [world.technician("Cody Larsen")],
    unit: "boulder",
    branchNumber: "JOB-0874",
  });
  moveJob(world, job.office, slot(day, 0), "Dispatched");
  if (job.branch) drag(world, job.branch, slot(day, 1), "In Progress");
  moveJob(world, job.office, slot(day, 2), "InProgress");
  price(world, job, slot(day, 2), cost);
  postInvoice(world, job.office, slot(day, 3));
  moveJob(world, job.office, slot(day, 4), "Completed");
  const invoiced = "The office is done and has billed, the branch still works on it: the branch is told Invoiced.";
  tell(world, 2, "done-in-office-open-in-branch", invoiced, [
    outcome(job, { receipts: [applied("ctc-boulder", "status")] }),
  ]);
  pay(world, job, slot("2026-11-02", 1), cost.total, "Check");
  const paid = "Four days later the check is in: the branch is told Complete.";
  tell(world, 3, "paid-two-days-later", paid, [outcome(job, { receipts: [applied("ctc-boulder", "status")] })]);
}

/** A van of the client's, worked on in one day; the client's entry waits for somebody to close it. */
function vanJob(
  world: World,
  how: { number: string; story: number; entry: number; day: string; total: number; locked: boolean; meter: string },
): Job {
  const { number, story, day, total, locked, meter } = how;
  const job = openJob(world, {
    number,
    story,
    customer: world.couriers,
    work: fleetWork[0],
    bookedAt: denver("2026-10-26", "13:25"),
    visits: [visitAt(denver(day, "09:00"))],
    technicians: [world.technician("Nate Fischer")],
    unit: "fleet",
    customerPo: number,
  });
  const at = addMinutes(slot(day, 0), -60);
  const entry = { id: how.entry, at, reference: number, total, status: "pending", startedAt: at } as const;
  enterAtClient(world, job, { ...entry, locked, meter });
  workDay(world, job, { day, from: 1, price: quoted(total), post: "Posted" });
  return job;
}

export function clientStillPending(world: World): void {
  const total = world.amount(18900);
  const fields = { number: "10252", story: 4, entry: 88123, day: "2026-10-29", meter: "84210.0", locked: false };
  const job = vanJob(world, { ...fields, total });
  const expect = "Pending may mean just completed, for three days; then the client's entry is closed.";
  tell(world, 4, "client-still-pending", expect, [
    outcome(job, { receipts: [applied("fleetio-frontrange", "status")] }),
  ]);
}

export function shopNetworkLock(world: World): void {
  const total = world.amount(40200);
  const fields = { number: "10253", story: 5, entry: 88127, day: "2026-10-28", meter: "61877.0", locked: true };
  const job = vanJob(world, { ...fields, total });
  const status = { connection: "fleetio-frontrange", target: "status" };
  const what = { breaks: [apart("status")], receipts: [{ ...status, outcome: "rejected" } as const], tasks: [status] };
  const expect = "The client's entry is locked by its shop network: one refusal, then somebody is asked to close it.";
  tell(world, 5, "shop-network-lock", expect, [outcome(job, what)]);
}

export function crewChanged(world: World): void {
  const job = openJob(world, {
    number: "10319",
    story: 24,
    customer: world.person("Selma", "Ostrow", "denver"),
    work: plumbing[4],
    bookedAt: denver("2026-10-26", "11:35"),
    visits: [visitAt(denver("2026-11-05", "10:30"))],
    technicians: [world.technician("Ana Ruiz")],
    unit: "denver",
    rotor: true,
  });
  const at = slot("2026-10-30", 1);
  if (job.crew) recrew(world, job.crew, at, [world.technician("Marcus Bell")], "10319 goes to Marcus");
  const receipts = [applied("st-main", "assignees"), applied("st-main", "assignees")];
  const expect = "The crews swap Ana for Marcus: the office gets Marcus on and Ana off, two receipts.";
  tell(world, 24, "crew-changed", expect, [outcome(job, { receipts })]);
}

function planned(world: World, number: string, story: number, branchNumber: string, last: string): Job {
  return openJob(world, {
    number,
    story,
    customer: world.person("Theo", last, "boulder"),
    work: plumbing[5],
    bookedAt: denver("2026-10-25", "12:15"),
    visits: [visitAt(denver("2026-11-03", "09:00"))],
    technicians: [world.technician("Erin Kowalski")],
    unit: "boulder",
    branchNumber,
  });
}

export function officeMovedIt(world: World): void {
  const job = planned(world, "10312", 25, "JOB-0947", "Ferris");
  moveVisit(world, job.office, slot("2026-10-30", 2), 0, visitAt(denver("2026-11-04", "09:00")));
  const receipts = [applied("ctc-boulder", "schedule")];
  tell(world, 25, "office-moved-it", "The office moves the visit a day: the branch's date follows.", [
    outcome(job, { receipts }),
  ]);
}

export function bothMovedIt(world: World): void {
  const job = planned(world, "10313", 25.5, "JOB-0948", "Gannon");
  if (job.branch) replan(world, job.branch, slot("2026-10-30", 1), visitAt(denver("2026-11-05", "09:00")));
  moveVisit(world, job.office, slot("2026-10-30", 2), 0, visitAt(denver("2026-11-04", "09:00")));
  const approvals = [{ connection: "ctc-boulder", target: "schedule" }];
  const expect = "Both moved the visit since they agreed: the office wins, the break stays, and a person decides.";
  tell(world, 25.5, "both-moved-it", expect, [outcome(job, { breaks: [apart("schedule")], approvals })]);
}

export function lostAnswer(world: World): Job {
  const day = "2026-11-02";
  const job = openJob(world, {
    number: "10316",
    story: 29,
    customer: world.person("Alonzo", "Beck", "boulder"),
    work: plumbing[1],
    bookedAt: denver("2026-10-27", "09:55"),
    visits: [visitAt(denver(day, "08:00"))],
    technicians: [world.technician("Wes McAllister")],
    unit: "boulder",
    branchNumber: "JOB-0949",
  });
  moveJob(world, job.office, slot(day, 0), "Dispatched");
  if (job.branch) drag(world, job.branch, slot(day, 1), "In Progress");
  moveJob(world, job.office, slot(day, 2), "InProgress");
  price(world, job, slot(day, 2), quoted(world.amount(28750)));
  moveJob(world, job.office, slot(day, 4), "Completed");
  const expect = "The write took effect and its answer was lost: it is looked for, found, and not sent again.";
  tell(world, 29, "lost-answer", expect, [outcome(job, { receipts: [applied("ctc-boulder", "status")] })]);
  return job;
}

export function aTwoHundredThatDidNothing(world: World): Job {
  const day = "2026-10-27";
  const total = world.amount(36700);
  const fields = { number: "10331", story: 30, entry: 88118, day, meter: "52204.0", locked: false };
  const job = vanJob(world, { ...fields, total });
  closeAtClient(world, job, slot(day, 4));
  pay(world, job, slot(day, 5), total, "ACH");
  world.client.change(
    slot("2026-10-30", 3),
    "serviceEntries",
    "88118",
    { reference: "FRC-2291" },
    "88118 gets its purchase order",
  );
  const receipts = [{ connection: "st-main", target: "reference", outcome: "ignored" } as const];
  const expect = "ServiceTitan answers 200 and changes nothing: said so, the break stays, and it is not tried again.";
  tell(world, 30, "a-200-that-did-nothing", expect, [outcome(job, { breaks: [apart("reference")], receipts })]);
  return job;
}
