import { moneyLine } from "#shared/domain/balance.ts";
import type { JobFacts } from "#shared/domain/facts.ts";
import { recordKey } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import { likeness } from "#shared/domain/likeness.ts";
import { formatMinor, type Minor, stated } from "#shared/domain/money.ts";
import { ownPart } from "#shared/domain/unit.ts";
import { type Seen, type View, viewOf } from "#shared/domain/view.ts";
import { crewOf, dayOf } from "./link.ts";

/**
 * How much speaks for two unlinked records of different systems being one job. It only proposes: a person accepts or
 * rejects. A system's own number is no part of what is compared, and a name alone never reaches the mark.
 */
export interface Side {
  readonly record: string;
  readonly connection: string;
  /** The person its customer is known to be. */
  readonly person: string | null;
  readonly name: string | null;
  readonly day: string | null;
  readonly crew: readonly string[];
  readonly title: string | null;
  readonly charge: Minor | null;
  /** The amount is no estimate any more: the work is completed or its invoice posted. */
  readonly final: boolean;
}

export interface Candidate {
  readonly record: string;
  readonly connection: string;
  /** Points, at most 115; from `proposedFrom` on it is put before a person. */
  readonly score: number;
  readonly evidence: readonly string[];
}

export const proposedFrom = 60;
/** Days between two systems' service days of one job, at most. */
export const widestDays = 3;
/** A candidate this much behind the best one of its system is no candidate. */
const clearlyBetter = 10;

/** What a live root says that another system may say too. */
export function sideOf(root: Seen<JobFacts>, state: JobState, view: View): Side {
  const { customer, customerName, title } = root.facts;
  const printed = stated(root.facts.charge);
  const line = moneyLine(ownPart(view, root), root.connection, printed === null ? "invoices" : "record");
  return {
    record: root.key,
    connection: root.connection,
    person: (customer ? state.people[recordKey(customer)] : undefined) ?? null,
    name: customerName,
    day: dayOf(root, view),
    crew: crewOf(root, state, view),
    title,
    charge: printed ?? line.charge,
    final: !line.provisional,
  };
}

export function sidesOf(state: JobState): readonly Side[] {
  const view = viewOf(state);
  return view.roots.filter((root) => root.live).map((root) => sideOf(root, state, view));
}

/**
 * Whether what two records say of the work speaks against one job, though people and day agree: another amount by more
 * than a tax or a fee, or another title beside an amount that is not the same. Then no rule joins them; a person may.
 */
export function contradict(a: Side, b: Side): boolean {
  if (!a.final || !b.final) return false;
  const unlike = a.title !== null && b.title !== null && likeness(a.title, b.title) < 0.3;
  if (a.charge === null || b.charge === null) return unlike && a.charge !== b.charge;
  // Nothing billed yet is no other amount.
  if (a.charge === 0 || b.charge === 0 || a.charge === b.charge) return false;
  return unlike || !near(a.charge, b.charge);
}

/** A tax left out, a card fee, a discount: at most a tenth. */
function near(a: Minor, b: Minor): boolean {
  return Math.abs(a - b) * 10 <= Math.max(Math.abs(a), Math.abs(b));
}

type Points = { readonly points: number; readonly because: string | null } | null;

/** Each fact's own points; null: these two cannot be one job. */
const facts: readonly ((a: Side, b: Side) => Points)[] = [whose, when, whoWent, howMuch, what];

/** Null when something speaks against the two outright, else the points and what they are for. */
export function scoreOf(a: Side, b: Side): { readonly score: number; readonly evidence: readonly string[] } | null {
  if (a.connection === b.connection) return null;
  let score = 0;
  const evidence: string[] = [];
  for (const fact of facts) {
    const found = fact(a, b);
    if (found === null) return null;
    score += found.points;
    if (found.because !== null) evidence.push(found.because);
  }
  return { score, evidence };
}

/** The candidates worth a person's look: enough points, and of each system only those that none is clearly better than. */
export function candidatesOf(mine: Side, others: readonly Side[]): readonly Candidate[] {
  const scored = others.flatMap((other): Candidate[] => {
    const found = scoreOf(mine, other);
    return found && found.score >= proposedFrom
      ? [{ record: other.record, connection: other.connection, ...found }]
      : [];
  });
  return scored
    .filter((one) => !scored.some((two) => two.connection === one.connection && two.score > one.score + clearlyBetter))
    .sort((a, b) => b.score - a.score || (a.record < b.record ? -1 : 1));
}

const nothing: Points = { points: 0, because: null };

/** Alike enough to be the same name with a slip of the pen. */
export const alike = 0.8;

function whose(a: Side, b: Side): Points {
  if (a.person !== null && a.person === b.person)
    return { points: 40, because: `the same customer ${a.name ?? ""}`.trim() };
  if (a.name === null || b.name === null) return nothing;
  const found = likeness(a.name, b.name);
  if (found < alike) return null;
  return { points: found >= 0.92 ? 25 : 15, because: `customer names ${a.name} and ${b.name}` };
}

function when(a: Side, b: Side): Points {
  if (a.day === null || b.day === null) return nothing;
  const days = Math.round(Math.abs(Date.parse(a.day) - Date.parse(b.day)) / 86_400_000);
  if (days > widestDays) return null;
  if (days === 0) return { points: 25, because: `the same day ${a.day}` };
  return { points: days === 1 ? 18 : 10, because: `days ${a.day} and ${b.day}` };
}

function whoWent(a: Side, b: Side): Points {
  const shared = a.crew.filter((technician) => b.crew.includes(technician));
  if (shared.length > 0) return { points: 20, because: `technicians ${shared.join(", ")}` };
  return a.crew.length > 0 && b.crew.length > 0 ? { points: -5, because: "other technicians" } : nothing;
}

function howMuch(a: Side, b: Side): Points {
  if (!a.charge || !b.charge) return nothing;
  const texts = [formatMinor(a.charge), formatMinor(b.charge)];
  if (a.charge === b.charge) return { points: 20, because: `amount ${texts[0]}` };
  return near(a.charge, b.charge)
    ? { points: 8, because: `amounts ${texts.join(" and ")}` }
    : { points: -10, because: `amounts differ: ${texts.join(" and ")}` };
}

function what(a: Side, b: Side): Points {
  if (a.title === null || b.title === null) return nothing;
  return likeness(a.title, b.title) >= 0.6 ? { points: 10, because: `titles ${a.title} and ${b.title}` } : nothing;
}
