import type { Vocabulary } from "../connector.ts";
import { noWord, statusWords } from "./status.ts";

/** What can be said to Custom Trades CRM. It has no purchase order and one assigned user, the lead. */
export const vocabulary: Vocabulary = {
  statusWords,
  noWord,
  targets: {
    status: "api",
    schedule: "api",
    assignees: "task",
    reference: "none",
    amount: "api",
    payment: "api",
    presence: "api",
    // The API can, once a person has named the customer there: no plan knows their uuid.
    job: "task",
  },
  makes: { payment: "payments" },
  rootStream: "jobs",
  money: "invoices",
  task: (target, wanted) => {
    if (target === "status") {
      return wanted === "canceled"
        ? "In Custom Trades CRM, decide what becomes of this job: it has no word for canceled."
        : `In Custom Trades CRM, set the job's status so that it says ${wanted}.`;
    }
    if (target === "assignees") return `In Custom Trades CRM, assign the job to ${wanted}.`;
    if (target === "payment") return `In Custom Trades CRM, record the missing payment so that ${wanted} is received.`;
    if (target === "job") return `In Custom Trades CRM, enter the job that is missing there: ${wanted}.`;
    if (target === "presence") return `In Custom Trades CRM, delete this job by hand (${wanted}).`;
    return `In Custom Trades CRM, change the job's ${target} to ${wanted}.`;
  },
};
