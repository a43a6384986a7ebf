import { describe, expect, test } from "vitest";
import type { Facts, Schedule } from "#shared/domain/facts.ts";
import type { Attempt } from "#shared/domain/intent.ts";
import { emptyJob } from "#shared/domain/job.ts";
import { type Known, knownFrom } from "#shared/domain/observation.ts";
import { explain } from "#shared/pipeline/explain.ts";
import { reconcile } from "#shared/pipeline/reconcile.ts";
import { type Card, type Visit, VisitingWorld, type Zones } from "#test/support/visiting-world.ts";

/** A company and its office in Denver, a business unit in the desert, a branch in Chicago's zone. */
const three: Zones = {
  ...{ company: "America/Denver", office: "America/Denver", unit: "America/Phoenix", branch: "America/Chicago" },
};
const visit = (start: string, end: string | null = null): Visit => ({ start, end });
const card = (day: string, start: string | null = null, end: string | null = null): Card => ({ day, start, end });

function read(zones: Zones, office: Visit, branch: Card): VisitingWorld {
  const world = new VisitingWorld(zones, office, branch);
  world.read();
  return world;
}

function told(world: VisitingWorld) {
  const { fields } = explain(world.state, [], world.company, world.context(), {});
  return {
    agreed: fields.find(({ field }) => field === "schedule")?.agreed,
    intents: world.state.intents.map(({ record, read: from, wanted }) => [record.connection, from, wanted]),
  };
}

describe("what an older release stored", () => {
  const wallOnly = ({ schedule }: { readonly schedule: Schedule | null }) => ({
    schedule: schedule && { day: schedule.day, start: schedule.start, end: schedule.end },
  });

  /** Facts as they were: a wall clock of the connection, no instants beside it, no zone on the job. */
  function older(facts: Facts): Facts {
    if (facts.kind === "visit") return { ...facts, ...wallOnly(facts) };
    if (facts.kind !== "job") return facts;
    const { zone: _zone, ...others } = facts;
    return { ...others, ...wallOnly(facts) };
  }

  function stored(office: Visit, branch: Card): VisitingWorld {
    const world = read(three, office, branch);
    const observations = Object.entries(world.state.observations).map(([key, { said }]): [string, Known] => {
      if (!said) throw new Error(`nothing is known of ${key}`);
      return [key, knownFrom({ ...said, facts: older(said.facts) })];
    });
    const arrivals = { observations: Object.fromEntries(observations) };
    world.state = reconcile(emptyJob("j1"), arrivals, world.context()).state;
    return world;
  }

  test("means what it meant, and what is read anew is no edit", () => {
    const world = stored(visit("2026-07-01T16:00:00Z", "2026-07-01T18:00:00Z"), card("2026-07-01", "11:00", "13:00"));
    const { fields, bases } = world.state;
    expect(told(world)).toMatchObject({ agreed: "2026-07-01 10:00-12:00", intents: [] });
    world.read();
    expect(world.state).toMatchObject({ fields, bases, intents: [] });
  });

  test("is written on the clock it was planned on, and seen there", () => {
    const world = read(
      three,
      visit("2026-07-01T16:00:00Z", "2026-07-01T18:00:00Z"),
      card("2026-07-01", "11:00", "13:00"),
    );
    world.branch = card("2026-07-02", "11:00", "13:00");
    world.read(["branch"]);
    const [planned] = world.state.intents;
    if (!planned) throw new Error("nothing is planned");
    const { schedule } = planned.arguments;
    // As it was planned then: on the connection's clock, and without a word of the unit's.
    const intent = {
      ...planned,
      read: "2026-07-01 10:00-12:00",
      wanted: "2026-07-02 10:00-12:00",
      arguments: { schedule },
    };
    const before = { modified: null, read: 1_000, shown: intent.read };
    const attempt: Attempt = {
      ...{ intent, number: 1, startedAt: planned.plannedAt, before, state: "sent", dueAt: "2027-01-01T00:00:00.000Z" },
      ...{ lagRead: null, requestId: null },
    };
    world.state = { ...world.state, intents: [], attempts: [attempt] };
    world.office = visit("2026-07-02T16:00:00Z", "2026-07-02T18:00:00Z");
    world.read(["visit"]);
    expect(world.state.attempts).toHaveLength(1);
    world.state = { ...world.state, attempts: [{ ...attempt, before: { ...before, read: 1 } }] };
    world.read(["visit"]);
    expect(world.state).toMatchObject({ attempts: [], intents: [], receipts: [{ outcome: "applied" }] });
  });

  test("is planned from on the clock it was read on, once its job has a zone", () => {
    const world = stored(visit("2026-07-01T16:00:00Z", "2026-07-01T18:00:00Z"), card("2026-07-01", "11:00", "13:00"));
    world.branch = card("2026-07-02", "11:00", "13:00");
    world.read(["branch"]);
    expect(told(world).intents).toEqual([["office", "2026-07-01 10:00-12:00", "2026-07-02 10:00-12:00"]]);
    world.read(["job"]);
    expect(told(world).intents).toEqual([["office", "2026-07-01 09:00", "2026-07-02 09:00-11:00"]]);
    world.read(["visit"]);
    expect(told(world).intents).toEqual([["office", "2026-07-01 09:00-11:00", "2026-07-02 09:00-11:00"]]);
  });
});
