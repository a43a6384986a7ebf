import * as z from "#shared/domain/schema.ts";
import { accounting, list, money, nothing, usual, write } from "./action.ts";
import { pageOf } from "./fields.ts";
import {
  activeState,
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
  syncStatus,
  text,
} from "./inputs.ts";
import { payment, writtenPayment } from "./schemas-accounting.ts";

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

const createPayment = write(
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

const listPayments = list(
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

const updatePayment = write(
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

const updatePaymentCustomFields = write(
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

/** By key, as `operations.ts` gathers them. */
export const paymentOperations = {
  createPayment,
  listPayments,
  updatePayment,
  updatePaymentCustomFields,
} as const;
