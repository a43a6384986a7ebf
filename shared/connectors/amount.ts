import { type Amount, minorFromDecimal, minorFromNumber } from "#shared/domain/money.ts";

/** Dollars as a vendor prints them, number or decimal text, in cents. Missing, null and "" are not stated; the rest is kept as unreadable (law 5). */
export function amountOf(value: unknown): Amount {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value === "number") return minorFromNumber(value);
  if (typeof value === "string") return minorFromDecimal(value);
  return { unreadable: JSON.stringify(value) };
}
