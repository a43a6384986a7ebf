import * as z from "#shared/domain/schema.ts";
import { clockEnv, queuesByVendor } from "#shared/runtime/env.ts";

/** What call-vendor needs from its stage; infra builds exactly these variables from the same schema. */
export const envSchema = z.object({
  TABLE_NAME: z.string(),
  ARCHIVE_BUCKET: z.string(),
  OUTBOUND_QUEUES: queuesByVendor,
  ...clockEnv,
});
