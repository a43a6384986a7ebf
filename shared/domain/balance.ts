import type { InvoiceFacts, JobFacts, PaymentFacts } from "./facts.ts";
import { recordKey } from "./ids.ts";
import type { MoneyLine } from "./job.ts";
import { type Amount, isUnreadable, type Minor, stated } from "./money.ts";
import type { Billing } from "./status.ts";
import { partsOf, workTogether } from "./unit.ts";
import { type Seen, type View, worksOf } from "./view.ts";

/** How a connection states its money: through invoices and payments when it has any, else on the root record. */
export type MoneySource = "invoices" | "record";

/**
 * The two independent lines of one connection (docs/accounting.md). Several records of one connection are
 * summed. An amount that cannot be read makes its line unknown. Adjustment invoices are charges (or credits) like any
 * other under either counting rule; credit memos reduce the charge; a payment counts with the shares of this job's invoices.
 */
export function moneyLine(view: View, connection: string, source: MoneySource): MoneyLine {
  const known = linesOf.get(view) ?? new Map<string, MoneyLine>();
  linesOf.set(view, known);
  const name = `${source} of ${connection}`;
  const line = known.get(name) ?? lineOf(view, connection, source);
  known.set(name, line);
  return line;
}

/** What was worked out of a view stands as long as the view: each record of a job that is billed by its money asks anew. */
const linesOf = new WeakMap<View, Map<string, MoneyLine>>();

function lineOf(view: View, connection: string, source: MoneySource): MoneyLine {
  const roots = view.roots.filter((root) => root.live && root.connection === connection);
  const invoices = view.invoices.filter((invoice) => invoice.live && invoice.connection === connection);
  const billed = invoices.filter((invoice) => invoice.facts.stage !== "draft");
  const done = roots.length > 0 && roots.every((root) => isDone(workOf(root, view)));
  const unreadable: string[] = [];
  const note = (key: string, amount: Amount): Amount => {
    if (isUnreadable(amount)) unreadable.push(key);
    return amount;
  };
  let charge: Minor | null;
  let payment: Minor | null;
  let provisional: boolean;
  let estimate = false;
  if (source === "invoices" && billed.length > 0) {
    const keys = new Set(invoices.map((invoice) => invoice.key));
    const credits = sharesOf(view, connection, keys, true, note);
    const gross = sum(billed.map((invoice) => note(invoice.key, invoice.facts.total)));
    const unbilled = unbilledOf(roots, billed).map((root) => note(root.key, root.facts.charge));
    const printed = unbilled.length === 0 ? 0 : sum(unbilled);
    charge = gross === null || credits === null || printed === null ? null : gross - credits + printed;
    payment = sharesOf(view, connection, keys, false, note);
    provisional = !done && !billed.some(({ facts }) => facts.stage === "posted" && !facts.partial);
    estimate = !done && billed.every(({ facts }) => facts.stage === "pending");
  } else if (source === "invoices" && wasBilled(view, connection, roots)) {
    // All its invoices are void or gone, and the record prints no amount: nothing is charged, which is not "not stated".
    [charge, payment, provisional] = [0, 0, !done];
  } else {
    charge = sum(roots.map((root) => note(root.key, root.facts.charge)));
    // Money that came in on a bill nobody has sent yet is received all the same.
    const drafts = new Set(invoices.map((invoice) => invoice.key));
    const onDrafts = source === "invoices" && countedShares(view, connection, drafts, false).length > 0;
    payment = onDrafts
      ? sharesOf(view, connection, drafts, false, note)
      : sum(roots.map((root) => note(root.key, root.facts.payment)));
    provisional = !done;
  }
  const outstanding = charge === null || payment === null ? null : charge - payment;
  const line = { connection, charge, payment, outstanding, provisional, unreadable: [...new Set(unreadable)].sort() };
  return estimate ? { ...line, estimate: true } : line;
}

/** Records that print their own amount and are on no invoice yet: they stand beside those that are billed. */
export function unbilledOf(
  roots: readonly Seen<JobFacts>[],
  billed: readonly Seen<InvoiceFacts>[],
): readonly Seen<JobFacts>[] {
  return roots
    .filter((root) => roots.length > 1 && root.facts.billing !== "by-money")
    .filter((root) => !billed.some((invoice) => invoice.observation.hangsOn.includes(root.key)));
}

/** Invoices were there and are none any more, where money is stated on invoices alone. */
export function wasBilled(view: View, connection: string, roots: readonly Seen<JobFacts>[]): boolean {
  const known = view.invoices.filter((invoice) => invoice.connection === connection && invoice.sameAs === undefined);
  const onInvoicesAlone = roots.length > 0 && roots.every((root) => root.facts.billing === "by-money");
  return onInvoicesAlone && known.length > 0 && known.every((invoice) => !invoice.live);
}

/** Of a unit's part, the work of all of it. */
export function workOf(root: Seen<JobFacts>, view: View): readonly string[] {
  return workTogether(partsOf(view, root).map((part) => worksOf(part, view)));
}

function isDone(works: readonly string[]): boolean {
  return works.length === 1 && works[0] === "completed";
}

/** Null when nothing is stated or anything is unreadable or unstated. */
function sum(amounts: readonly Amount[]): Minor | null {
  if (amounts.length === 0) return null;
  let total = 0;
  for (const amount of amounts) {
    const minor = stated(amount);
    if (minor === null) return null;
    total += minor;
  }
  return total;
}

/** Shares of received payments (or of credit memos) that lie on these invoices; 0 when there are none. */
function sharesOf(
  view: View,
  connection: string,
  invoices: ReadonlySet<string>,
  credit: boolean,
  note: (key: string, amount: Amount) => Amount,
): Minor | null {
  // Each is looked at: one that is not stated hides no other that cannot be read.
  const counted = countedShares(view, connection, invoices, credit).map(({ key, amount }) => note(key, amount));
  return counted.length === 0 ? 0 : sum(counted);
}

/** The shares that count, each with the key of its payment (or credit memo): a line is their sum. */
export function countedShares(
  view: View,
  connection: string,
  invoices: ReadonlySet<string>,
  credit: boolean,
): readonly (Share & { readonly key: string })[] {
  const shares = view.payments
    .filter(({ live, connection: of, facts }) => live && of === connection && facts.credit === credit)
    .flatMap(({ key, facts }) => facts.shares.map((share) => ({ key, state: facts.state, ...share })))
    .filter(({ invoice }) => invoices.has(recordKey(invoice)));
  const received = shares.filter(({ state }) => state === "received");
  const refunded = shares.filter(({ state }) => state === "refunded");
  return [...received, ...takenBack(refunded, received)];
}

type Share = PaymentFacts["shares"][number];

/**
 * Refunded shares that came in and went, by a negative payment on the same invoice, one by each: of the same size; else
 * of a part of it, where nothing else came in there that it could have taken from. One without counts nothing.
 */
function takenBack<S extends Share>(refunded: readonly S[], received: readonly S[]): readonly S[] {
  const negative = received.filter((share) => minorOf(share) < 0);
  const isBeside = (share: S, fits: (back: Minor) => boolean): boolean => {
    const at = negative.findIndex((one) => isOnSame(one, share) && fits(-minorOf(one)));
    if (at >= 0) negative.splice(at, 1);
    return at >= 0;
  };
  const whole = refunded.filter((share) => isBeside(share, (back) => back === minorOf(share)));
  const came = (share: S): Minor =>
    [...received, ...whole].filter((one) => isOnSame(one, share)).reduce((sum, one) => sum + minorOf(one), 0);
  const partly = refunded
    .filter((share) => !whole.includes(share) && came(share) < 0)
    .filter((share) => isBeside(share, (back) => back < minorOf(share)));
  return [...whole, ...partly];
}

const minorOf = ({ amount }: Share): Minor => stated(amount) ?? 0;
const isOnSame = (a: Share, b: Share): boolean => recordKey(a.invoice) === recordKey(b.invoice);

/** What stands open on the job's invoices by the vendor's counting rule for adjustments. */
export function balanceOf(
  invoices: readonly Seen<InvoiceFacts>[],
  rule: "original-balance-includes" | "separate",
): Minor | null {
  const counted = rule === "separate" ? invoices : invoices.filter((invoice) => invoice.facts.adjusts === null);
  return sum(counted.map((invoice) => invoice.facts.balance));
}

/**
 * Billing where the vendor prints no word for it: worked out from the job's invoices, first row that fits.
 */
export function billingByMoney(input: {
  readonly work: readonly string[];
  readonly noCharge: boolean;
  readonly total: Minor | null;
  readonly balance: Minor | null;
  readonly received: Minor | null;
  readonly posted: boolean;
  /** Whether an invoice stands; without one a total that is null is nothing, and not unread. */
  readonly billed: boolean;
}): readonly Billing[] | null {
  const { work, noCharge, total, balance, received, posted, billed } = input;
  const only = (state: string): boolean => work.length === 1 && work[0] === state;
  if (only("canceled")) {
    if (!billed || (total === 0 && (received ?? 0) === 0)) return ["unbilled", "void"];
    return total === null ? null : ["invoiced", "part-paid", "paid"];
  }
  if (total === 0) return noCharge ? ["no-charge"] : ["unbilled"];
  if (total === null || balance === null) return null;
  // A credit on the whole: nothing is open, or nobody knows what that is.
  if (total < 0) return balance <= 0 ? ["paid"] : null;
  if (!only("completed")) return posted ? byBalance(total, balance) : ["unbilled", "ready", "part-paid"];
  if (balance === total && !posted) return ["ready", "invoiced"];
  return byBalance(total, balance);
}

function byBalance(total: Minor, balance: Minor): readonly Billing[] {
  if (balance >= total) return ["invoiced"];
  return balance > 0 ? ["part-paid"] : ["paid"];
}
