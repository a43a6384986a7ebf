/**
 * Money is a safe integer of minor units (cents). A missing amount is null (not stated), never zero. An amount that
 * cannot be read is kept as such: it makes its field unknown and opens a break; the rest of the record goes on (law 5).
 */
export type Minor = number;

export interface Unreadable {
  readonly unreadable: string;
}

export type Amount = Minor | null | Unreadable;

export function isUnreadable(amount: Amount | undefined): amount is Unreadable {
  return typeof amount === "object" && amount !== null;
}

/** The amount if it is stated and readable, else null. */
export function stated(amount: Amount | undefined): Minor | null {
  return typeof amount === "number" ? amount : null;
}

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/**
 * Reads decimal dollars printed as text ("524.88", "-0.5") into cents, exactly.
 * Digits beyond the cent are noise only when they lie within a ten-thousandth of a cent of one (law 5).
 */
export function minorFromDecimal(text: string): Minor | Unreadable {
  const match = DECIMAL.exec(text.trim());
  if (!match) return { unreadable: text };
  const [, sign = "", whole = "0", fraction = ""] = match;
  // Six fraction digits are cents and ten-thousandths of a cent; what follows only decides nothing or unreadable.
  const micros = BigInt(whole) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, "0"));
  const beyond = /[1-9]/.test(fraction.slice(6));
  const cents = (micros + 5_000n) / 10_000n;
  const off = micros - cents * 10_000n;
  const noise = off === 0n || (off === -1n && beyond);
  if (!noise) return { unreadable: text };
  const signed = sign === "-" ? -cents : cents;
  const minor = Number(signed);
  return Number.isSafeInteger(minor) ? minor : { unreadable: text };
}

/** Reads dollars that a vendor prints as a JSON number, float noise included (0.30000000000000004 is 30 cents). */
export function minorFromNumber(dollars: number): Minor | Unreadable {
  const text = String(dollars);
  return text.includes("e") ? minorFromDecimal(dollars.toFixed(12)) : minorFromDecimal(text);
}

/** Reads an amount that is already integer cents. */
export function minorFromCents(cents: number): Minor | Unreadable {
  return Number.isSafeInteger(cents) ? cents : { unreadable: String(cents) };
}

/** 52488 -> "524.88"; -1255 -> "-12.55". */
export function formatMinor(minor: Minor): string {
  const sign = minor < 0 ? "-" : "";
  const absolute = Math.abs(minor);
  return `${sign}${Math.floor(absolute / 100)}.${String(absolute % 100).padStart(2, "0")}`;
}
