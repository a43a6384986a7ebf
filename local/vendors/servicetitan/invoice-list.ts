import { type ListRules, usualSort } from "./list.ts";
import { cents } from "./money.ts";
import {
  anyWord,
  at,
  before,
  createdAndModified,
  type Filter,
  moneyAtLeast,
  moneyAtMost,
  onOrAfter,
  sameText,
  wholeNumber,
  wholeNumbers,
} from "./query.ts";

const COMPARERS: Readonly<Record<string, (balance: number, bound: number) => boolean>> = {
  equals: (balance, bound) => balance === bound,
  notequals: (balance, bound) => balance !== bound,
  greater: (balance, bound) => balance > bound,
  less: (balance, bound) => balance < bound,
};

/**
 * `balanceFilter.Balance` and `balanceFilter.Comparer` are two parameters of one question, so the list reads them
 * joined: `Comparer` alone does nothing, `Balance` alone asks for equality.
 */
export function balanceFilter(query: URLSearchParams): Filter | null {
  const comparer = COMPARERS[(query.get("balanceFilter.Comparer") ?? "Equals").toLowerCase()];
  return comparer
    ? (value) => (/^-?\d+(\.\d+)?$/.test(value) ? (invoice) => comparer(cents(invoice["balance"]), cents(value)) : null)
    : null;
}

const dueDate = { dueDateBefore: before("dueDate"), dueDateOnOrAfter: onOrAfter("dueDate") };

/** The invoices' list. There is no GET of one invoice: `ids=` is how one is read. */
export function invoiceList(statuses: readonly string[], reviewStatuses: readonly string[]): ListRules {
  return {
    sort: usualSort,
    ordersBy: true,
    active: { parameter: "activeState", unasked: "active" },
    joined: (query) => ({ "balanceFilter.Balance": balanceFilter(query) }),
    filters: {
      ...createdAndModified,
      ...dueDate,
      statuses: anyWord("syncStatus", statuses),
      batchId: wholeNumber("batch.id"),
      batchNumber: sameText("batch.number"),
      jobId: wholeNumber("job.id"),
      jobNumber: sameText("job.number"),
      businessUnitId: wholeNumber("businessUnit.id"),
      customerId: wholeNumber("customer.id"),
      invoicedOnOrAfter: onOrAfter("invoiceDate"),
      invoicedOnBefore: before("invoiceDate"),
      adjustmentToId: wholeNumber("adjustmentToId"),
      number: sameText("referenceNumber"),
      totalGreater: moneyAtLeast("total"),
      totalLess: moneyAtMost("total"),
      reviewStatuses: anyWord("reviewStatus", reviewStatuses),
      assignedToIds: wholeNumbers("assignedTo.id"),
    },
  };
}

/** Payments applied to any of a comma list of invoices. */
export const appliedTo: Filter = (value) => {
  const words = value.split(",").map((word) => word.trim());
  if (words.some((word) => !/^\d+$/.test(word))) return null;
  const wanted = new Set(words.map(Number));
  return (payment) => {
    const parts = at(payment, "appliedTo");
    return (
      Array.isArray(parts) &&
      parts.some(
        (part) =>
          typeof part === "object" && part !== null && !Array.isArray(part) && wanted.has(Number(part["appliedTo"])),
      )
    );
  };
};
