import * as z from "#shared/domain/schema.ts";

/**
 * A call of one vendor operation by hand, as it is kept in the archive from the moment it was asked for: the very
 * request that is sent, so that what was approved is what goes out, and the read that shows whether it happened.
 * Credentials are no part of it: the connection's client adds them.
 */
export const callRequestSchema = z.object({
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
  /** Below the connection's base URL; parts already encoded. */
  path: z.string(),
  query: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))),
  headers: z.optional(z.record(z.string(), z.string())),
  json: z.optional(z.unknown()),
  form: z.optional(z.record(z.string(), z.string())),
  /** A ready body that is neither JSON nor a form. */
  bytes: z.optional(z.object({ contentType: z.string(), base64: z.string() })),
});
export type CallRequest = z.infer<typeof callRequestSchema>;

/** See Look in shared/connectors/connector.ts. */
export const callLookSchema = z.object({
  operation: z.string(),
  request: callRequestSchema,
  rows: z.string(),
  wants: z.array(
    z.object({
      of: z._default(z.record(z.string(), z.unknown()), {}),
      shows: z._default(z.record(z.string(), z.unknown()), {}),
    }),
  ),
  expect: z.enum(["new", "there", "gone"]),
});
export type CallLook = z.infer<typeof callLookSchema>;

export const callSchema = z.object({
  v: z.literal(1),
  operation: z.string(),
  request: callRequestSchema,
  /**
   * What nothing keeps: by which name whoever sends it gives it, and where in the JSON body it then stands. The request
   * holds nothing in these places; without them it is not sent.
   */
  withheld: z._default(z.array(z.object({ path: z.string(), at: z.array(z.string()) })), []),
  /** Null where no read can show it. */
  look: z.nullable(callLookSchema),
  /** The same in words, for the person who has to look. */
  happened: z.nullable(z.string()),
});
export type Call = z.infer<typeof callSchema>;
