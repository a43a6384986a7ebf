import { billings, type StatusWord } from "#shared/domain/status.ts";
import type { Vocabulary } from "../connector.ts";

/**
 * Two words, and both say little: an entry of the shop network stays pending one to three days after the work is done
 * (help.fleetio.com, maintenance shop network), so pending may mean completed for that long.
 */
export const LAG_HOURS = 72;

export const statusWords: readonly StatusWord[] = [
  {
    word: "pending",
    order: 1,
    work: ["proposed", "open", "scheduled", "dispatched", "working", "held"],
    billing: billings,
  },
  {
    word: "completed",
    order: 2,
    work: ["completed"],
    billing: billings,
    write: { work: ["completed"], billing: billings },
  },
];

export const vocabulary: Vocabulary = {
  statusWords,
  noWord: ["canceled", ...billings],
  targets: {
    status: "api",
    reference: "api",
    schedule: "none",
    assignees: "none",
    amount: "task",
    payment: "none",
    presence: "task",
    job: "none",
    marker: "none",
    call: "api",
  },
  rootStream: "service-entries",
  money: "record",
  task: (target, wanted) => {
    if (target === "status" && wanted === "completed") {
      return "Ask the client to close the repair order in Fleetio, so that the service entry becomes completed.";
    }
    if (target === "amount") return `Ask the client to correct the service entry's total in Fleetio to ${wanted}.`;
    if (target === "presence") return `Ask the client what became of the service entry in Fleetio: ${wanted}.`;
    return `Ask the client to set ${target} of the service entry in Fleetio to ${wanted}.`;
  },
};
