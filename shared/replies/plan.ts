import { writeTargets } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";

/** The parts of an intent that screens print and decisions name. */
export const intentSchema = z.object({
  id: z.string(),
  kind: z.enum(["write", "task"]),
  target: z.enum(writeTargets),
  record: z.object({ connection: z.string(), stream: z.string(), id: z.string() }),
  read: z.string(),
  wanted: z.string(),
  moneyMinor: z.number(),
  requests: z.number(),
  needsApproval: z.boolean(),
  approved: z.nullable(z.object({ by: z.string(), at: z.string(), rule: z.optional(z.string()) })),
  rejected: z.nullable(z.object({ by: z.string(), at: z.string(), why: z.string() })),
  bound: z.string(),
  sentence: z.string(),
  plannedAt: z.string(),
  dueAt: z.nullable(z.string()),
  /** `withheld` names what a call needs when it is sent, and nothing keeps. */
  arguments: z.optional(z.object({ withheld: z.optional(z.array(z.string())) })),
});
export type IntentShown = z.infer<typeof intentSchema>;

export const planSchema = z.object({
  intents: z.array(z.object({ job: z.string(), number: z.nullable(z.string()), ...intentSchema.shape })),
  requests: z.record(z.string(), z.number()),
  moneyMinor: z.number(),
});
export type PlanShown = z.infer<typeof planSchema>;

/** How an intent stands, in a word or two. */
export function standingOf(
  intent: IntentShown,
): "task" | "rejected" | "waits for you" | "waits for its secrets" | "approved" | "goes by itself" {
  if (intent.kind === "task") return "task";
  if (intent.rejected !== null) return "rejected";
  if (intent.needsApproval && intent.approved === null) return "waits for you";
  if (intent.arguments?.withheld !== undefined) return "waits for its secrets";
  return intent.needsApproval ? "approved" : "goes by itself";
}
