import * as z from "#shared/domain/schema.ts";
import { clockEnv } from "#shared/runtime/env.ts";

/** What write-back needs from its stage; infra builds exactly these variables from the same schema. */
export const envSchema = z.object({
  VENDOR: z.string(),
  TABLE_NAME: z.string(),
  ARCHIVE_BUCKET: z.string(),
  INBOUND_QUEUE_URL: z.string(),
  OUTBOUND_QUEUE_URL: z.string(),
  ...clockEnv,
});
