import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explainScreen } from "#cli/screens/explain.ts";
import { isOpen } from "#shared/domain/break.ts";
import type { Flip, JobState } from "#shared/domain/job.ts";
import { addSeconds } from "#shared/domain/time.ts";
import { explain } from "#shared/pipeline/explain.ts";
import { isFrozen, returnsAmong } from "#shared/pipeline/flips.ts";
import { nothingArrives } from "#shared/pipeline/reconcile.ts";
import {
  approveIntent,
  keyOf,
  type Model,
  modelOf,
  observe,
  plannedWrites,
  reconciled,
  setVendor,
  write,
} from "#test/support/model-run.ts";
import { systemClasses as classes, contextOf, type SystemClass } from "#test/support/model-systems.ts";

/** Law 9: a field that goes back and forth within an hour is frozen, with both authors shown (docs/merge.md). */
const runs = { numRuns: 300, seed: 20261102 };
const opening = "PO-0";
const withReference = (one: SystemClass): SystemClass => ({ ...one, reference: true });

/** One edit: after so many minutes, system `by` says `value`, is read, and what follows is written or still waits. */
interface Edit {
  readonly minutes: number;
  readonly by: number;
  readonly value: string;
  readonly settles: boolean;
}

function begin(all: readonly SystemClass[], word = "Scheduled"): Model {
  const vendors = all.map(() => ({ word, reference: opening, charge: null, payment: null, modified: 0 }));
  return all.reduce((model, _, index) => observe(model, index), modelOf(all, vendors));
}

const later = (model: Model, minutes: number): Model => ({ ...model, now: addSeconds(model.now, minutes * 60) });

function said(model: Model, index: number, change: { readonly word?: string; readonly reference?: string }): Model {
  const record = model.vendors[index];
  if (!record) throw new Error(`no system ${index}`);
  return observe(setVendor(model, index, { ...record, ...change, modified: record.modified + 1 }), index);
}

/** What is planned is approved, written and read back. */
const settled = (model: Model): Model =>
  plannedWrites(model).reduce((current, intent) => {
    const agreed = intent.needsApproval ? approveIntent(current, intent.id) : current;
    return write(agreed, agreed.job.intents.find((known) => known.id === intent.id) ?? intent);
  }, model);

function edited(model: Model, { minutes, by, value, settles }: Edit): Model {
  const next = said(later(model, minutes), by, { reference: value });
  return settles ? settled(next) : next;
}

const frozenBreak = (job: JobState) => job.breaks.find((known) => known.kind === "frozen" && isOpen(known));

const edit = (systems: number, value: fc.Arbitrary<string>, minutes: number): fc.Arbitrary<Edit> =>
  fc.record({
    minutes: fc.integer({ min: 0, max: minutes }),
    by: fc.integer({ min: 0, max: systems - 1 }),
    value,
    settles: fc.boolean(),
  });

test("any number of edits that never say again what was said before freeze nothing", () => {
  const systems = [classes.writable, classes.writable, classes.proposing].map(withReference);
  const fresh = fc.array(edit(3, fc.constant(""), 5), { minLength: 3, maxLength: 20 });
  fc.assert(
    fc.property(fresh, (edits) => {
      edits.reduce((model, one, count) => {
        const next = edited(model, { ...one, value: `PO-${count + 1}` });
        expect(frozenBreak(next.job)).toBeUndefined();
        return next;
      }, begin(systems));
    }),
    runs,
  );
});

/** The rule said once more, over the values alone: of the flips of the last hour, at least two to a value one of them left. */
function goesBackAndForth(told: readonly { readonly at: number; readonly value: string }[], now: number): boolean {
  const flips = told
    .map((one, place) => ({ at: one.at, from: told[place - 1]?.value ?? opening, to: one.value }))
    .filter(({ at, from, to }) => from !== to && now - at < 60);
  return flips.filter(({ to }, place) => flips.slice(0, place).some(({ from }) => from === to)).length >= 2;
}

test("a field is frozen exactly while, of the flips of the last hour, two are returns; older ones do not count", () => {
  const values = fc.constantFrom("PO-0", "PO-1", "PO-2", "PO-3");
  let [looked, frozen, thawed] = [0, 0, 0];
  fc.assert(
    fc.property(fc.array(edit(1, values, 35), { minLength: 3, maxLength: 14 }), (edits) => {
      const told: { at: number; value: string }[] = [];
      let [model, at] = [begin([classes.writable].map(withReference)), 0];
      for (const one of edits) {
        at += one.minutes;
        const was = frozenBreak(model.job) !== undefined;
        // Reading the same again is no news; a value is a flip where it differs from the one before.
        if (one.value !== (told.at(-1)?.value ?? opening)) told.push({ at, value: one.value });
        model = edited(model, one);
        const is = frozenBreak(model.job) !== undefined;
        expect(is).toBe(goesBackAndForth(told, at));
        looked++;
        if (is) frozen++;
        else if (was) thawed++;
      }
    }),
    runs,
  );
  expect(frozen / looked).toBeGreaterThan(0.1);
  expect(thawed / looked).toBeGreaterThan(0.005);
});

test("two systems that overwrite each other freeze at the third flip of an hour, and both are shown", () => {
  const pairs = fc.constantFrom(
    [classes.writable, classes.writable, "Working", "Scheduled"] as const,
    [classes.writable, classes.unversioned, "Completed", "Scheduled"] as const,
    [classes.unversioned, classes.writable, "Working", "Completed"] as const,
  );
  fc.assert(
    fc.property(
      pairs,
      fc.array(fc.integer({ min: 0, max: 19 }), { minLength: 3, maxLength: 3 }),
      ([a, b, x, y], gaps) => {
        let model = said(begin([a, b]), 0, { word: y });
        model = settled(model);
        model = later(model, 61);
        for (const [turn, minutes] of gaps.entries()) {
          expect(frozenBreak(model.job)).toBeUndefined();
          // Each turn one of them is told what the other said, and sets its own word again.
          const by = turn % 2;
          model = settled(said(later(model, minutes), by, { word: by === 0 ? x : y }));
        }
        const found = frozenBreak(model.job);
        expect(found?.evidence).toEqual([keyOf(0), keyOf(1)]);
        expect(found?.sentence).toContain("s1 1 and s2 1");
        expect(plannedWrites(model)).toEqual([]);
        const context = contextOf(model.company, model.classes, model.now);
        const told = explain(model.job, [], model.company, context, {});
        const work = told.fields.find(({ field }) => field === "work");
        expect(work?.flips.map(({ by }) => by)).toEqual([[keyOf(0)], [keyOf(1)], [keyOf(0)]]);
        const screen = explainScreen({ jobs: [told] });
        expect(screen).toContain("FROZEN");
        expect(screen).toContain(`-> ${work?.flips[1]?.to}, by ${keyOf(1)}`);
      },
    ),
    runs,
  );
});

describe("what stands while a field is frozen", () => {
  const backAndForth = (model: Model, turns: number): Model =>
    Array.from({ length: turns }).reduce<Model>(
      (current, _, turn) => said(later(current, 1), 0, { word: turn % 2 === 0 ? "Working" : "Scheduled" }),
      model,
    );

  test("it is due when the oldest of its flips is an hour old, and then what waited is planned", () => {
    const frozen = backAndForth(begin([classes.writable, classes.writable]), 3);
    expect(frozen.job.dueAt).toBe(addSeconds(frozen.now, 58 * 60));
    const after = { ...frozen, now: frozen.job.dueAt ?? "" };
    const { state } = reconciled(after, nothingArrives);
    expect(frozenBreak(state)).toBeUndefined();
    expect(state.breaks.find(({ kind }) => kind === "frozen")).toMatchObject({ state: "resolved" });
    expect(state.intents).toMatchObject([{ wanted: "Working", record: { connection: "s2" } }]);
  });

  test("one who goes on for hours stays frozen, and what is kept of it does not grow", () => {
    const model = backAndForth(begin([classes.writable, classes.writable]), 150);
    expect(frozenBreak(model.job)).toBeDefined();
    expect(model.job.flips.work).toHaveLength(16);
  });
});

describe("what counts as a return", () => {
  const flip = (from: readonly string[], to: readonly string[]): Flip => ({
    at: "2026-11-02T08:00:00Z",
    from,
    to,
    by: [],
  });

  test("the same value told less exactly is one; a value that only overlaps is another", () => {
    const [scheduled, working, coarse] = [["scheduled"], ["working"], ["scheduled", "held"]];
    expect(returnsAmong("work", [flip(scheduled, working), flip(working, coarse)])).toBe(1);
    expect(returnsAmong("work", [flip(coarse, working), flip(working, scheduled)])).toBe(1);
    expect(returnsAmong("work", [flip(coarse, working), flip(working, ["scheduled", "open"])])).toBe(0);
  });

  test("two crews of which only a lead is known are not one crew", () => {
    const [ana, zoe, all] = [["ana"], ["zoe"], ["marcus"]].map((people, at) => ({
      people,
      are: at < 2 ? "some" : "all",
    }));
    const flips = [
      { ...flip([], []), from: ana, to: all },
      { ...flip([], []), from: all, to: zoe },
    ];
    expect(returnsAmong("assignees", flips)).toBe(0);
  });

  test("an instant alone, as it was kept before values were, is none", () => {
    const old: unknown = ["2026-11-02T08:00:00Z", "2026-11-02T08:01:00Z", "2026-11-02T08:02:00Z"];
    expect(isFrozen("work", { work: old as readonly Flip[] })).toBe(false);
  });
});
