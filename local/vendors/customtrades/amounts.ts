import type { Json } from "../kit/json.ts";

/** Cents of an amount as the API prints it (dollars as a number); null and absent count as zero. Half cents go up. */
export function toCents(amount: Json | undefined): number {
  if (amount === undefined || amount === null) return 0;
  if (typeof amount !== "number") throw new Error(`${JSON.stringify(amount)} is no amount`);
  return Math.round(Number(`${amount.toFixed(6)}e2`));
}

/** The number the API prints for so many cents. */
export function fromCents(cents: number): number {
  return Number(`${cents}e-2`);
}
