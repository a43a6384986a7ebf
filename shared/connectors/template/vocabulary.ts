import type { StatusWord } from "#shared/domain/status.ts";
import type { Vocabulary } from "../connector.ts";

/** Read wide, write narrow: every state a company uses the word for, and the one thing it may be written for. */
export const statusWords: readonly StatusWord[] = [
  { word: "Booked", order: 1, work: ["open", "scheduled"], billing: ["unbilled"] },
  {
    word: "Underway",
    order: 2,
    work: ["dispatched", "working"],
    billing: ["unbilled"],
    write: { work: ["working"], billing: ["unbilled"] },
  },
  {
    word: "Finished",
    order: 3,
    work: ["completed"],
    billing: ["unbilled", "ready", "invoiced", "part-paid", "paid"],
    write: { work: ["completed"], billing: ["unbilled", "ready"] },
  },
  { word: "Called off", order: 4, work: ["canceled"], billing: ["void"] },
];

export const vocabulary: Vocabulary = {
  statusWords,
  noWord: ["proposed", "held", "no-charge"],
  targets: { status: "api", schedule: "none", assignees: "none", reference: "none", amount: "task", payment: "task" },
  rootStream: "jobs",
  money: "record",
  task: (target, wanted) => `Change the job's ${target} to ${wanted}.`,
};
