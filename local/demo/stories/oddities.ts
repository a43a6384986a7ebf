import { drag } from "../customtrades.ts";
import { addMinutes, denver, slot } from "../instants.ts";
import { type Job, openJob, pay, price, quoted, visitAt, workDay } from "../job.ts";
import { plumbing } from "../names.ts";
import type { Customer } from "../people.ts";
import { finish, settle } from "../rotor.ts";
import { addContact, officeName } from "../servicetitan.ts";
import { postInvoice, receive } from "../servicetitan-billing.ts";
import { moveJob } from "../servicetitan-visits.ts";
import { outcome, tell } from "../story.ts";
import type { World } from "../world.ts";

/** Stories of odd numbers, odd words and odd clocks: all agree, if read rightly. */

export function sameNumberOtherJob(world: World): void {
  const harlan = world.person("Everett", "Harlan", "boulder");
  const old = "2019-05-14";
  const first = openJob(world, {
    number: "1001",
    story: 23,
    customer: harlan,
    work: plumbing[1],
    bookedAt: "2019-05-09T16:00:00.000Z",
    visits: [visitAt("2019-05-14T15:00:00.000Z")],
    technicians: [world.technician("Wes McAllister")],
    unit: "boulder",
    branchNumber: "JOB-0960",
  });
  const cost = quoted(world.amount(18000));
  workDay(world, first, { day: old, price: cost, branchAmount: true, post: "Exported" });
  pay(world, first, "2019-05-15T03:00:00.000Z", cost.total, "Check");
  const second = openJob(world, {
    number: "10333",
    story: 23,
    customer: world.person("Inez", "Vega", "boulder"),
    work: plumbing[2],
    bookedAt: denver("2026-10-26", "15:45"),
    visits: [visitAt(denver("2026-11-06", "10:30"))],
    technicians: [world.technician("Cody Larsen")],
    unit: "boulder",
    branchNumber: "JOB-1001",
  });
  const expect = "The office's 1001 and the branch's JOB-1001 are two jobs; each has its own right twin.";
  tell(world, 23, "same-number-other-job", expect, [outcome(first), outcome(second)]);
}

export function clockChangeNight(world: World): void {
  const calls = [
    { number: "10325", start: "2026-11-01T07:30:00.000Z", who: ["Lena", "Strand"], technician: "Luis Trujillo" },
    { number: "10326", start: "2026-11-01T08:30:00.000Z", who: ["Omar", "Haddad"], technician: "Luis Trujillo" },
  ] as const;
  const jobs = calls.map(({ number, start, who, technician }, at) => {
    const customer = world.person(who[0], who[1], "denver");
    const job = openJob(world, {
      number,
      story: 27,
      customer,
      work: plumbing[6],
      bookedAt: addMinutes(start, -15),
      visits: [visitAt(start, 30)],
      technicians: [world.technician(technician)],
      unit: "denver",
      rotor: true,
    });
    const cost = quoted(world.amount(at === 0 ? 31000 : 27500));
    const morning = slot("2026-11-01", 0);
    moveJob(world, job.office, morning, "InProgress");
    price(world, job, morning, cost);
    moveJob(world, job.office, slot("2026-11-01", 1), "Completed", { completedOn: addMinutes(start, 28) });
    postInvoice(world, job.office, slot("2026-11-01", 1));
    if (job.crew) finish(world, job.crew, slot("2026-11-01", 2), `${number} finished`);
    return job;
  });
  const expect = "01:30 comes twice that night: two jobs, an hour apart, in the right order.";
  tell(
    world,
    27,
    "clock-change-night",
    expect,
    jobs.map((job) => outcome(job)),
  );
}

export function newWord(world: World): void {
  const day = "2026-10-29";
  const job = openJob(world, {
    number: "10330",
    story: 31,
    customer: world.person("Gwen", "Pollard", "boulder"),
    work: plumbing[8],
    bookedAt: denver("2026-10-24", "10:20"),
    visits: [visitAt(denver(day, "10:30"))],
    technicians: [world.technician("Wes McAllister")],
    unit: "boulder",
    branchNumber: "JOB-0950",
  });
  workDay(world, job, { day, price: quoted(world.amount(26000)), branchAmount: true });
  if (job.branch) drag(world, job.branch, slot("2026-10-30", 3), "On Hold");
  const expect = "The branch invents a status: it is kept and said once, and the money still agrees.";
  tell(world, 31, "new-word", expect, [outcome(job, { notices: ["unknown-word"] })]);
}

export function aCent(world: World): void {
  const day = "2026-10-29";
  const open = (number: string, last: string) =>
    openJob(world, {
      number,
      story: 34,
      customer: world.person("Hugo", last, "denver"),
      work: plumbing[2],
      bookedAt: denver("2026-10-25", "09:50"),
      visits: [visitAt(denver(day, "13:00"), 60)],
      technicians: [world.technician("Renee Okafor")],
      unit: "denver",
      rotor: true,
    });
  const round = open("10328", "Lassiter");
  workDay(world, round, { day, price: quoted(10000), post: "Posted" });
  const paidAt = slot(day, 4);
  receive(world, round.customer, paidAt, { total: 10000, on: [{ job: round.office, amount: 10000 }], method: "Cash" });
  if (round.crew) settle(world, round.crew, paidAt, 9999, 0, "10328 paid");
  const short = open("10329", "Merrill");
  workDay(world, short, { day, price: quoted(9000), post: "Posted" });
  pay(world, short, paidAt, 8970, "Cash");
  if (short.crew) {
    const noise = { total_outstanding: 0.1 + 0.2 };
    world.rotor.change(addMinutes(paidAt, 1), "jobs", short.crew.id, noise, "10329 worked out in floats");
  }
  const expect = "A cent apart is within tolerance, and a float's noise is thirty cents.";
  tell(world, 34, "a-cent", expect, [outcome(round), outcome(short)]);
}

/** The office finds that it holds one customer twice and merges the two; ServiceTitan moves what hung on the first. */
export function customerMerged(world: World): void {
  const first = world.person("Robert", "Kesling", "denver");
  const second = world.person("Bob", "Kesling", "denver");
  const open = (number: string, customer: Customer, day: string, story?: number) =>
    openJob(world, {
      number,
      ...(story === undefined ? {} : { story }),
      customer,
      work: plumbing[5],
      bookedAt: denver(number === "10237" ? "2026-10-14" : "2026-10-26", "13:50"),
      visits: [visitAt(denver(day, "10:30"))],
      technicians: [world.technician("Priya Nair")],
      unit: "denver",
      rotor: true,
    });
  const before = open("10237", second, "2026-10-19");
  const cost = quoted(world.amount(29900));
  workDay(world, before, { day: "2026-10-19", price: cost, post: "Exported" });
  pay(world, before, slot("2026-10-19", 5), cost.total, "Check");
  const job = open("10334", first, "2026-11-02", 32);
  mergeCustomers(world, first, second, { at: slot("2026-10-30", 3), job });
  workDay(world, job, { day: "2026-11-02", price: quoted(world.amount(34400)), post: "Posted" });
  const expect = "One customer was kept twice: links and history follow the one that stays.";
  tell(world, 32, "customer-merged", expect, [outcome(job), outcome(before)]);
}

function mergeCustomers(world: World, gone: Customer, stays: Customer, how: { at: string; job: Job }): void {
  const { at, job } = how;
  const from = gone.servicetitan;
  const to = stays.servicetitan;
  if (!from || !to) throw new Error("both customers are known in the office");
  const why = "customers merged";
  const customer = { id: to.id, name: officeName(stays) };
  world.st.change(at, "customers", String(from.id), { active: false, mergedToId: to.id }, why);
  addContact(world, to.id, "MobilePhone", gone.phone, at);
  addContact(world, to.id, "Email", gone.email, at);
  world.st.change(at, "locations", String(from.location), { customerId: to.id }, why);
  world.st.change(at, "jobs", String(job.office.id), { customerId: to.id }, why);
  world.st.change(at, "invoices", String(job.office.invoice), { customer }, why);
  for (const visit of job.office.visits) {
    world.st.change(at, "appointments", String(visit.id), { customerId: to.id }, why);
  }
}
