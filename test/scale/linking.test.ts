import { expect, test } from "vitest";
import { linkingFloors, measureLinking } from "#bench/linking.ts";
import { linkingWorld } from "#test/support/linking-world.ts";
import { generate, randomFrom } from "./generate.ts";
import { keyOf, linkAll } from "./link-all.ts";

test("2,000 jobs in four systems without common keys: no automatic link is wrong, and few wait for a person", async () => {
  const found = await measureLinking(2_000, 1);
  process.stdout.write(`linking ${JSON.stringify(found)}\n`);
  expect(found.records).toBeGreaterThan(4_000);
  expect(found.wrong).toBe(linkingFloors.wrong);
  expect(found.found).toBeGreaterThanOrEqual(linkingFloors.found);
  expect(found.inReview).toBeLessThanOrEqual(linkingFloors.inReview);
});

test("the stages, fed record by record in any order, make the links that the rules make over the whole company at once", async () => {
  const scale = generate(60, 7);
  const random = randomFrom(20_261_122);
  const shuffled = scale.jobs.map((one) => ({ one, at: random() })).toSorted((a, b) => a.at - b.at);
  const whole = linkingWorld();
  const { groups } = await linkAll(scale, whole.ports, whole.company);
  const world = linkingWorld();
  await world.tell(...scale.customers, ...shuffled.map(({ one }) => one));
  const staged = (await world.jobs()).map((one) => Object.keys(one.observations).sort().join(" "));
  const atOnce = new Map<string, string[]>();
  for (const job of scale.jobs) {
    const group = groups.get(keyOf(job)) ?? "";
    atOnce.set(group, [...(atOnce.get(group) ?? []), keyOf(job)]);
  }
  expect(staged.sort()).toEqual([...atOnce.values()].map((records) => records.sort().join(" ")).sort());
});
