import * as z from "#shared/domain/schema.ts";

/** Our own and no more than names: the job item is loaded, whatever the message claims (law 7). */
export const outboundSchema = z.strictObject({
  v: z.literal(1),
  company: z.string(),
  job: z.string(),
  intent: z.string(),
});
export type Outbound = z.infer<typeof outboundSchema>;
