import { describe, expect, test } from "vitest";
import { windowElsewhere, windowOf } from "#shared/domain/windows.ts";

const denver = "America/Denver";
const chicago = "America/Chicago";
const phoenix = "America/Phoenix";
const kolkata = "Asia/Kolkata";
type Wall = readonly [day: string | null, start: string | null, end: string | null];
const window = ([day, start, end]: Wall) => ({ day, start, end });

describe("a window seen elsewhere", () => {
  test.each<readonly [string, Wall, string, string, Wall]>([
    ["an hour on", ["2026-11-04", "10:00", "12:00"], denver, chicago, ["2026-11-04", "11:00", "13:00"]],
    ["an hour back", ["2026-11-04", "11:00", "13:00"], chicago, denver, ["2026-11-04", "10:00", "12:00"]],
    ["the same zone", ["2026-11-04", "23:30", "01:00"], denver, denver, ["2026-11-04", "23:30", "01:00"]],
    ["a day is a day everywhere", ["2026-11-04", null, null], denver, kolkata, ["2026-11-04", null, null]],
    ["no start: as it is", ["2026-11-04", null, "12:00"], denver, chicago, ["2026-11-04", null, "12:00"]],
    ["no day: as it is", [null, "10:00", "12:00"], denver, chicago, [null, "10:00", "12:00"]],
    ["no end", ["2026-11-04", "10:00", null], denver, chicago, ["2026-11-04", "11:00", null]],
    ["the next day", ["2026-11-04", "23:30", "23:45"], denver, chicago, ["2026-11-05", "00:30", "00:45"]],
    ["the day before", ["2026-11-04", "00:30", "00:45"], chicago, denver, ["2026-11-03", "23:30", "23:45"]],
    ["over midnight there", ["2026-11-04", "22:30", "23:30"], denver, chicago, ["2026-11-04", "23:30", "00:30"]],
    ["over midnight here", ["2026-11-04", "23:30", "00:30"], chicago, denver, ["2026-11-04", "22:30", "23:30"]],
    [
      "no desert is behind in winter",
      ["2026-11-04", "10:00", "12:00"],
      denver,
      phoenix,
      ["2026-11-04", "10:00", "12:00"],
    ],
    ["in summer it is", ["2026-07-01", "10:00", "12:00"], denver, phoenix, ["2026-07-01", "09:00", "11:00"]],
    ["set back while it runs", ["2026-11-01", "00:30", "03:00"], denver, phoenix, ["2026-10-31", "23:30", "03:00"]],
    ["before it is set back", ["2026-11-01", "01:00", "01:30"], denver, phoenix, ["2026-11-01", "00:00", "00:30"]],
    ["the first of two", ["2026-11-01", "01:30", "02:30"], denver, phoenix, ["2026-11-01", "00:30", "02:30"]],
    ["the second of two", ["2026-11-01", "01:30 (second)", "02:30"], denver, phoenix, ["2026-11-01", "01:30", "02:30"]],
    [
      "one of either is the first",
      ["2026-11-01", "01:30 or 01:30 (second)", null],
      denver,
      phoenix,
      ["2026-11-01", "00:30", null],
    ],
    [
      "an end of either is the first",
      ["2026-11-01", "01:00", "01:30 or 01:30 (second)"],
      denver,
      denver,
      ["2026-11-01", "01:00", "01:30"],
    ],
    ["before it is set on", ["2026-03-08", "01:30", "03:30"], denver, phoenix, ["2026-03-08", "01:30", "02:30"]],
    [
      "set back there an hour sooner",
      ["2026-11-01", "00:30", "01:30"],
      denver,
      chicago,
      ["2026-11-01", "01:30", "01:30 (second)"],
    ],
    ["into the second there", ["2026-10-31", "23:45", "00:15"], denver, chicago, ["2026-11-01", "00:45", "01:15"]],
    [
      "both halves of the hour there",
      ["2026-11-01", "00:00", "01:45"],
      denver,
      chicago,
      ["2026-11-01", "01:00", "01:45 (second)"],
    ],
    ["no time of day stays", ["2026-11-04", "25:00", null], denver, chicago, ["2026-11-04", "25:00", null]],
    ["no end of day stays", ["2026-11-04", "10:00", "10:75"], denver, chicago, ["2026-11-04", "10:00", "10:75"]],
  ])("%s: %j", (_name, wall, from, to, expected) =>
    expect(windowElsewhere(window(wall), from, to)).toEqual(window(expected)),
  );

  test("its own zone's day is another question", () =>
    expect(
      windowElsewhere({ ...window(["2026-11-04", "00:30", null]), localDay: "2026-11-03" }, denver, denver),
    ).toEqual(window(["2026-11-04", "00:30", null])));
});

describe("what a record states of its time", () => {
  const printed = ([day, start, end]: readonly [string, string | null, string | null]) => ({ day, start, end });
  const either = (time: string) => `${time} or ${time} (second)`;
  test.each<readonly [string, readonly [string, string | null, string | null], string, string, Wall]>([
    ["as it is printed", ["2026-11-04", "10:00", "12:00"], denver, denver, ["2026-11-04", "10:00", "12:00"]],
    ["on another clock", ["2026-11-04", "11:00", "13:00"], chicago, denver, ["2026-11-04", "10:00", "12:00"]],
    [
      "over midnight, as it is printed",
      ["2026-11-04", "22:00", "00:30"],
      denver,
      denver,
      ["2026-11-04", "22:00", "00:30"],
    ],
    ["a day alone", ["2026-11-04", null, null], chicago, denver, ["2026-11-04", null, null]],
    ["a day and an end", ["2026-11-04", null, "12:00"], chicago, denver, ["2026-11-04", null, "12:00"]],
    ["what is no time", ["2026-11-04", "31:00", null], chicago, denver, ["2026-11-04", "31:00", null]],
    ["a start that is skipped", ["2026-03-08", "02:30", "04:00"], denver, denver, ["2026-03-08", "03:30", "04:00"]],
    ["an end that is skipped", ["2026-03-08", "01:30", "02:30"], denver, denver, ["2026-03-08", "01:30", "03:30"]],
    [
      "an end that the start is moved behind",
      ["2026-03-08", "02:45", "03:15"],
      denver,
      denver,
      ["2026-03-08", "03:45", null],
    ],
    [
      "a start that comes twice",
      ["2026-11-01", "01:30", "03:00"],
      denver,
      denver,
      ["2026-11-01", either("01:30"), "03:00"],
    ],
    [
      "an end that comes twice",
      ["2026-11-01", "00:30", "01:30"],
      denver,
      denver,
      ["2026-11-01", "00:30", either("01:30")],
    ],
    ["both", ["2026-11-01", "01:15", "01:30"], denver, denver, ["2026-11-01", either("01:15"), either("01:30")]],
    [
      "an end of which only the second comes after",
      ["2026-11-01", "01:45", "01:15"],
      denver,
      denver,
      ["2026-11-01", either("01:45"), "01:15 (second)"],
    ],
    [
      "an end that comes twice after midnight",
      ["2026-10-31", "23:00", "01:30"],
      denver,
      denver,
      ["2026-10-31", "23:00", either("01:30")],
    ],
    [
      "one that comes twice there, here two hours",
      ["2026-11-01", "01:30", null],
      chicago,
      denver,
      ["2026-11-01", "00:30 or 01:30", null],
    ],
    [
      "one that comes twice there, here on two days",
      ["2026-10-25", "01:30", null],
      "Europe/London",
      "Atlantic/Cape_Verde",
      ["2026-10-24", "23:30", null],
    ],
    [
      "one that comes once there, here the second",
      ["2026-11-01", "01:30", "01:45"],
      phoenix,
      denver,
      ["2026-11-01", "01:30 (second)", "01:45 (second)"],
    ],
  ])("%s: %j", (_name, stated, own, zone, expected) =>
    expect(windowOf(printed(stated), own, zone)).toEqual(window(expected)),
  );

  test.each<readonly [string, string | undefined, Wall]>([
    ["America/Denver", "2026-11-01T09:00:00Z", ["2026-11-01", "01:30 (second)", "02:00"]],
    ["America/Phoenix", "2026-11-01T09:00:00Z", ["2026-11-01", "01:30", "02:00"]],
    ["America/Chicago", undefined, ["2026-11-01", "02:30", null]],
  ])("instants count, whatever the clock of their connection: in %s", (zone, to, expected) => {
    const stated = { ...printed(["2026-11-01", "09:00", "17:00"]), from: "2026-11-01T08:30:00Z" };
    expect(windowOf(to === undefined ? stated : { ...stated, to }, kolkata, zone)).toEqual(window(expected));
  });
});
