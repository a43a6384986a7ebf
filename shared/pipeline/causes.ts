import type { Cause, CauseKind } from "#shared/domain/break.ts";
import type { MoneyLine } from "#shared/domain/job.ts";
import { type Minor, stated } from "#shared/domain/money.ts";
import type { View } from "#shared/domain/view.ts";
import type { Context } from "./context.ts";

/**
 * Why two lines differ. Detectors are tried in order on what is left of the gap; a `proven` cause names the records
 * whose amounts make it, a `likely` one is arithmetic only. What nothing explains is a line of its own (law 5).
 */
export interface Gap {
  readonly line: "charge" | "payment";
  /** Other minus reference. */
  readonly minor: Minor;
  readonly reference: MoneyLine;
  readonly other: MoneyLine;
  /** The other's and the reference's lines as they stood before, to tell a reversal from a payment never made. */
  readonly before: { readonly reference: MoneyLine | undefined; readonly other: MoneyLine | undefined };
  readonly view: View;
  readonly context: Context;
}

type Detector = (gap: Gap) => Cause | null;

const cause = (
  kind: CauseKind,
  certainty: Cause["certainty"],
  minor: Minor,
  records: readonly string[] = [],
): Cause => ({ kind, certainty, minor, records });

/** Unapplied money of this customer in the reference's system makes the whole gap. */
const unapplied: Detector = ({ minor, reference, context }) => {
  if (minor <= 0) return null;
  const exact = context.held.filter((held) => held.connection === reference.connection && held.unapplied === minor);
  const [only] = exact;
  return exact.length === 1 && only ? cause("unapplied", "proven", minor, [only.payment]) : null;
};

/** One payment's card fee is the gap: who took the card books the amount, the other, which has less, what arrived. */
const fee: Detector = ({ minor, other, reference, view }) => {
  const taker = minor > 0 ? other : reference;
  const found = view.payments.find(
    ({ live, connection, facts }) => live && connection === taker.connection && stated(facts.fee) === Math.abs(minor),
  );
  return found ? cause("fee", "proven", minor, [found.key]) : null;
};

/** The other system took back what it had reported before, and the reference still counts it. */
const reversed: Detector = ({ minor, other, reference, before }) => {
  const had = before.other?.payment ?? null;
  if (minor >= 0 || had === null || other.payment === null) return null;
  return had === reference.payment && had - other.payment === -minor
    ? cause("payment-reversed", "likely", minor)
    : null;
};

/** The reference holds more than was charged; the other already gave it back. */
const refund: Detector = ({ minor, reference, other }) => {
  if (minor >= 0) return null;
  return reference.outstanding === minor && other.payment === other.charge ? cause("refund", "likely", minor) : null;
};

const missingPayment: Detector = ({ minor, reference, other }) => {
  if (minor > 0 && reference.payment === 0 && other.payment === minor) return cause("missing-payment", "likely", minor);
  if (minor < 0 && other.payment === 0 && reference.payment === -minor)
    return cause("missing-payment", "likely", minor);
  return null;
};

const missingCharge: Detector = ({ minor, reference, other, view }) => {
  if (minor > 0 && reference.charge === 0 && other.charge === minor) return cause("missing-charge", "likely", minor);
  const charges = view.roots
    .filter((root) => root.live && root.connection === other.connection)
    .map((root) => stated(root.facts.charge));
  // Several records of one price share the charge, and exactly one of them is not there yet.
  if (minor < 0 && charges.length > 1 && charges.every((charge) => charge === -minor))
    return cause("missing-charge", "likely", minor);
  return null;
};

/** The other system holds the same call twice: same customer, day, title and amount. */
const duplicate: Detector = ({ minor, other, view }) => {
  const roots = view.roots.filter((root) => root.live && root.connection === other.connection);
  for (const root of roots) {
    const same = roots.filter(
      (twin) =>
        stated(twin.facts.charge) === minor &&
        twin.facts.title === root.facts.title &&
        twin.facts.serviceDay === root.facts.serviceDay,
    );
    if (minor > 0 && same.length === 2)
      return cause(
        "duplicate",
        "proven",
        minor,
        same.map((twin) => twin.key),
      );
  }
  return null;
};

/** The gap is the invoice's tax to the cent, and policy does not say whether the other's amount includes it. */
const tax: Detector = ({ minor, reference, other, view, context }) => {
  const connection = context.company.connections.find((candidate) => candidate.id === other.connection);
  if (connection?.actualAmount?.includesTax === "yes" || other.withoutTax !== undefined) return null;
  let total = 0;
  for (const invoice of view.invoices)
    if (invoice.live && invoice.connection === reference.connection) total += stated(invoice.facts.tax) ?? 0;
  return total > 0 && minor === -total ? cause("tax", "likely", minor) : null;
};

/** The other calls the job paid in full for less: a discount the reference does not have yet. */
const discount: Detector = ({ minor, reference, other }) => {
  if (minor >= 0 || other.payment === null || other.charge === null) return null;
  return other.charge === other.payment && other.payment === reference.payment
    ? cause("discount", "likely", minor)
    : null;
};

const rounding: Detector = ({ minor }) => (Math.abs(minor) <= 2 ? cause("rounding", "likely", minor) : null);

const detectors: Readonly<Record<Gap["line"], readonly Detector[]>> = {
  payment: [unapplied, fee, reversed, refund, missingPayment, rounding],
  charge: [duplicate, missingCharge, tax, discount, rounding],
};

/** Causes that sum to the gap: a detector explains the whole of it or nothing. */
export function causesOf(gap: Gap): readonly Cause[] {
  for (const detect of detectors[gap.line]) {
    const found = detect(gap);
    if (found) return [found];
  }
  return [cause("unexplained", "likely", gap.minor)];
}
