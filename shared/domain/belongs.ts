import type { InvoiceFacts } from "./facts.ts";
import { isOfOthers, unitsIn } from "./unit.ts";
import type { Seen, View } from "./view.ts";

type Invoice = Seen<InvoiceFacts>;

/**
 * The invoices that bill this job. One that moved to another job, or lost its job, is told to the job it left, so that
 * it is known to have left: it says nothing there any more, in every order of reading (law 1). While no root of its
 * system has been read here, one that names a job is taken at its word. Pure; linear in the records.
 */
export function ofThisJob({ roots, invoices }: Pick<View, "roots" | "invoices">): readonly Invoice[] {
  if (invoices.length === 0) return invoices;
  const units = unitsIn(roots);
  const rootKeys = new Set(roots.map(({ key }) => key));
  const systems = new Set(roots.map(({ connection }) => connection));
  const byKey = new Map(invoices.map((invoice) => [invoice.key, invoice]));
  const belongs = (invoice: Invoice, passed: readonly string[]): boolean => {
    const { hangsOn } = invoice.observation;
    if (hangsOn.length === 0 || isOfOthers(invoice, units)) return false;
    if (invoice.facts.unit !== undefined || hangsOn.some((parent) => rootKeys.has(parent))) return true;
    const adjusted = hangsOn.flatMap((parent) => (passed.includes(parent) ? [] : (byKey.get(parent) ?? [])));
    if (adjusted.length > 0) return adjusted.some((one) => belongs(one, [...passed, invoice.key]));
    return !systems.has(invoice.connection);
  };
  return invoices.filter((invoice) => belongs(invoice, [invoice.key]));
}
