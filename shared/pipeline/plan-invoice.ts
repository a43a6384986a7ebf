import type { Cause } from "#shared/domain/break.ts";
import type { InvoiceFacts } from "#shared/domain/facts.ts";
import { formatMinor, type Minor, stated } from "#shared/domain/money.ts";
import type { Seen, View } from "#shared/domain/view.ts";
import { nameOf, type Wanted } from "./plan.ts";
import { type Books, type Lone, loneGap } from "./plan-books.ts";

/**
 * An invoice that the reference has and the other system, which bills this job too, lacks. A person enters it: whom a new
 * invoice is sent to, what its lines are made of and which number it gets is the other system's own. A job that is not
 * billed there at all lacks none: its amount is on the job, or is not stated.
 */
export function invoicesAsked(books: Books): readonly Wanted[] {
  const lone = loneGap(books, "charge", "amount");
  if (!lone) return [];
  const { view } = books;
  const [root, ...more] = view.roots.filter(({ live, connection }) => live && connection === lone.other.id);
  const there = posted(view, lone.other.id);
  if (!root || more.length > 0 || there.length === 0) return [];
  return lone.found.causes.flatMap((cause): Wanted[] => {
    const [invoice, ...others] = missing(view, lone, cause);
    if (!invoice || others.length > 0) return [];
    const total = formatMinor(-cause.minor);
    return [
      {
        ...{ kind: "task", target: "amount", record: root.observation.record, requests: 0, ask: true, arguments: {} },
        ...{ read: "", wanted: `invoice ${total}`, moneyMinor: -cause.minor },
        sentence: `${nameOf(root)}: enter an invoice of ${total}${taxWords(stated(invoice.facts.tax))}${invoice.facts.day === null ? "" : ` of ${invoice.facts.day}`}, as ${lone.reference} has it (${invoice.facts.number ?? invoice.key})`,
      },
    ];
  });
}

function taxWords(tax: Minor | null): string {
  return tax === null || tax === 0 ? "" : `, ${formatMinor(tax)} of it tax,`;
}

const posted = (view: View, connection: string): readonly Seen<InvoiceFacts>[] =>
  view.invoices.filter(({ live, connection: of, facts }) => live && of === connection && facts.stage === "posted");

/** The reference's invoices that make this part of the gap to the cent, unless one of that total is known there already. */
function missing(view: View, { other, reference }: Lone, { kind, minor }: Cause): readonly Seen<InvoiceFacts>[] {
  if (kind !== "missing-charge" && kind !== "unexplained") return [];
  const isSuch = ({ facts }: Seen<InvoiceFacts>): boolean => stated(facts.total) === -minor;
  const isThere = view.invoices.some((one) => one.connection === other.id && isSuch(one));
  return minor >= 0 || isThere ? [] : posted(view, reference).filter(isSuch);
}
