import type { RecordName } from "#local/demo/demo.ts";
import { having, type Standing } from "./fold.ts";
import { cents, type Line, linesOf } from "./lines.ts";

export type LineKind = "charge" | "payment";
export type Gap = { kind: LineKind; minor: number; cause: string; other: string };

const TOLERANCE = 1;

/** The differences of a job's money at an instant: the widest of each line, other minus office. */
export function gapsOf(records: readonly RecordName[], standing: Standing, before: readonly Line[]): Gap[] {
  const lines = linesOf(records, standing);
  const office = lines.find((line) => line.connection === "st-main");
  if (!office) return [];
  const others = lines.filter((line) => line !== office);
  const found: Gap[] = [];
  for (const kind of ["charge", "payment"] as const) {
    if (kind === "charge" && !office.final) continue;
    const differing = others.flatMap((other) => {
      const [theirs, ours] = [other[kind], office[kind]];
      if (theirs === null || ours === null || Math.abs(theirs - ours) <= TOLERANCE) return [];
      return [{ other, minor: theirs - ours }];
    });
    const widest = differing.toSorted((a, b) => Math.abs(b.minor) - Math.abs(a.minor))[0];
    if (!widest) continue;
    const { other, minor } = widest;
    const cause =
      kind === "charge"
        ? chargeCause(minor, office, other)
        : paymentCause(minor, office, other, {
            had: before.find((line) => line.connection === other.connection),
            held: heldFor(records, standing),
          });
    found.push({ kind, minor, cause, other: other.connection });
  }
  return found;
}

function chargeCause(minor: number, office: Line, other: Line): string {
  const { parts } = other;
  if (parts.length === 2 && minor > 0 && parts.every((part) => part === minor)) return "duplicate";
  if (office.charge === 0 && minor > 0) return "missing-charge";
  if (parts.length > 1 && minor < 0 && parts.every((part) => part === -minor)) return "missing-charge";
  if (office.tax > 0 && minor === -office.tax) return "tax";
  if (minor < 0 && other.charge === other.payment && other.payment === office.payment) return "discount";
  return "unexplained";
}

function paymentCause(
  minor: number,
  office: Line,
  other: Line,
  known: { had: Line | undefined; held: readonly number[] },
): string {
  if (minor > 0 && known.held.filter((amount) => amount === minor).length === 1) return "unapplied";
  if ((minor > 0 ? other : office).fees.includes(Math.abs(minor))) return "fee";
  const had = known.had?.payment ?? 0;
  if (minor < 0 && had === office.payment && had > (other.payment ?? 0)) return "payment-reversed";
  const overpaid = (office.charge ?? 0) - (office.payment ?? 0);
  if (minor < 0 && overpaid === minor && other.charge === other.payment) return "refund";
  if (office.payment === 0 || other.payment === 0) return "missing-payment";
  return "unexplained";
}

/** Unapplied money of the job's customer in the office. */
function heldFor(records: readonly RecordName[], standing: Standing): number[] {
  const name = records.find((record) => record.connection === "st-main");
  const customer = name && standing["st-main"]?.["jobs"]?.[name.id]?.["customerId"];
  const payments = having(standing, "st-main", "payments", "customer.id", customer);
  return payments.map((one) => cents(one["unappliedAmount"])).filter((amount) => amount > 0);
}
