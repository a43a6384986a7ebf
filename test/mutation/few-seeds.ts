import { expect, test } from "vitest";
import { faultsOf } from "#test/simulation/checks.ts";
import { runSeed } from "#test/simulation/run.ts";
import { exploreCase, twoSystems } from "#test/worlds/catalogue.ts";

test.each([1, 2, 3, 4, 5, 6, 7, 8])("seed %i of the whole system holds every law", async (seed) => {
  const ran = await runSeed({ seed });
  const twin = ran.script.kind === "c" ? await runSeed({ seed, faultless: true }) : null;
  expect(await faultsOf(ran, twin)).toEqual([]);
});

test.each(twoSystems.map((one) => [one.name, one] as const))("%s: one event from outside", (_name, one) => {
  const found = exploreCase(one, { events: 1, faults: 1 });
  expect(found.failures).toEqual([]);
});
