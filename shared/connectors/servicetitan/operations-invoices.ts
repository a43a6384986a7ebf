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
import { invoice } from "./schemas-accounting.ts";

/** Who signs for a line; in `items` too. */
const signed = ["signature", "technicianAcknowledgementSignature"];
const byNumber = "listInvoices with ids shows it";
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

const createInvoices = write(
  {
    ...money,
    key: "createInvoices",
    about: "An adjustment invoice, the only kind the API makes; the answer is the new id alone.",
    path: "/invoices",
    repeatable: false,
    secrets: signed,
    happened: "listInvoices with adjustmentToId and createdOnOrAfter",
  },
  { adjustmentToId: id, ...invoiceFields },
  z.union([z.number(), z.looseObject({}), z.undefined()]),
);

const listInvoices = list(
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

const updateInvoice = write(
  {
    ...money,
    key: "updateInvoice",
    about: "Changes an invoice that is not exported; items replaces lines, payments sets settlements.",
    method: "PATCH",
    path: "/invoices/{invoiceId}",
    repeatable: true,
    secrets: signed,
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

const updateInvoiceCustomFields = write(
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

const updateInvoiceItems = write(
  {
    ...money,
    key: "updateInvoiceItems",
    about: "One line of an invoice, changed by its id; without an id a line is added.",
    method: "PATCH",
    path: "/invoices/{invoiceId}/items",
    repeatable: false,
    secrets: signed,
    happened: `${byNumber}, with its items`,
  },
  { invoiceId: id, ...itemFields },
  nothing,
);

const deleteInvoiceItem = write(
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

/** By key, as `operations.ts` gathers them. */
export const invoiceOperations = {
  createInvoices,
  listInvoices,
  updateInvoice,
  updateInvoiceCustomFields,
  updateInvoiceItems,
  deleteInvoiceItem,
} as const;
