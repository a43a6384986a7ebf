import { beforeEach, describe, expect, test } from "vitest";
import type { JobFacts } from "#shared/domain/facts.ts";
import type { JobState } from "#shared/domain/job.ts";
import { addHours } from "#shared/domain/time.ts";
import type { Inbound } from "#shared/messages/inbound.ts";
import { jobReview } from "#shared/pipeline/review.ts";
import { type TakeInPorts, takeInAll } from "#shared/pipeline/take-in.ts";
import { arrivingWorld, at, company, due, jobOf, observed, read, ref, said } from "#test/support/arriving.ts";
import { customer, technician } from "#test/support/linking-world.ts";
import type { MemoryWorld } from "#test/support/memory-ports.ts";
import { root } from "#test/support/money-view.ts";

let ports: TakeInPorts;
let world: MemoryWorld;
beforeEach(() => {
  ({ ports, world } = arrivingWorld());
});
const job = (facts: Partial<JobFacts> = {}) => said({ ...root({}).facts, ...facts });
const person = (told: ReturnType<typeof customer>) => said(told.facts);
const all = (messages: readonly Inbound[], width = 8, through = ports) => takeInAll(through, company, messages, width);
const stored = async (id: string, connection = "s1"): Promise<JobState> =>
  (await ports.jobs.load(jobOf(id, connection))).state;

describe("two records of one call", () => {
  const ana = technician("s1", "t1", "Ana", "ana@example.com");
  const phone = { phones: ["3035550101"] };
  const crew = [{ record: null, email: "ana@example.com", name: "Ana" }];
  const call = (connection: string, more: Partial<JobFacts> = {}) =>
    job({
      customer: ref("customers", "c1", connection),
      customerName: "Dana",
      serviceDay: "2026-11-02",
      technicians: crew,
      ...more,
    });
  const people = (connection: string) =>
    observed(connection, [
      read("customers", "c1", person(customer(connection, "c1", "Dana", phone))),
      read("technicians", "t1", said(ana.facts)),
    ]);

  test("are joined when the second comes, and what is known then is one job", async () => {
    await all([people("s1"), people("s2"), observed("s1", [read("jobs", "1", call("s1"))])]);
    expect(await all([observed("s2", [read("jobs", "2", call("s2"))])])).toMatchObject({
      jobs: 1,
      changed: 1,
      joined: 1,
    });
    const one = await stored("1");
    const two = await stored("2", "s2");
    const [held, forwarded] = one.forwardTo === null ? [one, two] : [two, one];
    expect([forwarded.forwardTo, held.links.map(({ record }) => record)]).toEqual([
      held.id,
      ["s1/jobs/1", "s2/jobs/2"],
    ]);
  });

  test("are joined though both come in one batch, with the people they name behind them", async () => {
    const batch = [observed("s1", [read("jobs", "1", call("s1"))]), observed("s2", [read("jobs", "2", call("s2"))])];
    expect(await all([...batch, people("s1"), people("s2")])).toMatchObject({ jobs: 2, joined: 1 });
  });

  test("that no rule joins are put before a person when one has stood alone for an hour, not before", async () => {
    const misspelt = call("s2", { customerName: "Dana Whitfeild" });
    const named = call("s1", { customerName: "Dana Whitfield" });
    await all([observed("s1", [read("jobs", "1", named)]), observed("s2", [read("jobs", "2", misspelt)])]);
    const proposed = async () =>
      (await jobReview(ports, company)).map(({ left, right }) => [left.record, right.record]);
    world.clock.set(addHours(at, 0.9));
    await all([due(jobOf("1"))]);
    expect(await proposed()).toEqual([]);
    world.clock.set(addHours(at, 1));
    const again = { ...named, notices: ["n"] };
    await all([8, 9].map((number) => observed("s1", [read("jobs", "1", again, { read: number })])));
    expect(await proposed()).toEqual([]);
    await all([observed("s1", [read("jobs", "1", named, { read: 10 })]), due(jobOf("1"))]);
    expect(await proposed()).toEqual([["s1/jobs/1", "s2/jobs/2"]]);
  });

  test("whose hour has come are looked at by whatever message comes first, which would take that hour away", async () => {
    const expecting = {
      ...company,
      policy: { ...company.policy, expectedIn: [{ from: "s1", to: "s2", withinHours: 24 }] },
    };
    const named = call("s1", { customerName: "Dana Whitfield" });
    const both = [read("jobs", "1", named), read("jobs", "2", call("s2", { customerName: "Dana Whitfeild" }))] as const;
    await takeInAll(ports, expecting, [observed("s1", [both[0]]), observed("s2", [both[1]])], 8);
    expect((await stored("1")).dueAt).toBe(addHours(at, 1));
    const reading = (hours: number, number: number) => {
      world.clock.set(addHours(at, hours));
      const changed = { ...named, notices: [`n${number}`] };
      return takeInAll(ports, expecting, [observed("s1", [read("jobs", "1", changed, { read: number })])], 8);
    };
    await reading(0.9, 8);
    expect(await jobReview(ports, expecting)).toEqual([]);
    await reading(1.1, 9);
    expect((await stored("1")).dueAt).not.toBe(addHours(at, 1));
    expect(await jobReview(ports, expecting)).toHaveLength(1);
  });

  /** The ports, and what happens just after a record is entered in this set. */
  const whenEntered = (set: string, happens: () => Promise<unknown>): TakeInPorts => {
    let left = 1;
    const add: TakeInPorts["sets"]["add"] = async (name, member, data) => {
      await ports.sets.add(name, member, data);
      if (name === set && left-- > 0) await happens();
    };
    return { ...ports, sets: { ...ports.sets, add } };
  };

  test("are joined at once when the customer becomes known while twins are looked for", async () => {
    await all([people("s2"), observed("s2", [read("jobs", "2", call("s2"))])]);
    const meanwhile = whenEntered("of:s1/customers/c1", () => all([people("s1")]));
    const batch = [observed("s1", [read("jobs", "1", call("s1"))])];
    expect(await all(batch, 8, meanwhile)).toMatchObject({ jobs: 1, changed: 1, joined: 1, failed: new Map() });
    const names = (await Promise.all([stored("1"), stored("2", "s2")])).map(({ forwardTo }) => forwardTo !== null);
    expect(names.filter((isForwarded) => isForwarded)).toHaveLength(1);
  });

  test("are joined when the message comes again, of which the first try ended before the look", async () => {
    await all([people("s1"), people("s2"), observed("s1", [read("jobs", "1", call("s1"))])]);
    const batch = [observed("s2", [read("jobs", "2", call("s2"))])];
    const list: TakeInPorts["sets"]["list"] = async (set) => {
      if (set.startsWith("day:")) throw new Error("the store is away");
      return ports.sets.list(set);
    };
    const { failed } = await all(batch, 8, { ...ports, sets: { ...ports.sets, list } });
    expect([...failed.keys()]).toEqual([0]);
    expect((await ports.jobs.load(jobOf("2", "s2"))).version).toBe(1);
    expect(await all(batch)).toMatchObject({ changed: 0, joined: 1 });
  });

  test("are not looked for where a reading says nothing new of where its job stands", async () => {
    await all([people("s1"), observed("s1", [read("jobs", "1", call("s1"))])]);
    const days: string[] = [];
    const list: TakeInPorts["sets"]["list"] = (set) => {
      days.push(set);
      return ports.sets.list(set);
    };
    const listening = { ...ports, sets: { ...ports.sets, list } };
    const looked = () => days.filter((set) => set.startsWith("day:")).length;
    const noted = { ...call("s1"), notices: ["n"] };
    expect(await all([observed("s1", [read("jobs", "1", noted, { read: 8 })])], 8, listening)).toMatchObject({
      changed: 1,
    });
    expect(looked()).toBe(0);
    const moved = call("s1", { serviceDay: "2026-11-03" });
    await all([observed("s1", [read("jobs", "1", moved, { read: 9 })])], 8, listening);
    expect(looked()).toBeGreaterThan(0);
  });
});
