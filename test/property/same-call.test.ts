import fc from "fast-check";
import { expect, test } from "vitest";
import { sayNotTheSame, sayTheSame } from "#shared/pipeline/same-call.ts";
import {
  customer,
  invoice,
  job,
  type LinkingWorld,
  linkingWorld,
  payment,
  type Told,
} from "#test/support/linking-world.ts";

const phone = { phones: ["3035550101"] };
const customers = ["s1", "s3"].map((system) => customer(system, "c1", "Dana Whitfield", phone));
const twin = (id: string, presence: "present" | "deleted" = "present"): Told =>
  job("s3", id, { of: "c1", charge: 37_500, title: "Leak", presence });
const [keep, record] = ["s3/jobs/30", "s3/jobs/31"] as const;

/** A call of the office that stands twice in the branch, and what comes to lie on the second of the two. */
const calls = [job("s1", "10", { of: "c1", charge: 37_500 }), twin("30"), twin("31")];
const later = [
  invoice("s3", "7", "31", 12_000),
  payment("s3", "8", { 7: 5_000 }),
  invoice("s3", "9", null, -2_000, { adjusts: { connection: "s3", stream: "invoices", id: "7" } }),
];

/** What people see of the job at the end, when what waited for an invoice has been read again. */
async function seen(world: LinkingWorld): Promise<object> {
  await world.tell(...later);
  return (await world.jobs()).map(({ links, money, breaks }) => ({
    links: links.map((link) => [link.record, link.sameAs?.record ?? null]),
    money,
    breaks: breaks.filter(({ state }) => state !== "resolved").map((one) => [one.key, one.gapMinor, one.sentence]),
  }));
}

const saying = { keep, records: [record], by: "ana", why: "" };

/** The records are read in this order, and a person says it as soon as it can be said from `at` on. */
async function told(records: readonly Told[], at: number, back = false): Promise<object> {
  const world = linkingWorld();
  let said = false;
  for (const [index, one] of [...customers, ...records].entries()) {
    await world.read(one);
    await world.drain();
    if (!said && index >= at) said = (await sayTheSame(world.ports, world.company, saying)).done;
  }
  expect(said || (await sayTheSame(world.ports, world.company, saying)).done).toBe(true);
  await world.drain();
  if (back)
    expect(await sayNotTheSame(world.ports, world.company, { record, by: "ana", why: "two" })).toMatchObject({
      done: true,
    });
  await world.drain();
  return seen(world);
}

const anyOrder = (records: readonly Told[]): fc.Arbitrary<readonly Told[]> =>
  fc
    .tuple(
      fc.shuffledSubarray([...records], { minLength: records.length }),
      // Some of them are read twice.
      fc.shuffledSubarray([...records]),
    )
    .map(([all, some]) => [...all, ...some]);
const runs = { numRuns: 60, seed: 20261122 };

test("law 1: a call that was entered twice counts once, whenever that is said and whatever comes first", async () => {
  const whole = await told([...calls, ...later], 7);
  expect(whole).toMatchObject([
    {
      money: [
        { connection: "s1", charge: 37_500 },
        { connection: "s3", charge: 37_500 },
      ],
    },
  ]);
  expect(JSON.stringify(whole)).toContain("invoice 7 of 120.00, invoice 9 of -20.00, payment of 50.00");
  await fc.assert(
    fc.asyncProperty(anyOrder([...calls, ...later]), fc.nat(7), async (records, at) => {
      expect(await told(records, at)).toEqual(whole);
    }),
    runs,
  );
});

test("law 1: and counts where what was kept is gone, in every order", async () => {
  const whole = await told([...calls, ...later, twin("30", "deleted")], 7);
  expect(whole).toMatchObject([
    { money: [{ connection: "s1" }, { connection: "s3", charge: 10_000, payment: 5_000 }] },
  ]);
  await fc.assert(
    fc.asyncProperty(anyOrder([...calls, ...later]), fc.nat(7), async (records, at) => {
      expect(await told([...records, twin("30", "deleted")], at)).toEqual(whole);
    }),
    runs,
  );
});

test("law 1: taken back, the job is as if it had never been said", async () => {
  const world = linkingWorld();
  for (const one of [...customers, ...calls, ...later]) {
    await world.read(one);
    await world.drain();
  }
  const never = await seen(world);
  await fc.assert(
    fc.asyncProperty(anyOrder([...calls, ...later]), fc.nat(7), async (records, at) => {
      expect(await told(records, at, true)).toEqual(never);
    }),
    runs,
  );
});
