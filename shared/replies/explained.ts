import * as z from "#shared/domain/schema.ts";
import { breakSchema, moneySchema } from "./board.ts";
import { intentSchema } from "./plan.ts";

/** A receipt inside its job. */
const receiptSchema = z.object({
  target: z.string(),
  record: z.object({ connection: z.string() }),
  outcome: z.string(),
  at: z.string(),
  attempts: z.number(),
  before: z.string(),
  wanted: z.string(),
  after: z.nullable(z.string()),
  approvedBy: z.nullable(z.string()),
  flags: z.array(z.string()),
  note: z.nullable(z.string()),
});

/** One job with everything that is known of it. */
const explainedSchema = z.object({
  job: z.string(),
  number: z.nullable(z.string()),
  customer: z.nullable(z.string()),
  day: z.nullable(z.string()),
  standing: z.string(),
  since: z.nullable(z.string()),
  gapMinor: z.number(),
  breaks: z.array(breakSchema),
  records: z.array(
    z.object({
      record: z.string(),
      title: z.string(),
      kind: z.string(),
      number: z.nullable(z.string()),
      live: z.boolean(),
      modified: z.nullable(z.string()),
      readAt: z.string(),
      link: z.nullable(
        z.object({ rule: z.string(), evidence: z.array(z.string()), at: z.string(), batch: z.nullable(z.string()) }),
      ),
      sameAs: z.nullable(
        z.object({ record: z.string(), by: z.string(), at: z.string(), why: z.string(), counted: z.boolean() }),
      ),
    }),
  ),
  fields: z.array(
    z.object({
      field: z.string(),
      agreed: z.nullable(z.string()),
      since: z.nullable(z.string()),
      rule: z.string(),
      frozen: z.boolean(),
      flips: z.array(z.object({ at: z.string(), from: z.string(), to: z.string(), by: z.array(z.string()) })),
      values: z.array(
        z.object({
          title: z.string(),
          number: z.nullable(z.string()),
          says: z.string(),
          means: z.string(),
          asOf: z.string(),
          agrees: z.boolean(),
          won: z.boolean(),
          ask: z.boolean(),
        }),
      ),
    }),
  ),
  money: z.array(z.object({ title: z.string(), ...moneySchema.shape })),
  intents: z.array(intentSchema),
  attempts: z.array(
    z.object({ number: z.number(), state: z.string(), startedAt: z.string(), dueAt: z.string(), intent: intentSchema }),
  ),
  receipts: z.array(receiptSchema),
  notices: z.array(z.string()),
  history: z.array(z.object({ version: z.number(), at: z.string(), cause: z.string(), lines: z.array(z.string()) })),
});
export type ExplainedShown = z.infer<typeof explainedSchema>;

/** The reply of `job`: a number may name several. */
export const jobReplySchema = z.object({ jobs: z.array(explainedSchema) });
