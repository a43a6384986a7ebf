import * as z from "#shared/domain/schema.ts";
import { breakSchema } from "./board.ts";

/** The replies that are lists, and what decisions are answered with. */
export const breaksSchema = z.object({
  breaks: z.array(z.object({ job: z.string(), number: z.nullable(z.string()), ...breakSchema.shape })),
});

export const feedsSchema = z.object({
  now: z.string(),
  feeds: z.array(
    z.object({
      connection: z.string(),
      stream: z.string(),
      completeAt: z.nullable(z.string()),
      everyMinutes: z.number(),
      stale: z.boolean(),
      failingSince: z.nullable(z.string()),
      lastFailure: z.nullable(z.object({ at: z.string(), kind: z.string(), message: z.string() })),
      counted: z.object({ read: z.number(), forwarded: z.number(), dropped: z.number(), quarantined: z.number() }),
      question: z.nullable(z.string()),
    }),
  ),
});

export const receiptsSchema = z.object({
  receipts: z.array(
    z.object({
      job: z.string(),
      number: z.nullable(z.string()),
      target: z.string(),
      record: z.object({ connection: z.string(), stream: z.string(), id: z.string() }),
      outcome: z.string(),
      at: z.string(),
      before: z.string(),
      wanted: z.string(),
      moneyMinor: z.number(),
      approvedBy: z.nullable(z.string()),
      note: z.nullable(z.string()),
    }),
  ),
});

export const resultsSchema = z.object({
  results: z.array(
    z.object({
      job: z.string(),
      intent: z.string(),
      decided: z.boolean(),
      sentence: z.optional(z.string()),
      why: z.optional(z.string()),
    }),
  ),
});

export const switchSchema = z.object({ stopped: z.boolean(), why: z.nullable(z.string()) });
