import { describe, expect, test } from "vitest";
import { viewOf } from "#shared/domain/view.ts";
import { explain } from "#shared/pipeline/explain.ts";
import { dayOf, membershipsOf } from "#shared/pipeline/link.ts";
import { type Card, type Visit, VisitingWorld, type Which, type Zones } from "#test/support/visiting-world.ts";

/** A company in Denver; its business unit in the desert, where no clock is set; a branch in Chicago's zone. */
const three: Zones = {
  ...{ company: "America/Denver", office: "America/Denver", unit: "America/Phoenix", branch: "America/Chicago" },
};
const visit = (start: string, end: string | null = null): Visit => ({ start, end });
const card = (day: string, start: string | null = null, end: string | null = null): Card => ({ day, start, end });

/** Read once, in the office's part first. */
function read(zones: Zones, office: Visit, branch: Card): VisitingWorld {
  const world = new VisitingWorld(zones, office, branch);
  world.read();
  return world;
}

/** What a person is told of the job: the agreed time, and what each system says of it. */
function told(world: VisitingWorld) {
  const { fields, notices } = explain(world.state, [], world.company, world.context(), {});
  const schedule = fields.find(({ field }) => field === "schedule");
  return {
    agreed: schedule?.agreed,
    says: schedule?.values.map(({ connection, says, agrees }) => [connection, says, agrees]),
    notices,
    intents: world.state.intents.map(({ record, read: from, wanted }) => [record.connection, from, wanted]),
  };
}

describe("a visit of a business unit in a third zone", () => {
  test.each<readonly [string, Visit, Card, string, string]>([
    [
      "in winter",
      visit("2026-12-01T16:00:00Z", "2026-12-01T18:00:00Z"),
      card("2026-12-01", "10:00", "12:00"),
      ...(["2026-12-01 09:00-11:00", "2026-12-01 09:00-11:00"] as const),
    ],
    [
      "in summer",
      visit("2026-07-01T16:00:00Z", "2026-07-01T18:00:00Z"),
      card("2026-07-01", "11:00", "13:00"),
      ...(["2026-07-01 10:00-12:00", "2026-07-01 10:00-12:00"] as const),
    ],
    [
      "on three days",
      visit("2026-07-02T05:30:00Z", "2026-07-02T06:30:00Z"),
      card("2026-07-02", "00:30", "01:30"),
      ...(["2026-07-01 23:30-00:30", "2026-07-01 23:30-00:30"] as const),
    ],
    [
      "over the hour that is skipped",
      visit("2026-03-08T08:30:00Z", "2026-03-08T09:30:00Z"),
      card("2026-03-08", "03:30", "04:30"),
      ...(["2026-03-08 01:30-03:30", "2026-03-08 01:30-03:30"] as const),
    ],
    [
      "over the hour that the branch repeats",
      visit("2026-11-01T06:30:00Z", "2026-11-01T07:30:00Z"),
      card("2026-11-01", "01:30", "01:30"),
      ...(["2026-11-01 00:30-01:30", "2026-11-01 00:30 or 01:30-00:30 or 01:30"] as const),
    ],
    [
      "over the hour that the company repeats",
      visit("2026-11-01T07:30:00Z", "2026-11-01T08:30:00Z"),
      card("2026-11-01", "01:30", "02:30"),
      ...(["2026-11-01 01:30-01:30 (second)", "2026-11-01 00:30 or 01:30-01:30 (second)"] as const),
    ],
  ])("is one visit, on the company's clock: %s", (_name, office, branch, inOffice, inBranch) => {
    const world = read(three, office, branch);
    expect(told(world)).toMatchObject({
      ...{ agreed: inOffice, intents: [] },
      says: [
        ["office", inOffice, true],
        ["branch", inBranch, true],
      ],
    });
    expect(world.state.breaks).toEqual([]);
  });

  test.each<readonly [string, Card, string, string, Visit]>([
    [
      "in winter",
      card("2026-12-02", "14:00", "15:30"),
      "2026-12-02 13:00-14:30",
      "",
      visit("2026-12-02T20:00:00.000Z", "2026-12-02T21:30:00.000Z"),
    ],
    [
      "in summer",
      card("2026-07-01", "14:00", "15:30"),
      "2026-07-01 12:00-13:30",
      "",
      visit("2026-07-01T19:00:00.000Z", "2026-07-01T20:30:00.000Z"),
    ],
    [
      "to another day there",
      card("2026-07-02", "01:00", "02:30"),
      "2026-07-01 23:00-00:30",
      "",
      visit("2026-07-02T06:00:00.000Z", "2026-07-02T07:30:00.000Z"),
    ],
    [
      "to an hour that the branch skips",
      card("2026-03-08", "02:30", "04:00"),
      "2026-03-08 01:30-02:00",
      "skipped: 2026-03-08 02:30",
      visit("2026-03-08T08:30:00.000Z", "2026-03-08T09:00:00.000Z"),
    ],
    [
      "to an hour that the branch repeats",
      card("2026-11-01", "01:30", "03:00"),
      "2026-10-31 23:30-02:00",
      "repeated: 2026-11-01 01:30",
      visit("2026-11-01T06:30:00.000Z", "2026-11-01T09:00:00.000Z"),
    ],
    [
      "to an hour that the company repeats",
      card("2026-11-01", "02:30", "03:00"),
      "2026-11-01 01:30-02:00",
      "",
      visit("2026-11-01T08:30:00.000Z", "2026-11-01T09:00:00.000Z"),
    ],
  ])("that the branch moves is written on the unit's clock, %s", async (_name, branch, wanted, odd, office) => {
    const world = read(
      three,
      visit("2026-12-01T16:00:00Z", "2026-12-01T18:00:00Z"),
      card("2026-12-01", "10:00", "12:00"),
    );
    world.branch = branch;
    world.read(["branch"]);
    expect(told(world)).toMatchObject({
      notices: odd === "" ? [] : [`wall-clock-${odd}`],
      intents: [["office", "2026-12-01 09:00-11:00", wanted]],
    });
    expect(world.state.intents).toMatchObject([
      {
        arguments: { zone: "America/Phoenix" },
        sentence: `office 10291: moves from 2026-12-01 09:00-11:00 to ${wanted} (America/Phoenix)`,
      },
    ]);
    await world.settle();
    expect(world.office).toEqual(office);
    expect(world.state).toMatchObject({ intents: [], attempts: [], breaks: [], receipts: [{ outcome: "applied" }] });
  });

  test("that the office moves is written on the branch's clock, the second of an hour as it can say it", async () => {
    const world = read(
      three,
      visit("2026-12-01T16:00:00Z", "2026-12-01T18:00:00Z"),
      card("2026-12-01", "10:00", "12:00"),
    );
    world.office = visit("2026-11-01T07:15:00Z", "2026-11-01T07:45:00Z");
    world.read(["visit"]);
    expect(world.state.intents).toMatchObject([
      {
        wanted: "2026-11-01 01:15 (second)-01:45 (second)",
        arguments: { schedule: { day: "2026-11-01", start: "01:15 (second)", end: "01:45 (second)" } },
        sentence:
          "branch JOB-1: moves from 2026-12-01 10:00-12:00 to 2026-11-01 01:15 (second)-01:45 (second) (America/Chicago)",
      },
    ]);
    expect(world.state.intents[0]?.arguments).not.toHaveProperty("zone");
    await world.settle();
    expect(world.sent).toEqual([
      { scheduled_date: "2026-11-01T10:00:00Z", scheduled_time_start: "01:15", scheduled_time_end: "01:45" },
    ]);
    expect(told(world)).toMatchObject({
      ...{ agreed: "2026-11-01 01:15-01:45", intents: [] },
      notices: ["wall-clock-repeated: 2026-11-01 01:15", "wall-clock-repeated: 2026-11-01 01:45"],
    });
    expect(world.state.receipts).toMatchObject([
      { outcome: "applied", after: "2026-11-01 01:15 (second)-01:45 (second)" },
    ]);
  });

  test.each([
    ["its own day", "2026-07-01", true],
    ["the day of the company's clock", "2026-07-02", true],
    ["another day", "2026-07-03", false],
  ])("agrees with a day that the branch prints without hours: %s", (_name, day, agrees) => {
    // 23:30 in Phoenix is half past midnight in Denver.
    const world = read({ ...three, branch: "America/Phoenix" }, visit("2026-07-02T06:30:00Z"), card(day));
    expect(told(world)).toMatchObject({
      agreed: "2026-07-02 00:30",
      says: [
        ["office", "2026-07-02 00:30", true],
        ["branch", day, agrees],
      ],
    });
    expect(world.state.intents.length).toBe(agrees ? 0 : 1);
  });
});

describe("the day by which a visit is linked", () => {
  const order: readonly (readonly Which[])[] = [
    ["job", "visit"],
    ["visit", "job"],
  ];
  test.each([
    ["its unit's", three, "2026-07-01"],
    [
      "its connection's where the unit has no zone of its own",
      { company: "America/Phoenix", office: "America/Denver" },
      "2026-07-02",
    ],
    ["else the company's", { company: "America/Phoenix" }, "2026-07-01"],
  ] satisfies readonly (readonly [string, Zones, string])[])("is %s, whatever is read first", (_name, zones, day) => {
    for (const which of order) {
      const world = new VisitingWorld(zones, visit("2026-07-02T06:30:00Z"), card("2026-07-09"));
      world.read(which);
      const view = viewOf(world.state);
      expect(view.roots.map((root) => dayOf(root, view))).toEqual([day]);
      const people = { "office/customers/9": "dana" };
      const sets = membershipsOf({ ...world.state, people }, world.company).map(({ set }) => set);
      expect(sets.filter((set) => set.startsWith("day:"))).toEqual([`day:dana:${day}`]);
    }
  });
});

test("a clock that cannot tell the two of a repeated hour apart from where it stands is written once", async () => {
  // Half past one in London comes twice; of the two, Cape Verde sees one on each side of its midnight.
  const zones = { company: "Atlantic/Cape_Verde", branch: "Europe/London" };
  const world = read(zones, visit("2026-10-24T10:00:00Z"), card("2026-10-24", "11:00"));
  expect(told(world).intents).toEqual([]);
  world.office = visit("2026-10-25T01:30:00Z");
  world.read(["visit"]);
  await world.settle();
  expect(world.branch).toEqual(card("2026-10-25", "01:30"));
  expect(world.sent.length).toBe(1);
  expect(told(world)).toMatchObject({
    says: [
      ["office", "2026-10-25 00:30", true],
      ["branch", "2026-10-24 23:30", false],
    ],
    notices: ["wall-clock-repeated: 2026-10-25 01:30"],
  });
  expect(world.state).toMatchObject({ intents: [], breaks: [] });
});
