import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addSeconds, instantMillis } from "#shared/domain/time.ts";
import { plainTime, spanOf, timesIn, windowAt, windowElsewhere, windowOf } from "#shared/domain/windows.ts";
import { type Card, type Visit, VisitingWorld, type Zones } from "#test/support/visiting-world.ts";

/** A moved visit comes to stand in every system at the same instants, whatever their clocks, and then nothing is planned. */
const zone = fc.constantFrom(
  ...["America/Denver", "America/Phoenix", "America/Chicago", "America/New_York", "America/Los_Angeles"],
  ...[
    "America/St_Johns",
    "Pacific/Honolulu",
    "Europe/London",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Atlantic/Cape_Verde",
  ],
);
const zones: fc.Arbitrary<Zones> = fc.record(
  { company: zone, office: zone, unit: zone, branch: zone },
  { requiredKeys: ["company"] },
);
/** Around the clock changes of these zones in 2026, and where there is none. */
const nights = ["2026-03-08", "2026-03-29", "2026-04-05", "2026-07-01", "2026-10-04", "2026-10-25", "2026-11-01"];
const quarters = (most: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: most * 4 }).map((n) => n * 900);
const start = fc
  .tuple(fc.constantFrom(...nights), quarters(36), fc.constantFrom(0, 0, 31))
  .map(([night, quarter, seconds]) => addSeconds(`${night}T00:00:00Z`, quarter - 12 * 3600 + seconds));
const visit: fc.Arbitrary<Visit> = fc
  .tuple(start, fc.option(quarters(30), { freq: 4 }))
  .map(([from, length]) => ({ start: from, end: length === null ? null : addSeconds(from, length) }));
const clock = quarters(23.75).map((quarter) => addSeconds("2026-01-01T00:00:00Z", quarter).slice(11, 16));
const card: fc.Arbitrary<Card> = fc
  .tuple(fc.constantFrom(...nights), clock, fc.option(clock, { freq: 4 }))
  .map(([day, from, end]) => ({ day, start: from, end }));

const branchZone = ({ company, branch }: Zones): string => branch ?? company;
const minuteOf = (instant: string): number => Math.floor(instantMillis(instant) / 60_000);

/** So short that every clock shows its end, whatever is set in between. */
const isShort = ({ start: from, end }: Visit): boolean =>
  end !== null && instantMillis(end) - instantMillis(from) <= 22 * 3_600_000;

/** The branch's card of the same visit. */
function cardOf({ start: from, end }: Visit, of: Zones): Card {
  const window = windowAt(from, end, branchZone(of));
  return { day: window.day, start: plainTime(window.start), end: window.end && plainTime(window.end) };
}

/** A job on which both agreed, read. */
async function settled(of: Zones, first: Visit): Promise<VisitingWorld> {
  const world = new VisitingWorld(of, first, cardOf(first, of));
  world.read();
  await world.settle();
  return world;
}

/** Nothing is wanted any more, all that was sent is seen, and reading all of it again changes nothing. */
function rests(world: VisitingWorld): void {
  expect(world.state.intents).toEqual([]);
  expect(world.state.attempts).toEqual([]);
  expect(world.state.receipts.map(({ outcome }) => outcome)).toEqual(world.sent.map(() => "applied"));
  const { fields, bases } = world.state;
  world.read();
  expect(world.state).toMatchObject({ intents: [], fields, bases });
}

describe("a visit that is moved", () => {
  test("in the office comes to the branch's clock, and the office's instants stay", () =>
    fc.assert(
      fc.asyncProperty(zones, visit, visit, async (of, first, moved) => {
        const world = await settled(of, first);
        expect(world.office).toEqual(first);
        world.office = moved;
        world.read(["visit"]);
        await world.settle();
        expect(world.office).toEqual(moved);
        expect(world.sent.filter((body) => "start" in body)).toEqual([]);
        const { day, start: from, end } = cardOf(moved, of);
        expect(world.branch).toMatchObject({ day, start: from });
        // Where the branch said no end and its start stands, it still wants none.
        const isOpen = world.sent.length === 0 && world.branch.end === null;
        if (end !== null && isShort(moved) && !isOpen) expect(world.branch.end).toBe(end);
        rests(world);
      }),
      { numRuns: 150 },
    ));

  test("in the branch comes to the office at an instant at which the branch's clock shows it", () =>
    fc.assert(
      fc.asyncProperty(zones, visit, card, async (of, first, moved) => {
        const world = await settled(of, first);
        world.branch = moved;
        world.read(["branch"]);
        await world.settle();
        expect(world.branch).toEqual(moved);
        const said = windowOf(moved, branchZone(of), branchZone(of));
        const shown = windowAt(world.office.start, world.office.end, branchZone(of));
        expect(shown.day).toBe(said.day);
        expect(timesIn(said.start ?? "")).toContain(shown.start);
        const long = spanOf(windowElsewhere(said, branchZone(of), branchZone(of)), branchZone(of));
        const isOpen = world.sent.length === 0 && world.office.end === null;
        if (said.end !== null && !isOpen && long && isShort({ start: long.from, end: long.to }))
          expect(timesIn(said.end)).toContain(shown.end);
        rests(world);
      }),
      { numRuns: 150 },
    ));

  test("to the minute where it was keeps its seconds, and its length without an end", () =>
    fc.assert(
      fc.asyncProperty(zones, visit, card, async (of, first, moved) => {
        const world = await settled(of, first);
        world.branch = { ...moved, end: null };
        world.read(["branch"]);
        await world.settle();
        const { office } = world;
        if (first.end !== null && world.sent.length > 0)
          expect(instantMillis(office.end ?? "") - instantMillis(office.start)).toBe(
            instantMillis(first.end) - instantMillis(first.start),
          );
        if (minuteOf(office.start) === minuteOf(first.start)) expect(office.start).toBe(first.start);
      }),
      { numRuns: 80 },
    ));
});

test("what the records say of a visit is the same in whatever order they are read", () => {
  const orders = [
    ["job", "visit", "branch"],
    ["visit", "branch", "job"],
    ["branch", "job", "visit"],
    ["branch", "visit", "job"],
  ] as const;
  fc.assert(
    fc.property(zones, visit, visit, (of, first, other) => {
      const seen = orders.map((order) => {
        const world = new VisitingWorld(of, first, cardOf(other, of));
        world.read(order);
        const { fields, bases, notices } = world.state;
        return { fields, bases, notices, wanted: world.state.intents.map(({ read, wanted }) => [read, wanted]) };
      });
      for (const one of seen) expect(one).toEqual(seen[0]);
    }),
    { numRuns: 80 },
  );
});

test("every instant has a text of its own on every clock, and every window reads as it was written", () => {
  fc.assert(
    fc.property(zone, visit, (at, { start: from, end }) => {
      const window = windowAt(from, end, at);
      const read = spanOf(window, at);
      expect(minuteOf(read?.from ?? "")).toBe(minuteOf(from));
      if (window.end !== null) expect(minuteOf(read?.to ?? "")).toBe(minuteOf(end ?? ""));
      expect(window.end === null && isShort({ start: from, end })).toBe(false);
    }),
    { numRuns: 500 },
  );
});
