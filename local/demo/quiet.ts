import { billBranch } from "./customtrades.ts";
import { addDays, addMinutes, denver, type Slot, START, slot, weekday } from "./instants.ts";
import { closeAtClient, enterAtClient, type Job, openJob, pay, visitAt, workDay } from "./job.ts";
import { netPrice, type Price } from "./money.ts";
import { fleetWork, plumbing, type Work } from "./names.ts";
import type { Branch } from "./people.ts";
import { type Random, randomOf } from "./random.ts";
import { settle } from "./rotor.ts";
import { adjust, postInvoice } from "./servicetitan-billing.ts";
import { moveJob } from "./servicetitan-visits.ts";
import type { World } from "./world.ts";

/** Which systems hold a quiet job. */
type Shape = "office" | "crew" | "branch" | "branch-and-crew" | "client";
/** Where in its life it stands: done before the first morning, worked in the days that are told, or still to come. */
type Life = "past" | "live" | "future" | "canceled" | "waiting";

export type QuietNumbers = { past: readonly string[]; present: readonly string[]; branch: readonly string[] };

const shapes: readonly (readonly [Shape, number])[] = [
  ["crew", 88],
  ["branch", 36],
  ["client", 22],
  ["branch-and-crew", 14],
];
const lives: readonly (readonly [Life, number])[] = [
  ["live", 50],
  ["canceled", 5],
  ["waiting", 4],
];
/** How many quiet jobs are worked on each of the days; only crews are out on the weekend. */
const weekdays: readonly (readonly [string, number])[] = [
  ["2026-10-28", 8],
  ["2026-10-29", 10],
  ["2026-10-30", 9],
  ["2026-11-02", 10],
  ["2026-11-03", 9],
];
const weekend: readonly (readonly [string, number])[] = [
  ["2026-10-31", 3],
  ["2026-11-01", 1],
];
const LAST = "2026-11-03";

/** Repeats each value as often as said and fills up with the last. */
function deal<Value>(rows: readonly (readonly [Value, number])[], size: number, rest: Value): Value[] {
  const dealt = rows.flatMap(([value, times]) => Array.from({ length: times }, () => value));
  return [...dealt, ...Array.from({ length: size }, () => rest)].slice(0, size);
}

/** The jobs about which there is nothing to say: they differ as real ones do, and all systems agree on them. */
export function tellQuietJobs(world: World, numbers: QuietNumbers): void {
  const random = randomOf(world.seed, "quiet");
  const all = [...numbers.past, ...numbers.present];
  const shapeOf = random.shuffle(deal(shapes, all.length, "office"));
  const lifeOf = [
    ...numbers.past.map((): Life => "past"),
    ...random.shuffle(deal(lives, numbers.present.length, "future")),
  ];
  const working = random.shuffle(deal(weekdays, 46, "2026-11-02"));
  const resting = random.shuffle(deal(weekend, 4, "2026-10-31"));
  const branchNumbers = [...numbers.branch];
  for (const [index, number] of all.entries()) {
    const life = lifeOf[index] ?? "past";
    const alone = life === "canceled" || life === "waiting";
    const shape = alone ? "office" : (shapeOf[index] ?? "office");
    const day =
      life === "past"
        ? pastDay(world, random, shape)
        : life === "live"
          ? ((shape === "crew" ? resting.pop() : undefined) ?? working.pop() ?? "2026-11-02")
          : addDays("2026-11-05", random.int(0, 9));
    const branchNumber = shape.startsWith("branch") ? branchNumbers.shift() : undefined;
    tellOne(world, random, { number, shape, life, day, branchNumber });
  }
}

/** A working day of the four weeks before; the client sends at most one van on each. */
function pastDay(world: World, random: Random, shape: Shape): string {
  for (let tries = 0; tries < 200; tries++) {
    const day = addDays("2026-10-27", -random.int(0, 26));
    if (weekday(day) === 0) continue;
    if (shape !== "client" || !world.couriers.days.has(day)) return day;
  }
  throw new Error("every day of the client is taken");
}

type Quiet = { number: string; shape: Shape; life: Life; day: string; branchNumber: string | undefined };

function tellOne(world: World, random: Random, quiet: Quiet): void {
  const { shape, life } = quiet;
  const branch: Branch = shape === "client" ? "fleet" : shape.startsWith("branch") ? "boulder" : "denver";
  const work = random.pick<Work>(branch === "fleet" ? fleetWork : plumbing);
  const days = daysOf(random, quiet);
  const job = open(world, random, quiet, { branch, work, days });
  const cost = netPrice(random.int(work.from, work.to));
  if (life === "canceled") moveJob(world, job.office, slot(random.pick(weekdays)[0], 1), "Canceled");
  if (life === "past") tellPast(world, random, job, { ...quiet, day: days.at(-1) ?? quiet.day }, cost);
  if (life === "live") tellLive(world, random, job, quiet, cost);
}

/** Some jobs take a second visit. */
function daysOf(random: Random, { shape, life, day }: Quiet): string[] {
  const again = addDays(day, random.int(1, 3));
  const several = (shape === "office" || shape === "crew") && life === "past" && random.chance(0.12);
  return several && again < "2026-10-28" ? [day, again] : [day];
}

function open(
  world: World,
  random: Random,
  quiet: Quiet,
  what: { branch: Branch; work: Work; days: readonly string[] },
): Job {
  const { number, shape, life, day } = quiet;
  const clock = random.pick(["07:30", "08:00", "09:00", "10:30", "13:00", "14:00", "15:30"]);
  const minutes = random.pick([60, 90, 120, 180]);
  const visits = life === "waiting" ? [] : what.days.map((one) => visitAt(denver(one, clock), minutes));
  const customer = what.branch === "fleet" ? world.couriers : world.customerFor(what.branch, what.days, random);
  const early = denver(addDays(day, -random.int(3, 9)), random.pick(["08:40", "10:15", "13:50", "15:05"]));
  // Some calls come in during the days that are told.
  const calls = life === "future" && (shape === "office" || shape === "crew") && random.chance(0.5);
  const before = early < START ? early : denver("2026-10-27", "16:10");
  const bookedAt = calls ? slot(random.pick(weekdays)[0], random.pick([1, 2, 3] as const)) : before;
  return openJob(world, {
    number,
    customer,
    work: what.work,
    bookedAt,
    visits,
    technicians: world.crew(what.branch, random.chance(0.25) ? 2 : 1, random),
    unit: what.branch,
    rotor: shape === "crew" || shape === "branch-and-crew",
    branchNumber: quiet.branchNumber,
    ...(life === "future" && random.chance(0.25) ? { branchStatus: "Estimate Approved" } : {}),
    ...(shape === "client" ? { customerPo: number } : {}),
  });
}

function enterVan(world: World, job: Job, at: string, cost: Price): void {
  const id = world.nextId("fleetio entries", 86_100);
  const reference = job.number;
  enterAtClient(world, job, { id, at, reference, total: cost.total, status: "pending", startedAt: at });
}

/** Done before the first morning: the branch's card and the client's entry are closed. */
function tellPast(world: World, random: Random, job: Job, quiet: Quiet, cost: Price): void {
  const { day, shape } = quiet;
  const fate = random.int(1, 10);
  const { branch } = job;
  if (shape === "client") enterVan(world, job, denver(day, "06:20"), cost);
  // The office posts in batches: a job of the branch may wait for the next one.
  const ready = branch !== null && fate === 1;
  const partly = branch !== null && fate === 2;
  const done = workDay(world, job, {
    day,
    price: cost,
    branchAmount: ready || fate > 7,
    branchEnds: ready ? "Ready to Invoice" : partly ? "Invoiced" : "Complete",
    post: ready ? null : random.chance(0.6) ? "Exported" : "Posted",
  });
  const { closedAt } = done;
  closeAtClient(world, job, addMinutes(closedAt, 45));
  if (ready) return;
  if (branch && fate <= 7) billBranch(world, branch, job.customer, closedAt, cost);
  if (partly) return pay(world, job, addMinutes(closedAt, 20), Math.round(cost.total / 3), "Check");
  if (fate === 3 && branch === null && shape !== "client") forgottenPart(world, random, job, closedAt);
  settlePast(world, random, job, cost, { closedAt, fate });
}

/** A second invoice for a part that was left out on the day; the crew's phones have it at once. */
function forgottenPart(world: World, random: Random, job: Job, at: string): void {
  const extra = random.int(1900, 9900);
  adjust(world, job.office, job.customer, at, extra, "Part left out on the day");
  if (job.crew)
    settle(world, job.crew, at, job.crew.received, job.crew.outstanding + extra, `${job.number} part added`);
}

/** Paid at once, in halves, some days later, or not yet. */
function settlePast(
  world: World,
  random: Random,
  job: Job,
  cost: Price,
  how: { closedAt: string; fate: number },
): void {
  const { closedAt, fate } = how;
  const method = random.pick(["Check", "Cash", "Credit Card", "ACH"] as const);
  const later = slot(random.pick(weekdays)[0], random.pick([1, 2, 3, 4] as const));
  if (fate === 10) return;
  if (fate === 9) {
    const half = Math.round(cost.total / 2);
    pay(world, job, closedAt, half, method);
    if (random.chance(0.5)) pay(world, job, later, cost.total - half, method);
    return;
  }
  pay(world, job, fate === 8 ? later : closedAt, cost.total, method);
}

/** Worked in the days that are told. */
function tellLive(world: World, random: Random, job: Job, quiet: Quiet, cost: Price): void {
  const { day, shape } = quiet;
  const from = shape.startsWith("branch") ? 0 : random.pick<Slot>([0, 1]);
  if (shape === "client") enterVan(world, job, addMinutes(slot(day, from), -60), cost);
  const post = job.branch ? null : random.pick(["Posted", "Exported", null] as const);
  const amount = job.branch !== null && random.chance(0.5);
  const { completedAt, closedAt } = workDay(world, job, { day, price: cost, from, post, branchAmount: amount });
  closeAtClient(world, job, addMinutes(completedAt, 150));
  const method = random.pick(["Check", "Cash", "Credit Card"] as const);
  const paid = random.chance(0.65);
  if (job.branch) {
    // The office's word may move past the branch's only after the card is seen closed.
    if (day === LAST || !paid) return;
    if (!amount) billBranch(world, job.branch, job.customer, slot(day, 6), cost);
    postInvoice(world, job.office, slot(day, 6));
    return pay(world, job, slot(day, 6), cost.total, method);
  }
  const due = addMinutes(closedAt, 150);
  if (paid) pay(world, job, due, random.chance(0.15) ? Math.round(cost.total / 4) : cost.total, method);
}
