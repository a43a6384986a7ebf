import type { Cause, CauseKind } from "#shared/domain/break.ts";
import type { MoneyLine } from "#shared/domain/job.ts";
import { type Minor, stated } from "#shared/domain/money.ts";
import type { Part } from "./cause-parts.ts";
import { plainEntries, type Sides, taxOf } from "./cause-proofs.ts";

/** What is left of a gap when all that is proven is taken off. */
export interface Rest {
  readonly minor: Minor;
  readonly reference: MoneyLine;
  readonly other: MoneyLine;
  /** The other's line as it stood before, to tell a reversal from a payment never made. */
  readonly before: MoneyLine | undefined;
  /** What a break that stands called taken back: what was said before is forgotten when it is said again. */
  readonly takenBack: Minor | null;
  /** A person has to say whether the two systems' records belong together. */
  readonly inDoubt: boolean;
  readonly sides: Sides;
  /** What was proven, and what might have been: amounts of records of which several fit. */
  readonly proven: readonly Part[];
  readonly closing: readonly Part[];
}

/** Arithmetic only: the whole rest, to the cent, or nothing. */
type Guess = (rest: Rest) => { readonly kind: CauseKind; readonly records?: readonly string[] } | null;

const when = (holds: boolean, kind: CauseKind): { readonly kind: CauseKind } | null => (holds ? { kind } : null);

/** The other system took back what it had reported before, and the reference still counts it. */
export const reversed: Guess = ({ minor, reference, other, before, takenBack }) => {
  if (minor < 0 && takenBack === minor) return { kind: "payment-reversed" };
  const had = before?.payment ?? null;
  if (minor >= 0 || had === null || other.payment === null) return null;
  return when(had === reference.payment && had - other.payment === -minor, "payment-reversed");
};

/** The reference holds more than was charged; the other already gave it back. */
const refund: Guess = ({ minor, reference, other }) =>
  when(minor < 0 && reference.outstanding === minor && other.payment === other.charge, "refund");

const missingPayment: Guess = ({ minor, reference, other }) => {
  const [has, lacks] = minor > 0 ? [other, reference] : [reference, other];
  return when(lacks.payment === 0 && has.payment === Math.abs(minor), "missing-payment");
};

const missingCharge: Guess = ({ minor, reference, other }) => {
  const [has, lacks] = minor > 0 ? [other, reference] : [reference, other];
  return when(lacks.charge === 0 && has.charge === Math.abs(minor), "missing-charge");
};

/** Several records of one price share the charge, and exactly one of them is not there yet. */
const onePiece: Guess = ({ minor, sides: { other } }) => {
  const charges = other.view.roots
    .filter((root) => root.live && root.connection === other.connection)
    .map((root) => stated(root.facts.charge));
  return when(minor < 0 && charges.length > 1 && charges.every((charge) => charge === -minor), "missing-charge");
};

/** One plain record of a system is the rest, and the other system's total cannot tell whether it is in it. */
const oneRecord: Guess = ({ minor, sides }) => {
  const fitting = [sides.other, sides.reference].flatMap((side) =>
    plainEntries(sides, side).filter((entry) => side.sign * entry.minor === minor),
  );
  const [first, ...others] = fitting.map(({ record }) => record);
  const kind = sides.other.line === "charge" ? "missing-charge" : "missing-payment";
  return first === undefined ? null : { kind, records: others.length === 0 ? [first] : [] };
};

/** Several records would make the rest, and all are of one kind: the kind is likely, the record is not known. */
const oneKind: Guess = ({ minor, closing }) => {
  const [kind, ...others] = new Set(closing.filter((one) => one.minor === minor).map((one) => one.kind));
  // Which of two payments on no invoice it is, is the question itself: it is asked as money that is missing here.
  return kind === undefined || others.length > 0 || kind === "unapplied" ? null : { kind };
};

/** The rest is the invoice's tax to the cent, and policy does not say whether the other's amount includes it. */
const tax: Guess = ({ minor, other, sides }) => {
  const { context } = sides;
  const connection = context.company.connections.find((candidate) => candidate.id === other.connection);
  if (connection?.actualAmount?.includesTax === "yes" || other.withoutTax !== undefined) return null;
  const total = taxOf(sides);
  return when(total > 0 && minor === -total, "tax");
};

/** The other calls the job paid in full for less: a discount the reference does not have yet. */
const discount: Guess = ({ minor, reference, other }) =>
  when(
    minor < 0 && other.payment !== null && other.charge === other.payment && other.payment === reference.payment,
    "discount",
  );

/** The rest is the share of the charge that the company lets its customers hold back. */
const retention: Guess = ({ minor, reference, other, sides }) => {
  const percent = sides.context.company.policy.retentionPercent;
  const charge = Math.max(reference.charge ?? 0, other.charge ?? 0);
  const held = percent === undefined ? 0 : Math.round((charge * percent) / 100);
  return when(held > 0 && Math.abs(minor) === held, "retention");
};

const rounding: Guess = ({ minor }) => when(Math.abs(minor) <= 2, "rounding");

/** Nothing else fits, no record has a counterpart, and the link itself is in doubt. */
const wrongLink: Guess = ({ inDoubt, proven }) => when(inDoubt && proven.length === 0, "wrong-link");

const guesses: Readonly<Record<"charge" | "payment", readonly Guess[]>> = {
  payment: [reversed, refund, missingPayment, oneKind, oneRecord, retention, rounding, wrongLink],
  charge: [missingCharge, onePiece, tax, discount, oneKind, oneRecord, retention, rounding, wrongLink],
};

/** The first that explains the whole rest; what nothing explains is a line of its own (law 5). */
export function likeliest(rest: Rest): Cause {
  const { minor, sides } = rest;
  for (const guess of guesses[sides.other.line]) {
    const found = guess(rest);
    if (found) return { kind: found.kind, certainty: "likely", minor, records: found.records ?? [] };
  }
  return { kind: "unexplained", certainty: "likely", minor, records: [] };
}
