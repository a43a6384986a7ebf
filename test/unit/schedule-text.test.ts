import { describe, expect, test } from "vitest";
import { endKeeping, scheduleFrom, scheduleShown, scheduleText } from "#shared/connectors/schedule-text.ts";

const held = { day: "2026-11-04", start: "09:00", end: "11:00" };
const exact = { ...held, from: "2026-11-04T16:00:00Z" };

describe("what a record shows of a wanted schedule", () => {
  test.each([
    ["the same", "2026-11-04 09:00-11:00", held],
    ["no end is wanted, and one is held", "2026-11-04 09:00", held],
    ["no end is wanted, and none is held", "2026-11-04 09:00", { ...held, end: null }],
    ["only the day is wanted", "2026-11-04", held],
    ["only the day is wanted, and only it is held", "2026-11-04", { ...held, start: null, end: null }],
    ["from midnight on", "2026-11-04 00:00", { ...held, start: "00:00", end: "23:59" }],
    ["the second of two, on a wall clock", "2026-11-04 09:00 (second)-11:00 (second)", held],
    ["the second of two, exactly", "2026-11-04 09:00 (second)", { ...exact, start: "09:00 (second)" }],
  ])("%s: what is wanted", (_name, wanted, schedule) => {
    expect(scheduleShown(schedule, wanted)).toBe(wanted);
  });

  test.each([
    ["another day", "2026-11-05 09:00", held, "2026-11-04 09:00-11:00"],
    ["another day alone", "2026-11-05", held, "2026-11-04 09:00-11:00"],
    ["another start", "2026-11-04 10:00", held, "2026-11-04 09:00-11:00"],
    ["another end", "2026-11-04 09:00-12:00", held, "2026-11-04 09:00-11:00"],
    ["an end where none is held", "2026-11-04 09:00-11:00", { ...held, end: null }, "2026-11-04 09:00"],
    ["a start where none is held", "2026-11-04 09:00", { ...held, start: null, end: null }, "2026-11-04"],
    ["the second of two, where the first is held", "2026-11-04 09:00 (second)", exact, "2026-11-04 09:00-11:00"],
    ["the second as its end", "2026-11-04 09:00-11:00 (second)", exact, "2026-11-04 09:00-11:00"],
    ["the first of two", "2026-11-04 09:00", { ...exact, start: "09:00 (second)" }, "2026-11-04 09:00 (second)-11:00"],
    ["anything where nothing is held", "2026-11-04", null, ""],
    ["what is no schedule", "some day", held, "2026-11-04 09:00-11:00"],
    ["nothing", "", held, "2026-11-04 09:00-11:00"],
  ])("%s is wanted: what is held", (_name, wanted, schedule, shown) => {
    expect(scheduleShown(schedule, wanted)).toBe(shown);
  });
});

describe("a start that moves without an end", () => {
  test.each([
    ["later the same day", "13:00", "09:00", "11:00", "15:00"],
    ["earlier", "07:15", "09:00", "10:30", "08:45"],
    ["where it was", "09:00", "09:00", "11:00", "11:00"],
    ["to midnight", "00:00", "09:00", "11:00", "02:00"],
    ["to the last minute of the day", "21:59", "09:00", "11:00", "23:59"],
    ["with seconds printed", "13:00", "09:00:00", "11:00:00", "15:00"],
  ])("keeps the length, %s", (_name, start, from, to, end) => {
    expect(endKeeping(start, { start: from, end: to })).toBe(end);
  });

  test.each([
    ["it would end at midnight", "22:00", "09:00", "11:00"],
    ["it would pass midnight", "23:30", "09:00", "11:00"],
    ["there was no end", "13:00", "09:00", null],
    ["there was no start", "13:00", null, "11:00"],
    ["there was neither", "13:00", null, null],
    ["the end was before the start", "13:00", "11:00", "09:00"],
    ["the end was the start", "13:00", "09:00", "09:00"],
    ["the end is no time", "13:00", "09:00", "noon"],
  ])("has no end where %s", (_name, start, from, to) => {
    expect(endKeeping(start, { start: from, end: to })).toBeNull();
  });
});

test.each([
  "2026-11-04",
  "2026-11-04 09:00",
  "2026-11-04 09:00-11:00",
  "2026-11-01 01:30-01:30 (second)",
  "2026-11-01 01:30 (second)-02:30",
  "2026-11-01 01:30 (second)",
])("%s is read as it is written", (text) => {
  expect(scheduleText(scheduleFrom(text))).toBe(text);
});

test.each(["2026-11-01 01:30 or 01:30 (second)", "2026-11-01 01:30 (third)", "2026-11-01 01:30 (second) "])(
  "%s is nothing to write",
  (text) => expect(scheduleFrom(text)).toBeNull(),
);
