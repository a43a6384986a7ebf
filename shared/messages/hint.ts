import * as z from "#shared/domain/schema.ts";

/** What the hint queue of a vendor carries: something to read. Grouped by connection. */
export const hintSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    v: z.literal(1),
    kind: z.literal("records"),
    company: z.string(),
    connection: z.string(),
    stream: z.string(),
    ids: z.array(z.string()).check(z.minLength(1)),
    why: z.enum(["webhook", "also-read", "missing-from-list", "person", "read-back", "waiting", "sweep"]),
    purpose: z.enum(["live", "person", "write", "sweep", "backfill"]),
  }),
  z.strictObject({
    v: z.literal(1),
    kind: z.literal("stream"),
    company: z.string(),
    connection: z.string(),
    stream: z.string(),
    purpose: z.enum(["live", "person", "backfill"]),
  }),
]);
export type Hint = z.infer<typeof hintSchema>;

/** What the sweep queue carries: list a whole stream and compare it with the job items. */
export const sweepSchema = z.strictObject({
  v: z.literal(1),
  company: z.string(),
  connection: z.string(),
  stream: z.string(),
});
export type SweepOrder = z.infer<typeof sweepSchema>;
