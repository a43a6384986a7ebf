import { describe, expect, test } from "vitest";
import { likeness } from "#shared/domain/likeness.ts";
import { linkPersons, personReview, rejectPersons } from "#shared/pipeline/person-review.ts";
import { jobReview, linkRecords, rejectPair } from "#shared/pipeline/review.ts";
import { proposedFrom, type Side, scoreOf } from "#shared/pipeline/score.ts";
import { customer, job, type LinkingWorld, linkingWorld } from "#test/support/linking-world.ts";

const side = (more: Partial<Side>): Side => ({
  record: "s1/jobs/1",
  connection: "s1",
  person: null,
  name: null,
  day: null,
  crew: [],
  title: null,
  charge: null,
  final: true,
  ...more,
});
const dana = { person: "p1", name: "Dana Whitfield", day: "2026-11-02", crew: ["pa"], charge: 45_000 };
const points = (a: Partial<Side>, b: Partial<Side>): number =>
  scoreOf(side(a), side({ record: "s2/jobs/2", connection: "s2", ...b }))?.score ?? 0;

describe("the score of two records", () => {
  test("never proposes by names alone, however equal, nor by names and day", () => {
    const { name, day } = dana;
    expect(points({ name }, { name })).toBeLessThan(proposedFrom);
    expect(points({ name, day }, { name, day })).toBeLessThan(proposedFrom);
    expect(points({ name, title: "Leak" }, { name, title: "Leak" })).toBeLessThan(proposedFrom);
  });

  test("proposes the same customer on the same day, and a customer misspelt when crew or amount agree", () => {
    const { person, day, crew, charge } = dana;
    expect(points({ person, day }, { person, day })).toBeGreaterThanOrEqual(proposedFrom);
    const misspelt = { name: "Dana Whitfeild", day };
    expect(points({ name: dana.name, day, crew }, { ...misspelt, crew })).toBeGreaterThanOrEqual(proposedFrom);
    expect(points({ name: dana.name, day, charge }, { ...misspelt, charge })).toBeGreaterThanOrEqual(proposedFrom);
  });

  test("refuses what another name, a week or the same system speaks against", () => {
    expect(points(dana, { ...dana, person: "p2", name: "Luis Vega" })).toBe(0);
    expect(points(dana, { ...dana, day: "2026-11-09" })).toBe(0);
    expect(points(dana, { ...dana, connection: "s1" })).toBe(0);
  });

  test("says what each point is for, and does not know a system's own number", () => {
    const found = scoreOf(side(dana), side({ ...dana, connection: "s2", day: "2026-11-03" }));
    expect(found).toEqual({
      score: 98,
      evidence: [
        "the same customer Dana Whitfield",
        "days 2026-11-02 and 2026-11-03",
        "technicians pa",
        "amount 450.00",
      ],
    });
    expect(Object.keys(side({}))).not.toContain("number");
  });

  test("reads a name in any order, without its accents, with a slip of the pen", () => {
    expect(likeness("Okafor, Daniel", "daniel okafor")).toBe(1);
    expect(likeness("José Núñez", "Jose Nunez")).toBe(1);
    expect(likeness("Dana Whitfield", "Dana Whitfeild")).toBeGreaterThan(0.92);
    expect(likeness("Dana Whitfield", "Peter Whitfield")).toBeLessThan(0.8);
    expect(likeness("", "Dana")).toBe(0);
  });
});

const phone = { phones: ["3035550101"] };

/** The same customer a day apart: no rule links it. */
async function proposed(): Promise<LinkingWorld> {
  const world = linkingWorld();
  await world.tell(
    customer("s1", "c1", "Dana Whitfield", phone),
    customer("s2", "c9", "Dana Whitfield", phone),
    job("s1", "10", { of: "c1" }),
    job("s2", "20", { of: "c9", serviceDay: "2026-11-03" }),
  );
  return world;
}

const records = ["s1/jobs/10", "s2/jobs/20"] as const;
const said = { records, by: "ana", why: "" };

describe("the review list", () => {
  test("shows what no rule links, with the evidence, and links it when a person accepts", async () => {
    const world = await proposed();
    expect(await world.jobs()).toHaveLength(2);
    const [pair] = await jobReview(world.ports, world.company);
    expect(pair).toMatchObject({ left: { record: records[0] }, right: { record: records[1] }, score: 98 });
    expect(pair?.evidence[1]).toBe("days 2026-11-02 and 2026-11-03");
    expect(await linkRecords(world.ports, world.company, said)).toMatchObject({ done: true });
    await world.drain();
    const [joined] = await world.jobs();
    expect(joined?.links.map((link) => link.rule)).toEqual(["first", "accepted"]);
    expect(joined?.links[1]?.evidence.slice(0, 2)).toEqual(["by ana", "98 points"]);
    expect(await jobReview(world.ports, world.company)).toEqual([]);
    expect(await world.ports.sets.list("review")).toEqual([]);
  });

  test("remembers a rejection: neither proposed nor joined by a rule again, until a person links by hand", async () => {
    const world = await proposed();
    expect(await rejectPair(world.ports, world.company, said)).toMatchObject({ done: true });
    expect(await jobReview(world.ports, world.company)).toEqual([]);
    await world.tell(job("s2", "20", { of: "c9", serviceDay: "2026-11-02" }));
    expect(await world.jobs()).toHaveLength(2);
    expect(await jobReview(world.ports, world.company)).toEqual([]);
    expect(await linkRecords(world.ports, world.company, said)).toMatchObject({ done: true });
    expect(await world.jobs()).toHaveLength(1);
  });

  test("tells two calls of one day apart by their amounts, and by nothing less", async () => {
    for (const [second, links] of [
      [
        9_900,
        [
          ["s1/jobs/10", "s2/jobs/21"],
          ["s1/jobs/11", "s2/jobs/20"],
        ],
      ],
      [45_000, []],
    ] as const) {
      const world = linkingWorld();
      await world.tell(customer("s1", "c1", "Dana Whitfield", phone), customer("s2", "c9", "Dana Whitfield", phone));
      await world.tell(
        job("s1", "10", { of: "c1", charge: 45_000, title: "Leak" }),
        job("s1", "11", { of: "c1", charge: second, title: "Sump pump" }),
        job("s2", "20", { of: "c9", charge: second }),
        job("s2", "21", { of: "c9", charge: 45_000 }),
      );
      const joined = (await world.jobs()).map((one) => Object.keys(one.observations)).filter((all) => all.length > 1);
      expect(joined).toEqual(links);
      const review = await jobReview(world.ports, world.company);
      expect(review.length).toBe(links.length > 0 ? 0 : 4);
    }
  });

  test("is where two records go that people and day would join, but whose amounts speak against it", async () => {
    const world = linkingWorld();
    await world.tell(customer("s1", "c1", "Dana Whitfield", phone), customer("s2", "c9", "Dana Whitfield", phone));
    await world.tell(job("s1", "10", { of: "c1", charge: 45_000 }), job("s2", "20", { of: "c9", charge: 9_900 }));
    expect(await world.jobs()).toHaveLength(2);
    const [pair] = await jobReview(world.ports, world.company);
    expect(pair?.evidence.at(-1)).toBe("amounts differ: 450.00 and 99.00");
  });

  test("never holds two systems' equal numbers against each other", async () => {
    const world = linkingWorld();
    await world.tell(
      customer("s1", "c1", "Harlan Pike", { phones: ["3035550111"] }),
      customer("s2", "c9", "Luis Vega", { phones: ["3035550122"] }),
      job("s1", "1001", { of: "c1", customerName: "Harlan Pike" }),
      job("s2", "1001", { of: "c9", customerName: "Luis Vega" }),
    );
    expect(await world.jobs()).toHaveLength(2);
    expect(await jobReview(world.ports, world.company)).toEqual([]);
  });
});

describe("the review list of customers and technicians", () => {
  const asked = { records: ["s1/customers/c1", "s2/customers/c9"], by: "ana", why: "" } as const;

  test("shows a slip in a phone number beside the same name, and links their jobs when a person accepts", async () => {
    const world = linkingWorld();
    await world.tell(
      customer("s1", "c1", "Dana Whitfield", { phones: ["3035550101"] }),
      customer("s2", "c9", "Whitfield, Dana", { phones: ["3035550110"] }),
      job("s1", "10", { of: "c1" }),
      job("s2", "20", { of: "c9" }),
    );
    expect(await world.jobs()).toHaveLength(2);
    const pairs = await personReview(world.ports);
    expect(pairs).toMatchObject([{ left: { record: asked.records[0] }, right: { record: asked.records[1] } }]);
    expect(pairs[0]?.evidence).toEqual(["names Dana Whitfield and Whitfield, Dana", "phone 3035550101 and 3035550110"]);
    expect(await linkPersons(world.ports, world.company, asked)).toMatchObject({ done: true });
    await world.drain();
    expect((await world.jobs()).map((one) => one.links.map((link) => link.rule))).toEqual([
      ["first", "people-and-day"],
    ]);
    expect(await personReview(world.ports)).toEqual([]);
  });

  test("shows nobody for a name alone, and nobody again who was rejected", async () => {
    const world = linkingWorld();
    await world.tell(
      customer("s1", "c1", "Dana Whitfield", { phones: ["3035550101"] }),
      customer("s2", "c8", "Dana Whitfield", { phones: ["7205559999"] }),
      customer("s2", "c9", "Dana Whitfield", { phones: ["3035550100"] }),
    );
    expect((await personReview(world.ports)).map(({ right }) => right.record)).toEqual(["s2/customers/c9"]);
    await rejectPersons(world.ports, world.company, asked);
    expect(await personReview(world.ports)).toEqual([]);
  });

  test("and the jobs of both know who said that they are two, and why", async () => {
    const world = linkingWorld();
    await world.tell(
      customer("s1", "c1", "Dana Whitfield", { phones: ["3035550101"] }),
      customer("s2", "c9", "Dana Whitfield", { phones: ["3035550100"] }),
      job("s1", "10", { of: "c1" }),
      job("s2", "20", { of: "c9" }),
    );
    await rejectPersons(world.ports, world.company, { ...asked, why: "mother and daughter" });
    const line = "s1/customers/c1 and s2/customers/c9 are different people, says ana: mother and daughter";
    expect((await world.jobs()).map((one) => one.lastChange?.lines)).toEqual([[line], [line]]);
  });

  test("a household's phone names each of them only together with the name", async () => {
    const world = linkingWorld();
    await world.tell(
      customer("s1", "c1", "Dana Whitfield", phone),
      customer("s1", "c2", "Peter Whitfield", phone),
      customer("s2", "c9", "Peter Whitfield", phone),
      job("s1", "10", { of: "c1" }),
      job("s1", "11", { of: "c2" }),
      job("s2", "20", { of: "c9" }),
    );
    const joined = (await world.jobs()).map((one) => Object.keys(one.observations)).filter((all) => all.length > 1);
    expect(joined).toEqual([["s1/jobs/11", "s2/jobs/20"]]);
  });

  test("a customer merged into another in its own system takes its jobs' people along", async () => {
    const world = linkingWorld();
    const into = { connection: "s1", stream: "customers", id: "c1" };
    await world.tell(
      customer("s1", "c1", "Dana Whitfield", phone),
      customer("s1", "c2", "D. Whitfield", { mergedTo: into, presence: "inactive" }),
      customer("s2", "c9", "Dana Whitfield", phone),
      job("s1", "10", { of: "c2" }),
      job("s2", "20", { of: "c9" }),
    );
    expect((await world.jobs()).map((one) => one.links.map((link) => link.rule))).toEqual([
      ["first", "people-and-day"],
    ]);
  });
});
