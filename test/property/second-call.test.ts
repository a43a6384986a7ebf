import fc from "fast-check";
import { expect, test } from "vitest";
import { jobReview } from "#shared/pipeline/review.ts";
import { customer, job, type LinkingWorld, linkingWorld, type Told } from "#test/support/linking-world.ts";
import { delivered, inTurns } from "#test/support/turns.ts";

/** One customer of three systems, known before any of their calls. */
const phone = { phones: ["3035550101"] };
const customers = ["s1", "s2", "s3"].map((system) => customer(system, "c1", "Dana Whitfield", phone));
const call = (system: string, id: string, charge: number | null, title: string | null = null): Told =>
  job(system, id, { of: "c1", charge, title });

/** What people see: which records are one job and why, and what waits for them. */
async function seen(world: LinkingWorld): Promise<object> {
  await world.tell();
  const jobs = (await world.jobs()).map((one) => one.links.map(({ record, doubt }) => [record, doubt ?? null]));
  const review = await jobReview(world.ports, world.company);
  return {
    jobs: jobs.sort(),
    review: review.map(({ left, right, score, evidence }) => [left.record, right.record, score, evidence]).sort(),
  };
}

async function inOrder(records: readonly Told[]): Promise<object> {
  const world = linkingWorld();
  for (const record of [...customers, ...records]) {
    await world.read(record);
    await world.drain();
  }
  return seen(world);
}

async function atOnce(records: readonly Told[], scheduler: fc.Scheduler): Promise<object> {
  const world = linkingWorld();
  for (const record of customers) await world.read(record);
  const ports = inTurns(world.ports, scheduler);
  await scheduler.waitFor(Promise.all(records.map((record) => delivered(() => world.read(record, ports)))));
  await world.drain();
  return seen(world);
}

const shuffled = (records: readonly Told[]): fc.Arbitrary<Told[]> =>
  fc.shuffledSubarray([...records], { minLength: records.length, maxLength: records.length });

const apart = (...records: readonly string[]): object => records.map((record) => [[record, null]]);

/** Days on which a second call comes, and what they come to whoever is read first. */
const days: readonly { readonly name: string; readonly told: readonly Told[]; readonly jobs: object }[] = [
  {
    name: "nothing tells the two calls of the office apart",
    told: [call("s1", "10", 45_000), call("s1", "11", 45_000), call("s2", "20", 45_000)],
    jobs: apart("s1/jobs/10", "s1/jobs/11", "s2/jobs/20"),
  },
  {
    name: "nobody has billed anything yet",
    told: [call("s1", "10", null), call("s1", "11", null), call("s2", "20", null), call("s3", "30", null)],
    jobs: apart("s1/jobs/10", "s1/jobs/11", "s2/jobs/20", "s3/jobs/30"),
  },
  {
    name: "the second call has the amount",
    told: [call("s1", "10", 43_000), call("s1", "11", 45_000), call("s2", "20", 45_000)],
    jobs: [
      [["s1/jobs/10", null]],
      [
        ["s1/jobs/11", null],
        ["s2/jobs/20", null],
      ],
    ],
  },
  {
    name: "crew and branch still hold to each other, the office to nobody",
    told: [call("s1", "10", 43_000), call("s1", "11", 44_000), call("s2", "20", 45_000), call("s3", "30", 45_000)],
    jobs: [
      [["s1/jobs/10", null]],
      [["s1/jobs/11", null]],
      [
        ["s2/jobs/20", null],
        ["s3/jobs/30", null],
      ],
    ],
  },
  {
    name: "a call that was entered twice is one call",
    told: [call("s1", "10", 37_500), call("s3", "30", 37_500, "Leak"), call("s3", "31", 37_500, "Leak")],
    jobs: [
      [
        ["s1/jobs/10", null],
        ["s3/jobs/30", null],
        ["s3/jobs/31", null],
      ],
    ],
  },
];

test.each(days)(
  "law 1: a second call of one day, $name: the same links and the same review in every order",
  async ({ told, jobs }) => {
    const whole = await inOrder(told);
    expect(whole).toMatchObject({ jobs });
    await fc.assert(
      fc.asyncProperty(shuffled(told), async (records) => {
        expect(await inOrder(records)).toEqual(whole);
      }),
      { numRuns: 15, seed: 20261122 },
    );
  },
);

const someDay = fc
  .array(fc.tuple(fc.constantFrom("s1", "s2", "s3"), fc.constantFrom(null, 43_000, 44_000, 45_000)), {
    minLength: 2,
    maxLength: 6,
  })
  .map((calls) => calls.map(([system, charge], index) => call(system, `${10 + index}`, charge)));

test("law 1: and of any day of any calls", async () => {
  let joined = 0;
  await fc.assert(
    fc.asyncProperty(
      someDay.chain((told) => fc.tuple(fc.constant(told), shuffled(told))),
      async ([told, records]) => {
        const whole = await inOrder(told);
        joined += JSON.stringify(whole).includes("s2/jobs") ? 1 : 0;
        expect(await inOrder(records)).toEqual(whole);
      },
    ),
    { numRuns: 100, seed: 20261122 },
  );
  expect(joined).toBeGreaterThan(10);
});

test("law 1: and when all of them are read at the same time, however their calls to the store meet", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...days), fc.scheduler(), async ({ told }, scheduler) => {
      expect(await atOnce(told, scheduler)).toEqual(await inOrder(told));
    }),
    { numRuns: 75, seed: 20261122 },
  );
});

test("law 1: a second call that goes to another day leaves the first ones as if it had never been there", async () => {
  const first = [call("s1", "10", null), call("s2", "20", null)];
  const second = call("s1", "11", null);
  const moved = job("s1", "11", { of: "c1", charge: null, serviceDay: "2026-11-20" });
  const whole = await inOrder([...first, moved]);
  expect(whole).toMatchObject({
    jobs: [
      [
        ["s1/jobs/10", null],
        ["s2/jobs/20", null],
      ],
      [["s1/jobs/11", null]],
    ],
  });
  await fc.assert(
    fc.asyncProperty(shuffled([...first, second]), fc.nat(3), async (records, at) => {
      const from = records.indexOf(second) + 1;
      const told = [...records.slice(0, from + at), moved, ...records.slice(from + at)];
      expect(await inOrder(told)).toEqual(whole);
    }),
    { numRuns: 40, seed: 20261122 },
  );
});
