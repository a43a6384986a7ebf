import { expect, test } from "vitest";
import { type Case, exploreCase, threeSystems, twoSystems } from "./catalogue.ts";

/**
 * Every order of three events from outside (edits, and at most one fault) over two systems, and of two over three.
 * `npm run simulate -- worlds --depth 5` goes deeper and prints what it did not reach.
 */
function holds(one: Case, events: number): void {
  test(`${one.name}: ${events} events from outside, in every order`, () => {
    const found = exploreCase(one, { events, faults: 1 });
    expect(found.failure).toBeNull();
    expect(found.left).toBe(0);
    expect(found.rests).toBeGreaterThan(10);
  });
}

for (const one of twoSystems) holds(one, one.bounds.references ? 2 : 3);
for (const one of threeSystems) holds(one, 2);
