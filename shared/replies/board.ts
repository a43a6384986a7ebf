import { breakKinds, breakStates, causeKinds, saidCauses } from "#shared/domain/break.ts";
import * as z from "#shared/domain/schema.ts";

/** The parts of operate's replies that screens print. What else a reply holds is left alone. */
const minor = z.nullable(z.number());

export const breakSchema = z.object({
  kind: z.enum(breakKinds),
  key: z.string(),
  state: z.enum(breakStates),
  gapMinor: z.number(),
  causes: z.array(
    z.object({
      kind: z.enum(causeKinds),
      certainty: z.enum(["proven", "likely"]),
      minor: z.number(),
      records: z.array(z.string()),
    }),
  ),
  since: z.string(),
  connections: z.array(z.string()),
  sentence: z.string(),
  assignedTo: z.optional(z.nullable(z.string())),
  note: z.optional(z.nullable(z.string())),
  saidCause: z.optional(z.enum(saidCauses)),
  putAway: z.optional(z.string()),
  /** Jobs that stood longer and rest on the same payment. */
  behind: z.optional(z.object({ payment: z.string(), jobs: z.array(z.string()) })),
});
export type BreakShown = z.infer<typeof breakSchema>;

export const moneySchema = z.object({
  connection: z.string(),
  charge: minor,
  payment: minor,
  outstanding: minor,
  provisional: z.boolean(),
});
export type MoneyShown = z.infer<typeof moneySchema>;

export const lineSchema = z.object({
  job: z.string(),
  number: z.nullable(z.string()),
  customer: z.nullable(z.string()),
  day: z.nullable(z.string()),
  connections: z.array(z.string()),
  numbers: z.record(z.string(), z.array(z.string())),
  standing: z.string(),
  since: z.nullable(z.string()),
  gapMinor: z.number(),
  breaks: z.array(breakSchema),
  money: z.array(moneySchema),
});
export type LineShown = z.infer<typeof lineSchema>;

export const connectionSchema = z.object({
  id: z.string(),
  title: z.string(),
  called: z.nullable(z.string()),
  reference: z.boolean(),
  money: z.enum(["invoices", "record"]),
  fresh: z.boolean(),
});
export type ConnectionShown = z.infer<typeof connectionSchema>;

export const boardSchema = z.object({
  now: z.string(),
  company: z.object({ id: z.string(), name: z.string(), zone: z.string(), currency: z.string() }),
  days: z.object({ from: z.string(), to: z.string() }),
  connections: z.array(connectionSchema),
  stopped: z.object({ stopped: z.boolean(), why: z.nullable(z.string()) }),
  jobs: z.number(),
  notComparable: z.number(),
  moneyJobs: z.number(),
  gapMinor: z.number(),
  waitingMinor: z.number(),
  resolvedMinor: z.number(),
  quarantined: z.number(),
  receipts: z.record(z.string(), z.number()),
  tasks: z.number(),
  awaitingApproval: z.number(),
  top: z.array(lineSchema),
  waitingJobs: z.array(lineSchema),
  openOther: z.array(lineSchema),
});
export type BoardShown = z.infer<typeof boardSchema>;
