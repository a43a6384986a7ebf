import { isRecord, type Json, type JsonRecord } from "../kit/json.ts";

/** Whole cents as a record holds them; 0 for anything else. */
function heldCents(value: Json | undefined): number {
  return typeof value === "number" && Number.isSafeInteger(value) ? value : 0;
}

/** Cents of dollars, as a number or as digits in a text; 0 for anything else. */
export function centsOf(dollars: Json | undefined): number {
  const amount = typeof dollars === "number" || typeof dollars === "string" ? Number(dollars) : 0;
  return Number.isFinite(amount) ? Math.round(amount * 100) : 0;
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

/** A discount or a tax of whole cents: its amount where its type is `fixed`, else its percentage. */
function partOf(entry: JsonRecord, name: string, cents: number): number {
  return entry[`${name}_type`] === "fixed"
    ? heldCents(entry[`${name}_cents`])
    : percentOf(cents, entry[`${name}_percentage`]);
}

/** What labor, parts and fees come to: of the line items where they were sent, else as the entry holds it. */
function subtotalsOf(entry: JsonRecord, lines: Json | undefined) {
  if (!Array.isArray(lines)) {
    const [labor, parts] = [heldCents(entry["labor_subtotal_cents"]), heldCents(entry["parts_subtotal_cents"])];
    const subtotal = entry["subtotal_cents"] === undefined ? labor + parts : heldCents(entry["subtotal_cents"]);
    return { labor, parts, subtotal, fees: heldCents(entry["fees_cents"]) };
  }
  const isFee = (item: JsonRecord) => item["type"] === "ServiceEntryFeeLineItem";
  const sums = { labor: 0, parts: 0, subtotal: 0, fees: 0 };
  for (const item of lines.filter(isRecord)) {
    const [labor, parts] = [centsOf(item["labor_cost"]), centsOf(item["parts_cost"])];
    const subtotal = labor + parts === 0 ? centsOf(item["subtotal"]) : labor + parts;
    if (isFee(item)) sums.fees += subtotal;
    else {
      sums.labor += labor;
      sums.parts += parts;
      sums.subtotal += subtotal;
    }
  }
  return sums;
}

/** The sums of an entry, which are read-only: Fleetio works them out from the line items, the discount and the taxes. */
export function totalsOf(entry: JsonRecord, lines: Json | undefined): JsonRecord {
  const { labor, parts, subtotal, fees } = subtotalsOf(entry, lines);
  const discount = partOf(entry, "discount", subtotal);
  const taxed = subtotal - discount;
  const [tax1, tax2] = [partOf(entry, "tax_1", taxed), partOf(entry, "tax_2", taxed)];
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
