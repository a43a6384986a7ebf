import type { JobFacts } from "#shared/domain/facts.ts";
import type { Moment } from "#shared/domain/fields.ts";
import { targetOf } from "#shared/domain/fields.ts";
import { recordKey, sameJson } from "#shared/domain/ids.ts";
import type { Base, FieldState, JobState } from "#shared/domain/job.ts";
import { authorityOf, editorsOf, type MergeField, mergeFields, modeOf } from "#shared/domain/policy.ts";
import { partsOf } from "#shared/domain/unit.ts";
import type { Seen, View } from "#shared/domain/view.ts";
import { attemptKey, isFromBefore, type Settled } from "./attempts.ts";
import type { Context } from "./context.ts";
import { type Merged, mergeField, type Side } from "./merge.ts";
import { completedElsewhere, fieldWords, isCompared, meaningOf } from "./words.ts";

export type MergedFields = Partial<Record<MergeField, Merged<unknown>>>;

/** Law 6 for every field, over the live roots whose connection takes part in it. */
export function mergeAll(state: JobState, view: View, settled: Settled, context: Context): MergedFields {
  const result: MergedFields = {};
  for (const field of mergeFields) {
    const sides = sidesOf(field, state, view, settled, context);
    const before = state.fields[field];
    if (sides.length === 0 && !before) continue;
    const { algebra } = fieldWords[field];
    const merged = mergeField(
      algebra as never,
      { agreed: (before?.agreed ?? null) as never, by: before?.by ?? [] },
      sides as never,
    ) as Merged<unknown>;
    result[field] = field === "work" ? withParts(merged, state, view, context) : merged;
  }
  return result;
}

/** Of a unit that is behind only those parts disagree that are not themselves where all of it should be. */
function withParts(merged: Merged<unknown>, state: JobState, view: View, context: Context): Merged<unknown> {
  const { word, meaning, algebra } = fieldWords.work;
  const agreesAlone = (record: string): boolean => {
    const root = view.roots.find((one) => one.key === record);
    if (root === undefined || partsOf(view, root).length < 2) return false;
    const own = meaning(word(root, view, context, state.people) as never, momentOf(view, root.connection, context));
    return algebra.meets(own as never, merged.agreed as never);
  };
  const sides = merged.sides.map((side) => (side.agrees ? side : { ...side, agrees: agreesAlone(side.record) }));
  return { ...merged, sides };
}

function momentOf(view: View, connection: string, context: Context): Moment {
  return { now: context.now, completedElsewhereAt: completedElsewhere(view, connection) };
}

function sidesOf(
  field: MergeField,
  state: JobState,
  view: View,
  settled: Settled,
  context: Context,
): readonly Side<unknown>[] {
  const { policy, connections } = context.company;
  const authority = authorityOf(policy, field);
  const editors = editorsOf(policy, field);
  const { word } = fieldWords[field];
  const target = targetOf[field];
  if (!isCompared(field, view)) return [];
  return view.roots.flatMap((root): Side<unknown>[] => {
    const connection = connections.find((candidate) => candidate.id === root.connection);
    if (!root.live || !connection || connection.book === "cost") return [];
    const listed = authority.includes(connection.id) || editors.includes(connection.id);
    if (!listed && modeOf(connection, target) === "observe") return [];
    const said = word(root, view, context, state.people);
    if (said === null) return [];
    const base = state.bases[field]?.[root.key];
    const means = meaningsOf(field, state, view, context, momentOf(view, root.connection, context));
    const rank = authority.indexOf(connection.id);
    const key = attemptKey(root.key, target);
    const silent = isUnknown(said);
    if (silent && !base) return [];
    return [
      {
        record: root.key,
        connection: connection.id,
        rank: rank === -1 ? authority.length + connections.indexOf(connection) : rank,
        editor: editors.includes(connection.id),
        now: meaningOf(field, root, view, means.now),
        base: base ? meaningOf(field, root, view, means.before) : null,
        ask: (base?.ask ?? false) || settled.ask.includes(key),
        // A change that was read before the request is an edit like any other; what is read after it may be our own write.
        held: settled.attempts.some(
          (attempt) =>
            attemptKey(recordKey(attempt.intent.record), attempt.intent.target) === key &&
            !(base && isFromBefore(attempt, state) && !sameJson(said, base.word)),
        ),
        written: settled.written.includes(key),
        silent,
      },
    ];
  });
}

const isUnknown = (said: unknown): boolean =>
  typeof said === "object" && said !== null && "unknown" in said && said.unknown === true;

/** What a record itself means now, and what its base means. */
function meaningsOf(
  field: MergeField,
  state: JobState,
  view: View,
  context: Context,
  moment: Moment,
): Readonly<Record<"now" | "before", (root: Seen<JobFacts>) => unknown>> {
  const { word, meaning } = fieldWords[field];
  const baseOf = ({ key }: Seen<JobFacts>): Base | undefined => state.bases[field]?.[key];
  const now = (root: Seen<JobFacts>): unknown => {
    const said = word(root, view, context, state.people);
    // What nobody understands moves nothing, but what stood there is not forgotten: others may not pass over it.
    return meaning((isUnknown(said) ? (baseOf(root)?.word ?? said) : said) as never, moment);
  };
  return {
    now,
    // A part that comes to a unit is no edit of those that were there.
    before: (root) => {
      const base = baseOf(root);
      return base ? meaning(base.word as never, moment) : now(root);
    },
  };
}

export function fieldStates(state: JobState, merged: MergedFields): JobState["fields"] {
  const fields: Partial<Record<MergeField, FieldState>> = { ...state.fields };
  for (const field of mergeFields) {
    const one = merged[field];
    if (one) fields[field] = { agreed: one.agreed, by: one.by };
  }
  return fields;
}

export function nextBases(state: JobState, view: View, merged: MergedFields, context: Context): JobState["bases"] {
  const bases: Partial<Record<MergeField, Readonly<Record<string, Base>>>> = { ...state.bases };
  for (const field of mergeFields) {
    const one = merged[field];
    if (!one) continue;
    const records: Record<string, Base> = { ...state.bases[field] };
    for (const root of view.roots) {
      const side = one.sides.find((candidate) => candidate.record === root.key);
      const known = records[root.key];
      // What stood before a write that is open is not known where nobody read it then.
      if (!side || (side.held && !known)) continue;
      const word = side.rebase || !known ? fieldWords[field].word(root, view, context, state.people) : known.word;
      records[root.key] = { word, ask: side.ask };
    }
    bases[field] = records;
  }
  return bases;
}
