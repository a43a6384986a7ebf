import { isRecord, type JsonRecord } from "../kit/json.ts";
import { type Context, Refusal, type Reply, type Route } from "../kit/vendor.ts";
import { setCustomFields } from "./accounting-invoices.ts";
import { bodyFields, type Kind, knownFields } from "./body-fields.ts";
import { freshId, listRoute, mustExist, printed, route, sent, shelfOf, stored } from "./endpoints.ts";
import { printedInstant } from "./instants.ts";
import { appliedTo } from "./invoice-list.ts";
import { type ListRules, usualSort } from "./list.ts";
import { cents, dollars, printedMoney } from "./money.ts";
import { invalid, problem, refused } from "./problems.ts";
import {
  after,
  anyWord,
  before,
  createdAndModified,
  moneyAtLeast,
  moneyAtMost,
  sameText,
  wholeNumber,
  wholeNumbers,
} from "./query.ts";

const TRANSACTIONS = ["Undefined", "JournalEntry", "ReceivePayment"] as const;
const STATUSES = ["Pending", "Posted", "Exported"] as const;

const paymentList: ListRules = {
  sort: usualSort,
  active: { parameter: "activeState", unasked: "active" },
  filters: {
    ...createdAndModified,
    appliedToInvoiceIds: appliedTo,
    appliedToReferenceNumber: (value) => (payment) =>
      partsOf(payment).some((part) => part["appliedToReferenceNumber"] === value),
    statuses: anyWord("syncStatus", STATUSES),
    paidOnAfter: after("date"),
    paidOnBefore: before("date"),
    businessUnitIds: wholeNumbers("businessUnit.id"),
    batchNumber: sameText("batch.number"),
    batchId: wholeNumber("batch.id"),
    customerId: wholeNumber("customer.id"),
    totalGreater: moneyAtLeast("total"),
    totalLess: moneyAtMost("total"),
    depositIds: wholeNumbers("depositId"),
    transactionType: (value) => {
      const word = TRANSACTIONS.find((known) => known.toLowerCase() === value.toLowerCase());
      return word === undefined ? null : (payment) => (payment["_transactionType"] ?? "ReceivePayment") === word;
    },
  },
};

const detail: Readonly<Record<string, Kind>> = {
  memo: "string",
  paidOn: "instant",
  authCode: "string",
  checkNumber: "string",
  exportId: "string",
  transactionStatus: ["Success", "Fail", "Pending"],
  status: STATUSES,
};

const paymentFields = bodyFields({ typeId: "integer", splits: "objects" }, { ...detail, active: "boolean" });
const splitFields = bodyFields({ amount: "number" }, { invoiceId: "integer", invoiceNumber: "string" });

function partsOf(payment: JsonRecord): JsonRecord[] {
  return Array.isArray(payment["appliedTo"]) ? payment["appliedTo"].filter(isRecord) : [];
}

/** The parts of a payment after these splits; a part on the same invoice keeps its id. */
function applied(context: Context, payment: JsonRecord, splits: JsonRecord[]): JsonRecord[] {
  return splits.map((body) => {
    const { fields, errors } = knownFields(body, splitFields);
    if (Object.keys(errors).length > 0) throw new Refusal(invalid(errors));
    const invoice = invoiceOf(context, fields);
    const old = partsOf(payment).find((part) => part["appliedTo"] === invoice["id"]);
    return {
      appliedId: old?.["appliedId"] ?? freshId(context, "payments"),
      appliedTo: invoice["id"] ?? null,
      appliedAmount: printedMoney(cents(fields["amount"])),
      appliedOn: old?.["appliedOn"] ?? printedInstant(context.now),
      appliedBy: "api",
      appliedToReferenceNumber: invoice["referenceNumber"] ?? null,
    };
  });
}

function invoiceOf(context: Context, { invoiceId, invoiceNumber }: JsonRecord): JsonRecord {
  if (invoiceId !== undefined) return mustExist(context, "splits.invoiceId", "invoices", invoiceId);
  const invoice = shelfOf(context)
    .records("invoices")
    .find((one) => one["referenceNumber"] === invoiceNumber && invoiceNumber !== undefined);
  if (!invoice) throw new Refusal(invalid({ splits: ["A split needs the id or the number of an invoice."] }));
  return invoice;
}

/** What the list prints, from what a write says; `typeId` is a string there and an integer in bodies and replies. */
function writtenPayment(context: Context, payment: JsonRecord, fields: JsonRecord): JsonRecord {
  const splits = Array.isArray(fields["splits"]) ? fields["splits"].filter(isRecord) : [];
  const parts = applied(context, payment, splits);
  const used = parts.reduce((sum, part) => sum + cents(part["appliedAmount"]), 0);
  const total = cents(payment["total"] ?? printedMoney(used));
  const above = Math.abs(used) > Math.abs(total) || used * total < 0;
  if (above && context.dials.text("splitsAboveTotal") === "refuse") {
    throw new Refusal(refused(`Splits of ${printedMoney(used)} exceed the payment's total of ${printedMoney(total)}.`));
  }
  const after: JsonRecord = {
    appliedTo: parts,
    unappliedAmount: printedMoney(total - used),
    typeId: String(fields["typeId"]),
  };
  const names = {
    memo: "memo",
    paidOn: "date",
    authCode: "authCode",
    checkNumber: "checkNumber",
    exportId: "exportId",
    status: "syncStatus",
    active: "active",
    transactionStatus: "_transactionStatus",
  };
  for (const [from, to] of Object.entries(names)) {
    const value = fields[from];
    if (value !== undefined) after[to] = value;
  }
  return after;
}

/** The reply of a payment write has another shape than the list: integers, numbers and `splits`. */
function replyOf(payment: JsonRecord): JsonRecord {
  return {
    id: payment["id"] ?? null,
    typeId: Number(payment["typeId"]),
    active: payment["active"] ?? true,
    memo: payment["memo"] ?? null,
    paidOn: payment["date"] ?? null,
    authCode: payment["authCode"] ?? null,
    checkNumber: payment["checkNumber"] ?? null,
    exportId: payment["exportId"] ?? null,
    transactionStatus: payment["_transactionStatus"] ?? "Success",
    status: payment["syncStatus"] ?? "Pending",
    splits: partsOf(payment).map((part) => ({
      invoiceId: part["appliedTo"] ?? null,
      amount: dollars(cents(part["appliedAmount"])),
    })),
  };
}

function updatePayment(context: Context): Reply {
  const payment = stored(context, "payments", "Payment");
  const fields = sent(context, paymentFields);
  if (payment["syncStatus"] === "Exported" && context.dials.flag("exportedLocked")) {
    throw new Refusal(refused(`Payment ${Number(payment["id"])} is exported and cannot be edited.`));
  }
  const changed = context.store.update("payments", String(payment["id"]), writtenPayment(context, payment, fields));
  return { status: 200, body: replyOf(changed) };
}

/** ServiceTitan took this endpoint away; the dial brings back the one of 2022. */
function createPayment(context: Context): Reply {
  if (!context.dials.flag("createPaymentWorks")) {
    return problem(context.dials.number("createPaymentStatus"), "The requested endpoint does not exist.");
  }
  const fields = sent(context, paymentFields);
  const id = freshId(context, "payments");
  const first = Array.isArray(fields["splits"]) ? fields["splits"].find(isRecord) : undefined;
  const invoice = first ? invoiceOf(context, first) : {};
  const shell = {
    id,
    syncStatus: "Pending",
    referenceNumber: String(id),
    date: context.now,
    type: null,
    customer: invoice["customer"] ?? null,
    businessUnit: invoice["businessUnit"] ?? null,
    batch: null,
    createdBy: "api",
    active: true,
    customFields: [],
  };
  const written = writtenPayment(context, shell, fields);
  const parts = partsOf(written);
  const total = printedMoney(parts.reduce((sum, part) => sum + cents(part["appliedAmount"]), 0));
  return { status: 200, body: replyOf(context.store.create("payments", { ...shell, total, ...written })) };
}

/** Credit memos settle invoices through `splits` of their own and are not among the payments. */
function splitCreditMemo(context: Context): Reply {
  const memo = stored(context, "creditMemos", "Credit memo");
  const body = context.request.body;
  const splits = (Array.isArray(body) ? body.filter(isRecord) : []).map((split) => {
    const invoice = mustExist(context, "invoiceId", "invoices", split["invoiceId"]);
    return { invoiceId: invoice["id"] ?? null, amount: printedMoney(cents(split["amount"])) };
  });
  context.store.update("creditMemos", String(memo["id"]), { splits });
  return { status: 200, body: printed(stored(context, "creditMemos", "Credit memo"), context) };
}

export const paymentRoutes: Route[] = [
  listRoute("accounting", "/payments", "listPayments", "payments", paymentList),
  route("POST", "accounting", "/payments", "createPayment", createPayment),
  route("PATCH", "accounting", "/payments/custom-fields", "updatePaymentCustomFields", setCustomFields("payments")),
  route("PATCH", "accounting", "/payments/{id}", "updatePayment", updatePayment),
  listRoute("accounting", "/credit-memos", "listCreditMemos", "creditMemos", {
    filters: createdAndModified,
    sort: usualSort,
  }),
  route("POST", "accounting", "/credit-memos/{id}/splits", "splitCreditMemo", splitCreditMemo),
];
