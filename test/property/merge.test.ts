import fc from "fast-check";
import { expect, test } from "vitest";
import { type States, stateSets } from "#shared/domain/fields.ts";
import { works } from "#shared/domain/status.ts";
import { type Agreement, mergeField, type Side } from "#shared/pipeline/merge.ts";

const states = fc.subarray([...works].slice(1, 6), { minLength: 1, maxLength: 3 });
const side = fc.record({
  editor: fc.boolean(),
  now: states,
  base: fc.option(states),
  ask: fc.boolean(),
  held: fc.integer({ min: 0, max: 5 }).map((dice) => dice === 0),
  written: fc.integer({ min: 0, max: 5 }).map((dice) => dice === 0),
});
const sides: fc.Arbitrary<readonly Side<States>[]> = fc
  .array(side, { minLength: 1, maxLength: 4 })
  .map((all) => all.map((one, index) => ({ ...one, record: `r${index}`, connection: `c${index}`, rank: index })));
const agreement: fc.Arbitrary<Agreement<States>> = fc.record({
  agreed: fc.option(states),
  by: fc.subarray(["r0", "r1", "r2", "r3"], { maxLength: 2 }),
});
const merges = fc.tuple(agreement, sides);
/** As the rules themselves leave it: who made the agreed value may edit, and was taken into account with it. */
const reachable = merges
  .filter(([before]) => before.agreed !== null && before.by.length > 0)
  .map(([before, all]): [Agreement<States>, readonly Side<States>[]] => [
    before,
    all.map((one) => (before.by.includes(one.record) ? { ...one, editor: true, base: before.agreed } : one)),
  ]);

/** The sides as the next run finds them when nothing new was read. */
const next = (all: readonly Side<States>[], merged: ReturnType<typeof merge>): readonly Side<States>[] =>
  all.map((one) => {
    const found = merged.sides.find((candidate) => candidate.record === one.record);
    return { ...one, base: found?.rebase ? one.now : one.base, ask: found?.ask ?? one.ask, written: false };
  });

const merge = (before: Agreement<States>, all: readonly Side<States>[]) => mergeField(stateSets, before, all);

test("the order in which sides are handed in changes nothing", () => {
  fc.assert(
    fc.property(merges, ([before, all]) => {
      expect(merge(before, [...all].reverse())).toEqual(merge(before, all));
    }),
    { numRuns: 1000 },
  );
});

test("law 1 (b): what was merged once merges to the same again", () => {
  fc.assert(
    fc.property(merges, ([before, all]) => {
      const once = merge(before, all);
      const twice = merge(once, next(all, once));
      expect(twice.agreed).toEqual(once.agreed);
      expect(twice.by).toEqual(once.by);
      expect(twice.sides.filter((one) => one.rebase)).toEqual([]);
      expect(twice.sides.map((one) => [one.record, one.ask, one.agrees])).toEqual(
        once.sides.map((one) => [one.record, one.ask, one.agrees]),
      );
    }),
    { numRuns: 1000 },
  );
});

test("law 6: what is agreed is something a side says, said before, or was agreed; never made up", () => {
  fc.assert(
    fc.property(merges, ([before, all]) => {
      const { agreed } = merge(before, all);
      if (agreed === null) return;
      const said = new Set([...(before.agreed ?? []), ...all.flatMap((one) => [...one.now, ...(one.base ?? [])])]);
      expect(agreed.length).toBeGreaterThan(0);
      for (const state of agreed) expect(said.has(state)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test("law 6: a side that may not edit never moves a field between values", () => {
  fc.assert(
    fc.property(merges, ([before, all]) => {
      const observed = all.map((one) => ({ ...one, editor: false }));
      const { agreed, by } = merge(before, observed);
      expect(by).toEqual(before.by);
      if (before.agreed !== null) for (const state of agreed ?? []) expect(before.agreed).toContain(state);
    }),
    { numRuns: 1000 },
  );
});

test("law 6: who changed to something else and lost is marked, so that nothing is written over it unasked", () => {
  fc.assert(
    fc.property(reachable, ([before, all]) => {
      const old = before.agreed ?? [];
      const merged = merge(before, all);
      for (const one of all) {
        const found = merged.sides.find((candidate) => candidate.record === one.record);
        // A change that agreed with what stood counts as having come before the one that moved on from it.
        const moved =
          one.base !== null &&
          !one.held &&
          !one.written &&
          !stateSets.same(one.now, one.base) &&
          !stateSets.meets(one.now, old);
        if (moved && !found?.agrees) expect(found?.ask).toBe(true);
        if (found?.agrees && !one.held) expect(found.ask).toBe(false);
      }
    }),
    { numRuns: 1000 },
  );
});

test("a record with an open attempt is left as it is", () => {
  fc.assert(
    fc.property(merges, ([before, all]) => {
      const held = all.map((one, index) => (index === 0 ? { ...one, held: true } : one));
      const found = merge(before, held).sides.find((one) => one.record === "r0");
      expect(found?.rebase).toBe(false);
    }),
    { numRuns: 300 },
  );
});
