/** ServiceTitan prints money as decimal strings ("524.88"); here it is counted in whole cents and never in floats. */

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?$/;

interface Decimal {
  readonly digits: bigint;
  readonly places: number;
}

function decimal(value: unknown): Decimal {
  const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
  const parts = DECIMAL.exec(text);
  if (!parts) return { digits: 0n, places: 0 };
  const fraction = parts[3] ?? "";
  const digits = BigInt(`${parts[2] ?? ""}${fraction}` || "0");
  return { digits: parts[1] === "-" ? -digits : digits, places: fraction.length };
}

function toCents({ digits, places }: Decimal): number {
  if (places <= 2) return Number(digits * 10n ** BigInt(2 - places));
  const unit = 10n ** BigInt(places - 2);
  const half = digits < 0n ? -unit / 2n : unit / 2n;
  return Number((digits + half) / unit);
}

/** Cents of a printed or sent amount (string or JSON number), rounded half away from zero; 0 for null, absent or unreadable. */
export function cents(value: unknown): number {
  return toCents(decimal(value));
}

/** Cents of quantity x unit price, multiplied exactly and rounded once. */
export function centsOfProduct(quantity: unknown, price: unknown): number {
  const a = decimal(quantity);
  const b = decimal(price);
  return toCents({ digits: a.digits * b.digits, places: a.places + b.places });
}

/** Cents as the decimal string that ServiceTitan prints: -6400 -> "-64.00". */
export function printedMoney(amount: number): string {
  const size = Math.abs(amount);
  const text = `${Math.trunc(size / 100)}.${String(size % 100).padStart(2, "0")}`;
  return amount < 0 ? `-${text}` : text;
}

/** Cents as a JSON number of dollars, as `customer.balance` is: 1250 -> 12.5. */
export function dollars(amount: number): number {
  return Number(printedMoney(amount));
}
