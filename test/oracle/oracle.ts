import type { Demo, ExpectedTotals, JsonRecord, Truth } from "#local/demo/demo.ts";
import { carryOut, copyOf, having, instantsOf, of, openingOf, put, type Standing } from "./fold.ts";
import { type Gap, gapsOf } from "./gaps.ts";
import { type Line, linesOf, recordsAt } from "./lines.ts";
import { linkProblems } from "./links.ts";
import { readingProblems } from "./readings.ts";
import { type Outcome, stepOf, type Write } from "./writes.ts";

export type OracleBreak = { kind: string; state: "open" | "waiting" | "resolved"; minor: number; cause: string };
export type OracleJob = {
  truth: Truth;
  breaks: OracleBreak[];
  outcomes: Outcome[];
  approvals: string[];
  tasks: string[];
};
export type Oracle = {
  jobs: OracleJob[];
  writes: Write[];
  /** What stands at the vendors in the end, our writes with it. */
  final: Standing;
  totals: ExpectedTotals;
  /** Where the planted data does not mean what it should; empty when the demo is sound. */
  problems: string[];
};

const HOUR = 3_600_000;
/** How long a difference must stand to be open: the client's books have three days, the others twice their reading. */
const grace = (other: string): number => (other === "fleetio-frontrange" ? 72 : 4) * HOUR;

type Watch = { gap: Gap; since: string; opened: boolean };
type Told = { job: OracleJob; watches: Map<string, Watch>; lines: Line[]; outcomes: Set<string> };

/**
 * What a run of the demo must come to, worked out from what was planted alone: it plays the edits, the bookkeeper's
 * acts and the passing of three days, and does at each instant what the rules of `writes.ts` and `gaps.ts` say.
 */
export function oracleOf(demo: Demo): Oracle {
  const standing = openingOf(demo);
  const writes: Write[] = [];
  const told = demo.truth.map((truth): Told => {
    const job = { truth, breaks: [], outcomes: [], approvals: [], tasks: [] };
    return { job, watches: new Map(), lines: linesOf(truth.records, standing), outcomes: new Set() };
  });
  const problems = [...linkProblems(demo), ...readingProblems(demo)];
  const edits = new Map(instantsOf(demo));
  for (const now of calendarOf(demo)) {
    const before = copyOf(standing);
    for (const edit of edits.get(now) ?? []) carryOut(standing, edit);
    for (const act of demo.script)
      if (act.at === now && act.act === "approve") writes.push(...moveCheck(demo, standing, told));
    // Between edits only time passes: it moves what stands open and what the client has not closed.
    const quietHour = !edits.has(now) && !demo.script.some((act) => act.at === now);
    const awake = told.filter((one) => !quietHour || one.watches.size > 0 || atClient(one.job.truth));
    for (const one of awake) advance(one, { demo, now, standing, before, writes });
  }
  for (const one of told) close(one, demo, standing);
  const jobs = told.map(({ job }) => job);
  return { jobs, writes, final: standing, totals: totalsOf(demo, jobs), problems };
}

/** Every instant at which something may change: edits, acts, and a while after them. */
function calendarOf(demo: Demo): string[] {
  const instants = new Set([...instantsOf(demo).map(([at]) => at), ...demo.script.map((act) => act.at)]);
  for (let at = Date.parse(demo.start); at <= Date.parse(demo.end); at += HOUR)
    instants.add(new Date(at).toISOString());
  return [...instants].toSorted().filter((at) => at > demo.start);
}

const atClient = (truth: Truth): boolean => truth.records.some((record) => record.connection === "fleetio-frontrange");

type Moment = { demo: Demo; now: string; standing: Standing; before: Standing; writes: Write[] };

function advance(one: Told, moment: Moment): void {
  const { demo, now, standing, before } = moment;
  const { truth } = one.job;
  const step = stepOf({ demo, truth, now, standing, before });
  for (const write of step.writes) carryOutWrite(standing, write);
  moment.writes.push(...step.writes);
  for (const outcome of step.outcomes) {
    // A refusal and a silent answer are said once, and not tried again.
    const name = `${outcome.target} ${outcome.outcome}`;
    if (outcome.outcome !== "applied" && one.outcomes.has(name)) continue;
    one.outcomes.add(name);
    one.job.outcomes.push(outcome);
  }
  watch(one, moment);
}

function carryOutWrite(standing: Standing, write: Write): void {
  const { account, collection } = write;
  const shelf = standing[account]?.[collection] ?? {};
  const key = write.key === "new" ? `new ${Object.keys(shelf).length}` : write.key;
  put(standing, account, collection, { ...shelf[key], ...write.fields }, key);
}

/** Follows the job's money: a gap opens when it has stood longer than its grace, and is resolved when it goes. */
function watch(one: Told, { now, standing }: Moment): void {
  const { truth } = one.job;
  const gaps = gapsOf(truth.records, standing, one.lines);
  for (const gap of gaps) {
    const known = one.watches.get(gap.kind);
    if (!known || known.gap.minor !== gap.minor)
      one.watches.set(gap.kind, { gap, since: now, opened: known?.opened ?? false });
    else if (Date.parse(now) - Date.parse(known.since) >= grace(gap.other))
      known.opened = known.gap.cause !== "unapplied";
  }
  for (const [kind, { gap, opened }] of one.watches) {
    if (gaps.some((found) => found.kind === kind)) continue;
    if (opened) one.job.breaks.push({ kind, state: "resolved", minor: gap.minor, cause: gap.cause });
    one.watches.delete(kind);
  }
  if (gaps.length === 0) one.lines = linesOf(truth.records, standing);
}

/** The approved correction: the check goes whole to that job of its customer which the crews call paid. */
function moveCheck(demo: Demo, standing: Standing, told: readonly Told[]): Write[] {
  const act = demo.script.find((one) => one.act === "approve");
  const key = act?.match?.record.id ?? "";
  const payment = standing["st-main"]?.["payments"]?.[key];
  const customer = payment && of(payment, "customer", "id");
  const right = told.find(({ job, watches }) => {
    const [office] = recordsAt(standing, job.truth.records);
    return office?.["customerId"] === customer && (watches.get("payment")?.gap.minor ?? 0) > 0;
  });
  const [office] = right ? recordsAt(standing, right.job.truth.records) : [];
  const [invoice] = having(standing, "st-main", "invoices", "job.id", office?.["id"]);
  if (!payment || !right || !invoice) throw new Error("nobody's check is to be moved");
  const part = { appliedTo: invoice["id"] ?? null, appliedAmount: payment["total"] ?? null };
  const fields: JsonRecord = { appliedTo: [part], unappliedAmount: "0.00" };
  const write = { account: "st-main", collection: "payments", key, fields };
  carryOutWrite(standing, write);
  right.job.outcomes.push({ connection: "st-main", target: "payment", outcome: "applied" });
  return [write];
}

/** What stands on the last evening. */
function close(one: Told, demo: Demo, standing: Standing): void {
  const { job } = one;
  for (const [kind, { gap, opened }] of one.watches) {
    // What clears by itself waits, and so does what has not stood for its grace when the telling ends.
    const waits = gap.cause === "unapplied" || !opened;
    job.breaks.push({ kind, state: waits ? "waiting" : "open", minor: gap.minor, cause: gap.cause });
    if (waits) continue;
    if (gap.cause === "missing-charge") job.approvals.push("st-main amount");
    else if (gap.cause === "duplicate") job.approvals.push("ctc-boulder presence");
    else if (gap.cause === "tax") job.tasks.push("ctc-boulder amount");
    else if (kind === "payment" && gap.cause !== "unexplained") job.tasks.push("st-main payment");
  }
  const last = stepOf({ demo, truth: job.truth, now: demo.end, standing, before: standing });
  for (const kind of last.breaks) job.breaks.push({ kind, state: "open", minor: 0, cause: "" });
  job.approvals.push(...last.approvals);
  job.tasks.push(...last.tasks);
  const alone = job.truth.records.every((record) => record.connection !== "st-main");
  if (!alone) return;
  const [line] = linesOf(job.truth.records, standing);
  job.breaks.push({ kind: "missing-twin", state: "open", minor: line?.charge ?? 0, cause: "missing-charge" });
  job.approvals.push("st-main job");
}

function totalsOf(demo: Demo, jobs: readonly OracleJob[]): ExpectedTotals {
  const breaks = jobs.flatMap((job) => job.breaks);
  const open = breaks.filter((one) => one.state === "open");
  const sum = (of: readonly OracleBreak[]): number => of.reduce((all, one) => all + Math.abs(one.minor), 0);
  const inState = (job: OracleJob, state: string): boolean => job.breaks.some((one) => one.state === state);
  const disagree = jobs.filter((job) => inState(job, "open")).length;
  const waiting = jobs.filter((job) => inState(job, "waiting") && !inState(job, "open")).length;
  const resolved = breaks.filter((one) => one.state === "resolved");
  const receipts: Record<string, number> = {};
  for (const { outcome } of jobs.flatMap((job) => job.outcomes)) receipts[outcome] = (receipts[outcome] ?? 0) + 1;
  const ofKind = (kind: string): number => sum(open.filter((one) => one.kind === kind));
  const entries = Object.values(jobs.length > 0 ? foldedEntries(demo) : {});
  return {
    jobs: jobs.length,
    agree: jobs.length - disagree - waiting,
    waiting,
    disagree,
    breaks: open.length,
    moneyJobs: jobs.filter((job) => job.breaks.some((one) => one.state === "open" && one.minor !== 0)).length,
    gapMinor: sum(open),
    chargeMinor: ofKind("charge"),
    paymentMinor: ofKind("payment"),
    missingTwinMinor: ofKind("missing-twin"),
    waitingMinor: sum(breaks.filter((one) => one.state === "waiting")),
    resolvedMinor: sum(resolved),
    resolvedBreaks: resolved.length,
    receipts,
    awaitingApproval: jobs.flatMap((job) => job.approvals).length,
    tasks: jobs.flatMap((job) => job.tasks).length,
    dropped: entries.filter((entry) => entry["vendor_id"] !== 412 || entry["is_sample"] === true).length,
    stories: demo.stories.length,
  };
}

function foldedEntries(demo: Demo): Record<string, JsonRecord> {
  const standing = openingOf(demo);
  for (const [, edits] of instantsOf(demo)) for (const edit of edits) carryOut(standing, edit);
  return standing["fleetio-frontrange"]?.["serviceEntries"] ?? {};
}
