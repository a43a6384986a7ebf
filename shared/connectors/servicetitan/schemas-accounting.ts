import * as z from "#shared/domain/schema.ts";
import {
  address,
  flag,
  id,
  instant,
  listOf,
  maybe,
  maybeId,
  money,
  named,
  number,
  record,
  text,
  word,
} from "./fields.ts";

const namedFields = listOf(record({ name: text, value: text }));
const batch = maybe({ id: maybeId, number: text, name: text });
const ledgerAccount = maybe({ id: maybeId, name: text, number: text, type: text, detailType: text });

export const invoiceItem = record({
  id: maybeId,
  description: text,
  quantity: money,
  cost: money,
  totalCost: money,
  inventoryLocation: text,
  price: money,
  type: word,
  skuName: text,
  skuId: maybeId,
  total: money,
  inventory: flag,
  taxable: flag,
  generalLedgerAccount: ledgerAccount,
  costOfSaleAccount: ledgerAccount,
  assetAccount: ledgerAccount,
  membershipTypeId: maybeId,
  itemGroup: maybe({ rootId: maybeId, name: text }),
  displayName: text,
  soldHours: number,
  modifiedOn: instant,
  serviceDate: instant,
  order: number,
  businessUnit: named,
});

/** Amounts are decimal text. `active`, `paidOn` and `discountTotal` are printed by newer replies only. */
export const invoice = record({
  id,
  syncStatus: word,
  summary: text,
  referenceNumber: text,
  invoiceDate: instant,
  dueDate: instant,
  subTotal: money,
  salesTax: money,
  salesTaxCode: maybe({ id: maybeId, name: text, taxRate: number }),
  total: money,
  balance: money,
  invoiceType: named,
  customer: named,
  customerAddress: address,
  location: named,
  locationAddress: address,
  businessUnit: named,
  termName: text,
  createdBy: text,
  batch,
  depositedOn: instant,
  createdOn: instant,
  modifiedOn: instant,
  adjustmentToId: maybeId,
  job: maybe({ id: maybeId, number: text, type: text }),
  projectId: maybeId,
  royalty: maybe({ status: word, date: instant, sentOn: instant, memo: text }),
  employeeInfo: maybe({ id: maybeId, name: text, modifiedOn: instant }),
  commissionEligibilityDate: instant,
  sentStatus: word,
  reviewStatus: word,
  assignedTo: named,
  items: listOf(invoiceItem),
  customFields: namedFields,
  active: flag,
  discountTotal: money,
});

/** A share of a payment: `appliedTo` is the invoice's id. */
const applied = record({
  appliedId: maybeId,
  appliedTo: z.number(),
  appliedAmount: money,
  appliedOn: instant,
  appliedBy: text,
  appliedToReferenceNumber: text,
});

/** `typeId` is text in lists and a number in the answers of writes. */
export const payment = record({
  id,
  syncStatus: word,
  referenceNumber: text,
  date: instant,
  type: text,
  typeId: z.nullish(z.union([z.string(), z.number()])),
  total: money,
  unappliedAmount: money,
  memo: text,
  customer: named,
  businessUnit: named,
  batch,
  createdBy: text,
  generalLedgerAccount: ledgerAccount,
  appliedTo: listOf(applied),
  customFields: namedFields,
  authCode: text,
  checkNumber: text,
  modifiedOn: instant,
  createdOn: instant,
  active: flag,
});

/** The release notes state its shares, by which it settles invoices; the rest is as on payments, where it is printed. */
export const creditMemo = record({
  id,
  date: instant,
  type: text,
  total: money,
  customer: named,
  splits: listOf(record({ invoiceId: maybeId, amount: money })),
  modifiedOn: instant,
  createdOn: instant,
  active: flag,
});

/** What createPayment answered and updatePayment answers. */
export const writtenPayment = record({
  id,
  typeId: maybeId,
  active: flag,
  memo: text,
  paidOn: instant,
  authCode: text,
  checkNumber: text,
  exportId: text,
  transactionStatus: word,
  status: word,
  splits: listOf(record({ invoiceId: maybeId, amount: z.nullish(z.number()) })),
});
