import * as z from "#shared/domain/schema.ts";

/** Custom Trades CRM's API reference: jobs, invoices, payments, customers. Only what is used; the rest stays in the raw record. */
const text = z.nullish(z.string());
/** Left open: an amount that cannot be read must not take the record with it. */
const amount = z.optional(z.unknown());

export const secretSchema = z.looseObject({ apiKey: z.string().check(z.minLength(1)) });

export const settingsSchema = z.looseObject({
  /** What this company means by the status "Complete": the work is done, or nothing more is owed. */
  completeMeans: z.optional(z.enum(["work-done", "closed"])),
});

const named = z.nullish(z.looseObject({ uuid: text, first_name: text, last_name: text, company_name: text }));

export const jobSchema = z.looseObject({
  uuid: z.string(),
  job_number: text,
  customer_uuid: text,
  customer: named,
  assigned_to_user_id: text,
  title: text,
  status: text,
  actual_amount: amount,
  scheduled_date: text,
  scheduled_time_start: text,
  scheduled_time_end: text,
  started_at: text,
  completed_at: text,
  invoiced_at: text,
  paid_at: text,
  internal_notes: text,
  updated_at: text,
  deleted_at: text,
});

export const invoiceSchema = z.looseObject({
  uuid: z.string(),
  invoice_number: text,
  customer_uuid: text,
  customer: named,
  job_uuid: text,
  invoice_type: text,
  issue_date: text,
  total_amount: amount,
  tax_amount: amount,
  discount_amount: amount,
  balance_amount: amount,
  status: text,
  deleted_at: text,
});

export const paymentSchema = z.looseObject({
  uuid: z.string(),
  invoice_uuid: text,
  invoice: z.nullish(z.looseObject({ uuid: text })),
  customer_uuid: text,
  payment_type: text,
  amount,
  processing_fee: amount,
  net_amount: amount,
  payment_date: text,
  reference_number: text,
  status: text,
  deleted_at: text,
});

export const customerSchema = z.looseObject({
  uuid: z.string(),
  first_name: text,
  last_name: text,
  company_name: text,
  email: text,
  phone: text,
  deleted_at: text,
});

export const paginationSchema = z.looseObject({
  page: z.int(),
  total: z.int().check(z.nonnegative()),
  total_pages: z.int().check(z.nonnegative()),
});

/** `{success: true, data: {jobs: [...], pagination}}`; the list stands under the name of what is listed. */
export function listSchema(name: string) {
  const data = z.looseObject({ pagination: paginationSchema });
  return z.looseObject({
    success: z.literal(true),
    data: data.check(z.refine((page) => Array.isArray(page[name]), `expected a list under ${name}`)),
  });
}

/** A single record: `data` is the record, or holds it under its name (the reference does not show which). */
export const recordReplySchema = z.looseObject({ success: z.literal(true), data: z.looseObject({}) });

/** An answer to a write whose data nobody needs; a delete may have none. */
export const doneSchema = z.looseObject({ success: z.literal(true), data: z.optional(z.unknown()) });
