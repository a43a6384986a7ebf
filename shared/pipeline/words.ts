import type { Narrowing } from "#shared/connectors/connector.ts";
import { balanceOf, billingByMoney, moneyLine } from "#shared/domain/balance.ts";
import type { JobFacts } from "#shared/domain/facts.ts";
import {
  type Algebra,
  type Crew,
  crews,
  dayWindows,
  type Moment,
  stateSets,
  statesOf,
  texts,
} from "#shared/domain/fields.ts";
import { recordKey } from "#shared/domain/ids.ts";
import { connectionOf, type MergeField, zoneOf } from "#shared/domain/policy.ts";
import { billings, type Word, type Work } from "#shared/domain/status.ts";
import { compareInstants, earlier } from "#shared/domain/time.ts";
import { partsOf, workTogether } from "#shared/domain/unit.ts";
import { assignmentsOf, type Seen, type View, visitsOf, worksOf } from "#shared/domain/view.ts";
import { type DayWindow, windowOf } from "#shared/domain/windows.ts";
import type { Context } from "./context.ts";

/**
 * The word each record says of a field, and what it means at a moment. A word is kept as the base; its meaning is
 * worked out anew whenever it is needed, so that time alone never looks like an edit.
 */
export interface FieldWords {
  /** Null when the record does not speak of the field. */
  word(root: Seen<JobFacts>, view: View, context: Context, people: Readonly<Record<string, string>>): unknown;
  meaning(word: never, moment: Moment): unknown;
  readonly algebra: Algebra<never>;
}

function field<W, M>(
  algebra: Algebra<M>,
  word: (root: Seen<JobFacts>, view: View, context: Context, people: Readonly<Record<string, string>>) => W | null,
  meaning: (word: W, moment: Moment) => M,
): FieldWords {
  return { algebra: algebra as Algebra<never>, word, meaning: meaning as (word: never, moment: Moment) => unknown };
}

export const fieldWords: Readonly<Record<MergeField, FieldWords>> = {
  work: field(stateSets, knownWorkWord, (word: Word<string>, moment) => statesOf(word, moment)),
  billing: field(stateSets, billingWord, (word: Word<string>, moment) => statesOf(word, moment)),
  schedule: field(dayWindows, scheduleWord, (word: DayWindow) => word),
  assignees: field(crews, crewWord, (word: Crew) => word),
  reference: field(
    texts,
    (root) => root.facts.reference,
    (word: string) => word,
  ),
};

/** What each part of a unit says for itself. */
const ofEachPart: readonly MergeField[] = ["schedule", "assignees", "reference"];

/** Whether the systems can be compared in this field: where a unit has several parts, nobody knows whose day is meant. */
export function isCompared(field: MergeField, view: View): boolean {
  return !ofEachPart.includes(field) || view.roots.every((root) => partsOf(view, root).length < 2);
}

/** What a record means in a field, by what its own word means: of the work, that of all parts of its unit together. */
export function meaningOf(
  field: MergeField,
  root: Seen<JobFacts>,
  view: View,
  own: (part: Seen<JobFacts>) => unknown,
): unknown {
  const parts = field === "work" ? partsOf(view, root) : [root];
  return parts.length < 2 ? own(root) : workTogether(parts.map((part) => own(part) as readonly string[]));
}

/** The record's work word, narrowed by its visits where the vendor's word is coarse (vocabulary: narrowing). */
export function workWord(root: Seen<JobFacts>, view: View, context: Context): Word<Work> {
  const { work } = root.facts;
  const visits = visitsOf(view, root.key).map((visit) => visit.facts);
  const rows = context.vocabularies[root.connection]?.narrowing;
  const row = rows?.find((candidate) => candidate.word === work.word && fits(candidate, visits));
  return { ...work, set: row?.set ?? worksOf(root, view) };
}

/** The same; null while its visits narrow it and none has been read: who comes first must not look like an edit. */
function knownWorkWord(root: Seen<JobFacts>, view: View, context: Context): Word<Work> | null {
  const isCoarse = context.vocabularies[root.connection]?.narrowing?.some(({ word }) => word === root.facts.work.word);
  const awaits =
    (root.facts.visits ?? 0) > 0 && !view.visits.some(({ observation }) => observation.hangsOn.includes(root.key));
  return isCoarse && awaits ? null : workWord(root, view, context);
}

function fits(row: Narrowing, visits: readonly { readonly state: string; readonly start: string | null }[]): boolean {
  const any = (state: string): boolean => visits.some((visit) => visit.state === state);
  switch (row.when) {
    case "none-left":
      return visits.length === 0;
    case "scheduled-and-held":
      return any("scheduled") && any("held");
    case "any-start":
      return visits.some((visit) => visit.start !== null);
    case "any-working":
      return any("working");
    case "any-dispatched":
      return any("dispatched");
    case "done-and-scheduled":
      return any("done") && any("scheduled");
  }
}

function billingWord(root: Seen<JobFacts>, view: View, context: Context): Word<string> | null {
  const { billing } = root.facts;
  if (billing !== "by-money") return billing;
  // As the line is: of the connection, with adjustments that hang on no job but on the invoice they adjust.
  const invoices = view.invoices.filter((invoice) => invoice.live && invoice.connection === root.connection);
  const line = moneyLine(view, root.connection, "invoices");
  const parts = partsOf(view, root);
  const rule =
    context.company.connections.find((connection) => connection.id === root.connection)?.adjustments ??
    "original-balance-includes";
  const set = billingByMoney({
    work: workTogether(parts.map((part) => workWord(part, view, context).set)),
    noCharge: parts.every((part) => part.facts.noCharge),
    total: line.charge,
    balance: balanceOf(invoices, rule),
    received: line.payment,
    posted: invoices.some((invoice) => invoice.facts.stage === "posted"),
    billed: invoices.length > 0,
  });
  return set === null ? { word: null, set: billings, unknown: true } : { word: null, set };
}

/** On the company's wall clock, so that systems of two zones are compared at one; with the day of its own zone. */
function scheduleWord(root: Seen<JobFacts>, view: View, { company }: Context): DayWindow | null {
  const visits = visitsOf(view, root.key).filter((visit) => visit.facts.schedule !== null);
  const next = visits.find((visit) => visit.facts.state !== "done") ?? visits.at(-1);
  const schedule = next?.facts.schedule ?? root.facts.schedule;
  if (!schedule) return null;
  const connection = connectionOf(company, root.connection);
  const own = connection ? zoneOf(company, connection) : company.zone;
  const window = windowOf(schedule, own, company.zone);
  const local = windowOf(schedule, own, root.facts.zone ?? own).day;
  return local === null || local === window.day ? window : { ...window, localDay: local };
}

/** Technicians as person ids; null when the record names none or names one who is not known as a person. */
function crewWord(
  root: Seen<JobFacts>,
  view: View,
  _context: Context,
  people: Readonly<Record<string, string>>,
): Crew | null {
  const assigned = assignmentsOf(view, root.key).map((assignment) => assignment.facts.technician);
  const speaks = root.facts.technicians !== null || assigned.length > 0;
  if (!speaks) return null;
  const found = new Set<string>();
  for (const { record, email } of [...(root.facts.technicians ?? []), ...assigned]) {
    const person = (record ? people[recordKey(record)] : undefined) ?? (email ? people[email] : undefined);
    if (person === undefined) return null;
    found.add(person);
  }
  return { people: [...found].sort(), are: root.facts.techniciansAre };
}

/** When the last of a unit's parts was completed; null while one of them is not. */
function completedTogether(root: Seen<JobFacts>, view: View): string | null {
  let last: string | null = null;
  for (const part of partsOf(view, root)) {
    const works = worksOf(part, view);
    if (works.every((work) => work === "canceled")) continue;
    if (works.length !== 1 || works[0] !== "completed") return null;
    const { completedAt } = part.facts;
    last = last === null || (completedAt !== null && compareInstants(completedAt, last) > 0) ? completedAt : last;
  }
  return last;
}

/** When the job was completed according to the live roots of other connections; the earliest says it. */
export function completedElsewhere(view: View, connection: string): string | null {
  let found: string | null = null;
  for (const root of view.roots) {
    if (!root.live || root.connection === connection) continue;
    const works = worksOf(root, view);
    if (works.length === 1 && works[0] === "completed") found = earlier(found, completedTogether(root, view));
  }
  return found;
}
