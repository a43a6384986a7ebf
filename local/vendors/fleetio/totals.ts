import { isRecord, type Json, type JsonRecord } from "../kit/json.ts";

/** Whole cents of a JSON number or digits in a string; 0 for anything else. */
function wholeCents(value: Json | undefined): number {
  const amount = typeof value === "number" || typeof value === "string" ? Number(value) : 0;
  return Number.isSafeInteger(amount) ? amount : 0;
}

/** `percentage` ("8.25") of whole cents, worked out exactly and rounded half away from zero. */
export function percentOf(cents: number, percentage: Json | undefined): number {
  const parts = /^(\d+)(?:\.(\d+))?$/.exec(String(percentage ?? ""));
  if (!parts) return 0;
  const fraction = parts[2] ?? "";
  const scaled = BigInt(cents) * BigInt(`${parts[1]}${fraction}`);
  const unit = 10n ** BigInt(fraction.length + 2);
  const half = scaled < 0n ? -unit / 2n : unit / 2n;
  return Number((scaled + half) / unit);
}

/** The sums of an entry, which are read-only: Fleetio works them out from the line items, the discount and the taxes. */
export function totalsOf(entry: JsonRecord, lines: Json | undefined): JsonRecord {
  const items = Array.isArray(lines) ? lines.filter(isRecord) : [];
  const sum = (field: string, only: (item: JsonRecord) => boolean) =>
    items.filter(only).reduce((total, item) => total + wholeCents(item[field]), 0);
  const isFee = (item: JsonRecord) => item["type"] === "ServiceEntryFeeLineItem";
  const labor = sum("labor_cost_cents", (item) => !isFee(item));
  const parts = sum("parts_cost_cents", (item) => !isFee(item));
  const fees = sum("subtotal_cents", isFee);
  const subtotal = labor + parts;
  const discount =
    entry["discount_type"] === "fixed"
      ? wholeCents(entry["discount_cents"])
      : percentOf(subtotal, entry["discount_percentage"]);
  const taxed = subtotal - discount;
  const tax1 = percentOf(taxed, entry["tax_1_percentage"]);
  const tax2 = percentOf(taxed, entry["tax_2_percentage"]);
  return {
    labor_subtotal_cents: labor,
    parts_subtotal_cents: parts,
    fees_cents: fees,
    subtotal_cents: subtotal,
    discount_cents: discount,
    tax_1_cents: tax1,
    tax_2_cents: tax2,
    total_amount_cents: taxed + fees + tax1 + tax2,
  };
}
