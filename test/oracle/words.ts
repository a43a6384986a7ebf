import type { JsonRecord } from "#local/demo/demo.ts";
import { having, type Standing } from "./fold.ts";
import { type Line } from "./lines.ts";

/** What the vendors' words can mean, written down from their documents for the oracle alone. */

const jobWords: Readonly<Record<string, readonly string[]>> = {
  Scheduled: ["scheduled"],
  Dispatched: ["dispatched"],
  Hold: ["held"],
  Completed: ["completed"],
  Canceled: ["canceled"],
};

/** The work states an office job may be in. */
export function officeWork(job: JsonRecord, standing: Standing): readonly string[] {
  const visits = having(standing, "st-main", "appointments", "jobId", job["id"]).filter(
    (one) => one["unused"] === false,
  );
  const open = visits.filter((one) => one["status"] !== "Canceled");
  const word = String(job["jobStatus"]);
  if (word === "Scheduled" && open.length === 0) return ["open"];
  if (word !== "InProgress") return jobWords[word] ?? [];
  if (open.some((one) => one["status"] === "Working")) return ["working"];
  if (open.some((one) => one["status"] === "Dispatched")) return ["dispatched"];
  return ["scheduled", "dispatched", "working"];
}

/** Billing of an office job, by its money. */
export function officeBilling(job: JsonRecord, line: Line, posted: boolean): readonly string[] {
  const [charge, payment] = [line.charge ?? 0, line.payment ?? 0];
  const due = charge - payment;
  const done = job["jobStatus"] === "Completed";
  if (job["jobStatus"] === "Canceled")
    return charge === 0 && payment === 0 ? ["unbilled", "void"] : ["invoiced", "part-paid", "paid"];
  if (job["noCharge"] === true && charge === 0) return ["no-charge"];
  if (charge === 0) return ["unbilled"];
  if (!done && !posted) return ["unbilled", "ready", "part-paid"];
  if (due === charge) return posted ? ["invoiced"] : ["ready", "invoiced"];
  return due > 0 ? ["part-paid"] : ["paid"];
}

type Column = { word: string; work: readonly string[]; billing: readonly string[]; write?: [string[], string[]] };

/** The branch's columns in their order; `write`: the work and billing a column is written for. */
export const columns: readonly Column[] = [
  { word: "New", work: ["proposed", "open"], billing: ["unbilled"] },
  { word: "Contacted", work: ["proposed", "open"], billing: ["unbilled"] },
  { word: "Estimate Sent", work: ["proposed", "open", "held"], billing: ["unbilled"] },
  { word: "Estimate Approved", work: ["open", "scheduled", "held"], billing: ["unbilled"] },
  {
    word: "Scheduled",
    work: ["scheduled", "dispatched", "held"],
    billing: ["unbilled"],
    write: [["scheduled"], ["unbilled"]],
  },
  {
    word: "In Progress",
    work: ["dispatched", "working", "held"],
    billing: ["unbilled"],
    write: [["working"], ["unbilled"]],
  },
  { word: "Needs Approval", work: ["working", "held", "completed"], billing: ["unbilled", "ready"] },
  {
    word: "Ready to Invoice",
    work: ["completed"],
    billing: ["unbilled", "ready"],
    write: [["completed"], ["unbilled", "ready"]],
  },
  {
    word: "Invoiced",
    work: ["completed"],
    billing: ["invoiced", "part-paid"],
    write: [["completed"], ["invoiced", "part-paid"]],
  },
  {
    word: "Complete",
    work: ["completed"],
    billing: ["unbilled", "ready", "invoiced", "part-paid", "paid", "no-charge"],
    write: [["completed"], ["paid", "no-charge"]],
  },
];

export const meet = (a: readonly string[], b: readonly string[]): boolean => a.some((one) => b.includes(one));

/** Whether the branch's word says nothing against the office; an unknown word never does. */
export function columnFits(word: string, work: readonly string[], billing: readonly string[]): boolean {
  const column = columns.find((one) => one.word === word);
  return !column || (meet(column.work, work) && meet(column.billing, billing));
}

/** The first column that is written for this; null when none is. */
export function columnFor(work: readonly string[], billing: readonly string[]): string | null {
  return columns.find(({ write }) => write && meet(write[0], work) && meet(write[1], billing))?.word ?? null;
}
