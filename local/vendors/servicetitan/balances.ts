import { isRecord, type Json, type JsonRecord } from "../kit/json.ts";
import { cents } from "./money.ts";
import { at } from "./query.ts";

/**
 * Where an adjustment shows. The help centre says that "the correct balance is now reflected in the original invoice";
 * what the API's `balance` does is documented nowhere, so both rules are played:
 * - `on-original`: the original's balance holds its adjustments, an adjustment's own balance is 0.00;
 * - `separate`: each invoice's balance is its own total less what is applied to it.
 */
export type AdjustmentRule = "on-original" | "separate";

export interface Ledger {
  readonly invoices: JsonRecord[];
  readonly payments: JsonRecord[];
  readonly creditMemos: JsonRecord[];
}

const isActive = (record: JsonRecord): boolean => record["active"] !== false;

const list = (value: Json | undefined): JsonRecord[] => (Array.isArray(value) ? value.filter(isRecord) : []);

function add(sums: Map<number, number>, key: Json | undefined, amount: number): void {
  if (typeof key === "number") sums.set(key, (sums.get(key) ?? 0) + amount);
}

/** Cents applied to each invoice by active payments and by credit memos, which are not in `/payments`. */
export function appliedByInvoice({ payments, creditMemos }: Omit<Ledger, "invoices">): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  for (const payment of payments.filter(isActive)) {
    for (const part of list(payment["appliedTo"])) add(sums, part["appliedTo"], cents(part["appliedAmount"]));
  }
  for (const memo of creditMemos.filter(isActive)) {
    for (const part of list(memo["splits"])) add(sums, part["invoiceId"], cents(part["amount"]));
  }
  return sums;
}

/** The invoices whose balance can move when one of `ids` does: the invoice, its original, and the original's adjustments. */
export function familyOf(ids: Iterable<number>, invoices: JsonRecord[]): ReadonlySet<number> {
  const asked = new Set(ids);
  const roots = new Set<Json | undefined>();
  for (const invoice of invoices) {
    if (asked.has(Number(invoice["id"]))) roots.add(invoice["adjustmentToId"] ?? invoice["id"]);
  }
  const family = new Set<number>();
  for (const invoice of invoices) {
    if (roots.has(invoice["id"]) || roots.has(invoice["adjustmentToId"])) family.add(Number(invoice["id"]));
  }
  return family;
}

/** The balance in cents of each invoice of `ids` and of their families, under the given rule. */
export function balancesOf(ids: Iterable<number>, ledger: Ledger, rule: AdjustmentRule): ReadonlyMap<number, number> {
  const family = familyOf(ids, ledger.invoices);
  const applied = appliedByInvoice(ledger);
  const balances = new Map<number, number>();
  for (const invoice of ledger.invoices) {
    const id = Number(invoice["id"]);
    if (!family.has(id)) continue;
    const own = cents(invoice["total"]) - (applied.get(id) ?? 0);
    const original = invoice["adjustmentToId"];
    if (rule === "on-original" && typeof original === "number" && isActive(invoice)) {
      add(balances, original, own);
      add(balances, id, 0);
    } else add(balances, id, own);
  }
  return balances;
}

/** What a customer owes, in cents: balances of the customer's active invoices less unapplied payments. */
export function customerBalance(customerId: number, { invoices, payments }: Omit<Ledger, "creditMemos">): number {
  let owed = 0;
  for (const invoice of invoices) {
    if (isActive(invoice) && at(invoice, "customer.id") === customerId) owed += cents(invoice["balance"]);
  }
  for (const payment of payments) {
    if (isActive(payment) && at(payment, "customer.id") === customerId) owed -= cents(payment["unappliedAmount"]);
  }
  return owed;
}
