import { formatMinor, type Minor } from "#shared/domain/money.ts";

/** 226363 -> "2,263.63": as in a sentence, without the currency. */
export function plainAmount(minor: Minor): string {
  const [whole = "0", cents = "00"] = formatMinor(minor).split(".");
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${cents}`;
}

/** 226363 -> "$2,263.63"; another currency is named: "CAD 2,263.63". */
export function amount(minor: Minor, currency: string): string {
  const sign = minor < 0 ? "-" : "";
  const text = plainAmount(Math.abs(minor));
  return currency === "USD" ? `${sign}$${text}` : `${sign}${currency} ${text}`;
}
