import * as z from "#shared/domain/schema.ts";
import { clockEnv, queuesByVendor } from "#shared/runtime/env.ts";

/** What receive-webhook needs from its stage; infra builds exactly these variables from the same schema. */
export const envSchema = z.object({
  TABLE_NAME: z.string(),
  HINT_QUEUES: queuesByVendor,
  ...clockEnv,
});
