import type { CauseKind } from "#shared/domain/break.ts";
import { plainAmount } from "./amounts.ts";
import type { BreakShown, ConnectionShown, LineShown } from "./board.ts";
import { dayAndMonth } from "./days.ts";

/** A break of a job with the systems it is between, as the words below need it. */
export interface Told {
  readonly line: LineShown;
  readonly found: BreakShown;
  readonly reference: ConnectionShown;
  /** The systems that differ from the reference, the widest first. */
  readonly others: readonly ConnectionShown[];
}

/** How one kind of money break is told on one line: what happened, and between whom. */
interface Words {
  readonly kind: BreakShown["kind"];
  /** The widest cause; absent: any. */
  readonly cause?: CauseKind;
  /** By that cause the other system says more than the reference, or less; absent: either. */
  readonly other?: "more" | "less";
  readonly title: (told: Told) => string;
  readonly detail: (told: Told) => string;
}

const say = (title: string) => (): string => title;

/** First row that fits. Titles are a bookkeeper's words; details name systems by what the company or the vendor calls them. */
const words: readonly Words[] = [
  { kind: "charge", cause: "missing-charge", other: "more", title: say("done, never billed"), detail: bothSay },
  { kind: "charge", cause: "missing-charge", title: pieceOrAll, detail: bothSay },
  {
    kind: "charge",
    cause: "duplicate",
    title: (told) => `entered twice in ${placeOf(other(told))}`,
    detail: causeNumbers,
  },
  { kind: "charge", cause: "tax", title: say("tax left out"), detail: bothSay },
  { kind: "charge", cause: "discount", title: say("a discount one side lacks"), detail: bothSay },
  { kind: "charge", cause: "credit", title: say("credited on one side"), detail: bothSay },
  { kind: "charge", cause: "adjustment", title: say("adjusted on one side"), detail: bothSay },
  { kind: "charge", cause: "timing", title: say("drafted, not billed yet"), detail: bothSay },
  { kind: "charge", title: say("charges differ"), detail: bothSay },
  { kind: "payment", cause: "missing-payment", other: "more", title: say("taken in the truck"), detail: hasPayment },
  { kind: "payment", cause: "missing-payment", title: say("paid at the office only"), detail: hasPayment },
  {
    kind: "payment",
    cause: "payment-reversed",
    other: "less",
    title: say("check came back"),
    detail: ({ reference }) => `${reference.title} still calls it paid`,
  },
  {
    kind: "payment",
    cause: "refund",
    other: "less",
    title: say("refund not in the books"),
    detail: (told) => `${other(told).title} gave it back, ${told.reference.title} still holds it`,
  },
  {
    kind: "payment",
    cause: "fee",
    title: say("short by the card fee"),
    detail: (told) => `${other(told).title} books the amount, ${told.reference.title} what arrived`,
  },
  { kind: "payment", cause: "payment-reversed", title: say("taken back by the office"), detail: bothSay },
  { kind: "payment", cause: "refund", title: say("given back by the office"), detail: bothSay },
  { kind: "payment", cause: "timing", title: say("on its way"), detail: bothSay },
  { kind: "payment", cause: "shared", title: say("one check for several jobs"), detail: bothSay },
  { kind: "payment", cause: "financing", title: say("financed on one side"), detail: bothSay },
  { kind: "payment", cause: "unapplied", title: say("paid, not applied"), detail: hasPayment },
  { kind: "payment", cause: "unexplained", title: say("nobody knows why"), detail: bothSay },
  { kind: "payment", title: say("payments differ"), detail: bothSay },
  { kind: "missing-twin", title: say("never reached the office"), detail: missingTwin },
];

/** The job's widest open money break, and the systems it is between. */
export function toldOf(line: LineShown, connections: readonly ConnectionShown[]): Told {
  const [found] = [...line.breaks].sort((a, b) => rankOf(a) - rankOf(b) || Math.abs(b.gapMinor) - Math.abs(a.gapMinor));
  if (!found) throw new Error(`job ${line.job} is listed without a break`);
  // As the company lists its systems: crew and branch, not by the letters of their ids.
  const among = connections.filter(({ id }) => found.connections.includes(id));
  const reference =
    among.find((connection) => connection.reference) ??
    connections.find((connection) => connection.reference) ??
    among[0];
  if (!reference) throw new Error(`break ${found.key} of job ${line.job} names no connection that is configured`);
  return { line, found, reference, others: among.filter((connection) => connection !== reference) };
}

/** Money that is open, before other breaks that are, before what waits or is over. */
function rankOf(found: BreakShown): number {
  const money = found.kind === "charge" || found.kind === "payment" || found.kind === "missing-twin";
  const open = found.state !== "waiting" && found.state !== "resolved";
  return open ? (money ? 0 : 1) : found.state === "waiting" ? 2 : 3;
}

/** What the break is called and what it is between; for kinds that are not about money, the break's own sentence. */
export function wordsOf(told: Told): { readonly title: string; readonly detail: string } {
  const { found } = told;
  if (found.behind) {
    const { jobs } = found.behind;
    const rests = jobs.length === 1 ? `job ${jobs.join()} rests` : `jobs ${jobs.join(" and ")} rest`;
    return {
      title: `one deposit, ${jobs.length === 1 ? "two" : "several"} jobs`,
      detail: `${rests} on the same payment`,
    };
  }
  const [cause, ...more] = found.causes.toSorted((a, b) => Math.abs(b.minor) - Math.abs(a.minor));
  const gives = cause?.minor ?? found.gapMinor;
  const row = words.find(
    (one) =>
      one.kind === found.kind &&
      (one.cause === undefined || one.cause === cause?.kind) &&
      (one.other === undefined || (one.other === "more") === gives > 0),
  );
  if (!row) return { title: found.kind, detail: found.sentence };
  if (more.length === 0) return { title: row.title(told), detail: row.detail(told) };
  return { title: `${row.title(told)}, and more`, detail: causesText(found) };
}

/** All causes on one line, how sure each is, and how much of the gap where there are several. */
export function causesText({ causes }: Pick<BreakShown, "causes">): string {
  const amountOf = (minor: number): string => (causes.length > 1 ? ` ${plainAmount(minor)}` : "");
  return causes.map(({ kind, certainty, minor }) => `${kind}${amountOf(minor)} (${certainty})`).join(", ");
}

/** Money that waits unapplied for its work, and nothing else. */
export function isDeposit({ causes }: Pick<BreakShown, "causes">): boolean {
  return causes.length > 0 && causes.every(({ kind }) => kind === "unapplied");
}

/** A person's note on a break, with the kind of cause they called it: "as write-off: agreed with the owner". */
export function explanationOf({ note, saidCause }: Pick<BreakShown, "note" | "saidCause">): string {
  return saidCause === undefined ? (note ?? "") : `as ${saidCause}: ${note ?? ""}`;
}

/** The other system has nothing at all, or not all of it. */
function pieceOrAll(told: Told): string {
  const says = told.line.money.find(({ connection }) => connection === other(told).id)?.charge;
  return says === 0 ? "never billed there" : "one piece is missing";
}

function other({ others, reference }: Told): ConnectionShown {
  return others[0] ?? reference;
}

/** "crew and branch say 685.00, the invoice says 0.00": everyone who says what the widest says, and the reference. */
function bothSay(told: Told): string {
  const { line, found, reference, others } = told;
  const name = found.kind === "charge" ? "charge" : "payment";
  const said = (connection: ConnectionShown): number | null =>
    line.money.find((known) => known.connection === connection.id)?.[name] ?? null;
  const its = said(reference);
  if (its === null) return found.sentence;
  const value = its + found.gapMinor;
  const sayers = others.filter((connection) => said(connection) === value);
  const names = (sayers.length > 0 ? sayers : others.slice(0, 1)).map((known) => known.called ?? known.title);
  const books = reference.money === "invoices" && name === "charge" ? "the invoice" : reference.title;
  return `${names.join(" and ")} ${names.length === 1 ? "says" : "say"} ${plainAmount(value)}, ${books} says ${plainAmount(its)}`;
}

function hasPayment(told: Told): string {
  const [has, lacks] =
    told.found.gapMinor > 0 ? [other(told).title, told.reference.title] : [told.reference.title, other(told).title];
  return `${has} has the payment, ${lacks} does not`;
}

/** The numbers of the records that make the cause: "JOB-0930 and JOB-0931". */
function causeNumbers(told: Told): string {
  const numbers = told.line.numbers[other(told).id] ?? [];
  return numbers.length > 1 ? [...numbers].sort().join(" and ") : told.found.sentence;
}

function missingTwin(told: Told): string {
  const { line, reference } = told;
  const from = other(told);
  const day = line.day ? ` of ${dayAndMonth(line.day)}` : "";
  return `${from.title} job${day}${line.customer ? `, ${familyName(line.customer)}` : ""}, no ${reference.title} job`;
}

/** "Octavio Pena" -> "Pena"; a company's name stays whole. */
function familyName(name: string): string {
  const parts = name.split(" ");
  return parts.length === 2 ? (parts[1] ?? name) : name;
}

/** What of its vendor this connection is: the rest of its id, as in `ctc-boulder` -> "Boulder". */
function placeOf(connection: ConnectionShown): string {
  const rest = connection.id.slice(connection.id.indexOf("-") + 1);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
