import type { Stack } from "aws-cdk-lib";
import type { Queues } from "#infra/constructs/queues.ts";
import type { WorkQueue } from "#infra/constructs/work-queue.ts";
import type { Store } from "#infra/stacks/data.ts";
import type { Stage } from "#infra/stage.ts";

/** What a function of a cell is built against. */
export interface Surroundings {
  readonly stage: Stage;
  readonly store: Store;
  readonly queues: Queues;
}

/** Queue URLs by vendor as one JSON text, the form that queuesByVendor in shared/runtime/env.ts reads. */
export function queueUrls(stack: Stack, queues: Readonly<Record<string, WorkQueue>>): string {
  return stack.toJsonString(
    Object.fromEntries(Object.entries(queues).map(([vendor, work]) => [vendor, work.queue.queueUrl])),
  );
}
