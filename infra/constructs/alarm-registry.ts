/**
 * Every kind of alarm, once. The key is a heading in infra/RUNBOOK.md and the middle of each alarm's name, so whoever
 * is woken finds the page by the name. `page` wakes somebody; `ticket` waits for the morning.
 */
export const alarmRegistry = {
  "dead-letters-waiting": {
    severity: "page",
    says: "A message failed every attempt; what it carried is not in the books until it is redriven or swept.",
  },
  "tick-missing": {
    severity: "page",
    says: "Nothing is handed out any more: no stream is read, no stopped intent wakes.",
  },
  "queue-behind": {
    severity: "ticket",
    says: "The oldest message waits longer than ten minutes; what waits by design waits in the table, not here.",
  },
  "function-failing": {
    severity: "ticket",
    says: "A function ended without an answer; a failure it understands would have had a disposition.",
  },
  "function-throttled": {
    severity: "ticket",
    says: "The account's concurrency is used up; work waits in the queues.",
  },
  "webhook-refused": {
    severity: "page",
    says: "The API answers vendors with 5xx; vendors switch a feed off after enough of those.",
  },
  "table-failing": {
    severity: "page",
    says: "DynamoDB itself answers with system errors; nothing can be committed.",
  },
} as const satisfies Record<string, { severity: "page" | "ticket"; says: string }>;

export type AlarmKind = keyof typeof alarmRegistry;
