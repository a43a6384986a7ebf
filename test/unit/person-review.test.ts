import { describe, expect, test } from "vitest";
import { jobIdOf } from "#shared/domain/ids.ts";
import { linkPersons, personReview, rejectPersons } from "#shared/pipeline/person-review.ts";
import { resolvePeople } from "#shared/pipeline/place-person.ts";
import { customer, job, type LinkingWorld, linkingWorld, technician } from "#test/support/linking-world.ts";

const [mine, other] = ["s1/customers/c1", "s2/customers/c9"];
const said = (records: readonly [string, string] = [mine, other], why = "") => ({ records, by: "ana", why });
/** The same name beside phones one slip apart. */
const slip = (n: number) => ({ phones: [`303555010${n}`] });
const shown = async ({ ports }: LinkingWorld) =>
  (await personReview(ports)).map(({ left, right, score }) => [left.record, right.record, score]);

describe("the list of persons", () => {
  test("shows the best pair first, equal ones in the order of their records, every pair once", async () => {
    const world = linkingWorld();
    await world.tell(
      customer("s1", "c2", "Luis Vega", slip(2)),
      customer("s2", "c8", "Luis Vega", slip(3)),
      customer("s1", "c1", "Dana Whitfield", { ...slip(4), emails: ["dana@example.com"] }),
      customer("s2", "c9", "Dana Whitfield", { ...slip(5), emails: ["dana@exampl.com"] }),
      customer("s1", "c3", "Ada Byron", slip(6)),
      customer("s2", "c7", "Ada Byron", slip(7)),
    );
    expect(await shown(world)).toEqual([
      [mine, other, 100],
      ["s1/customers/c2", "s2/customers/c8", 70],
      ["s1/customers/c3", "s2/customers/c7", 70],
    ]);
  });

  test("shows none who are one by now, however they became it, and nobody who became unlike", async () => {
    const world = linkingWorld();
    await world.tell(customer("s1", "c1", "Dana Whitfield", slip(1)), customer("s2", "c9", "Dana Whitfield", slip(2)));
    expect(await shown(world)).toHaveLength(1);
    await world.tell(customer("s2", "c9", "Dana Whitfield", { phones: ["3035550102", "3035550101"] }));
    expect(await shown(world)).toEqual([]);
    const unlike = linkingWorld();
    await unlike.tell(customer("s1", "c1", "Dana Whitfield", slip(1)), customer("s2", "c9", "Dana Whitfield", slip(2)));
    await unlike.tell(customer("s2", "c9", "Dana Whitfield", { phones: ["7205559999"] }));
    expect(await shown(unlike)).toEqual([]);
  });

  test("leaves out two who are held apart, and shows each of them with a third", async () => {
    const world = linkingWorld();
    await world.tell(...["s1", "s2", "s3"].map((system, n) => customer(system, `c${n}`, "Dana Whitfield", slip(n))));
    const [a, b, c] = ["s1/customers/c0", "s2/customers/c1", "s3/customers/c2"];
    expect(await shown(world)).toEqual([
      [a, b, 70],
      [a, c, 70],
      [b, c, 70],
    ]);
    expect(await rejectPersons(world.ports, world.company, said([b!, a!], "father and son"))).toEqual({
      done: true,
      person: b,
    });
    expect(await shown(world)).toEqual([
      [a, c, 70],
      [b, c, 70],
    ]);
    const at = await world.ports.clock.now();
    for (const [one, two] of [
      [a, b],
      [b, a],
    ]) {
      expect(await world.ports.sets.list(`apart:${one}`)).toEqual([
        { member: two, data: { by: "ana", at, why: "father and son" } },
      ]);
    }
  });
});

describe("two records that a person calls one", () => {
  const two = async () => {
    const world = linkingWorld();
    await world.tell(customer("s1", "c1", "Dana Whitfield", slip(1)), customer("s2", "c9", "Dana Whitfield", slip(2)));
    await world.tell(job("s1", "10", { of: "c1" }), job("s2", "20", { of: "c9", serviceDay: "2026-12-24" }));
    return world;
  };
  const who = async ({ ports }: LinkingWorld, record: string) => {
    const [claim] = await ports.claims.load([record]);
    return (await resolvePeople(ports.claims, [claim?.person ?? ""]))[0];
  };

  test("are the first one's person; their jobs tell it and are looked at again", async () => {
    const world = await two();
    const person = await who(world, mine);
    const sent = world.queues.sent.inbound.length;
    expect(await linkPersons(world.ports, world.company, said([mine, other], "I asked"))).toEqual({
      done: true,
      person,
    });
    expect([await who(world, mine), await who(world, other)]).toEqual([person, person]);
    for (const record of ["s1/jobs/10", "s2/jobs/20"]) {
      const [told] = (await world.ports.jobs.history(jobIdOf(record))).slice(-1);
      expect(told).toMatchObject({
        ...{ cause: "person", records: [mine, other] },
        lines: expect.arrayContaining([`${mine} and ${other} are one person, says ana: I asked`]),
      });
    }
    expect(
      world.queues.sent.inbound
        .slice(sent)
        .map((one) => one.kind === "due" && one.job)
        .toSorted(),
    ).toEqual(["s1/jobs/10", "s2/jobs/20"].map(jobIdOf).toSorted());
    expect(await shown(world)).toEqual([]);
  });

  test("stay that, whatever is read of them later, and need no reason", async () => {
    const world = await two();
    await linkPersons(world.ports, world.company, said());
    const person = await who(world, mine);
    const [told] = (await world.ports.jobs.history(jobIdOf("s1/jobs/10"))).slice(-1);
    expect(told?.lines[0]).toBe(`${mine} and ${other} are one person, says ana`);
    await world.tell(customer("s2", "c9", "Somebody Else", { phones: ["7205559999"] }));
    expect(await who(world, other)).toBe(person);
  });

  test("are held apart no longer", async () => {
    const world = await two();
    await rejectPersons(world.ports, world.company, said());
    await linkPersons(world.ports, world.company, said());
    expect([
      ...(await world.ports.sets.list(`apart:${mine}`)),
      ...(await world.ports.sets.list(`apart:${other}`)),
    ]).toEqual([]);
  });

  test.each([
    [["s1/customers/new", other], "s1/customers/new"],
    [[mine, "s2/customers/new"], "s2/customers/new"],
  ] as const)("are not when one was never seen: %j", async (records, unknown) => {
    const world = await two();
    const before = await who(world, mine);
    expect(await linkPersons(world.ports, world.company, said(records))).toEqual({
      ...{ done: false, why: `${unknown} is no customer or technician that was seen` },
    });
    expect(await who(world, mine)).toBe(before);
  });

  test("may be technicians, of whom the first is found to be somebody by then", async () => {
    const world = linkingWorld();
    await world.tell(
      technician("s1", "t1", "Ana Reyes", "ana@example.com"),
      technician("s2", "t2", "Ana Reyes", "ana@exampl.com"),
    );
    const records = ["s1/technicians/t1", "s2/technicians/t2"] as const;
    expect(await shown(world)).toEqual([[...records, 70]]);
    await linkPersons(world.ports, world.company, said(records));
    expect(await who(world, records[1])).toBe(await who(world, records[0]));
    expect(await shown(world)).toEqual([]);
    await world.tell(technician("s2", "t2", "Ana Reyes", "reyes@example.com"));
    expect(await who(world, records[1])).toBe(await who(world, records[0]));
  });

  test("take the person that the first has become since", async () => {
    const world = await two();
    await world.tell(customer("s3", "c5", "Dana Whitfield", slip(1)));
    const merged = await who(world, mine);
    expect(await linkPersons(world.ports, world.company, said())).toEqual({ done: true, person: merged });
    expect(await who(world, "s3/customers/c5")).toBe(await who(world, other));
  });
});
