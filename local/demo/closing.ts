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
  const status = statusSchema.parse(parts.status);
  const { deadLettered } = await stack.depths();
  const handled = stack.handled();
  const {
    jobs,
    agree,
    disagree,
    waiting,
    notComparable,
    breaks,
    moneyJobs,
    gapMinor,
    chargeMinor,
    paymentMinor,
    missingTwinMinor,
  } = status;
  const { waitingMinor, resolvedMinor, intents, receipts, tasks, awaitingApproval, quarantined, dropped } = status;
  return {
    jobs,
    agree,
    disagree,
    waiting,
    notComparable,
    breaks,
    moneyJobs,
    gapMinor,
    chargeMinor,
    paymentMinor,
    missingTwinMinor,
    waitingMinor,
    resolvedMinor,
    intents,
    receipts,
    tasks,
    awaitingApproval,
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
