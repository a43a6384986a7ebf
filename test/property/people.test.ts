import fc from "fast-check";
import { expect, test } from "vitest";
import type { TakeInPorts } from "#shared/pipeline/take-in.ts";
import { Crash } from "#test/support/crash.ts";
import { customer, job, linkingWorld, type Told, technician } from "#test/support/linking-world.ts";
import { delivered, inTurns } from "#test/support/turns.ts";

const called = (connection: string, id: string) => ({
  technicians: [{ record: { connection, stream: "technicians", id }, email: null, name: "Ana" }],
});
const phone = { phones: ["3035550101"] };

/** One call in three systems that share nothing but people: a phone, an e-mail, a technician's address, and the day. */
const told: readonly Told[] = [
  customer("s1", "c1", "Dana Whitfield", phone),
  customer("s2", "c9", "Whitfield Dana", { ...phone, emails: ["dana@example.com"] }),
  customer("s3", "c5", "D. Whitfield", { emails: ["dana@example.com"] }),
  technician("s1", "t1", "Ana", "ana@example.com"),
  technician("s2", "t9", "Ana B.", "ana@example.com"),
  job("s1", "10", { of: "c1", ...called("s1", "t1") }),
  job("s2", "20", { of: "c9", ...called("s2", "t9") }),
  job("s3", "30", { of: "c5" }),
];

test("law 1: calls of the same people and day are one job, whoever is read first, without waiting for a tick", async () => {
  const orders = fc.shuffledSubarray([...told], { minLength: told.length, maxLength: told.length });
  await fc.assert(
    fc.asyncProperty(orders, async (records) => {
      const world = linkingWorld();
      for (const record of records) {
        await world.read(record);
        await world.drain();
      }
      expect(await world.jobs()).toHaveLength(1);
    }),
    { numRuns: 150, seed: 20261122 },
  );
}, 120_000);

test("law 1: and when all of them are read at the same time, however their calls to the store meet", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const world = linkingWorld();
      const ports = inTurns(world.ports, scheduler);
      await scheduler.waitFor(Promise.all(told.map((record) => delivered(() => world.read(record, ports)))));
      await world.drain();
      expect(await world.jobs()).toHaveLength(1);
    }),
    { numRuns: 150, seed: 20261122 },
  );
}, 120_000);

test("law 1: and when they come in one batch, some of them twice", async () => {
  const batches = fc.array(fc.constantFrom(...told), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(batches, fc.shuffledSubarray([...told], { minLength: told.length }), async (some, all) => {
      const world = linkingWorld();
      await world.readTogether(some);
      await world.drain();
      await world.readTogether([...all, ...some]);
      await world.drain();
      const jobs = await world.jobs();
      expect(jobs).toHaveLength(1);
      expect(jobs[0]?.links.map((link) => link.record)).toEqual(["s1/jobs/10", "s2/jobs/20", "s3/jobs/30"]);
    }),
    { numRuns: 200, seed: 20261122 },
  );
}, 120_000);

const [c1, c9, c5, t1, t9, j1, j2] = told;
const some = (...records: readonly (Told | undefined)[]): readonly Told[] => records.filter((one) => one !== undefined);
const ofAna = [job("s1", "10", { of: "c1" }), job("s2", "20", { of: "c9" }), job("s3", "30", { of: "c5" })];

/** People last, so that every job waits for them; whose id is the smaller, to which the other forwards, comes first or last. */
const crashOrders: readonly (readonly Told[])[] = [
  some(...ofAna, c5, c9, c1),
  some(j1, j2, c1, c9, t1, t9),
  some(j1, j2, t9, c9, t1, c1),
];

test.each(crashOrders.map((order, at) => [at + 1, order] as const))(
  "law 3: a crash before or after any call to a port is made good by the message that comes again (order %i)",
  async (_, order) => {
    let crashes = 0;
    for (const when of ["before", "after"] as const) {
      for (let call = 0; ; call++) {
        const world = linkingWorld();
        const crash = new Crash(call, when);
        const portsOf = (): TakeInPorts => crash.portsOf(world.ports);
        for (const record of order) {
          await world.deliver(record, portsOf);
          await world.drain(portsOf);
        }
        if (!crash.happened) break;
        crashes++;
        expect(await world.jobs(), `crash ${when} call ${call}`).toHaveLength(1);
      }
    }
    expect(crashes).toBeGreaterThan(100);
  },
  120_000,
);
