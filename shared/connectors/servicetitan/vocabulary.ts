import type { WriteTarget } from "#shared/domain/policy.ts";
import { billings, type StatusWord, type Work, works } from "#shared/domain/status.ts";
import type { Narrowing, Vocabulary } from "../connector.ts";

/**
 * Job words as companies use them (help.servicetitan.com, statuses and actions on jobs and appointments). The API
 * writes none of them but Canceled; `write` says which word a person is asked to set. Billing has no word here: it
 * follows from the invoices, so every word leaves it open.
 */
export const statusWords: readonly StatusWord[] = [
  row("Scheduled", 1, ["open", "scheduled", "held"], ["scheduled"]),
  row("Dispatched", 2, ["dispatched"], []),
  row("InProgress", 3, ["scheduled", "dispatched", "working"], []),
  row("Hold", 4, ["held"], ["held"]),
  row("Completed", 5, ["completed"], ["completed"]),
  row("Canceled", 6, ["canceled"], ["canceled"]),
];

function row(word: string, order: number, work: readonly Work[], writtenFor: readonly Work[]): StatusWord {
  const read = { word, order, work, billing: billings };
  return writtenFor.length === 0 ? read : { ...read, write: { work: writtenFor, billing: billings } };
}

/** How a job's visits narrow its word (active visits that are not `unused`); first row that fits. */
const narrowing: readonly Narrowing[] = [
  { word: "Scheduled", when: "none-left", set: ["open"] },
  { word: "Scheduled", when: "scheduled-and-held", set: ["scheduled", "held"] },
  { word: "Scheduled", when: "any-start", set: ["scheduled"] },
  { word: "InProgress", when: "any-working", set: ["working"] },
  { word: "InProgress", when: "any-dispatched", set: ["dispatched"] },
  { word: "InProgress", when: "done-and-scheduled", set: ["scheduled", "working"] },
];

/** What a job's word can mean; undefined for a word the vendor's documents do not have. */
export function workOf(word: string): readonly Work[] | undefined {
  return statusWords.find((known) => known.word === word)?.work;
}

export const everyWork: readonly Work[] = works;

/** What a person is asked to do; empty where only the technician's app moves it and nobody can be asked. */
const asked: Readonly<Partial<Record<WriteTarget, (wanted: string) => string>>> = {
  status: (wanted) => {
    const act = acts.find(([state]) => wanted.toLowerCase().split(" or ").includes(state))?.[1];
    return act === undefined ? "" : `office, in ServiceTitan: open the job and ${act}`;
  },
  schedule: (wanted) => `office, in ServiceTitan: on the dispatch board, move the job's appointment to ${wanted}`,
  assignees: (wanted) => `office, in ServiceTitan: on the dispatch board, put these technicians on the job: ${wanted}`,
  reference: (wanted) => `office, in ServiceTitan: open the job and type ${wanted} as the customer PO`,
  amount: (wanted) =>
    `office, in ServiceTitan: open the job's invoice and correct its total (${wanted}); once it is posted or exported, by an adjustment invoice`,
  payment: (wanted) =>
    /^(refund|payment-reversed|write-off)/.test(wanted)
      ? `office, in ServiceTitan: add an adjustment invoice to the job's invoice and record the negative payment on it (${wanted}): date, type, amount, check number`
      : `office, in ServiceTitan: open the job's invoice and record the payment (${wanted}): date, type, amount, check number`,
  presence: (wanted) => `office, in ServiceTitan: open the job and make it ${wanted}`,
  job: (wanted) => `office, in ServiceTitan: book the job: ${wanted}`,
  call: (wanted) => `office, in ServiceTitan: ${wanted}`,
};

const acts: readonly (readonly [Work, string])[] = [
  ["completed", "press Complete Job; no API can do it"],
  ["canceled", "cancel it with its reason and a memo, once no money applies to it"],
  ["held", "put its appointment on hold, with the reason"],
  ["scheduled", "add or move an appointment, so that it is scheduled"],
  ["open", "take it back to unscheduled"],
];

export const vocabulary: Vocabulary = {
  statusWords,
  noWord: ["proposed"],
  // A missing payment is always a task. `payment` stands for the one thing the API does: applying a payment it
  // already has to other invoices; the writer refuses anything else and asks a person.
  targets: {
    status: "task",
    schedule: "task",
    assignees: "api",
    reference: "api",
    amount: "api",
    payment: "api",
    presence: "task",
    job: "api",
    marker: "none",
    call: "api",
  },
  withCapability: { schedule: "reschedule" },
  narrowing,
  rootStream: "jobs",
  money: "invoices",
  task: (target, wanted) => asked[target]?.(wanted) ?? "",
};
