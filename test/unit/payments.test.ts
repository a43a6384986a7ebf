import { expect, test } from "vitest";
import { jobIdOf } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import { heldOf } from "#shared/pipeline/surroundings.ts";
import { customer, invoice, job, type LinkingWorld, linkingWorld, payment } from "#test/support/linking-world.ts";

/** Two jobs of one customer, each with its invoice. */
async function twoJobs(): Promise<LinkingWorld> {
  const world = linkingWorld();
  await world.tell(
    customer("s1", "c1", "Dana Whitfield", { phones: ["3035550101"] }),
    job("s1", "10", { of: "c1", charge: null, payment: null }),
    job("s1", "11", { of: "c1", charge: null, payment: null }),
    invoice("s1", "i10", "10", 30_000),
    invoice("s1", "i11", "11", 45_000),
  );
  return world;
}

const stateOf = async (world: LinkingWorld, id: string): Promise<JobState> =>
  (await world.ports.jobs.load(jobIdOf(`s1/jobs/${id}`))).state;
const received = async (world: LinkingWorld): Promise<readonly (number | null | undefined)[]> =>
  Promise.all(["10", "11"].map(async (id) => (await stateOf(world, id)).money[0]?.payment));

test("a payment split over two jobs counts in each with its own share, and once", async () => {
  const world = await twoJobs();
  await world.tell(payment("s1", "p1", { i10: 30_000, i11: 15_000 }));
  expect(await received(world)).toEqual([30_000, 15_000]);
});

test("a payment moved from one job to another leaves the first and comes to the second, by the one message", async () => {
  const world = await twoJobs();
  await world.tell(payment("s1", "p1", { i10: 30_000 }));
  expect(await received(world)).toEqual([30_000, 0]);
  await world.read(payment("s1", "p1", { i11: 30_000 }));
  expect(await received(world)).toEqual([0, 30_000]);
  await world.read(payment("s1", "p1", { i10: 10_000, i11: 20_000 }));
  expect(await received(world)).toEqual([10_000, 20_000]);
});

test("what lies on no invoice is held by the customer for all of their jobs, until it is laid on one", async () => {
  const world = await twoJobs();
  const of = { connection: "s1", stream: "customers", id: "c1" };
  await world.tell(payment("s1", "p1", { i10: 30_000 }, { total: 45_000, unapplied: 15_000, customer: of }));
  const held = async () =>
    (await heldOf(world.ports, await stateOf(world, "11"), world.company)).map((one) => [one.payment, one.unapplied]);
  expect(await held()).toEqual([["s1/payments/p1", 15_000]]);
  expect(await received(world)).toEqual([30_000, 0]);
  await world.tell(payment("s1", "p1", { i10: 30_000, i11: 15_000 }, { customer: of }));
  expect(await held()).toEqual([]);
  expect(await received(world)).toEqual([30_000, 15_000]);
});

test("a payment seen before its invoice waits for it, is read again when it comes, and counts then", async () => {
  const world = linkingWorld();
  await world.tell(job("s1", "10", { charge: null, payment: null }));
  await world.read(payment("s1", "p1", { i10: 30_000 }));
  expect(await world.ports.claims.parked()).toMatchObject([
    { record: "s1/payments/p1", parked: "waits for s1/invoices/i10" },
  ]);
  await world.read(invoice("s1", "i10", "10", 30_000));
  const hints = [...world.queues.sent.hints.values()].flat();
  expect(JSON.stringify(hints)).toContain('"stream":"payments","ids":["p1"],"why":"waiting"');
  await world.read(payment("s1", "p1", { i10: 30_000 }));
  expect((await stateOf(world, "10")).money[0]).toMatchObject({ charge: 30_000, payment: 30_000, outstanding: 0 });
  expect(await world.ports.claims.parked()).toEqual([]);
});

test("a payment over two invoices of which one is not seen yet counts where it can, and waits for the other", async () => {
  const world = linkingWorld();
  await world.tell(
    job("s1", "10", { charge: null, payment: null }),
    job("s1", "11", { charge: null, payment: null }),
    invoice("s1", "i10", "10", 30_000),
  );
  const split = payment("s1", "p1", { i10: 30_000, i11: 15_000 });
  await world.read(split);
  expect(await received(world)).toEqual([30_000, null]);
  expect(await world.ports.claims.parked()).toMatchObject([{ parked: "waits for s1/invoices/i11" }]);
  await world.read(invoice("s1", "i11", "11", 45_000));
  // Nobody else would read it: it has not changed, and a job holds it as its vendor shows it.
  const hints = [...world.queues.sent.hints.values()].flat();
  expect(JSON.stringify(hints)).toContain('"stream":"payments","ids":["p1"],"why":"waiting"');
  await world.read(split);
  await world.drain();
  expect(await received(world)).toEqual([30_000, 15_000]);
});

test("an invoice that moves to another job takes its money along, and its payment is read again to follow", async () => {
  const world = await twoJobs();
  const paid = payment("s1", "p1", { i10: 30_000 });
  await world.tell(paid);
  const charged = async () =>
    Promise.all(["10", "11"].map(async (id) => (await stateOf(world, id)).money[0]?.charge ?? null));
  await world.read(invoice("s1", "i10", "11", 30_000));
  expect(await charged()).toEqual([null, 75_000]);
  const hints = [...world.queues.sent.hints.values()].flat();
  expect(JSON.stringify(hints)).toContain('"stream":"payments","ids":["p1"],"why":"also-read"');
  await world.read(paid);
  await world.drain();
  expect(await received(world)).toEqual([null, 30_000]);
});

test("a payment that was known and comes to a job is read once more: what came may be older than what was known", async () => {
  const world = await twoJobs();
  await world.read(payment("s1", "p1", {}));
  await world.read(payment("s1", "p1", { i10: 30_000 }));
  const hints = [...world.queues.sent.hints.values()].flat();
  expect(JSON.stringify(hints)).toContain('"stream":"payments","ids":["p1"],"why":"waiting"');
  await world.read(payment("s1", "p1", {}));
  expect(await received(world)).toEqual([0, 0]);
});
