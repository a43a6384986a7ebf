import * as z from "#shared/domain/schema.ts";

/** The vendor's reference, page by page. Loose objects, everything but the id optional: vendors add and leave out. */
const text = z.nullish(z.string());

export const secretSchema = z.looseObject({
  apiKey: z.string().check(z.minLength(1)),
  webhookSecret: z.optional(z.string()),
});

/** Settings of a connection beside the common ones; `config check` uses it. */
export const settingsSchema = z.looseObject({});

/** "The job object". Amounts are left open: one that cannot be read must not take the record with it. */
export const jobSchema = z.looseObject({
  id: z.string(),
  number: text,
  title: text,
  status: text,
  total: z.optional(z.unknown()),
  paid: z.optional(z.unknown()),
  completed_at: text,
  changed_at: text,
});
export type Job = z.infer<typeof jobSchema>;

/** "List jobs". Records are judged one by one, so that a bad one never costs its page. */
export const listSchema = z.looseObject({ jobs: z.array(z.unknown()), next: z.nullable(z.string()) });

export const jobReplySchema = z.looseObject({ job: z.looseObject({ id: z.string() }) });
