import { describe, expect, test } from "vitest";
import { observe } from "#test/support/model-run.ts";
import { textOf } from "./canonical.ts";
import { cases, exploreCase, startsOf, twoSystems } from "./catalogue.ts";
import { usual } from "./world.ts";

/**
 * Every order of three events from outside (edits, and at most one fault) over two systems; of two where there is more to
 * tell apart, or where another world differs by little. `npm run simulate -- worlds --depth 5 --three 4` goes deeper.
 */
for (const one of cases) {
  const wide = one.classes.length > 2 || one.bounds.references !== undefined;
  const events = wide || one.kin ? 2 : 3;
  test(`${one.name}: ${events} events from outside, in every order`, () => {
    const found = exploreCase(one, { events, faults: 1, openings: wide ? 0 : 1 });
    expect(found.failures).toEqual([]);
    expect(found.left).toBe(0);
    expect(found.rests).toBeGreaterThan(30);
  });
}

describe("first sight", () => {
  test.each(cases)("$name: who is read first decides nothing", (one) => {
    const bounds = { ...usual, ...one.bounds, events: 0, openings: 0 };
    for (const { world } of startsOf(one, bounds)) {
      const ends = ordersOf(one.classes.map((_, index) => index)).map((order) =>
        textOf({ ...world, model: order.reduce(observe, world.model) }),
      );
      expect(new Set(ends).size, `${world.model.vendors.map(({ word }) => word).join(" and ")}`).toBe(1);
    }
  });
});

test("a fault more finds more states, and so does an event more", () => {
  const [one] = twoSystems;
  if (!one) throw new Error("no worlds");
  const states = (events: number, faults: number): number => exploreCase(one, { events, faults, openings: 0 }).states;
  expect(states(2, 1)).toBeGreaterThan(states(2, 0));
  expect(states(2, 0)).toBeGreaterThan(states(1, 0));
});

test("a limit leaves states, and says so", () => {
  const [one] = twoSystems;
  if (!one) throw new Error("no worlds");
  const found = exploreCase(one, { events: 2, faults: 1, openings: 0 }, 50);
  expect(found.states).toBe(50);
  expect(found.left).toBeGreaterThan(0);
});

function ordersOf(all: readonly number[]): readonly (readonly number[])[] {
  if (all.length < 2) return [all];
  return all.flatMap((first) => ordersOf(all.filter((one) => one !== first)).map((rest) => [first, ...rest]));
}
