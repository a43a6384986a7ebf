import { billings } from "#shared/domain/status.ts";
import type { Vocabulary } from "../connector.ts";
import { completedWork, openWork } from "./normalise.ts";

const nothing = "Rotor has no way to change a job through its API.";

/** Rotor prints no word and takes nothing: the two rows are its two lists, and whatever is wanted there is asked of a person. */
export const vocabulary: Vocabulary = {
  statusWords: [
    { word: "in the list of all jobs only", order: 1, work: openWork, billing: billings },
    { word: "in the completed list", order: 2, work: completedWork, billing: billings },
  ],
  noWord: ["proposed"],
  targets: { status: "none", schedule: "task", assignees: "task", reference: "none", amount: "task", payment: "task" },
  rootStream: "serviced-jobs",
  money: "record",
  task: (target, wanted) => {
    if (target === "schedule") return `In Rotor, move the job's first visit to ${wanted}. ${nothing}`;
    if (target === "assignees") return `In Rotor, put these technicians on the job: ${wanted}. ${nothing}`;
    if (target === "amount") return `In Rotor, correct the job's invoices so that they come to ${wanted}. ${nothing}`;
    if (target === "payment") return `In Rotor, correct the job's payments so that they come to ${wanted}. ${nothing}`;
    return `In Rotor, change the job's ${target} to ${wanted}. ${nothing}`;
  },
};
