import * as z from "#shared/domain/schema.ts";

/** One record as read: the vendor's own JSON, the vendor's version of it, and the number of the read. */
export const readRecordSchema = z.strictObject({
  stream: z.string(),
  id: z.string(),
  modified: z.nullable(z.string()),
  read: z.int(),
  at: z.string(),
  digest: z.string(),
  raw: z.unknown(),
});
export type ReadRecord = z.infer<typeof readRecordSchema>;

/** What the inbound and the backfill queue carry to reconcile-job. */
export const inboundSchema = z.discriminatedUnion("kind", [
  /** Records of one connection, as read. `archived` names the object in the archive that holds them when they are too large to carry. */
  z.strictObject({
    v: z.literal(1),
    kind: z.literal("observations"),
    company: z.string(),
    connection: z.string(),
    records: z.array(readRecordSchema),
    archived: z.nullable(z.string()),
  }),
  /** Records proven gone: a read by id answered 404, or two proven sweeps did not find them. */
  z.strictObject({
    v: z.literal(1),
    kind: z.literal("absent"),
    company: z.string(),
    connection: z.string(),
    stream: z.string(),
    ids: z.array(z.string()),
    read: z.int(),
    at: z.string(),
    how: z.enum(["deleted", "unseen"]),
  }),
  /** Time alone may have changed this job: grace, lag, cut-off. */
  z.strictObject({ v: z.literal(1), kind: z.literal("due"), company: z.string(), job: z.string() }),
]);
export type Inbound = z.infer<typeof inboundSchema>;
