import { type Act, act, id } from "./act.ts";
import { branchBills, branchTakes } from "./branch-money.ts";
import { company, neighbour } from "./company.ts";
import type { Dice } from "./dice.ts";
import { officePay, paymentMoves, paysAhead, restApplied, takenBack, toAnotherCustomer } from "./payments.ts";
import type { Books, Row } from "./vendors.ts";

export interface Script {
  /** `c`: every field is edited on one side only, not set back, ending in a known word (law 1); `d`: anything else. */
  readonly kind: "c" | "d";
  readonly jobs: number;
  readonly acts: readonly Act[];
  /** Minutes between which a person holds the stop switch; null when nobody does. */
  readonly stop: { readonly from: number; readonly to: number } | null;
  /** What the vendors remove for good when the day is over, in the seeds whose ending asks for it (`ending.ts`). */
  readonly removed: readonly Removed[];
  /** From when on a person wants a branch's record to be another job than the office's; kind (d) only. */
  readonly parted: { readonly minute: number; readonly record: string; readonly from: string } | null;
}

/** A row of the first company's vendors, by stream and id. */
export type Removed = readonly [stream: string, id: string];

/** Nobody acts before every system has been read once: what differs before that is an opening difference. */
const firstMinute = 150;
const lastMinute = 480;

const workInOffice = ["InProgress", "Completed"];
const workInBranch = ["In Progress", "Ready to Invoice", "Needs Approval"];

export function scriptOf(dice: Dice): Script {
  const kind = dice.chance(0.5) ? "c" : "d";
  const jobs = 1 + dice.below(3);
  const acts: Act[] = [];
  for (let job = 1; job <= jobs; job++) acts.push(...(kind === "c" ? oneSided(dice, job) : anything(dice, job, jobs)));
  if (dice.chance(0.5)) acts.push(crewsFinish(at(dice), 1));
  const from = at(dice);
  const stop = dice.chance(0.3) ? { from, to: from + 30 + dice.below(120) } : null;
  acts.push(serviced(at(dice), company.id, 901), serviced(at(dice), neighbour.id, dice.pick([901, 902])));
  const removed = [
    dice.pick<Removed>([
      ["crews.serviced-jobs", "r1"],
      ["crews.serviced-jobs", "r2"],
    ]),
    dice.pick<Removed>([
      ["fleet.service-entries", "901"],
      ["st.payments", id(800, 1)],
      ["st.payments", id(850, 1)],
    ]),
  ];
  const parted =
    kind === "d" && dice.chance(0.3) ? { minute: at(dice), record: "ctc/jobs/b1", from: "st/jobs/101" } : null;
  return { kind, jobs, acts: acts.toSorted((a, b) => a.minute - b.minute), stop, removed, parted };
}

const at = (dice: Dice): number => firstMinute + dice.below(lastMinute - firstMinute);

function oneSided(dice: Dice, job: number): readonly Act[] {
  const acts: Act[] = [];
  if (dice.chance(0.75)) {
    const inOffice = dice.chance(0.65);
    const first = at(dice);
    if (inOffice) {
      if (dice.chance(0.5)) acts.push(officeWork(first, job, "InProgress"));
      acts.push(officeWork(first + 40, job, "Completed"));
      if (dice.chance(0.5)) acts.push(officePay(first + 90, job));
      // What the office was paid is then missing in the branch, which a person agrees to record there.
      if (dice.chance(0.3)) acts.push(branchBills(first + 50, job));
    } else {
      acts.push(branchWork(first, job, "In Progress"));
    }
  }
  if (dice.chance(0.5)) acts.push(dice.chance(0.6) ? officeMove(at(dice), job, 1) : branchMove(at(dice), job, 1));
  // Another amount would be an open difference, and whether billing is written before or after it opens is a matter of hours.
  if (dice.chance(0.3)) acts.push(branchAmount(at(dice), job, 312.5));
  return acts;
}

function anything(dice: Dice, job: number, jobs: number): readonly Act[] {
  const count = 2 + dice.below(5);
  const acts = Array.from({ length: count }, (): Act => {
    const minute = at(dice);
    const kinds: readonly (() => Act)[] = [
      () => officeWork(minute, job, dice.pick([...workInOffice, "Scheduled", "Hold"])),
      () => branchWork(minute, job, dice.pick([...workInBranch, "Scheduled"])),
      () => branchWork(minute, job, "On Hold"),
      () => officeMove(minute, job, dice.below(3)),
      () => branchMove(minute, job, dice.below(3)),
      () => branchAmount(minute, job, dice.pick([300, 312.5, 280.25])),
      () => officePay(minute, job),
      () => branchBills(minute, job),
      () => branchTakes(minute + 30, job, dice.pick([31_250, 10_000])),
      () => paymentMoves(minute, job, 1 + (job % jobs)),
      () => paysAhead(minute, job),
      () => restApplied(minute + 20, job, dice.pick([12_000, 20_000])),
      () => takenBack(minute + 40, job),
      () => toAnotherCustomer(minute + 10, job, 1 + (job % jobs)),
    ];
    return dice.pick(kinds)();
  });
  // Both sides edit the work: that is what makes it kind (d) for sure.
  return [...acts, officeWork(at(dice), job, "Completed"), branchWork(at(dice), job, dice.pick(workInBranch))];
}

/** What stands in the books before the first read: every job agrees. */
export function opening(books: Books, jobs: number): void {
  for (let job = 1; job <= jobs; job++) {
    books.put(
      "st.jobs",
      id(100, job),
      {
        id: 100 + job,
        jobNumber: id(100, job),
        customerId: 40 + job,
        jobStatus: "Scheduled",
        summary: `Job ${job}`,
        noCharge: false,
        externalData: [{ key: "ctc", value: `J-${job}` }],
      },
      "person",
    );
    books.put(
      "st.appointments",
      id(500, job),
      { id: 500 + job, jobId: 100 + job, status: "Scheduled", active: true, ...visit(0) },
      "person",
    );
    books.put(
      "st.invoices",
      id(700, job),
      {
        id: 700 + job,
        job: { id: 100 + job },
        customer: { id: 40 + job },
        total: "0.00",
        balance: "0.00",
        salesTax: "0.00",
        syncStatus: "Pending",
        active: true,
      },
      "person",
    );
    books.put(
      "ctc.jobs",
      `b${job}`,
      {
        uuid: `b${job}`,
        job_number: `J-${job}`,
        title: `Job ${job}`,
        status: "Scheduled",
        actual_amount: null,
        ...slot(0),
      },
      "person",
    );
  }
  for (const job of ["r1", "r2"]) {
    const nothing = { id: job, completed: false, total_received: 0, total_outstanding: 0 };
    books.put("crews.serviced-jobs", job, nothing, "person");
  }
  entries(books, [901]);
}

/** The neighbour's books, in which one entry has the number of another company's. */
export function neighboursOpening(books: Books): void {
  entries(books, [901, 902]);
}

/** Both accounts were set up under one name, so that what a record says of its account is true of one of them only. */
function entries(books: Books, ids: readonly number[]): void {
  for (const entry of ids) {
    const row = { id: entry, account: company.id, status: "pending", vehicle: { name: `Van ${ids.length}` } };
    books.put("fleet.service-entries", String(entry), row, "person");
  }
  books.events.length = 0;
}

const day = (later: number): string => `2026-11-0${4 + later}`;
const visit = (later: number): Row => ({ start: `${day(later)}T16:00:00Z`, end: `${day(later)}T18:00:00Z` });
const slot = (later: number): Row => ({
  scheduled_date: `${day(later)}T10:00:00Z`,
  scheduled_time_start: "09:00",
  scheduled_time_end: "11:00",
});

/** The shop has a vehicle done; the fleet's software tells of it by a webhook. */
function serviced(minute: number, whose: string, entry: number): Act {
  const name = `fleet of ${whose}: entry ${entry} is completed`;
  const done = (books: Books): void =>
    books.put("fleet.service-entries", String(entry), { status: "completed", total_amount_cents: 8_950 }, "person");
  return { minute, name, company: whose, run: done };
}

function officeWork(minute: number, job: number, word: string): Act {
  return act(minute, `office: job ${job} is ${word}`, (books) => {
    const done = word === "Completed";
    const completedOn = done ? books.now() : null;
    books.put("st.jobs", id(100, job), { jobStatus: word, completedOn }, "person");
    if (done && books.get("st.invoices", id(700, job))?.["total"] === "0.00") {
      books.put("st.invoices", id(700, job), { total: "312.50", balance: "312.50", syncStatus: "Posted" }, "person");
    }
  });
}

const officeMove = (minute: number, job: number, later: number): Act =>
  act(minute, `office: job ${job} moves to ${day(later)}`, (books) =>
    books.put("st.appointments", id(500, job), visit(later), "person"),
  );
const branchMove = (minute: number, job: number, later: number): Act =>
  act(minute, `branch: job ${job} moves to ${day(later)}`, (books) =>
    books.put("ctc.jobs", `b${job}`, slot(later), "person"),
  );
const branchWork = (minute: number, job: number, word: string): Act =>
  act(minute, `branch: job ${job} is ${word}`, (books) => books.put("ctc.jobs", `b${job}`, { status: word }, "person"));
const branchAmount = (minute: number, job: number, amount: number): Act =>
  act(minute, `branch: job ${job} costs ${amount}`, (books) =>
    books.put("ctc.jobs", `b${job}`, { actual_amount: amount }, "person"),
  );
const crewsFinish = (minute: number, job: number): Act =>
  act(minute, `crews: r${job} is done and paid`, (books) =>
    books.put(
      "crews.serviced-jobs",
      `r${job}`,
      { completed: true, total_received: 320, total_outstanding: 0 },
      "person",
    ),
  );
