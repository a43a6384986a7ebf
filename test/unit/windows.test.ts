import { describe, expect, test } from "vitest";
import { eitherOf, oddTimes, plainTime, spanOf, timesIn, windowAt } from "#shared/domain/windows.ts";

const denver = "America/Denver";
const phoenix = "America/Phoenix";
const lordHowe = "Australia/Lord_Howe";
type Wall = readonly [day: string | null, start: string | null, end: string | null];
const window = ([day, start, end]: Wall) => ({ day, start, end });

describe("two instants on a zone's clock", () => {
  test.each<readonly [string, string, string | null, string, Wall]>([
    ["a day's hours", "2026-11-04T17:00:00Z", "2026-11-04T19:00:00Z", denver, ["2026-11-04", "10:00", "12:00"]],
    ["without an end", "2026-11-04T17:00:00Z", null, denver, ["2026-11-04", "10:00", null]],
    [
      "seconds are no hours",
      "2026-11-04T17:00:59.9Z",
      "2026-11-04T19:00:31Z",
      denver,
      ["2026-11-04", "10:00", "12:00"],
    ],
    ["over midnight", "2026-11-05T05:00:00Z", "2026-11-05T07:30:00Z", denver, ["2026-11-04", "22:00", "00:30"]],
    [
      "a minute less than a day",
      "2026-11-04T17:00:00Z",
      "2026-11-05T16:59:00Z",
      denver,
      ["2026-11-04", "10:00", "09:59"],
    ],
    ["a whole day is no window", "2026-11-04T17:00:00Z", "2026-11-05T17:00:00Z", denver, ["2026-11-04", "10:00", null]],
    [
      "nor from the second to the one after a day",
      "2026-11-01T08:30:00Z",
      "2026-11-02T08:30:00Z",
      denver,
      ["2026-11-01", "01:30 (second)", null],
    ],
    ["nor is a longer one", "2026-11-04T17:00:00Z", "2026-11-05T18:00:00Z", denver, ["2026-11-04", "10:00", null]],
    ["nor one of two days", "2026-11-04T17:00:00Z", "2026-11-06T16:00:00Z", denver, ["2026-11-04", "10:00", null]],
    [
      "nor one that ends before it begins",
      "2026-11-04T17:00:00Z",
      "2026-11-04T16:00:00Z",
      denver,
      ["2026-11-04", "10:00", null],
    ],
    ["of no length", "2026-11-04T17:00:00Z", "2026-11-04T17:00:00Z", denver, ["2026-11-04", "10:00", "10:00"]],
    [
      "the first half past one",
      "2026-11-01T07:30:00Z",
      "2026-11-01T07:45:00Z",
      denver,
      ["2026-11-01", "01:30", "01:45"],
    ],
    [
      "the second",
      "2026-11-01T08:30:00Z",
      "2026-11-01T08:45:00Z",
      denver,
      ["2026-11-01", "01:30 (second)", "01:45 (second)"],
    ],
    [
      "from one to the other",
      "2026-11-01T07:30:00Z",
      "2026-11-01T08:30:00Z",
      denver,
      ["2026-11-01", "01:30", "01:30 (second)"],
    ],
    [
      "the clock set back in between",
      "2026-11-01T07:45:00Z",
      "2026-11-01T08:15:00Z",
      denver,
      ["2026-11-01", "01:45", "01:15 (second)"],
    ],
    [
      "before, and into the second",
      "2026-11-01T06:30:00Z",
      "2026-11-01T08:00:00Z",
      denver,
      ["2026-11-01", "00:30", "01:00 (second)"],
    ],
    [
      "out of the second",
      "2026-11-01T08:30:00Z",
      "2026-11-01T09:00:00Z",
      denver,
      ["2026-11-01", "01:30 (second)", "02:00"],
    ],
    [
      "the evening before, and into the second",
      "2026-11-01T05:00:00Z",
      "2026-11-01T08:30:00Z",
      denver,
      ["2026-10-31", "23:00", "01:30 (second)"],
    ],
    [
      "the evening before, and into the first",
      "2026-11-01T05:00:00Z",
      "2026-11-01T07:30:00Z",
      denver,
      ["2026-10-31", "23:00", "01:30"],
    ],
    [
      "a day of 25 hours but one",
      "2026-11-01T06:30:00Z",
      "2026-11-02T07:29:00Z",
      denver,
      ["2026-11-01", "00:30", "00:29"],
    ],
    [
      "from the second to a first that has been",
      "2026-11-01T08:15:00Z",
      "2026-11-02T08:45:00Z",
      denver,
      ["2026-11-01", "01:15 (second)", null],
    ],
    [
      "over the hour that is skipped",
      "2026-03-08T08:30:00Z",
      "2026-03-08T09:30:00Z",
      denver,
      ["2026-03-08", "01:30", "03:30"],
    ],
    [
      "where no clock is set",
      "2026-11-01T08:30:00Z",
      "2026-11-01T09:30:00Z",
      phoenix,
      ["2026-11-01", "01:30", "02:30"],
    ],
    [
      "where half an hour comes twice",
      "2026-04-04T15:15:00Z",
      "2026-04-04T15:30:00Z",
      lordHowe,
      ["2026-04-05", "01:45 (second)", "02:00"],
    ],
  ])("%s: from %s to %s in %s", (_name, from, to, zone, [day, start, end]) => {
    expect(windowAt(from, to, zone)).toEqual({ day, start, end });
    if (end === null) return;
    const minutes = (instant: string) => `${instant.slice(0, 16)}:00.000Z`;
    expect(spanOf({ day, start, end }, zone)).toEqual({ from: minutes(from), to: minutes(to ?? "") });
  });
});

describe("the instants of a window", () => {
  test.each<readonly [string, Wall, string, string | null]>([
    ["without an end", ["2026-11-04", "10:00", null], "2026-11-04T17:00:00.000Z", null],
    [
      "a second that does not come is the only one",
      ["2026-11-02", "01:30 (second)", null],
      "2026-11-02T08:30:00.000Z",
      null,
    ],
    ["moved forward", ["2026-03-08", "02:30", "04:00"], "2026-03-08T09:30:00.000Z", "2026-03-08T10:00:00.000Z"],
    ["both moved forward", ["2026-03-08", "02:00", "02:30"], "2026-03-08T09:00:00.000Z", "2026-03-08T09:30:00.000Z"],
    ["moved behind its end, which is left out", ["2026-03-08", "02:45", "03:15"], "2026-03-08T09:45:00.000Z", null],
    [
      "a day's end in the hour that is skipped",
      ["2026-03-07", "22:00", "02:30"],
      "2026-03-08T05:00:00.000Z",
      "2026-03-08T09:30:00.000Z",
    ],
    [
      "its end on the last of a month",
      ["2026-10-31", "22:00", "00:30"],
      "2026-11-01T04:00:00.000Z",
      "2026-11-01T06:30:00.000Z",
    ],
  ])("%s: %j", (_name, wall, from, to) => expect(spanOf(window(wall), denver)).toEqual({ from, to }));

  test.each<Wall>([
    ["2026-11-04", null, null],
    ["2026-11-04", null, "10:00"],
    [null, "10:00", null],
    ["2026-11-04", "25:00", null],
    ["2026-11-04", "10:00", "noon"],
    ["2026-11-04", "22:00", "10:75"],
  ])("are none where there are no hours: %j %j %j", (...wall) => expect(spanOf(window(wall), denver)).toBeNull());
});

describe("times that a clock change skips or repeats", () => {
  test.each<readonly [string, Wall, readonly (readonly [string, string, string])[]]>([
    ["none", ["2026-11-04", "01:30", "02:30"], []],
    ["a start", ["2026-11-01", "01:30", "02:30"], [["2026-11-01", "01:30", "repeated"]]],
    ["an end", ["2026-03-08", "01:30", "02:30"], [["2026-03-08", "02:30", "skipped"]]],
    [
      "both",
      ["2026-11-01", "01:00", "01:59"],
      [
        ["2026-11-01", "01:00", "repeated"],
        ["2026-11-01", "01:59", "repeated"],
      ],
    ],
    ["an end on the next day", ["2026-10-31", "23:00", "01:30"], [["2026-11-01", "01:30", "repeated"]]],
    ["an end without a start", ["2026-11-01", null, "01:30"], [["2026-11-01", "01:30", "repeated"]]],
    ["no day", [null, "01:30", null], []],
    ["no time of day", ["2026-11-01", "noon", "31:00"], []],
    ["an end that is none", ["2026-11-01", "01:30", "noon"], [["2026-11-01", "01:30", "repeated"]]],
  ])("%s: %j", (_name, wall, odd) =>
    expect(oddTimes(window(wall), denver)).toEqual(odd.map(([day, time, note]) => ({ day, time, note }))),
  );
});

describe("the text of a time", () => {
  test("may mean either of two, the first one first", () => {
    expect(timesIn("01:30")).toEqual(["01:30"]);
    expect(timesIn("01:30 or 01:30 (second)")).toEqual(["01:30", "01:30 (second)"]);
    expect(eitherOf(timesIn("01:30 or 01:30 (second)"))).toBe("01:30 or 01:30 (second)");
  });
  test("is less where a clock cannot say which", () => {
    expect(plainTime("01:30 (second)")).toBe("01:30");
    expect(plainTime("01:30")).toBe("01:30");
  });
});
