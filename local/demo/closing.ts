import type { Stack } from "#local/aws/stack.ts";
import * as z from "#shared/domain/schema.ts";
import type { Demo } from "./demo.ts";
import type { Simulated } from "./simulated.ts";

const statusSchema = z.looseObject({
  jobs: z.number(),
  agree: z.number(),
  disagree: z.number(),
  waiting: z.number(),
  notComparable: z.number(),
  breaks: z.number(),
  moneyJobs: z.number(),
  gapMinor: z.number(),
  chargeMinor: z.number(),
  paymentMinor: z.number(),
  missingTwinMinor: z.number(),
  waitingMinor: z.number(),
  resolvedMinor: z.number(),
  intents: z.number(),
  receipts: z.record(z.string(), z.number()),
  tasks: z.number(),
  awaitingApproval: z.number(),
  quarantined: z.number(),
  dropped: z.number(),
});

export type StatusNumbers = Pick<z.infer<typeof statusSchema>, keyof typeof statusSchema.shape>;

/** What the closing JSON takes of a status, in its order. */
export function numbersOf(status: unknown): StatusNumbers {
  const known = statusSchema.parse(status);
  const { jobs, agree, disagree, waiting, notComparable, breaks, moneyJobs } = known;
  const { gapMinor, chargeMinor, paymentMinor, missingTwinMinor, waitingMinor, resolvedMinor } = known;
  const { intents, receipts, tasks, awaitingApproval, quarantined, dropped } = known;
  const standings = { jobs, agree, disagree, waiting, notComparable, breaks, moneyJobs };
  const money = { gapMinor, chargeMinor, paymentMinor, missingTwinMinor, waitingMinor, resolvedMinor };
  return { ...standings, ...money, intents, receipts, tasks, awaitingApproval, quarantined, dropped };
}

/** The closing JSON of a run that came to rest: flat numbers, and receipts and vendorRequests as objects. */
export async function closingNumbers(parts: {
  readonly status: unknown;
  readonly stack: Stack;
  readonly simulated: Simulated;
  readonly demo: Demo;
  readonly seconds: number;
  readonly jumps: number;
}): Promise<object> {
  const { stack, simulated, demo, seconds, jumps } = parts;
  const { quarantined, dropped, ...numbers } = numbersOf(parts.status);
  const { deadLettered } = await stack.depths();
  const handled = stack.handled();
  return {
    ...numbers,
    inbound: handled["inbound"] ?? 0,
    outbound: handled["outbound"] ?? 0,
    deadLettered,
    quarantined,
    dropped,
    stories: demo.stories.length,
    vendorRequests: await simulated.requests(),
    jumps,
    seconds,
  };
}
