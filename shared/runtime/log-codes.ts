/**
 * The log catalogue: every line has a code, and every code stands here once. A line carries ids and counts, never an
 * event, a body or a header. `error` lines are what an alarm or a person looks at.
 */
export const logCodes = {
  PL002: { level: "info", says: "work done" },
  PL003: { level: "error", says: "work failed; its message stays in the queue" },
  PL004: { level: "error", says: "a message does not have the shape of its queue; it stays for the dead-letter queue" },
  PL005: { level: "error", says: "the invocation failed" },
  PL010: { level: "info", says: "stream read" },
  PL011: { level: "warn", says: "stream not read; due again" },
  PL012: { level: "info", says: "records read" },
  PL013: { level: "warn", says: "records not read; due again" },
  PL020: { level: "info", says: "sweep done" },
  PL021: { level: "warn", says: "sweep not done; due again" },
  PL022: { level: "error", says: "sweep stopped: it would conclude too much" },
  PL031: { level: "info", says: "schedules made" },
  PL032: { level: "warn", says: "a due item names nothing configured; taken away" },
  PL040: { level: "info", says: "webhook accepted" },
  PL041: { level: "warn", says: "webhook refused" },
  PL050: { level: "info", says: "job reconciled" },
  PL051: { level: "info", says: "intent handled" },
  PL060: { level: "info", says: "operation done" },
  PL061: { level: "warn", says: "operation refused" },
} as const;

export type LogCode = keyof typeof logCodes;
