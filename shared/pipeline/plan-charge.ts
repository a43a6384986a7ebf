import type { Cause, CauseKind } from "#shared/domain/break.ts";
import type { JobFacts } from "#shared/domain/facts.ts";
import { formatMinor, type Minor, stated } from "#shared/domain/money.ts";
import type { Seen, View } from "#shared/domain/view.ts";
import { taxOf } from "./compare.ts";
import { acceptedKey } from "./differences.ts";
import { nameOf, type Wanted } from "./plan.ts";
import { type Books, type Lone, loneGap, sentBefore } from "./plan-books.ts";

/**
 * The amount that a system prints on the job itself, set to what the reference charges. Only where the whole gap is of
 * causes that say no more than that this amount is another one; a gap of which a part is something else (two records of
 * one call, a wrong link, the tax of which nobody has said whether it is in there) is mended where that part is.
 */
export function chargeChange(books: Books): readonly Wanted[] {
  const lone = loneGap(books, "charge", "amount");
  const root = lone && carrier(books.view, lone);
  if (!lone || !root) return [];
  const { state } = books;
  const { gapMinor, causes } = lone.found;
  if (causes.length === 0 || !causes.every(isOfTheAmount)) return [];
  const now = stated(root.facts.charge);
  const { record } = root.observation;
  // An amount below zero is a credit, which belongs on an invoice.
  if (now === null || now < gapMinor) return [];
  const wanted = now - gapMinor;
  return [
    {
      kind: "write",
      target: "amount",
      record,
      read: formatMinor(now),
      wanted: formatMinor(wanted),
      arguments: {},
      moneyMinor: -gapMinor,
      requests: 3,
      // A rule may approve what is proven; what we set once and differs again was set by somebody, who is asked.
      ask: causes.some(({ certainty }) => certainty === "likely") || sentBefore(state, record, "amount").length > 0,
      sentence: `${nameOf(root)}: its amount becomes ${formatMinor(wanted)} instead of ${formatMinor(now)}, as ${lone.reference} charges${partsOf(books, lone)}`,
    },
  ];
}

const ofTheAmount: readonly CauseKind[] = ["adjustment", "credit", "discount", "rounding", "unexplained"];

/** What the reference never charged is put on its own invoice (`plan-money.ts`); what it charged more belongs here. */
function isOfTheAmount({ kind, minor }: Cause): boolean {
  return ofTheAmount.includes(kind) || (kind === "missing-charge" && minor < 0);
}

/** The one record whose amount carries the gap: the system's only one, else the only one the causes name. None is billed. */
function carrier(view: View, { found, other }: Lone): Seen<JobFacts> | undefined {
  const isHere = ({ live, connection }: { readonly live: boolean; readonly connection: string }): boolean =>
    live && connection === other.id;
  if (view.invoices.some((invoice) => isHere(invoice) && invoice.facts.stage !== "draft")) return undefined;
  const roots = view.roots.filter(isHere);
  const named = roots.filter(({ key }) => found.causes.some(({ records }) => records.includes(key)));
  const [root, ...more] = roots.length === 1 ? roots : named;
  return more.length === 0 ? root : undefined;
}

/** What an amount there holds beside the reference's charge, in words: its tax, and what was accepted at cutover. */
function partsOf({ state, view }: Books, { other, reference }: Lone): string {
  const tax = taxOf(view, reference);
  const accepted = state.accepted[acceptedKey("charge", other.id)] ?? 0;
  return [taxWords(tax, other.actualAmount?.includesTax ?? "unknown"), acceptedWords(accepted)].join("");
}

function taxWords(tax: Minor, includes: "yes" | "no" | "unknown"): string {
  if (tax === 0) return "";
  if (includes === "no") return ` without its tax of ${formatMinor(tax)}`;
  const asked = includes === "unknown" ? ", as nobody has said that amounts there are without" : "";
  return ` with its tax of ${formatMinor(tax)}${asked}`;
}

function acceptedWords(accepted: Minor): string {
  return accepted === 0 ? "" : `; the difference of ${formatMinor(accepted)} accepted at cutover stays`;
}
