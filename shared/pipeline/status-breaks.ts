import type { BreakKind } from "#shared/domain/break.ts";
import { targetOf } from "#shared/domain/fields.ts";
import { recordKey } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import { type MergeField, mergeFields, type WriteTarget } from "#shared/domain/policy.ts";
import type { View } from "#shared/domain/view.ts";
import { type Found, graceOf } from "./compare.ts";
import type { Context } from "./context.ts";
import { flippers, flipsOf } from "./flips.ts";
import type { Standing, Wanted } from "./plan.ts";
import { nameOf } from "./plan.ts";

const kindOf: Readonly<Partial<Record<WriteTarget, BreakKind>>> = {
  status: "status",
  schedule: "schedule",
  assignees: "assignee",
  reference: "reference",
};

/**
 * Disagreements that are not about money. One stands while a record with `ask` disagrees (docs/merge.md), while a write
 * that was ignored or rejected is still wanted, while only a person can mend it, and while a field is frozen.
 */
export function statusBreaks(
  state: JobState,
  view: View,
  standing: Standing,
  changes: readonly Wanted[],
  context: Context,
): readonly Found[] {
  const found = new Map<string, Found>();
  const add = (record: string, target: WriteTarget, sentence: string, graceHours: number): void => {
    const kind = kindOf[target];
    const root = view.roots.find((candidate) => candidate.key === record);
    if (!kind || !root) return;
    const key = `${target}:${record}`;
    const past = found.get(key);
    if (past && past.graceHours <= graceHours) return;
    found.set(key, {
      key,
      kind,
      gapMinor: 0,
      causes: [],
      connections: [root.connection],
      sentence,
      evidence: [record],
      graceHours,
      clears: false,
      since: null,
    });
  };
  for (const field of mergeFields) {
    for (const side of standing.sides[field] ?? []) {
      const root = view.roots.find((candidate) => candidate.key === side.record);
      if (side.ask && !side.agrees && root)
        add(side.record, targetOf[field], `${nameOf(root)} disagrees about ${field}`, context.quietSeconds / 3600);
    }
    if (standing.frozen.includes(field)) found.set(`frozen:${field}`, frozenBreak(field, state, view));
  }
  for (const change of changes) {
    const record = recordKey(change.record);
    const refused = state.refusals.find(
      (known) =>
        known.record === record &&
        known.target === change.target &&
        known.wanted === change.wanted &&
        known.outcome !== "retried",
    );
    if (refused)
      add(
        record,
        change.target,
        `${change.sentence}; the vendor ${refused.outcome === "rejected" ? `refused it${refused.note ? `: ${refused.note}` : ""}` : "answered and changed nothing"}`,
        0,
      );
    else if (change.kind === "task")
      add(record, change.target, change.sentence, graceOf([change.record.connection], context));
  }
  return [...found.values()];
}

/** Law 9, with everybody shown who took part. */
function frozenBreak(field: MergeField, state: JobState, view: View): Found {
  const flips = flipsOf(field, state.flips);
  const authors = flippers(flips);
  const names = authors.map((record) => {
    const root = view.roots.find((candidate) => candidate.key === record);
    return root ? nameOf(root) : record;
  });
  return {
    key: `frozen:${field}`,
    kind: "frozen",
    gapMinor: 0,
    causes: [],
    connections: [],
    sentence: `${field} went back and forth within an hour, ${flips.length} changes by ${names.join(" and ")}: nothing of it is written`,
    evidence: authors,
    graceHours: 0,
    clears: false,
    since: null,
  };
}
