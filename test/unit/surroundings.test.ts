import { describe, expect, test } from "vitest";
import type { JobFacts, TechnicianName } from "#shared/domain/facts.ts";
import { digestOf, personIdOf, type RecordRef } from "#shared/domain/ids.ts";
import type { Intent } from "#shared/domain/intent.ts";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import { knownFrom } from "#shared/domain/observation.ts";
import type { Describer } from "#shared/pipeline/arrive.ts";
import type { SetStore } from "#shared/pipeline/ports.ts";
import { heldOf, peopleOf, remembering, surroundingsOf } from "#shared/pipeline/surroundings.ts";
import { customer, job, linkingWorld, technician } from "#test/support/linking-world.ts";
import { root } from "#test/support/money-view.ts";

/** What reconcile has to know beside the job. */
type Placing = Parameters<typeof root>[1];
const ref = (connection: string, stream: string, id: string): RecordRef => ({ connection, stream, id });
const holding = (
  roots: readonly (readonly [Partial<JobFacts>, Placing])[],
  people: JobState["people"] = {},
): JobState => ({
  ...emptyJob("j"),
  people,
  observations: Object.fromEntries(
    roots.map(([facts, placing]) => {
      const { key, observation } = root(facts, placing);
      const presence = placing?.live === false ? "deleted" : "present";
      return [key, knownFrom({ ...observation, facts: { ...observation.facts, presence } })];
    }),
  ),
});

describe("what is the same for every job of a message", () => {
  const { ports, company } = linkingWorld();
  test("policy, epoch and time, and a minute of quiet", async () => {
    const control = { ...ports.control, state: async () => ({ stopped: false, why: null, epoch: 7 }) };
    const found = await surroundingsOf({ ...ports, control }, company);
    expect(found).toMatchObject({ now: "2026-11-02T08:00:00.000Z", epoch: 7, quietSeconds: 60 });
    expect(found.policyVersion).toBe(digestOf(company.policy));
    expect(found.company).toBe(company);
  });

  test("the words of each connection whose vendor is known", async () => {
    const known = ports.describer("model-observed");
    const [first, second] = company.connections;
    if (!first || !second) throw new Error("four connections");
    const others = { ...company, connections: [{ ...first, vendor: "other" }, second] };
    const describer = (vendor: string): Describer | undefined => (vendor === "other" ? undefined : known);
    const found = await surroundingsOf({ ...ports, describer }, others);
    expect(found.vocabularies).toEqual({ s2: known?.vocabulary });
    expect(found.feeds["s1"]).toEqual({ completeAt: null, arrivedAt: null, arrivesAt: null, everyMinutes: 0 });
  });

  test("what a record shows, as its vendor's folder writes the target, else nothing", async () => {
    const intent = { target: "status", record: ref("s1", "jobs", "1"), wanted: "Done" } as Intent;
    const described = ports.describer("model-observed");
    if (!described) throw new Error("the world describes its vendor");
    const writers = {
      status: { shows: (records: readonly unknown[], of: { target: string }) => `${records.length} ${of.target}` },
    };
    const { shows } = await surroundingsOf({ ...ports, describer: () => ({ ...described, writers }) }, company);
    expect(shows(intent, [])).toBe("0 status");
    expect(shows({ ...intent, target: "reference" }, [])).toBe("");
    expect(shows({ ...intent, record: ref("s9", "jobs", "1") }, [])).toBe("");
  });

  test("people's records keep no connection back, jobs and money do; it is read as seldom as the seldomest of these", async () => {
    const described = ports.describer("model-observed");
    if (!described) throw new Error("the world describes its vendor");
    const { jobs, customers, invoices } = described.streams;
    if (!jobs || !customers || !invoices) throw new Error("the world has these streams");
    const streams = {
      jobs,
      customers: { ...customers, everyMinutes: 90 },
      invoices: { ...invoices, everyMinutes: 45 },
    };
    const at = "2026-11-02T07:00:00.000Z";
    const feeds = await Promise.all(
      ["jobs", "invoices"].flatMap((name) =>
        ["s1", "s2"].map(async (id) => ({
          ...(await ports.feeds.load(id, name)),
          completeAt: id === "s1" ? at : null,
        })),
      ),
    );
    const found = await surroundingsOf(
      { ...ports, describer: () => ({ ...described, streams }), feeds: { ...ports.feeds, all: async () => feeds } },
      company,
    );
    expect(found.feeds["s1"]).toEqual({ completeAt: at, arrivedAt: at, arrivesAt: null, everyMinutes: 45 });
    expect(found.feeds["s2"]).toMatchObject({ completeAt: null, arrivedAt: null });
  });
});

describe("money held by the job's customers", () => {
  const { ports, company } = linkingWorld();
  const [mine, other] = [ref("s1", "customers", "c1"), ref("s1", "customers", "c2")];
  const held = { unapplied: 5, total: 9, shares: [["s1/invoices/1", 4] as const] };
  const of = async (...roots: readonly (readonly [Partial<JobFacts>, Placing])[]) =>
    (await heldOf(ports, holding(roots), company)).map(({ payment }) => payment);

  test("is that of the reference's system, of live roots, and of each customer once", async () => {
    await ports.sets.add("held:s1/customers/c1", "s1/payments/1", held);
    await ports.sets.add("held:s1/customers/c2", "s1/payments/2", held);
    await ports.sets.add("held:s2/customers/c3", "s2/payments/3", held);
    expect(
      await of([{ customer: mine }, { connection: "s1" }], [{ customer: mine }, { connection: "s1", id: "2" }]),
    ).toEqual(["s1/payments/1"]);
    expect(
      await of([{ customer: mine }, { connection: "s1" }], [{ customer: other }, { connection: "s1", id: "2" }]),
    ).toEqual(["s1/payments/1", "s1/payments/2"]);
    expect(await of([{ customer: mine }, { connection: "s1", live: false }])).toEqual([]);
    expect(await of([{ customer: ref("s2", "customers", "c3") }, { connection: "s2" }])).toEqual([]);
    expect(await of([{ customer: null }, { connection: "s1" }])).toEqual([]);
    expect(await heldOf(ports, holding([[{ customer: mine }, { connection: "s1" }]]), company)).toEqual([
      { payment: "s1/payments/1", connection: "s1", customer: "s1/customers/c1", losing: [], ...held },
    ]);
  });
  test("is nothing in a company without a reference", async () => {
    const costs = {
      ...company,
      connections: company.connections.map((one) => ({ ...one, reference: false, book: "cost" as const })),
    };
    expect(await heldOf(ports, holding([[{ customer: mine }, { connection: "s1" }]]), costs)).toEqual([]);
  });
});

test("who stands for a person is asked once while a message is taken in; what else shares a set, each time", async () => {
  const asked: string[] = [];
  const store: SetStore = {
    ...linkingWorld().ports.sets,
    list: async (set) => {
      asked.push(set);
      return [{ member: set, data: {} }];
    },
  };
  const sets = remembering(store);
  for (const set of ["person:p1", "person:p1", "day:p1", "day:p1", "person:p2"])
    expect(await sets.list(set)).toEqual([{ member: set, data: {} }]);
  expect(asked).toEqual(["person:p1", "day:p1", "day:p1", "person:p2"]);
  expect(sets.add).toBe(store.add);
});

describe("who the people named in a job are", () => {
  const ana = "ana@example.com";
  const person = personIdOf(`technician:${ana}`);
  const named = (connection: string, id: string | null, email: string | null): TechnicianName => ({
    ...{ record: id === null ? null : ref(connection, "technicians", id), email, name: null },
  });
  /** Two customers that are one, a technician in two systems, and one in a system that is not configured. */
  async function town() {
    const world = linkingWorld();
    const phone = { phones: ["3035550101"] };
    await world.tell(
      customer("s1", "c1", "Dana Whitfield", phone),
      customer("s2", "c1", "Dana Whitfield", phone),
      technician("s1", "t1", "Ana", ana),
      technician("s2", "t9", "Ana", ana),
    );
    await world.ports.sets.add(`person:${person}`, "s9/technicians/t3", {});
    return world;
  }
  const asked = async (state: JobState, again = true) => {
    const world = await town();
    return peopleOf(world.ports, state, world.company, again);
  };
  const crewed = (technicians: readonly TechnicianName[] | null, customerId: string | null = null, people = {}) =>
    holding(
      [[{ technicians, customer: customerId ? ref("s1", "customers", customerId) : null }, { connection: "s1" }]],
      people,
    );

  test("customers by their records, one person in all systems", async () => {
    const both = holding([
      [{ customer: ref("s1", "customers", "c1") }, { connection: "s1" }],
      [{ customer: ref("s2", "customers", "c1") }, { connection: "s2" }],
    ]);
    const found = await asked(both);
    expect(Object.keys(found).sort()).toEqual(["s1/customers/c1", "s2/customers/c1"]);
    expect(found["s1/customers/c1"]).toBe(found["s2/customers/c1"]);
    expect(found["s1/customers/c1"]).toMatch(/^p/);
  });
  test("technicians by record or address, with all records of theirs in configured systems, so that each can be named", async () => {
    const everywhere = { "s1/technicians/t1": person, "s2/technicians/t9": person };
    expect(await asked(crewed([named("s1", "t1", null)]))).toEqual(everywhere);
    expect(await asked(crewed([named("s1", null, ana)]))).toEqual({ ...everywhere, [ana]: person });
    expect(await asked(crewed([named("s1", "t1", ana)]))).toEqual({ ...everywhere, [ana]: person });
  });
  test("one whom nobody has read is nobody yet, by address somebody", async () => {
    expect(await asked(crewed([named("s1", "t7", null)], "c7"))).toEqual({});
    const ben = personIdOf("technician:ben@example.com");
    expect(await asked(crewed([named("s1", "t7", "ben@example.com")]))).toEqual({ "ben@example.com": ben });
    expect(await asked(crewed(null))).toEqual({});
  });
  test("who is known already is asked about only when asked for again", async () => {
    const known = { "s1/customers/c1": "p-old", "s1/technicians/t1": "p-old", [ana]: "p-old" };
    const state = crewed([named("s1", "t1", ana)], "c1", known);
    expect(await asked(state, false)).toEqual({});
    expect(Object.keys(await asked(state)).sort()).toEqual(
      [ana, "s1/customers/c1", "s1/technicians/t1", "s2/technicians/t9"].sort(),
    );
    const half = crewed([named("s1", "t1", ana)], "c1", { "s1/customers/c1": "p-old", "s1/technicians/t1": "p-old" });
    expect(await asked(half, false)).toMatchObject({ [ana]: person, "s1/technicians/t1": person });
  });
  test("assignments name technicians like the job itself", async () => {
    const world = await town();
    await world.tell(job("s1", "10", { technicians: null, of: "c1" }));
    const [state] = await world.jobs();
    if (!state) throw new Error("a job was told");
    const { observation } = root({}, { connection: "s1" });
    const facts = {
      kind: "assignment",
      presence: "present",
      technician: named("s1", "t1", null),
      visit: null,
    } as const;
    const assigned = knownFrom({
      ...observation,
      record: ref("s1", "assignments", "a"),
      hangsOn: ["s1/jobs/10"],
      facts,
    });
    const observations = { ...state.observations, "s1/assignments/a": assigned };
    expect(await peopleOf(world.ports, { ...state, observations }, world.company, false)).toEqual({
      "s1/technicians/t1": person,
      "s2/technicians/t9": person,
    });
  });
});
