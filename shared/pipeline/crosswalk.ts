import { parseRecordKey, recordKey } from "#shared/domain/ids.ts";
import type { JobState, Link } from "#shared/domain/job.ts";
import { type CompanyConfig, connectionOf } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import { viewOf } from "#shared/domain/view.ts";
import type { Describer } from "./arrive.ts";

/**
 * The links file: rows with one `kind,key` are one thing, whatever number of records it has.
 * Pure: what a row is, whether a file fits the company, and what each of its rows would come to.
 */
export const crosswalkKinds = ["job", "customer", "technician"] as const;

export const crosswalkRowSchema = z.strictObject({
  kind: z.enum(crosswalkKinds, `expected one of ${crosswalkKinds.join(", ")}`),
  /** The person's own name for the thing; compared with other rows only. */
  key: z.string().check(z.minLength(1, "expected a key")),
  connection: z.string(),
  stream: z.string(),
  id: z.string().check(z.minLength(1, "expected the vendor's id")),
  note: z._default(z.string(), ""),
});
export type CrosswalkRow = z.infer<typeof crosswalkRowSchema>;

/** Links that a person's word makes stronger: no second call of a day moves them any more. */
const madeByRule = ["people-and-day", "duplicate", "key-pair", "unit"] as const;

/** The link as it stands, when a rule made it. */
export function ruleLink(link: Link | undefined): NonNullable<CrosswalkEntry["was"]> | null {
  const rule = madeByRule.find((name) => name === link?.rule);
  return link && rule ? { rule, evidence: [...link.evidence] } : null;
}

/** The set of every imported row, by record; its data has this shape. */
export const crosswalkSet = "crosswalk";
const entrySchema = z.object({
  kind: z.enum(crosswalkKinds),
  key: z.string(),
  note: z.string(),
  batch: z.string(),
  by: z.string(),
  at: z.string(),
  /**
   * The job that held the record before, when this import joined it, or that a record not seen yet would have founded;
   * null when the record stayed where it was.
   */
  from: z.nullable(z.string()),
  /** The person the record was before. */
  person: z.nullable(z.string()),
  /** The link as a rule had made it, when this import only confirmed it. */
  was: z.optional(z.object({ rule: z.enum(madeByRule), evidence: z.array(z.string()) })),
});
export type CrosswalkEntry = z.infer<typeof entrySchema>;

export function entryOf(data: Readonly<Record<string, unknown>>): CrosswalkEntry {
  return z.parse(entrySchema, data);
}

/**
 * Every row comes to one of these; `same` and `conflicting` do nothing. `confirmed`: a rule had linked it so, and now a
 * person says it. `unknown`: not seen yet, linked when it comes.
 */
export type Fate = "new" | "same" | "confirmed" | "conflicting" | "unknown";

export interface Judged {
  readonly row: CrosswalkRow;
  readonly record: string;
  /** `kind:key`. */
  readonly thing: string;
  readonly fate: Fate;
  /** For `conflicting`: with what. */
  readonly why: string | null;
}

/** What the store knows of a record: the job (or person) it belongs to, once it was seen. */
export interface Standing {
  readonly seen: boolean;
  readonly group: string | null;
  /** Root records of its job, itself among them. */
  readonly mates: readonly string[];
  /** What a rule made of it there; null where a person did, or nobody. */
  readonly was: CrosswalkEntry["was"] | null;
}

export function thingOf({ kind, key }: Pick<CrosswalkRow, "kind" | "key">): string {
  return `${kind}:${key}`;
}

/** Rows that name no connection or no fitting stream of the company, with the path of what does not fit. */
export function misfits(
  rows: readonly CrosswalkRow[],
  company: CompanyConfig,
  describer: (vendor: string) => Describer | undefined,
): readonly { readonly path: string; readonly expected: string }[] {
  return rows.flatMap((row, index) => {
    const connection = connectionOf(company, row.connection);
    if (!connection) {
      const ids = company.connections.map(({ id }) => id).join(", ");
      return [{ path: `rows.${index}.connection`, expected: `a connection, one of ${ids}; not ${row.connection}` }];
    }
    const role = row.kind === "job" ? "root" : "person";
    const fitting = Object.values(describer(connection.vendor)?.streams ?? {})
      .filter((spec) => spec.role === role)
      .map((spec) => spec.name);
    if (fitting.includes(row.stream)) return [];
    const expected = `a stream of ${row.kind}s in ${row.connection}, one of ${fitting.join(", ") || "none"}; not ${row.stream}`;
    return [{ path: `rows.${index}.stream`, expected }];
  });
}

/** What every row would come to, in the order of the file. Pure: a dry run shows exactly what an import does. */
export function judgeRows(
  rows: readonly CrosswalkRow[],
  standings: ReadonlyMap<string, Standing>,
  entries: ReadonlyMap<string, CrosswalkEntry>,
): readonly Judged[] {
  const named = rows.map((row) => ({ row, record: recordKey(row), thing: thingOf(row) }));
  const things = new Map<string, Set<string>>();
  const thingsOfRecord = new Map<string, Set<string>>();
  for (const { record, thing } of named) {
    things.set(thing, (things.get(thing) ?? new Set()).add(record));
    thingsOfRecord.set(record, (thingsOfRecord.get(record) ?? new Set()).add(thing));
  }
  const membersBefore = new Map<string, string[]>();
  for (const [record, entry] of entries) {
    const thing = thingOf(entry);
    membersBefore.set(thing, [...(membersBefore.get(thing) ?? []), record]);
  }
  const conflictOf = (record: string, thing: string): string | null => {
    const elsewhere = [...(thingsOfRecord.get(record) ?? [])].filter((other) => other !== thing);
    if (elsewhere.length > 0) return `it also stands under ${elsewhere.join(", ")} in this file`;
    const own = things.get(thing) ?? new Set();
    const entry = entries.get(record);
    const past = entry && thingOf(entry) !== thing ? (membersBefore.get(thingOf(entry)) ?? []) : [];
    const left = past.filter((other) => !own.has(other));
    if (entry && left.length > 0) return `batch ${entry.batch} linked it with ${left.join(", ")}`;
    const mate = (standings.get(record)?.mates ?? []).find((other) =>
      [...(thingsOfRecord.get(other) ?? [])].some((its) => its !== thing),
    );
    return mate === undefined ? null : `it is one job with ${mate}, which this file puts under another key`;
  };
  const checked = named.map((one) => ({ ...one, why: conflictOf(one.record, one.thing) }));
  const fitting = new Map<string, string[]>();
  for (const { thing, record, why } of checked)
    if (why === null) fitting.set(thing, [...(fitting.get(thing) ?? []), record]);
  return checked.map((one): Judged => {
    if (one.why !== null) return { ...one, fate: "conflicting" };
    const fate = fateOf(one.record, one.thing, fitting.get(one.thing) ?? [], standings, entries);
    return { ...one, fate: fate === "same" && isConfirmed(one, standings, entries) ? "confirmed" : fate };
  });
}

/** `same` when nothing is to be done for this row: it was imported and stands, or all of the thing is one job already. */
function fateOf(
  record: string,
  thing: string,
  members: readonly string[],
  standings: ReadonlyMap<string, Standing>,
  entries: ReadonlyMap<string, CrosswalkEntry>,
): Fate {
  const isEntered = (member: string): boolean => {
    const entry = entries.get(member);
    return entry !== undefined && thingOf(entry) === thing;
  };
  if (standings.get(record)?.seen !== true) return isEntered(record) ? "same" : "unknown";
  const fellows = isEntered(record) ? members.filter(isEntered) : members;
  const seen = fellows.filter((member) => standings.get(member)?.seen === true);
  const together = new Set(seen.map((member) => standings.get(member)?.group)).size === 1;
  return together && (isEntered(record) || seen.length === members.length) ? "same" : "new";
}

/** A rule's link that the file names by a key of its own; what was exported stands under the job's id, and says nothing new. */
function isConfirmed(
  { row, record }: Pick<Judged, "row" | "record">,
  standings: ReadonlyMap<string, Standing>,
  entries: ReadonlyMap<string, CrosswalkEntry>,
): boolean {
  const standing = standings.get(record);
  return standing?.was != null && row.key !== standing.group && !entries.has(record);
}

export function countsOf(judged: readonly Judged[]): Readonly<Record<Fate, number>> {
  const count = (fate: Fate): number => judged.filter((one) => one.fate === fate).length;
  return {
    new: count("new"),
    same: count("same"),
    confirmed: count("confirmed"),
    conflicting: count("conflicting"),
    unknown: count("unknown"),
  };
}

/**
 * The crosswalk as it stands, in the file's own form: every job that holds several root records, by whatever rule, and
 * every imported row besides. A file written from it and imported again changes nothing.
 */
export function linkRows(
  states: readonly JobState[],
  entries: ReadonlyMap<string, CrosswalkEntry>,
): readonly CrosswalkRow[] {
  const rows: CrosswalkRow[] = [];
  const told = new Set<string>();
  for (const state of states) {
    const { roots } = viewOf(state);
    if (roots.length < 2) continue;
    const entry = roots.map((root) => entries.get(root.key)).find((known) => known !== undefined);
    for (const root of roots) {
      const link = state.links.find((known) => known.record === root.key);
      const note = entries.get(root.key)?.note ?? [link?.rule, ...(link?.evidence ?? [])].join("; ");
      rows.push({ kind: "job", key: entry?.key ?? state.id, ...root.observation.record, note });
      told.add(root.key);
    }
  }
  for (const [record, { kind, key, note }] of entries) {
    if (told.has(record)) continue;
    rows.push({ kind, key, ...parseRecordKey(record), note });
  }
  const placeOf = (row: CrosswalkRow): string => `${thingOf(row)}\n${recordKey(row)}`;
  return rows.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}
