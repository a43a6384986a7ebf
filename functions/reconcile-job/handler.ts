import { inboundSchema } from "#shared/messages/inbound.ts";
import { sqsWholeBatch } from "#shared/runtime/sqs-batch.ts";
import { liveDeps } from "./deps.ts";
import { takeInBatch } from "./work.ts";

const deps = liveDeps();

export const handler = sqsWholeBatch({
  name: "reconcile-job",
  schema: inboundSchema,
  workAll: (messages, run) => takeInBatch(deps, messages, run),
});
