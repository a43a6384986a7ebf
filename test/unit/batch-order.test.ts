import { expect, test } from "vitest";
import { customer, job, linkingWorld, type Told, technician } from "#test/support/linking-world.ts";

/** One call in two systems, and the people both name: the worst order, everything before what it builds on. */
const told: readonly Told[] = [
  job("s1", "10", { of: "c1", technicians: [{ record: tech("s1", "t1"), email: null, name: "Ana" }] }),
  job("s2", "20", { of: "c9", technicians: [{ record: tech("s2", "t9"), email: null, name: "Ana" }] }),
  customer("s1", "c1", "Dana Whitfield", { phones: ["3035550101"] }),
  customer("s2", "c9", "Whitfield Dana", { phones: ["3035550101"] }),
  technician("s1", "t1", "Ana", "ana@example.com"),
  technician("s2", "t9", "Ana B.", "ana@example.com"),
];

function tech(connection: string, id: string) {
  return { connection, stream: "technicians", id };
}

test("a batch places people before the jobs that name them, so that no job asks for a second look", async () => {
  const world = linkingWorld();
  await world.readTogether(told);
  expect(await world.jobs()).toHaveLength(1);
  expect(world.queues.sent.inbound).toEqual([]);
});

test("message by message the same end takes second looks", async () => {
  const world = linkingWorld();
  for (const one of told) await world.read(one);
  expect(world.queues.sent.inbound.length).toBeGreaterThan(0);
  await world.drain();
  expect(await world.jobs()).toHaveLength(1);
});
