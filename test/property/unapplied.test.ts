import fc from "fast-check";
import { expect, test } from "vitest";
import { knownFrom } from "#shared/domain/observation.ts";
import { arriveAbsent } from "#shared/pipeline/arrive.ts";
import { sets } from "#shared/pipeline/link.ts";
import { placePart, placeRoot, settlePlaced } from "#shared/pipeline/place.ts";
import { Crash, type When } from "#test/support/crash.ts";
import { type LinkingWorld, linkingWorld } from "#test/support/linking-world.ts";
import { payment } from "#test/support/money-view.ts";
import { delivered, inTurns } from "#test/support/turns.ts";

/** A payment's money that lies on no invoice, held for its customer's jobs: laws 1 and 2 for what no job holds. */
const key = "s1/payments/9";
const customers = ["c1", "c2"];
const held = (customer: string): string => sets.held(`s1/customers/${customer}`);

/** What one read of the payment found: so much for this customer, or proof that it is gone. */
type Reading = { readonly read: number; readonly of: string | null; readonly rest: number } | { readonly read: number };

/** The world, and what each customer's jobs saw of the payment when they were last looked at. */
interface Watched {
  readonly world: LinkingWorld;
  readonly looked: Map<string, unknown>;
}

async function watched(): Promise<Watched> {
  const world = linkingWorld();
  for (const customer of customers) {
    await placeRoot(world.ports, `s1/jobs/${customer}`);
    await world.ports.sets.add(sets.names(`s1/customers/${customer}`), `s1/jobs/${customer}`, {});
  }
  return { world, looked: new Map(customers.map((customer) => [customer, []])) };
}

/** The payment comes, whoever has to look again looks at once, and what stands after that is written. */
async function comes({ world, looked }: Watched, reading: Reading, ports = world.ports): Promise<void> {
  const { waiting, after } = await taken(reading, ports);
  await ports.queues.inbound(waiting.map(() => ({ v: 1, kind: "due", company: world.company.id, job: "j" })));
  for (const root of waiting) {
    const customer = root.slice(root.lastIndexOf("/") + 1);
    looked.set(customer, await world.ports.sets.list(held(customer)));
  }
  await settlePlaced(ports, after);
}

async function taken(reading: Reading, ports: LinkingWorld["ports"]) {
  if (!("rest" in reading)) {
    const gone = { v: 1, kind: "absent", company: "model", connection: "s1", stream: "payments" } as const;
    const { again, after } = await arriveAbsent(ports, {
      ...gone,
      ...reading,
      ids: ["9"],
      at: "2026-11-02",
      how: "deleted",
    });
    return { waiting: again, after };
  }
  const customer = reading.of === null ? null : { connection: "s1", stream: "customers", id: reading.of };
  const said = {
    ...{ record: { connection: "s1", stream: "payments", id: "9" }, digest: `d${reading.read}`, at: "2026-11-02" },
    ...{ version: { modified: null, read: reading.read }, hangsOn: [] },
    facts: { ...payment([]).facts, total: 50_000, unapplied: reading.rest, customer },
  };
  return placePart(ports, key, [], knownFrom(said));
}

const readings = fc
  .array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ of: fc.constantFrom("c1", "c2", null), rest: fc.constantFrom(0, 200, 500) }),
      },
      { weight: 1, arbitrary: fc.constant({}) },
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((all) => [{ read: 1, of: "c1", rest: 500 }, ...all.map((one, index): Reading => ({ ...one, read: index + 2 }))]);

/** What the latest reading leaves: by the order of the reads, whatever the order they came in. */
function left(all: readonly Reading[]): Readonly<Record<string, readonly number[]>> {
  const last = all.filter((one) => "rest" in one).at(-1);
  const gone = all.at(-1) !== last;
  const rest = (customer: string) => (last && !gone && last.of === customer && last.rest > 0 ? [last.rest] : []);
  return Object.fromEntries(customers.map((customer) => [customer, rest(customer)]));
}

async function holds({ world, looked }: Watched, all: readonly Reading[]): Promise<void> {
  const wanted = left(all);
  for (const customer of customers) {
    const standing = await world.ports.sets.list(held(customer));
    expect(standing.map(({ data }) => data["unapplied"])).toEqual(wanted[customer]);
    expect(looked.get(customer)).toEqual(standing);
  }
}

/** The first is read first, so that its claim stands; then the others in any order, and all of them once more between. */
const orders = readings.chain((all) => {
  const twice = [...all.slice(1), ...all];
  return fc.tuple(fc.constant(all), fc.shuffledSubarray(twice, { minLength: twice.length }));
});

test("in any order and however often, its customer's jobs see what its latest reading left", async () => {
  await fc.assert(
    fc.asyncProperty(orders, async ([all, order]) => {
      const one = await watched();
      for (const reading of [...all.slice(0, 1), ...order]) await comes(one, reading);
      await holds(one, all);
    }),
    { numRuns: 250, seed: 20261122 },
  );
});

test("and when they are taken in at the same time, however their calls to the store meet", async () => {
  await fc.assert(
    fc.asyncProperty(readings, fc.scheduler(), async (all, scheduler) => {
      const one = await watched();
      const [first, ...others] = all;
      if (first) await comes(one, first);
      const ports = inTurns(one.world.ports, scheduler);
      await scheduler.waitFor(Promise.all(others.map((reading) => delivered(() => comes(one, reading, ports)))));
      await holds(one, all);
    }),
    { numRuns: 250, seed: 20261122 },
  );
});

test.each<When>(["before", "after"])("and when a crash comes %s any call to the store", async (when) => {
  await fc.assert(
    fc.asyncProperty(readings, async (all) => {
      for (let call = 0; ; call++) {
        const one = await watched();
        const crash = new Crash(call, when);
        for (const reading of all) await delivered(() => comes(one, reading, crash.portsOf(one.world.ports)));
        await holds(one, all);
        if (!crash.happened) break;
      }
    }),
    { numRuns: 30, seed: 20261122 },
  );
});
