import { isRecord, type JsonRecord, sameJson } from "../kit/json.ts";
import type { Vendor } from "../kit/vendor.ts";
import { type AdjustmentRule, balancesOf, customerBalance, type Ledger } from "./balances.ts";
import { DELETED } from "./endpoints.ts";
import { cents, dollars, printedMoney } from "./money.ts";
import { at } from "./query.ts";

type OnChange = NonNullable<Vendor["onChange"]>;
type Store = Parameters<OnChange>[1];
type Change = Parameters<OnChange>[0];
type How = Parameters<OnChange>[2];

/** Hidden: the customer's last change that was not accounting's, for `excludeAccountingChangesFromModifiedDateRange`. */
export const PROFILE_MODIFIED = "_profileModifiedOn";

/**
 * What ServiceTitan itself does after a record changed, by an API write or by a person in its screens: balances follow
 * what is applied. A person's edit that states a balance is believed and not worked out again.
 */
export const onChange: OnChange = (change, store, how) => {
  if (change.after && typeof change.after["id"] === "string" && /^\d+$/.test(change.after["id"])) {
    store.update(change.collection, change.key, { id: Number(change.after["id"]) }, { touch: false });
  }
  if (change.collection === "customers") noteProfileChange(change, store);
  if (change.collection === "payments") fillUnapplied(change, store);
  if (how.source === "edit" && how.dials.text("editedBalances") === "as-stated") return;
  const invoices = invoicesTouched(change, how);
  const movers: Readonly<Record<string, string>> = {
    payments: "paymentMovesInvoice",
    creditMemos: "paymentMovesInvoice",
    invoices: "adjustmentMovesInvoice",
  };
  const mover = movers[change.collection];
  if (mover === undefined) return;
  rebalance(store, invoices, { moves: how.dials.flag(mover), rule: ruleOf(how), self: change });
  for (const customerId of customersTouched(change, store, invoices)) rebalanceCustomer(store, customerId);
};

function ruleOf({ dials }: How): AdjustmentRule {
  return dials.text("adjustmentBalance") === "separate" ? "separate" : "on-original";
}

function invoicesTouched({ collection, key, before, after }: Change, how: How): ReadonlySet<number> {
  const sides = [before, after];
  if (collection === "payments") return idsIn(sides, "appliedTo", "appliedTo");
  if (collection === "creditMemos") return idsIn(sides, "splits", "invoiceId");
  if (collection !== "invoices") return new Set();
  const states = (name: string) => !sameJson(before?.[name], after?.[name]);
  const stated = how.source === "edit" && after !== null && states("balance") && after["balance"] !== undefined;
  const moved = states("total") || states("active") || states("adjustmentToId") || states(DELETED);
  const ids = new Set<number>();
  if (moved && !stated) ids.add(Number(key));
  // The original follows its adjustment even where the adjustment's own balance was stated.
  if (moved)
    for (const side of sides) if (typeof side?.["adjustmentToId"] === "number") ids.add(side["adjustmentToId"]);
  return ids;
}

function idsIn(sides: (JsonRecord | null)[], list: string, field: string): ReadonlySet<number> {
  const ids = new Set<number>();
  for (const side of sides) {
    const parts = side?.[list];
    for (const part of Array.isArray(parts) ? parts.filter(isRecord) : []) ids.add(Number(part[field]));
  }
  return ids;
}

function ledgerOf(store: Store): Ledger {
  const present = (collection: string) => store.list(collection).filter((record) => record[DELETED] === undefined);
  return { invoices: present("invoices"), payments: present("payments"), creditMemos: present("creditMemos") };
}

/** Sets the balances of the invoices and their families. Only other invoices than the changed one can stay unmoved. */
function rebalance(
  store: Store,
  ids: ReadonlySet<number>,
  how: { moves: boolean; rule: AdjustmentRule; self: Change },
): void {
  for (const [id, balance] of balancesOf(ids, ledgerOf(store), how.rule)) {
    const self = how.self.collection === "invoices" && how.self.key === String(id);
    store.update("invoices", String(id), { balance: printedMoney(balance) }, { touch: how.moves && !self });
  }
}

function customersTouched(change: Change, store: Store, invoices: ReadonlySet<number>): ReadonlySet<number> {
  const ids = new Set<number>();
  const add = (record: JsonRecord | null | undefined) => {
    const id = record && at(record, "customer.id");
    if (typeof id === "number") ids.add(id);
  };
  add(change.before);
  add(change.after);
  for (const id of invoices) add(store.get("invoices", String(id)));
  return ids;
}

/** Accounting moves the customer's modified time, unlike the invoice's. */
function rebalanceCustomer(store: Store, id: number): void {
  const customer = store.get("customers", String(id));
  if (!customer) return;
  const balance = dollars(customerBalance(id, ledgerOf(store)));
  if (customer["balance"] === balance) return;
  const profile = customer[PROFILE_MODIFIED] ?? customer["modifiedOn"] ?? null;
  store.update("customers", String(id), { balance, [PROFILE_MODIFIED]: profile });
}

function noteProfileChange({ key, before, after }: Change, store: Store): void {
  if (!after || after[PROFILE_MODIFIED] === undefined) return;
  const rest = ({ balance: _b, modifiedOn: _m, [PROFILE_MODIFIED]: _p, ...others }: JsonRecord): JsonRecord => others;
  if (before && sameJson(rest(before), rest(after))) return;
  store.update("customers", key, { [PROFILE_MODIFIED]: after["modifiedOn"] ?? null }, { touch: false });
}

/** A payment planted without `unappliedAmount`, or whose parts alone changed, gets total less what is applied. */
function fillUnapplied({ key, before, after }: Change, store: Store): void {
  if (!after) return;
  const stated =
    after["unappliedAmount"] !== undefined && !sameJson(before?.["unappliedAmount"], after["unappliedAmount"]);
  const moved = !sameJson(before?.["appliedTo"], after["appliedTo"]) || !sameJson(before?.["total"], after["total"]);
  if (stated || !moved) return;
  const parts = Array.isArray(after["appliedTo"]) ? after["appliedTo"].filter(isRecord) : [];
  const used = parts.reduce((sum, part) => sum + cents(part["appliedAmount"]), 0);
  store.update("payments", key, { unappliedAmount: printedMoney(cents(after["total"]) - used) }, { touch: false });
}
