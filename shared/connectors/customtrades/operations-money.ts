import * as z from "#shared/domain/schema.ts";
import { operation } from "../operation.ts";
import { day, filters, money, read, record, text, uuid, write } from "./operation-parts.ts";
import { doneSchema, listSchema, recordReplySchema } from "./schemas.ts";

const invoices = "customtradescrm.com/developer/docs/rest/api/invoices";
const payments = "customtradescrm.com/developer/docs/rest/api/payments";

/** The number, paid and balance amounts are the server's own. */
const invoice = {
  job_uuid: text,
  estimate_uuid: text,
  location_uuid: text,
  invoice_type: z.optional(z.enum(["Full", "Partial", "Progress"])),
  progress_percentage: money,
  issue_date: day,
  due_date: day,
  subtotal: money,
  tax_amount: money,
  discount_amount: money,
  total_amount: money,
  line_items: z.nullish(z.array(z.unknown())),
  notes: text,
  terms: text,
  internal_notes: text,
  status: z.optional(z.enum(["Draft", "Pending", "Paid", "Overdue"])),
};

export const listInvoices = operation({
  ...read,
  key: "listInvoices",
  path: "/invoices",
  source: invoices,
  about: "A page of invoices.",
  input: z.strictObject({
    ...filters,
    status: z.optional(z.enum(["All", "Pending", "Paid", "Overdue", "Draft"])),
    customer_uuid: z.optional(uuid),
    job_uuid: z.optional(uuid),
    search: z.optional(z.string()),
  }),
  output: listSchema("invoices"),
});

export const getInvoice = operation({
  ...read,
  key: "getInvoice",
  path: "/invoices/{uuid}",
  source: invoices,
  about: "One invoice.",
  input: record,
  output: recordReplySchema,
});

export const previewInvoice = operation({
  ...read,
  method: "POST",
  key: "previewInvoice",
  path: "/invoices/preview",
  source: invoices,
  about: "The amounts an invoice would have; stores nothing.",
  input: z.strictObject({ customer_uuid: uuid, ...invoice }),
  output: recordReplySchema,
});

export const createInvoice = operation({
  ...write,
  method: "POST",
  key: "createInvoice",
  path: "/invoices",
  source: invoices,
  about: "A new invoice of a customer.",
  repeatable: false,
  money: true,
  happened: "listInvoices with customer_uuid and job_uuid",
  input: z.strictObject({ customer_uuid: uuid, ...invoice }),
  output: recordReplySchema,
});

export const updateInvoice = operation({
  ...write,
  method: "PUT",
  key: "updateInvoice",
  path: "/invoices/{uuid}",
  source: invoices,
  about: "Changes only the fields that are sent.",
  repeatable: true,
  money: true,
  happened: "getInvoice shows the fields that were sent",
  input: z.strictObject({ uuid, customer_uuid: z.optional(uuid), ...invoice }),
  output: doneSchema,
});

export const deleteInvoice = operation({
  ...write,
  method: "DELETE",
  key: "deleteInvoice",
  path: "/invoices/{uuid}",
  source: invoices,
  about: "Soft delete: sets deleted_at.",
  repeatable: true,
  money: true,
  happened: "listInvoices with include_deleted shows deleted_at",
  input: record,
  output: z.optional(doneSchema),
});

const paymentType = z.enum(["credit_card", "ach", "check", "cash", "other"]);
const paymentStatus = z.enum(["Pending", "Completed", "Failed", "Refunded"]);

const payment = {
  customer_uuid: text,
  payment_type: z.optional(paymentType),
  payment_method: text,
  processing_fee: money,
  payment_date: day,
  transaction_id: text,
  reference_number: text,
  authorization_code: text,
  payment_details: z.optional(z.unknown()),
  notes: text,
  status: z.optional(paymentStatus),
};

export const listPayments = operation({
  ...read,
  key: "listPayments",
  path: "/payments",
  source: payments,
  about: "A page of payments.",
  input: z.strictObject({
    ...filters,
    invoice_uuid: z.optional(uuid),
    customer_uuid: z.optional(uuid),
    payment_type: z.optional(paymentType),
    status: z.optional(paymentStatus),
  }),
  output: listSchema("payments"),
});

export const getPayment = operation({
  ...read,
  key: "getPayment",
  path: "/payments/{uuid}",
  source: payments,
  about: "One payment.",
  input: record,
  output: recordReplySchema,
});

export const createPayment = operation({
  ...write,
  method: "POST",
  key: "createPayment",
  path: "/payments",
  source: payments,
  about: "A payment of an invoice; whether the server then moves the invoice's balance is not documented.",
  repeatable: false,
  money: true,
  happened: "listPayments with invoice_uuid",
  input: z.strictObject({ invoice_uuid: uuid, amount: z.number(), ...payment }),
  output: recordReplySchema,
});

export const updatePayment = operation({
  ...write,
  method: "PUT",
  key: "updatePayment",
  path: "/payments/{uuid}",
  source: payments,
  about: "Changes only the fields that are sent.",
  repeatable: true,
  money: true,
  happened: "getPayment shows the fields that were sent",
  input: z.strictObject({ uuid, invoice_uuid: z.optional(uuid), amount: z.optional(z.number()), ...payment }),
  output: doneSchema,
});

export const deletePayment = operation({
  ...write,
  method: "DELETE",
  key: "deletePayment",
  path: "/payments/{uuid}",
  source: payments,
  about: "Soft delete: sets deleted_at.",
  repeatable: true,
  money: true,
  happened: "listPayments with include_deleted shows deleted_at",
  input: record,
  output: z.optional(doneSchema),
});
