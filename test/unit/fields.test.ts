import { describe, expect, test } from "vitest";
import { type Crew, crews, dayWindows, stateSets, statesOf, texts } from "#shared/domain/fields.ts";
import type { DayWindow } from "#shared/domain/windows.ts";

describe("sets of states", () => {
  test.each([
    [["completed"], ["completed", "held"], true],
    [["working", "held"], ["held"], true],
    [["completed"], ["working"], false],
    [[], ["working"], false],
  ])("%j and %j meet: %j", (a, b, meet) => {
    expect(stateSets.meets(a, b)).toBe(meet);
    expect(stateSets.meets(b, a)).toBe(meet);
  });
  test("have in common what both can mean, and are the same in any order", () => {
    expect(stateSets.common(["a", "b", "c"], ["c", "x", "b"])).toEqual(["b", "c"]);
    expect(stateSets.same(["a", "b"], ["b", "a"])).toBe(true);
    expect(stateSets.same(["a"], ["a", "b"])).toBe(false);
    expect(stateSets.same(["a", "b"], ["a", "c"])).toBe(false);
    expect(stateSets.silent([])).toBe(false);
  });
});

describe("a word that lags behind completion elsewhere", () => {
  const also = { states: ["completed"], hoursAfterCompletion: 48 };
  const word = { word: "Dispatched", set: ["dispatched"], also };
  const at = "2026-11-02T08:00:00.000Z";
  test.each([
    ["2026-11-02T08:00:00.000Z", ["dispatched", "completed"]],
    ["2026-11-04T07:59:59.999Z", ["dispatched", "completed"]],
    ["2026-11-04T08:00:00.000Z", ["dispatched"]],
  ])("at %s means %j", (now, states) => expect(statesOf(word, { now, completedElsewhereAt: at })).toEqual(states));
  test("means what it says while the job is completed nowhere, and if it does not lag", () => {
    expect(statesOf(word, { now: at, completedElsewhereAt: null })).toEqual(["dispatched"]);
    expect(statesOf({ word: "X", set: ["held"] }, { now: at, completedElsewhereAt: at })).toEqual(["held"]);
  });
});

describe("a day with its window", () => {
  const of = (day: string | null, start: string | null = null, end: string | null = null): DayWindow => ({
    day,
    start,
    end,
  });
  const whole = of("2026-11-04", "09:00", "11:00");
  test.each([
    ["itself", whole, true],
    ["the day alone", of("2026-11-04"), true],
    ["nothing", of(null), true],
    ["a window without a day", of(null, "09:00", "11:00"), true],
    ["another day", of("2026-11-05", "09:00", "11:00"), false],
    ["another start", of("2026-11-04", "08:00", "11:00"), false],
    ["another end", of("2026-11-04", "09:00", "12:00"), false],
  ])("meets %s: what is not said agrees", (_name, other, meet) => {
    expect(dayWindows.meets(whole, other)).toBe(meet);
    expect(dayWindows.meets(other, whole)).toBe(meet);
    expect(dayWindows.same(whole, other)).toBe(other === whole);
  });
  test("common is what either says", () => {
    expect(dayWindows.common(of("2026-11-04"), of(null, "09:00", "11:00"))).toEqual(whole);
    expect(dayWindows.common(of(null, "09:00", "11:00"), of("2026-11-04"))).toEqual(whole);
    expect(dayWindows.common(whole, of("x", "y", "z"))).toEqual(whole);
  });
  describe("whose clock shows a time twice", () => {
    const night = (start: string | null, end: string | null = null) => of("2026-11-01", start, end);
    const either = night("01:30 or 01:30 (second)");
    const [first, second] = [night("01:30"), night("01:30 (second)")];
    test.each([
      ["either", either, either, true, either],
      ["the first of either", either, first, true, first],
      ["the second of either", either, second, true, second],
      [
        "an end that is either",
        night("01:00", "01:30 or 01:30 (second)"),
        night("01:00", "01:30"),
        true,
        night("01:00", "01:30"),
      ],
      ["the first and the second", first, second, false, first],
      ["the ends of two", night("01:00", "01:30"), night("01:00", "01:30 (second)"), false, night("01:00", "01:30")],
      ["either, of another day", either, of("2026-11-02", "01:30"), false, first],
    ] as const)("%s", (_name, a, b, meet, common) => {
      expect(dayWindows.meets(a, b)).toBe(meet);
      expect(dayWindows.meets(b, a)).toBe(meet);
      expect(dayWindows.common(a, b)).toEqual(common);
    });
    test("either is not the same as one of them", () => expect(dayWindows.same(either, first)).toBe(false));
  });
  describe("whose own zone has another day", () => {
    const late = { ...of("2026-07-02", "00:30", "01:30"), localDay: "2026-07-01" };
    const plain = of("2026-07-02", "00:30", "01:30");
    test.each([
      ["its own day", of("2026-07-01"), true, late],
      ["the day of the clock", of("2026-07-02"), true, late],
      ["another day", of("2026-07-03"), false, late],
      ["no day", of(null), true, late],
      ["its own day and an end", of("2026-07-01", null, "01:30"), true, late],
      ["the same time", plain, true, late],
      ["the same time on its own day", of("2026-07-01", "00:30", "01:30"), false, late],
      [
        "the same time, on a third day of its own",
        { ...plain, localDay: "2026-06-30" },
        true,
        { ...plain, localDay: "2026-06-30" },
      ],
    ] as const)("meets %s: %j", (_name, other, meet, common) => {
      expect(dayWindows.meets(late, other)).toBe(meet);
      expect(dayWindows.meets(other, late)).toBe(meet);
      if (!meet) return;
      expect(dayWindows.common(late, other)).toEqual(common);
      expect(dayWindows.common(other, late)).toEqual(common);
    });
    test("follows from its zone: nobody edits it", () => expect(dayWindows.same(late, plain)).toBe(true));
    test("a plain window has none", () => expect(dayWindows.common(plain, plain)).not.toHaveProperty("localDay"));
  });
  test.each([
    [of(null), true],
    [of("2026-11-04"), false],
    [of(null, "09:00"), false],
    [of(null, null, "11:00"), false],
  ])("%j says nothing: %j", (window, silent) => expect(dayWindows.silent(window)).toBe(silent));
});

describe("crews", () => {
  const all = (...people: string[]): Crew => ({ people, are: "all" });
  const some = (...people: string[]): Crew => ({ people, are: "some" });
  test.each([
    [all("a", "b"), all("b", "a"), true],
    [all("a"), all("a", "b"), false],
    [some("a"), all("a", "b"), true],
    [some("a", "c"), all("a", "b"), false],
    [some("a"), some("b"), true],
    [some(), all(), true],
  ])("%j and %j meet: %j", (a, b, meet) => {
    expect(crews.meets(a, b)).toBe(meet);
    expect(crews.meets(b, a)).toBe(meet);
  });
  test("who names all of them says more than who names a lead; two leads are both known", () => {
    expect(crews.common(all("a", "b"), some("a"))).toEqual(all("a", "b"));
    expect(crews.common(some("a"), all("a", "b"))).toEqual(all("a", "b"));
    expect(crews.common(some("b", "a"), some("c", "a"))).toEqual(some("a", "b", "c"));
  });
  test("are the same by who is in them, in any order, and by whether those are all", () => {
    expect(crews.same(all("a", "b"), all("b", "a"))).toBe(true);
    expect(crews.same(all("a"), some("a"))).toBe(false);
    expect(crews.same(all("a"), all("a", "b"))).toBe(false);
    expect(crews.same(all("a", "b"), all("a"))).toBe(false);
  });
  test("only a lead nobody names says nothing", () => {
    expect(crews.silent(some())).toBe(true);
    expect(crews.silent(all())).toBe(false);
    expect(crews.silent(some("a"))).toBe(false);
  });
});

test("an empty reference is a value like any other: it disagrees, and it is not silent", () => {
  expect(texts.meets("", "PO-1")).toBe(false);
  expect(texts.meets("PO-1", "PO-1")).toBe(true);
  expect(texts.same("PO-1", "")).toBe(false);
  expect(texts.same("", "")).toBe(true);
  expect(texts.common("PO-1", "PO-1")).toBe("PO-1");
  expect(texts.silent("")).toBe(false);
});
