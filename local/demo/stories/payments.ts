import { billBranch, payBranch } from "../customtrades.ts";
import type { DemoAct, RecordName } from "../demo.ts";
import { denver, slot } from "../instants.ts";
import { type Job, openJob, pay, quoted, visitAt, workDay } from "../job.ts";
import { plumbing } from "../names.ts";
import { settle } from "../rotor.ts";
import { postInvoice, receive } from "../servicetitan-billing.ts";
import type { Outcome } from "../story.ts";
import { gap, outcome, tell } from "../story.ts";
import type { World } from "../world.ts";

/** Stories in which two systems say different things about what was received. */

const task = { connection: "st-main", target: "payment" };
const asked = (minor: number, cause: string, certainty: "proven" | "likely" | "any" = "likely"): Outcome => ({
  breaks: [gap("payment", minor, cause, { certainty })],
  tasks: [task],
});

/** A job of office and crew, worked in one day. */
function crewJob(
  world: World,
  how: { number: string; story: number; last: string; day: string; total: number; technician?: string },
): Job {
  const { number, story, last, day, total } = how;
  const job = openJob(world, {
    number,
    story,
    customer: world.person("Ray", last, "denver"),
    work: plumbing[3],
    bookedAt: denver("2026-10-24", "14:05"),
    visits: [visitAt(denver(day, "09:00"))],
    technicians: [world.technician(how.technician ?? "Tom Sandoval")],
    unit: "denver",
    rotor: true,
  });
  workDay(world, job, { day, price: quoted(total), post: "Posted" });
  return job;
}

export function cashInTheTruck(world: World): void {
  const day = "2026-10-29";
  const total = world.amount(45000);
  const job = crewJob(world, { number: "10263", story: 6, last: "Stoltz", day, total });
  if (job.crew) settle(world, job.crew, slot(day, 4), total, 0, "10263 paid in cash");
  const expect = "The crew has the payment, the office does not: a task, since no API can record it.";
  tell(world, 6, "cash-in-the-truck", expect, [outcome(job, asked(total, "missing-payment"))]);
}

export function returnedCheck(world: World): void {
  const day = "2026-10-29";
  const total = world.amount(23000);
  const job = crewJob(world, { number: "10274", story: 10, last: "Wendt", day, total, technician: "Priya Nair" });
  pay(world, job, slot(day, 4), total, "Check");
  if (job.crew) settle(world, job.crew, slot("2026-11-02", 2), 0, total, "10274: the check came back");
  const expect = "Paid on Thursday, back on Monday: the office still calls it paid.";
  tell(world, 10, "returned-check", expect, [outcome(job, asked(-total, "payment-reversed"))]);
}

export function refundNotInOffice(world: World): void {
  const day = "2026-10-30";
  const total = world.amount(60000);
  const over = world.amount(7500);
  const job = crewJob(world, { number: "10280", story: 12, last: "Ingram", day, total, technician: "Derek Hoffman" });
  receive(world, job.customer, slot(day, 4), {
    total: total + over,
    on: [{ job: job.office, amount: total + over }],
    method: "Check",
  });
  if (job.crew) settle(world, job.crew, slot(day, 4), total, 0, "10280: the rest given back");
  const expect = "The customer paid too much and the crew gave it back; the office still holds it.";
  tell(world, 12, "refund-not-in-office", expect, [outcome(job, asked(-over, "refund"))]);
}

export function shortByTheCardFee(world: World): void {
  const day = "2026-10-29";
  const cost = quoted(world.amount(82000));
  // 2.9 % and 30 cents, as card companies take it.
  const fee = Math.round((cost.total * 29) / 1000) + 30;
  const job = openJob(world, {
    number: "10283",
    story: 13,
    customer: world.person("Bettina", "Crowe", "boulder"),
    work: plumbing[9],
    bookedAt: denver("2026-10-23", "10:50"),
    visits: [visitAt(denver(day, "10:30"))],
    technicians: [world.technician("Jamal Whitaker")],
    unit: "boulder",
    branchNumber: "JOB-0937",
  });
  workDay(world, job, { day, price: cost });
  const at = slot("2026-10-30", 0);
  postInvoice(world, job.office, at);
  const { branch, customer } = job;
  if (branch) {
    billBranch(world, branch, customer, at, cost);
    payBranch(world, branch, customer, at, cost.total, fee);
  }
  const arrived = cost.total - fee;
  receive(world, customer, at, { total: arrived, on: [{ job: job.office, amount: arrived }] });
  const expect = "The office booked what the card company passed on, the branch what the customer paid.";
  tell(world, 13, "short-by-the-card-fee", expect, [outcome(job, asked(fee, "fee", "proven"))]);
}

export function nobodyKnows(world: World): void {
  const day = "2026-10-30";
  const total = world.amount(94000);
  const short = 1255;
  const job = crewJob(world, { number: "10286", story: 14, last: "Hoyt", day, total, technician: "Luis Trujillo" });
  receive(world, job.customer, slot(day, 4), { total, on: [{ job: job.office, amount: total }], method: "Check" });
  if (job.crew) settle(world, job.crew, slot(day, 4), total - short, short, "10286 paid in part");
  const expect = "Nothing explains the difference, and nothing is guessed.";
  tell(world, 14, "nobody-knows", expect, [outcome(job, { breaks: [gap("payment", -short, "unexplained")] })]);
}

/** One check, put on the wrong job in the office; the bookkeeper approves that it be moved. */
export function paymentOnTheWrongJob(world: World): DemoAct {
  const customer = world.person("Duncan", "Avery", "denver");
  const first = world.amount(30000);
  const second = world.amount(45000);
  const open = (number: string, day: string, total: number): Job => {
    const job = openJob(world, {
      number,
      story: 15,
      customer,
      work: plumbing[7],
      bookedAt: denver("2026-10-23", "13:20"),
      visits: [visitAt(denver(day, "13:00"))],
      technicians: [world.technician("Marcus Bell")],
      unit: "denver",
      rotor: true,
    });
    workDay(world, job, { day, price: quoted(total), post: "Posted" });
    return job;
  };
  const wrong = open("10290", "2026-10-28", first);
  const right = open("10291", "2026-10-29", second);
  const at = slot("2026-10-30", 1);
  const onWrong = Math.min(first, second);
  const id = receive(world, customer, at, {
    total: second,
    on: [{ job: wrong.office, amount: onWrong }],
    method: "Check",
  });
  if (right.crew) settle(world, right.crew, at, second, 0, "10291 paid by check");
  const closed = { state: "resolved" } as const;
  const payment: RecordName = { connection: "st-main", stream: "payments", id: String(id) };
  const expect = "The check for 10291 lies on 10290: approved, its splits are moved and both breaks close.";
  tell(world, 15, "payment-on-the-wrong-job", expect, [
    outcome(wrong, { breaks: [gap("payment", -onWrong, "missing-payment", closed)] }),
    outcome(right, {
      breaks: [gap("payment", second, "missing-payment", closed)],
      receipts: [{ connection: "st-main", target: "payment", outcome: "applied" }],
    }),
  ]);
  return {
    at: denver("2026-11-02", "10:30"),
    act: "approve",
    story: 15,
    match: { record: payment, target: "payment" },
  };
}

export function depositBeforeWork(world: World): void {
  const job = openJob(world, {
    number: "10300",
    story: 18,
    customer: world.person("Nadia", "Petrak", "denver"),
    work: plumbing[7],
    bookedAt: denver("2026-10-26", "10:40"),
    visits: [visitAt(denver("2026-11-09", "08:00"), 180)],
    technicians: [world.technician("Tom Sandoval"), world.technician("Renee Okafor")],
    unit: "denver",
    rotor: true,
    estimate: world.amount(290000),
  });
  const deposit = Math.min(world.amount(50000), job.crew?.outstanding ?? 0);
  const at = slot("2026-10-29", 2);
  receive(world, job.customer, at, { total: deposit, on: [], method: "Check", memo: "Deposit" });
  if (job.crew) settle(world, job.crew, at, deposit, job.crew.outstanding - deposit, "10300: deposit");
  const breaks = [gap("payment", deposit, "unapplied", { state: "waiting", certainty: "proven" })];
  const expect = "A deposit waits unapplied for its work: it clears by itself and is not counted.";
  tell(world, 18, "deposit-before-work", expect, [outcome(job, { breaks })]);
}
