import * as z from "#shared/domain/schema.ts";
import { list, nothing, usual, write } from "./action.ts";
import { pageOf } from "./fields.ts";
import {
  amount,
  created,
  fewIds,
  fieldOperations,
  flag,
  id,
  ids,
  instant,
  modified,
  optional,
  text,
} from "./inputs.ts";
import { invoice, payment, writtenPayment } from "./schemas-accounting.ts";

const accounting = { module: "accounting", notifies: "none" } as const;
const money = { ...accounting, money: true } as const;
const byNumber = "listInvoices with ids shows it";
const activeState = z.enum(["ActiveOnly", "InactiveOnly", "All"]);
const syncStatus = z.enum(["Pending", "Posted", "Exported"]);
const reviewStatus = z.enum(["NeedsReview", "OnHold", "Reviewed"]);

/** One line of an invoice, flat. */
const itemFields = {
  description: text,
  quantity: amount,
  ...optional({
    id,
    skuId: id,
    skuName: text,
    technicianId: id,
    unitPrice: amount,
    cost: amount,
    isAddOn: flag,
    signature: text,
    technicianAcknowledgementSignature: text,
    installedOn: instant,
    inventoryWarehouseName: text,
    inventoryLocationId: id,
    skipUpdatingMembershipPrices: flag,
    itemGroupName: text,
    itemGroupRootId: id,
    durationBillingId: id,
  }),
};

const invoiceFields = optional({
  number: text,
  typeId: id,
  invoicedOn: instant,
  subtotal: amount,
  tax: amount,
  summary: text,
  royaltyStatus: z.enum(["Pending", "Sent", "Failed"]),
  royaltyDate: instant,
  royaltySentOn: instant,
  royaltyMemo: text,
  exportId: text,
  reviewStatus,
  assignedToId: id,
  items: z.array(z.strictObject(itemFields)),
});

export const createInvoices = write(
  {
    ...money,
    key: "createInvoices",
    about: "An adjustment invoice, the only kind the API makes; the answer is the new id alone.",
    path: "/invoices",
    repeatable: false,
    happened: "listInvoices with adjustmentToId and createdOnOrAfter",
  },
  { adjustmentToId: id, ...invoiceFields },
  z.union([z.number(), z.looseObject({}), z.undefined()]),
);

export const listInvoices = list(
  {
    ...accounting,
    key: "listInvoices",
    about: "Invoices by the document's filters; there is no read of one by id, so ids stands for it.",
    path: "/invoices",
  },
  usual,
  {
    ...created,
    ...modified,
    ...optional({
      ids: fewIds,
      activeState,
      statuses: z.array(syncStatus),
      batchId: id,
      batchNumber: id,
      jobId: id,
      jobNumber: text,
      businessUnitId: id,
      customerId: id,
      invoicedOnOrAfter: instant,
      invoicedOnBefore: instant,
      adjustmentToId: id,
      number: text,
      totalGreater: amount,
      totalLess: amount,
      "balanceFilter.Balance": amount,
      "balanceFilter.Comparer": z.enum(["Equals", "NotEquals", "Greater", "Less"]),
      dueDateBefore: instant,
      dueDateOnOrAfter: instant,
      reviewStatuses: z.array(reviewStatus),
      assignedToIds: ids,
      "customField.Fields": text,
      "customField.Operator": text,
      orderBy: text,
      orderByDirection: text,
    }),
  },
  pageOf(invoice),
);

export const updateInvoice = write(
  {
    ...money,
    key: "updateInvoice",
    about: "Changes an invoice that is not exported; items replaces lines, payments sets settlements.",
    method: "PATCH",
    path: "/invoices/{invoiceId}",
    repeatable: true,
    happened: `${byNumber}, with the fields that were sent`,
  },
  {
    invoiceId: id,
    ...invoiceFields,
    ...optional({
      payments: z.array(
        z.strictObject({
          id,
          ...optional({ settlementStatus: z.enum(["NotSettled", "Settled"]), settlementDate: instant }),
        }),
      ),
    }),
  },
  nothing,
);

export const updateInvoiceCustomFields = write(
  {
    ...accounting,
    key: "updateInvoiceCustomFields",
    about: "Sets custom fields of several invoices.",
    method: "PATCH",
    path: "/invoices/custom-fields",
    repeatable: true,
    happened: `${byNumber}, with its customFields`,
  },
  { operations: fieldOperations },
  nothing,
);

export const updateInvoiceItems = write(
  {
    ...money,
    key: "updateInvoiceItems",
    about: "One line of an invoice, changed by its id; without an id a line is added.",
    method: "PATCH",
    path: "/invoices/{invoiceId}/items",
    repeatable: false,
    secrets: ["signature", "technicianAcknowledgementSignature"],
    happened: `${byNumber}, with its items`,
  },
  { invoiceId: id, ...itemFields },
  nothing,
);

export const deleteInvoiceItem = write(
  {
    ...money,
    key: "deleteInvoiceItem",
    about: "Removes a line of an invoice.",
    method: "DELETE",
    path: "/invoices/{invoiceId}/items/{itemId}",
    repeatable: true,
    happened: `${byNumber}, without the item`,
  },
  { invoiceId: id, itemId: id },
  nothing,
);

/** `invoiceNumber` may stand for the id since ST-75.1. */
const split = z.strictObject({ amount, ...optional({ invoiceId: id, invoiceNumber: text }) }).check(
  z.refine((one) => (one.invoiceId === undefined) !== (one.invoiceNumber === undefined), {
    path: ["invoiceId"],
    message: "expected the invoice's id or its number, one of them",
  }),
);
const transactionStatus = z.enum(["Success", "Fail", "Pending"]);
const paymentFields = optional({
  memo: text,
  paidOn: instant,
  authCode: text,
  checkNumber: text,
  exportId: text,
  status: syncStatus,
});

export const createPayment = write(
  {
    ...money,
    key: "createPayment",
    about: "ServiceTitan removed this endpoint (changelog of 2026-08-05): payments are recorded in its own screens.",
    path: "/payments",
    repeatable: false,
    happened: "listPayments with customerId and createdOnOrAfter",
  },
  { typeId: id, splits: z.array(split).check(z.minLength(1)), ...paymentFields },
  writtenPayment,
);

export const listPayments = list(
  {
    ...accounting,
    key: "listPayments",
    about: "Payments by the document's filters; there is no read of one by id, so ids stands for it.",
    path: "/payments",
  },
  usual,
  {
    ...created,
    ...modified,
    ...optional({
      ids: fewIds,
      activeState,
      appliedToInvoiceIds: ids,
      appliedToReferenceNumber: text,
      statuses: z.array(syncStatus),
      paidOnAfter: instant,
      paidOnBefore: instant,
      businessUnitIds: ids,
      batchNumber: id,
      batchId: id,
      transactionType: z.enum(["Undefined", "JournalEntry", "ReceivePayment"]),
      customerId: id,
      totalGreater: amount,
      totalLess: amount,
      depositIds: ids,
      "customField.Fields": text,
      "customField.Operator": text,
    }),
  },
  pageOf(payment),
);

export const updatePayment = write(
  {
    ...money,
    key: "updatePayment",
    about: "Changes a payment; splits say anew to which invoices it is applied.",
    method: "PATCH",
    path: "/payments/{paymentId}",
    repeatable: true,
    happened: "listPayments with ids shows it in appliedTo",
  },
  {
    paymentId: id,
    typeId: id,
    splits: z.array(split),
    ...paymentFields,
    ...optional({ active: flag, transactionStatus }),
  },
  writtenPayment,
);

export const updatePaymentCustomFields = write(
  {
    ...accounting,
    key: "updatePaymentCustomFields",
    about: "Sets custom fields of several payments.",
    method: "PATCH",
    path: "/payments/custom-fields",
    repeatable: true,
    happened: "listPayments with ids shows its customFields",
  },
  { operations: fieldOperations },
  nothing,
);
