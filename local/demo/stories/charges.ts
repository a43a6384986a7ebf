import { openBranchJob, writeAmount } from "../customtrades.ts";
import type { CrosswalkRow, DemoAct } from "../demo.ts";
import { denver, slot } from "../instants.ts";
import {
  branchName,
  closeAtClient,
  crewName,
  enterAtClient,
  officeName,
  openJob,
  quoted,
  visitAt,
  workDay,
} from "../job.ts";
import { netPrice } from "../money.ts";
import { fleetWork, plumbing } from "../names.ts";
import { finish, meetCustomer, openCrewJob, settle } from "../rotor.ts";
import { adjust, receive } from "../servicetitan-billing.ts";
import { moveJob } from "../servicetitan-visits.ts";
import { apart, gap, outcome, outcomeOf, tell } from "../story.ts";
import type { World } from "../world.ts";

/** Stories in which two systems say different things about what is charged, or in which a whole job is missing. */

export function forgottenToBill(world: World): void {
  const day = "2026-10-28";
  const total = world.amount(68500);
  const job = openJob(world, {
    number: "10268",
    story: 7,
    customer: world.person("Philippa", "Dorsey", "boulder"),
    work: plumbing[4],
    bookedAt: denver("2026-10-22", "15:20"),
    visits: [visitAt(denver(day, "09:00"))],
    technicians: [world.technician("Jamal Whitaker"), world.technician("Erin Kowalski")],
    unit: "boulder",
    rotor: true,
    branchNumber: "JOB-0926",
  });
  workDay(world, job, { day, price: null, branchEnds: "Ready to Invoice" });
  if (job.crew) settle(world, job.crew, slot(day, 5), 0, total, "10268 worth");
  if (job.branch) writeAmount(world, job.branch, slot(day, 5), total);
  const what = {
    breaks: [gap("charge", total, "missing-charge")],
    approvals: [{ connection: "st-main", target: "amount" }],
    notices: ["completed-at-zero"],
  };
  const expect = "Crew and branch say what it is worth, the office's invoice says 0.00: counted once, and proposed.";
  tell(world, 7, "forgotten-to-bill", expect, [outcome(job, what)]);
}

export function neverReachedTheOffice(world: World): void {
  const day = "2026-10-30";
  const total = world.amount(32000);
  const customer = world.person("Octavio", "Pena", "denver");
  const at = slot(day, 1);
  meetCustomer(world, customer, at);
  const crew = openCrewJob(world, {
    customer,
    at,
    starts: [denver(day, "10:30")],
    crew: [world.technician("Ana Ruiz")],
  });
  settle(world, crew, slot(day, 3), total, 0, "Pena paid");
  finish(world, crew, slot(day, 3), "Pena finished");
  const records = [crewName(crew)];
  world.truth.push({ number: null, story: 8, records });
  const what = {
    breaks: [gap("missing-twin", total, "missing-charge")],
    approvals: [{ connection: "st-main", target: "job" }],
  };
  const expect = "The crew did a job that the office never heard of: a booking is proposed.";
  tell(world, 8, "never-reached-the-office", expect, [outcomeOf(null, records, what)]);
}

export function twiceInBranch(world: World): { act: DemoAct; rows: CrosswalkRow[] } {
  const day = "2026-10-29";
  const total = world.amount(37500);
  const visit = visitAt(denver(day, "08:00"));
  const lead = world.technician("Cody Larsen");
  const job = openJob(world, {
    number: "10271",
    story: 9,
    customer: world.person("Winona", "Skaggs", "boulder"),
    work: plumbing[0],
    bookedAt: denver("2026-10-23", "11:45"),
    visits: [visit],
    technicians: [lead],
    unit: "boulder",
    branchNumber: "JOB-0930",
  });
  const { closedAt } = workDay(world, job, { day, price: quoted(total), branchAmount: true });
  const again = openBranchJob(world, {
    number: "JOB-0931",
    customer: job.customer,
    at: closedAt,
    title: job.work.title,
    visit,
    lead,
    status: "Complete",
    more: { actual_amount: total / 100, completed_at: closedAt, started_at: slot(day, 1) },
  });
  const row = (name: { connection: string; stream: string; id: string }, note: string): CrosswalkRow => {
    return { kind: "job", key: "10271", ...name, note };
  };
  const rows = [row(officeName(job.office), "office"), row(branchName(again), "JOB-0931, entered a second time")];
  job.truth.records.push(branchName(again));
  const what = {
    breaks: [gap("charge", total, "duplicate")],
    approvals: [{ connection: "ctc-boulder", target: "presence" }],
  };
  const expect = "The branch entered one call twice: what it charges is double, and the second card is proposed to go.";
  tell(world, 9, "twice-in-branch", expect, [outcome(job, what)]);
  return { act: { at: denver(day, "22:20"), act: "import-links", story: 9 }, rows };
}

export function taxLeftOut(world: World): void {
  const day = "2026-10-30";
  const cost = netPrice(world.amount(115000));
  const job = openJob(world, {
    number: "10277",
    story: 11,
    customer: world.person("Lorna", "Mabry-Cole", "boulder"),
    work: plumbing[0],
    bookedAt: denver("2026-10-25", "09:05"),
    visits: [visitAt(denver(day, "09:00"), 180)],
    technicians: [world.technician("Erin Kowalski"), world.technician("Jamal Whitaker")],
    unit: "boulder",
    branchNumber: "JOB-0934",
  });
  const { closedAt } = workDay(world, job, { day, price: cost });
  if (job.branch) writeAmount(world, job.branch, closedAt, cost.net);
  const what = {
    breaks: [gap("charge", -cost.tax, "tax", { certainty: "likely" })],
    tasks: [{ connection: "ctc-boulder", target: "amount" }],
  };
  const expect = "The branch's amount lacks exactly the tax: a question to the bookkeeper about policy.";
  tell(world, 11, "tax-left-out", expect, [outcome(job, what)]);
}

export function lateDiscount(world: World): void {
  const day = "2026-10-29";
  const total = world.amount(128000);
  const off = Math.round(total / 20);
  const job = openJob(world, {
    number: "10294",
    story: 16,
    customer: world.person("Giles", "Rhodes", "denver"),
    work: plumbing[0],
    bookedAt: denver("2026-10-21", "08:50"),
    visits: [visitAt(denver(day, "08:00"), 180)],
    technicians: [world.technician("Renee Okafor"), world.technician("Tom Sandoval")],
    unit: "denver",
    rotor: true,
  });
  workDay(world, job, { day, price: quoted(total), post: "Exported" });
  const paidAt = slot(day, 4);
  const paid = total - off;
  receive(world, job.customer, paidAt, { total: paid, on: [{ job: job.office, amount: paid }], method: "Check" });
  if (job.crew) settle(world, job.crew, paidAt, paid, 0, "10294 paid less the discount");
  adjust(world, job.office, job.customer, slot("2026-11-02", 1), -off, "Discount agreed on site");
  const breaks = [gap("charge", -off, "discount", { state: "resolved" })];
  const expect = "The discount reaches the office four days late: the break closes by itself.";
  tell(world, 16, "late-discount", expect, [outcome(job, { breaks })]);
}

export function oneInvoiceSixVans(world: World): void {
  const day = "2026-10-28";
  const each = world.amount(18900);
  const job = openJob(world, {
    number: "10297",
    story: 17,
    customer: world.couriers,
    work: fleetWork[1],
    bookedAt: denver("2026-10-22", "16:05"),
    visits: [visitAt(denver(day, "07:30"), 240)],
    technicians: [world.technician("Sam Begaye"), world.technician("Gloria Montoya")],
    unit: "fleet",
    customerPo: "10297",
  });
  const dropped = denver("2026-10-27", "17:30");
  for (const id of [88106, 88107, 88108, 88109, 88110]) {
    enterAtClient(world, job, {
      id,
      at: dropped,
      reference: "10297",
      total: each,
      status: "pending",
      startedAt: dropped,
    });
  }
  const { completedAt } = workDay(world, job, { day, price: quoted(6 * each), post: "Posted" });
  closeAtClient(world, job, slot(day, 3));
  const late = { id: 88137, at: slot("2026-11-02", 1), reference: "10297", total: each } as const;
  enterAtClient(world, job, { ...late, status: "completed", startedAt: dropped, completedAt });
  const breaks = [gap("charge", -each, "missing-charge", { state: "resolved" })];
  const expect = "Six vans on one invoice, five at the client: the sixth is entered on Monday and the break closes.";
  tell(world, 17, "one-invoice-six-vans", expect, [outcome(job, { breaks })]);
}

export function canceledInOffice(world: World): void {
  const job = openJob(world, {
    number: "10306",
    story: 21,
    customer: world.person("Percy", "Lund", "boulder"),
    work: plumbing[3],
    bookedAt: denver("2026-10-26", "09:25"),
    visits: [visitAt(denver("2026-11-04", "10:30"))],
    technicians: [world.technician("Wes McAllister")],
    unit: "boulder",
    branchNumber: "JOB-0941",
  });
  moveJob(world, job.office, slot("2026-11-03", 1), "Canceled");
  const expect = "Canceled in the office; the branch has no such word, so somebody there is asked.";
  const what = { breaks: [apart("status")], tasks: [{ connection: "ctc-boulder", target: "status" }] };
  tell(world, 21, "canceled-in-office", expect, [outcome(job, what)]);
}
