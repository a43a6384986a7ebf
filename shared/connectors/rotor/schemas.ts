import * as z from "#shared/domain/schema.ts";

/** Rotor's reference, "List serviced jobs" and "List customers". Every field of a record is optional there. */
const text = z.nullish(z.string());

export const secretSchema = z.looseObject({ apiKey: z.string().check(z.minLength(1)) });

/** Rotor has no settings beside the common ones of a connection. */
export const settingsSchema = z.looseObject({});

/** A page counts only if it says how many there are and whether there are more (law 3). Records are read one by one. */
export const listSchema = z.looseObject({
  data: z.array(z.unknown()),
  pagination: z.looseObject({
    has_more: z.boolean(),
    total: z.int().check(z.nonnegative()),
    page: z.optional(z.int()),
    limit: z.optional(z.int()),
  }),
  status: z.optional(z.literal("success")),
});

export const customerReplySchema = z.looseObject({ data: z.looseObject({ id: z.string() }) });

/** Amounts are left open: one that cannot be read must not take the record with it. */
export const jobSchema = z.looseObject({
  id: z.string(),
  customer: z.nullish(z.looseObject({ id: text, company_name: text, first_name: text, last_name: text })),
  service_date: text,
  service_plan_id: text,
  technicians: z.nullish(z.array(z.looseObject({ email: text, name: text, user_id: text }))),
  total_outstanding: z.optional(z.unknown()),
  total_received: z.optional(z.unknown()),
});

/** What is kept of a job: as printed, and in which of the two lists it stood. */
export const listedJobSchema = z.looseObject({ job: jobSchema, completed: z.boolean() });

export const customerSchema = z.looseObject({
  id: z.string(),
  company_name: text,
  first_name: text,
  last_name: text,
  email: text,
  phone: text,
  status: text,
});
