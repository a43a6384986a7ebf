import fc from "fast-check";
import { expect, test } from "vitest";
import type { JobFacts } from "#shared/domain/facts.ts";
import { recordKey } from "#shared/domain/ids.ts";
import type { TakeInPorts } from "#shared/pipeline/take-in.ts";
import { unlink } from "#shared/pipeline/unlink.ts";
import { Crash } from "#test/support/crash.ts";
import {
  customer,
  invoice,
  job,
  type LinkingWorld,
  linkingWorld,
  payment,
  type Told,
} from "#test/support/linking-world.ts";

const project = (id: string) => ({ connection: "s1", stream: "projects", id });
const phone = { phones: ["3035550101"] };
const customers = ["s1", "s2", "s3"].map((system) => customer(system, "c1", "Dana Whitfield", phone));
const keyOf = ({ connection, id, facts }: Told): string => recordKey({ connection, stream: `${facts.kind}s`, id });

/** A job of the office: a part of this project, billed by this invoice. */
function part(id: string, of: string | null, day: string, more: Partial<JobFacts> = {}): Told {
  const unit = of === null ? {} : { unit: project(of) };
  return job("s1", id, {
    of: "c1",
    serviceDay: day,
    charge: null,
    payment: null,
    billing: "by-money",
    ...unit,
    ...more,
  });
}
const call = (system: string, id: string, day: string, charge: number | null): Told =>
  job(system, id, { of: "c1", serviceDay: day, charge });
/** An invoice of a project as a whole. */
const billing = (id: string, of: string, total: number, more: Partial<Parameters<typeof invoice>[4]> = {}): Told => ({
  ...invoice("s1", id, null, total, { unit: project(of), ...more }),
  parents: [project(of)],
});

/** What is asked to be read again is read, as its system says it now. */
async function rested(world: LinkingWorld, now: ReadonlyMap<string, Told>): Promise<void> {
  for (let times = 0; times < 40; times++) {
    await world.drain();
    const hints = [...world.queues.sent.hints.values()].flat();
    world.queues.sent.hints.clear();
    const asked = hints.flatMap((hint) =>
      hint.kind === "records"
        ? hint.ids.map((id) => recordKey({ connection: hint.connection, stream: hint.stream, id }))
        : [],
    );
    if (asked.length === 0) return;
    for (const key of asked) {
      const one = now.get(key);
      if (one) await world.read(one);
    }
  }
  throw new Error("hints go on asking for each other");
}

/** A job as people see it at the end. */
interface Job {
  readonly links: readonly string[];
  readonly money: readonly (readonly [
    connection: string,
    charge: number | null,
    payment: number | null,
    provisional: boolean,
  ])[];
  readonly breaks: readonly unknown[];
}

/** The records are read in this order; of a record that is told twice, the system says the last from then on. */
async function read(records: readonly Told[], then?: (world: LinkingWorld) => Promise<void>): Promise<readonly Job[]> {
  const world = linkingWorld();
  const now = new Map<string, Told>();
  for (const one of [...customers, ...records]) {
    now.set(keyOf(one), one);
    await world.read(one);
    await rested(world, now);
  }
  await then?.(world);
  await rested(world, now);
  await world.tell();
  await rested(world, now);
  const states = (await world.jobs()).map(({ links, money, breaks }) => ({
    links: links.map((link) => link.record),
    money: money.map((line) => [line.connection, line.charge, line.payment, line.provisional] as const),
    breaks: breaks.filter(({ state }) => state !== "resolved").map((one) => [one.key, one.gapMinor, one.sentence]),
  }));
  return states.sort((a, b) => (JSON.stringify(a.links) < JSON.stringify(b.links) ? -1 : 1));
}

const anyOrder = (records: readonly Told[]): fc.Arbitrary<readonly Told[]> =>
  fc
    .tuple(fc.shuffledSubarray([...records], { minLength: records.length }), fc.shuffledSubarray([...records]))
    .map(([all, some]) => [...all, ...some]);
const runs = { numRuns: 25, seed: 20261122 };

/** A project of three jobs, one of them not done, one invoice of all of it, and what crews and branch have of them. */
const kitchen = [
  part("10", "7", "2026-11-02"),
  part("11", "7", "2026-11-03"),
  part("12", "7", "2026-11-04", { work: { word: "Working", set: ["working"] } }),
  part("13", "8", "2026-11-05"),
  part("14", null, "2026-11-06"),
  invoice("s1", "90", "10", 45_000),
  invoice("s1", "91", "11", 30_000),
  billing("92", "7", 12_500),
  payment("s1", "95", { 92: 2_500 }),
  billing("93", "8", 9_900),
  billing("94", "9", 1_000),
];
const crews = [
  call("s2", "20", "2026-11-02", 45_000),
  call("s2", "21", "2026-11-03", 30_000),
  call("s3", "30", "2026-11-04", 1_000),
];

test("law 1: jobs of a project are one unit, with what bills it as a whole, in every order", async () => {
  const whole = await read([...kitchen, ...crews]);
  expect(whole).toMatchObject([
    {
      links: [
        ...["s1/invoices/90", "s1/invoices/91", "s1/invoices/92", "s1/jobs/10", "s1/jobs/11", "s1/jobs/12"],
        ...["s1/payments/95", "s2/jobs/20", "s2/jobs/21", "s3/jobs/30"],
      ],
      money: [
        ["s1", 87_500, 2_500, false],
        ["s2", 75_000, 0, false],
        ["s3", 1_000, 0, false],
      ],
    },
    { links: ["s1/invoices/93", "s1/jobs/13"], money: [["s1", 9_900, 0, false]] },
    { links: ["s1/jobs/14"] },
  ]);
  await fc.assert(
    fc.asyncProperty(anyOrder([...kitchen, ...crews]), async (records) => {
      expect(await read(records)).toEqual(whole);
    }),
    runs,
  );
}, 120_000);

test("law 1: calls of one day, told apart by their amounts, are linked each with its own part of the unit", async () => {
  const day = "2026-11-02";
  const records = [
    part("10", "7", day),
    part("11", "7", day),
    invoice("s1", "90", "10", 45_000),
    invoice("s1", "91", "11", 30_000),
    call("s2", "20", day, 45_000),
    call("s2", "21", day, 30_000),
  ];
  const whole = await read(records);
  expect(whole).toMatchObject([
    { links: ["s1/invoices/90", "s1/invoices/91", "s1/jobs/10", "s1/jobs/11", "s2/jobs/20", "s2/jobs/21"] },
  ]);
  await fc.assert(
    fc.asyncProperty(anyOrder(records), async (told) => {
      expect(await read(told)).toEqual(whole);
    }),
    runs,
  );
}, 120_000);

test("law 1: a job that leaves its project, or comes to another, leaves all as if it had always been there", async () => {
  const moves = fc.tuple(
    anyOrder([...kitchen, ...crews]),
    fc.constantFrom("10", "11", "12", "13"),
    fc.constantFrom(null, "7", "8", "9"),
  );
  let moved = 0;
  await fc.assert(
    fc.asyncProperty(moves, fc.nat(20), async ([records, id, to], at) => {
      const there = kitchen.find((one) => keyOf(one) === `s1/jobs/${id}`);
      if (there?.facts.kind !== "job") throw new Error("it is there");
      const { unit: _, ...plain } = there.facts;
      const now: Told = { ...there, facts: to === null ? plain : { ...plain, unit: project(to) } };
      const others = [...kitchen, ...crews].filter((one) => one !== there);
      const from = Math.max(at, records.indexOf(there) + 1);
      const told = [...records.slice(0, from), now, ...records.slice(from).filter((one) => one !== there)];
      moved++;
      expect(await read(told)).toEqual(await read([...others, now]));
    }),
    runs,
  );
  expect(moved).toBe(runs.numRuns);
}, 240_000);

test("a part that a person takes out stays out, in every order, and every cent is still counted once", async () => {
  const out = async (world: LinkingWorld): Promise<void> => {
    const asked = { record: "s1/jobs/12", by: "ana", why: "a job of its own", apart: true };
    expect(await unlink(world.ports, world.company, asked)).toMatchObject({ unlinked: true });
  };
  await fc.assert(
    fc.asyncProperty(anyOrder([...kitchen, ...crews]), async (records) => {
      const jobs = await read(records, out);
      const with10 = jobs.find(({ links }) => links.includes("s1/jobs/10"));
      expect(with10?.links).not.toContain("s1/jobs/12");
      const charged = jobs.flatMap(({ money }) =>
        money.flatMap(([connection, charge]) => (connection === "s1" ? [charge ?? 0] : [])),
      );
      expect(charged.reduce((sum, one) => sum + one, 0)).toBe(45_000 + 30_000 + 12_500 + 9_900);
    }),
    runs,
  );
}, 120_000);

test("law 3: a crash before or after any call to a port loses nothing of what bills a unit that passes on", async () => {
  const order = [
    part("10", "7", "2026-11-02"),
    billing("92", "7", 12_500),
    payment("s1", "95", { 92: 2_500 }),
    part("10", null, "2026-11-02"),
    part("11", "7", "2026-11-03"),
    part("12", "7", "2026-11-04"),
  ];
  let crashes = 0;
  for (const when of ["before", "after"] as const) {
    for (let at = 0; ; at += 1) {
      const world = linkingWorld();
      const crash = new Crash(at, when);
      const portsOf = (): TakeInPorts => crash.portsOf(world.ports);
      const now = new Map<string, Told>();
      for (const one of order) {
        now.set(keyOf(one), one);
        await world.deliver(one, portsOf);
        await world.drain(portsOf);
        await rested(world, now);
      }
      if (!crash.happened) break;
      crashes++;
      const jobs = (await world.jobs()).map(({ links, money }) => [
        links.map((link) => link.record),
        money.map(({ charge, payment: received }) => [charge, received]),
      ]);
      expect(jobs, `crash ${when} call ${at}`).toHaveLength(2);
      expect(jobs, `crash ${when} call ${at}`).toContainEqual([
        ["s1/invoices/92", "s1/jobs/11", "s1/jobs/12", "s1/payments/95"],
        [[12_500, 2_500]],
      ]);
    }
  }
  expect(crashes).toBeGreaterThan(30);
}, 120_000);
