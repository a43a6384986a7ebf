import { expect, test } from "vitest";
import { jobIdOf } from "#shared/domain/ids.ts";
import { unattachedPage } from "#shared/pipeline/unattached.ts";
import { customer, invoice, job, type LinkingWorld, linkingWorld, payment } from "#test/support/linking-world.ts";

/** An invoice that its vendor takes off its job, and lays on it again. */
const lineOf = async ({ ports }: LinkingWorld) => {
  const { state } = await ports.jobs.load(jobIdOf("s1/jobs/10"));
  return [state.money[0]?.charge, state.money[0]?.payment];
};
const listed = async ({ ports }: LinkingWorld) =>
  (await unattachedPage(ports, null)).customers.map(({ invoices }) => invoices.map(({ totalMinor }) => totalMinor));

test("is in the job's charge or among the unattached, never in both, and what was paid on it goes with it", async () => {
  const world = linkingWorld();
  await world.tell(
    customer("s1", "c1", "Dana Whitfield"),
    job("s1", "10", { of: "c1", charge: null, payment: null }),
    invoice("s1", "i1", "10", 30_000),
    invoice("s1", "i2", "10", 5000),
    payment("s1", "p1", { i1: 10_000, i2: 5000 }),
  );
  expect(await lineOf(world)).toEqual([35_000, 15_000]);
  expect(await listed(world)).toEqual([]);
  await world.tell(invoice("s1", "i1", null, 30_000));
  expect(await lineOf(world)).toEqual([5000, 5000]);
  expect(await listed(world)).toEqual([[30_000]]);
  await world.tell(invoice("s1", "i1", null, 31_000));
  expect(await lineOf(world)).toEqual([5000, 5000]);
  expect(await listed(world)).toEqual([[31_000]]);
  await world.tell(invoice("s1", "i1", "10", 30_000));
  expect(await lineOf(world)).toEqual([35_000, 15_000]);
  expect(await listed(world)).toEqual([]);
});

test("is in the charge of the job it was moved to, and of no other", async () => {
  const world = linkingWorld();
  await world.tell(
    job("s1", "10", { charge: null, payment: null }),
    job("s1", "11", { charge: null, payment: null, serviceDay: "2026-11-01" }),
    invoice("s1", "i1", "10", 30_000),
    invoice("s1", "i2", "10", 5000),
    payment("s1", "p1", { i1: 10_000 }),
  );
  const other = async () => (await world.ports.jobs.load(jobIdOf("s1/jobs/11"))).state.money[0];
  await world.tell(invoice("s1", "i1", "11", 30_000), payment("s1", "p1", { i1: 10_000 }));
  expect(await lineOf(world)).toEqual([5000, 0]);
  expect(await other()).toMatchObject({ charge: 30_000, payment: 10_000 });
  await world.tell(invoice("s1", "i1", "10", 30_000), payment("s1", "p1", { i1: 10_000 }));
  expect(await lineOf(world)).toEqual([35_000, 10_000]);
  expect(await other()).toMatchObject({ charge: null, payment: null });
});

test("counts in a job whose own record has not been read yet", async () => {
  const world = linkingWorld();
  await world.tell(invoice("s1", "i1", "10", 30_000));
  expect(await lineOf(world)).toEqual([30_000, 0]);
});
