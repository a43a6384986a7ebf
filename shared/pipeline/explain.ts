import type { JobFacts } from "#shared/domain/facts.ts";
import { type Crew, crews } from "#shared/domain/fields.ts";
import { recordKey } from "#shared/domain/ids.ts";
import type { Change, JobState, Link, MoneyLine, SameAs } from "#shared/domain/job.ts";
import { authorityOf, type CompanyConfig, editorsOf, type MergeField, mergeFields } from "#shared/domain/policy.ts";
import { notCounted } from "#shared/domain/same-call.ts";
import type { Word } from "#shared/domain/status.ts";
import { type Seen, type View, viewOf } from "#shared/domain/view.ts";
import type { DayWindow } from "#shared/domain/windows.ts";
import type { Context } from "./context.ts";
import { flipsOf, isFrozen } from "./flips.ts";
import { type JobLine, jobLine } from "./overview.ts";
import { windowText } from "./plan.ts";
import { titleIn } from "./titles.ts";
import { completedElsewhere, fieldWords, isCompared, meaningOf } from "./words.ts";

/** Everything that is known of a job, for a person: who says what, who won by which rule, what is planned, what came back. Pure. */
export interface Explained extends JobLine {
  readonly records: readonly ExplainedRecord[];
  readonly fields: readonly ExplainedField[];
  readonly money: readonly (MoneyLine & { readonly title: string })[];
  readonly intents: JobState["intents"];
  readonly attempts: JobState["attempts"];
  readonly receipts: JobState["receipts"];
  readonly refusals: JobState["refusals"];
  readonly notices: readonly string[];
  readonly dueAt: string | null;
  /** Oldest first. */
  readonly history: readonly Change[];
}

export interface ExplainedRecord {
  readonly record: string;
  /** The vendor's title, else its id. */
  readonly title: string;
  readonly kind: string;
  readonly number: string | null;
  readonly live: boolean;
  /** The vendor's own modified time as printed; null where it has none. */
  readonly modified: string | null;
  readonly readAt: string;
  /** Why it belongs here. */
  readonly link: Pick<Link, "rule" | "evidence" | "at" | "batch"> | null;
  /** What a person said of it: a call entered twice. `counted`: what was kept for it is gone, so it counts all the same. */
  readonly sameAs: (Pick<SameAs, "record" | "by" | "at" | "why"> & { readonly counted: boolean }) | null;
}

export interface ExplainedField {
  readonly field: MergeField;
  /** The agreed value as text; null while no system that may edit it has spoken. */
  readonly agreed: string | null;
  /** When it became so, as far as the history tells. */
  readonly since: string | null;
  /** Records whose edit made it; empty when it is still as first seen. */
  readonly by: readonly string[];
  /** By which rule the agreed value won, as a sentence. */
  readonly rule: string;
  readonly authority: readonly string[];
  /** Law 9: it went back and forth within an hour, and nothing of it is written. */
  readonly frozen: boolean;
  /** Changes of the last hour to a value that the one before excludes, oldest first. */
  readonly flips: readonly ExplainedFlip[];
  readonly values: readonly ExplainedValue[];
}

export interface ExplainedFlip {
  readonly at: string;
  readonly from: string;
  readonly to: string;
  /** Records whose edit it was. */
  readonly by: readonly string[];
}

export interface ExplainedValue {
  readonly record: string;
  readonly connection: string;
  readonly title: string;
  readonly number: string | null;
  /** The vendor's own word, or its value as text. */
  readonly says: string;
  /** What it can mean, where a word means more than it says. */
  readonly means: string;
  /** The vendor's modified time of the record that says it, else when it was read. */
  readonly asOf: string;
  readonly agrees: boolean;
  readonly won: boolean;
  /** A write here is only proposed, because somebody's edit would be undone. */
  readonly ask: boolean;
}

type Surroundings = Omit<Context, "held">;

export function explain(
  state: JobState,
  history: readonly Change[],
  company: CompanyConfig,
  surroundings: Surroundings,
  titles: Readonly<Record<string, string>>,
): Explained {
  const view = viewOf(state);
  const titleOf = (connection: string): string => titleIn(company, connection, titles);
  const names = namesOf(state, view);
  return {
    ...jobLine(state, company, surroundings.feeds, surroundings.now),
    records: recordsOf(state, titleOf),
    fields: mergeFields.flatMap((field) => {
      const explained = explainField(field, { state, view, history, company, surroundings, titleOf, names });
      return explained.values.length === 0 ? [] : [explained];
    }),
    money: state.money.map((line) => ({ ...line, title: titleOf(line.connection) })),
    intents: state.intents,
    attempts: state.attempts,
    receipts: state.receipts,
    refusals: state.refusals,
    notices: state.notices,
    dueAt: state.dueAt,
    history,
  };
}

function recordsOf(state: JobState, titleOf: (connection: string) => string): readonly ExplainedRecord[] {
  const twice = notCounted(state);
  return Object.keys(state.observations)
    .sort()
    .flatMap((key): ExplainedRecord[] => {
      const known = state.observations[key];
      const said = known?.said;
      if (!known || !said) return [];
      const link = state.links.find((one) => one.record === key);
      const { facts } = said;
      return [
        {
          record: key,
          title: titleOf(said.record.connection),
          kind: facts.kind,
          number: facts.kind === "job" || facts.kind === "invoice" ? facts.number : null,
          live: facts.presence === "present" && !(known.absent !== null && known.absent.read > known.seenRead),
          modified: said.version.modified,
          readAt: said.at,
          link: link ? { rule: link.rule, evidence: saidOf(link), at: link.at, batch: link.batch } : null,
          sameAs: link?.sameAs ? sameAsOf(link.sameAs, !twice.has(key)) : null,
        },
      ];
    });
}

function sameAsOf({ record, by, at, why }: SameAs, counted: boolean): ExplainedRecord["sameAs"] {
  return { record, by, at, why, counted };
}

function saidOf({ evidence, doubt }: Link): readonly string[] {
  return doubt === undefined ? evidence : [...evidence, `in doubt: ${doubt}`];
}

interface FieldParts {
  readonly state: JobState;
  readonly view: View;
  readonly history: readonly Change[];
  readonly company: CompanyConfig;
  readonly surroundings: Surroundings;
  readonly titleOf: (connection: string) => string;
  readonly names: Readonly<Record<string, string>>;
}

function explainField(field: MergeField, parts: FieldParts): ExplainedField {
  const { state, view, company, history, titleOf, names } = parts;
  const standing = state.fields[field];
  const by = standing?.by ?? [];
  const agreed = standing?.agreed ?? null;
  const authority = authorityOf(company.policy, field);
  const editors = editorsOf(company.policy, field);
  const ranked = [...view.roots].sort((a, b) => rankIn(authority, a.connection) - rankIn(authority, b.connection));
  const firstEditor = ranked.find((root) => root.live && editors.includes(root.connection));
  const values = ranked.flatMap((root): ExplainedValue[] => {
    const value = root.live ? valueOf(field, root, agreed, parts) : null;
    if (value === null) return [];
    const won = by.length > 0 ? by.includes(root.key) : root === firstEditor;
    return [{ ...value, won: won && value.agrees }];
  });
  const against = values.filter((value) => !value.agrees).map((value) => titleOf(value.connection));
  return {
    field,
    agreed: agreed === null ? null : textOf(field, agreed, names),
    since: lastChangeOf(field, history),
    by,
    rule: ruleOf(agreed, by, against, authority, titleOf),
    authority,
    frozen: isFrozen(field, state.flips),
    flips: flipsOf(field, state.flips).map(({ at, from, to, by: authors }) => ({
      at,
      from: textOf(field, from, names),
      to: textOf(field, to, names),
      by: authors,
    })),
    values,
  };
}

function valueOf(
  field: MergeField,
  root: Seen<JobFacts>,
  agreed: unknown,
  parts: FieldParts,
): Omit<ExplainedValue, "won"> | null {
  const { state, view, surroundings, titleOf, names } = parts;
  const { word, meaning, algebra } = fieldWords[field];
  const context = { ...surroundings, held: [] };
  const said = isCompared(field, view) ? word(root, view, context, state.people) : null;
  if (said === null) return null;
  const moment = { now: surroundings.now, completedElsewhereAt: completedElsewhere(view, root.connection) };
  // Words and meanings of one field go together by construction of the table; the table's type cannot say so.
  const own = (part: Seen<JobFacts>): unknown => meaning(word(part, view, context, state.people) as never, moment);
  const means = meaningOf(field, root, view, own);
  const agreesWith = (meant: unknown): boolean =>
    agreed === null || algebra.silent(meant as never) || algebra.meets(meant as never, agreed as never);
  return {
    record: root.key,
    connection: root.connection,
    title: titleOf(root.connection),
    number: root.facts.number,
    says: saidText(field, said, names),
    means: textOf(field, means, names),
    asOf: root.observation.version.modified ?? root.observation.at,
    // A part of a unit may be where all of it should be.
    agrees: agreesWith(means) || agreesWith(own(root)),
    ask: state.bases[field]?.[root.key]?.ask ?? false,
  };
}

function ruleOf(
  agreed: unknown,
  by: readonly string[],
  against: readonly string[],
  authority: readonly string[],
  titleOf: (connection: string) => string,
): string {
  if (agreed === null) return "no system that may edit it has spoken yet";
  const titlesOf = (connections: readonly string[]): string => [...new Set(connections)].join(" and ");
  const made =
    by.length === 0
      ? `as first seen; authority: ${authority.join(", ") || "nobody"}`
      : `edited in ${titlesOf(by.map((record) => titleOf(record.slice(0, record.indexOf("/")))))}`;
  return against.length === 0
    ? made
    : `${made}; ${titlesOf(against)} ${new Set(against).size === 1 ? "says" : "say"} otherwise`;
}

function rankIn(authority: readonly string[], connection: string): number {
  const rank = authority.indexOf(connection);
  return rank === -1 ? authority.length : rank;
}

/** The history prints an agreed value as `field is ...`. */
function lastChangeOf(field: MergeField, history: readonly Change[]): string | null {
  return history.findLast((change) => change.lines.some((line) => line.startsWith(`${field} is `)))?.at ?? null;
}

/** Names of the people in this job by person id. */
function namesOf(state: JobState, view: View): Readonly<Record<string, string>> {
  const names: Record<string, string> = {};
  const technicians = [
    ...view.roots.flatMap((root) => root.facts.technicians ?? []),
    ...view.assignments.map((one) => one.facts.technician),
  ];
  for (const { record, email, name } of technicians) {
    const person = (record ? state.people[recordKey(record)] : undefined) ?? (email ? state.people[email] : undefined);
    const known = name ?? email;
    if (person && known) names[person] ??= known;
  }
  return names;
}

function saidText(field: MergeField, said: unknown, names: Readonly<Record<string, string>>): string {
  if (field === "work" || field === "billing") {
    const word = said as Word<string>;
    return word.word ?? word.set.join(" or ");
  }
  return textOf(field, said, names);
}

/** A meaning as text. What is stored under a field has that field's form: fieldWords wrote it. */
function textOf(field: MergeField, meaning: unknown, names: Readonly<Record<string, string>>): string {
  switch (field) {
    case "work":
    case "billing":
      return (meaning as readonly string[]).join(" or ");
    case "schedule":
      return windowText(meaning as DayWindow);
    case "assignees": {
      const crew = meaning as Crew;
      const people = crew.people.map((person) => names[person] ?? person).join(", ") || "nobody";
      return crew.are === "some" && !crews.silent(crew) ? `${people} and perhaps others` : people;
    }
    case "reference":
      return meaning as string;
  }
}
