import * as z from "#shared/domain/schema.ts";
import { clockEnv } from "#shared/runtime/env.ts";

/** What poll-vendor needs from its stage; infra builds exactly these variables from the same schema. */
export const envSchema = z.object({
  VENDOR: z.string(),
  TABLE_NAME: z.string(),
  ARCHIVE_BUCKET: z.string(),
  HINT_QUEUE_URL: z.string(),
  INBOUND_QUEUE_URL: z.string(),
  BACKFILL_QUEUE_URL: z.string(),
  ...clockEnv,
});
