import * as z from "#shared/domain/schema.ts";
import { clockEnv, queuesByVendor } from "#shared/runtime/env.ts";

/** What dispatch-due needs from its stage; infra builds exactly these variables from the same schema. */
export const envSchema = z.object({
  TABLE_NAME: z.string(),
  CELL: z.string(),
  HINT_QUEUES: queuesByVendor,
  OUTBOUND_QUEUES: queuesByVendor,
  INBOUND_QUEUE_URL: z.string(),
  SWEEP_QUEUE_URL: z.string(),
  ...clockEnv,
});
