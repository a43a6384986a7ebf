import type { Known, mergeKnown } from "#shared/domain/observation.ts";
import type { settleAttempts } from "#shared/pipeline/attempts.ts";
import type { planIntents } from "#shared/pipeline/intents.ts";
import type { Agreement, Merged, MergedSide, mergeField, Side } from "#shared/pipeline/merge.ts";
import type { statusBreaks } from "#shared/pipeline/status-breaks.ts";

/** Rules that a defect may stand in for, one by one. */
export interface Rules {
  readonly mergeField: typeof mergeField;
  readonly mergeKnown: typeof mergeKnown;
  readonly settleAttempts: typeof settleAttempts;
  readonly planIntents: typeof planIntents;
  readonly statusBreaks: typeof statusBreaks;
}

/** What stands in for a rule, made from the rule. */
export type StandIns = { readonly [Name in keyof Rules]?: (real: Rules[Name]) => Rules[Name] };

interface Defect {
  readonly says: string;
  readonly plant: StandIns;
}

/** A merge that looks at other sides, or makes something else of its result. */
function merge(
  sides: (all: readonly Side<unknown>[], before: Agreement<unknown>) => readonly Side<unknown>[],
  result: (one: MergedSide, side: Side<unknown> | undefined, merged: Merged<unknown>) => MergedSide = (one) => one,
): StandIns {
  return {
    mergeField: (real) => (algebra, before, all) => {
      const merged = real(algebra, before, sides(all, before) as typeof all);
      const sideOf = ({ record }: MergedSide): Side<unknown> | undefined => all.find((side) => side.record === record);
      return { ...merged, sides: merged.sides.map((one) => result(one, sideOf(one), merged)) };
    },
  };
}

const asItIs = (all: readonly Side<unknown>[]): readonly Side<unknown>[] => all;

/** What the checks must notice; none of them knows of any defect. */
export const defects = {
  "equal version ignored": {
    says: "a reading whose vendor version is the one that is known is taken for known",
    plant: {
      mergeKnown: (real) => (a, b) => (sameVersion(a, b) ? { ...a, seenRead: b.seenRead } : real(a, b)),
    },
  },
  "the last to arrive wins": {
    says: "whatever reading comes last is the latest",
    plant: { mergeKnown: () => (_known, arrives) => arrives },
  },
  "one base for all": {
    says: "one base for all records of a field, that of the highest authority",
    plant: merge((all) => {
      const [first] = all.filter(({ base }) => base !== null).toSorted((a, b) => a.rank - b.rank);
      return all.map((side) => ({ ...side, base: side.base === null ? null : (first?.base ?? null) }));
    }),
  },
  "authority decides again": {
    says: "authority decides every disagreement, also where nobody changed anything",
    plant: merge((all) => all.map((side) => ({ ...side, base: null }))),
  },
  "our write is an edit": {
    says: "what we wrote counts as somebody's edit when it is read",
    plant: merge((all) => all.map((side) => ({ ...side, written: false }))),
  },
  "losers are not asked": {
    says: "whose edit lost is written over unasked",
    plant: merge(asItIs, (one) => ({ ...one, ask: false })),
  },
  "only newcomers are asked": {
    says: "at first sight only who comes last is asked about, so that it counts who was read first",
    plant: merge(asItIs, (one, side, { by }) =>
      by.length === 0 && side?.base !== null ? { ...one, ask: side?.ask ?? false } : one,
    ),
  },
  "the unknown is forgotten": {
    says: "what stood before a word that nobody understands is passed over",
    plant: merge((all) => all.filter(({ silent }) => silent !== true)),
  },
  "ignored and sent again": {
    says: "a write that was answered and changed nothing is planned again",
    plant: { settleAttempts: (real) => (state, context) => ({ ...real(state, context), refusals: [] }) },
  },
  "attempts end at any reading": {
    says: "a write is taken for done when it was answered",
    plant: {
      settleAttempts: (real) => (state, context) => {
        const settled = real(state, context);
        return { ...settled, attempts: settled.attempts.filter(({ state: stage }) => stage === "sent") };
      },
    },
  },
  "nobody has to agree": {
    says: "what is only proposed is written",
    plant: {
      planIntents:
        (real) =>
        (...asked) =>
          real(...asked).map((intent) => ({ ...intent, needsApproval: false })),
    },
  },
  "planned beside an attempt": {
    says: "a record is planned while a write to it is under way",
    plant: {
      planIntents: (real) => (state, wanted, _held, context) => real(state, wanted, new Set(), context),
      ...merge((all) => all.map((side) => ({ ...side, held: false }))),
    },
  },
  "no break is shown": {
    says: "a disagreement that waits for a person is not shown",
    plant: { statusBreaks: () => () => [] },
  },
} as const satisfies Record<string, Defect>;
export type DefectName = keyof typeof defects;

export const defectNames = Object.keys(defects).filter((name): name is DefectName => name in defects);

function sameVersion(a: Known, b: Known): boolean {
  const [known, arrives] = [a.said?.version.modified, b.said?.version.modified];
  return known !== undefined && known !== null && known === arrives;
}
