import { describe, expect, test } from "vitest";
import { backOnBeat, nextRead } from "#shared/pipeline/due-times.ts";

const at = (clock: string): string => `2026-11-01T${clock}:00.000Z`;

describe("when a stream is due again", () => {
  test("after a read: its interval from the start of it, on whole minutes, and never at once", () => {
    expect(nextRead("2026-11-01T10:00:42.500Z", "2026-11-01T10:01:05.000Z", 30)).toBe(at("10:30"));
    expect(nextRead(at("10:00"), at("11:00"), 30)).toBe(at("11:01"));
  });

  test.each([
    // last complete, read again at, due at: every two hours
    ["an hour of silence", "16:00", "18:31", "20:00"],
    ["short of half the interval before the beat: the one after", "16:00", "19:10", "22:00"],
    ["just half the interval before it", "16:00", "19:00", "20:00"],
    ["a whole night", "00:00", "09:15", "12:00"],
    ["on the very beat", "16:00", "20:00", "22:00"],
  ])("after %s it goes back on its beat", (_what, complete, again, due) => {
    expect(backOnBeat(at(complete), at(again), at(again), 120)).toBe(at(due));
  });

  test("and not at once when the read itself took until after the beat", () => {
    expect(backOnBeat(at("16:00"), at("18:31"), at("20:30"), 120)).toBe(at("20:31"));
  });
});
