import * as z from "#shared/domain/schema.ts";
import { clockEnv, queuesByVendor } from "#shared/runtime/env.ts";

/** What reconcile-job needs from its stage; infra builds exactly these variables from the same schema. */
export const envSchema = z.object({
  TABLE_NAME: z.string(),
  ARCHIVE_BUCKET: z.string(),
  INBOUND_QUEUE_URL: z.string(),
  HINT_QUEUES: queuesByVendor,
  OUTBOUND_QUEUES: queuesByVendor,
  ...clockEnv,
});
