/** Amounts are whole cents; these print them as the vendors do. */

export const TAX_PERCENT = 8;

/** `-64.00` */
export function decimal(minor: number): string {
  const size = Math.abs(minor);
  return `${minor < 0 ? "-" : ""}${Math.trunc(size / 100)}.${String(size % 100).padStart(2, "0")}`;
}

/** Dollars as a JSON number, the double nearest to the cents. */
export function dollars(minor: number): number {
  return Number(`${minor}e-2`);
}

export type Price = { net: number; tax: number; total: number };

/** A price before tax, with the demo's tax on it. */
export function netPrice(net: number): Price {
  const tax = Math.round((net * TAX_PERCENT) / 100);
  return { net, tax, total: net + tax };
}

/** A price with its tax inside. */
export function grossPrice(total: number): Price {
  const net = Math.round((total * 100) / (100 + TAX_PERCENT));
  return { net, tax: total - net, total };
}
