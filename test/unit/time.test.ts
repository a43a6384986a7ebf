import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addHours,
  addSeconds,
  compareInstants,
  earlier,
  instantMillis,
  instantNanos,
  localDay,
  printedDay,
  wallClock,
  wallToInstant,
  withOffsetOf,
} from "#shared/domain/time.ts";

describe("an instant as vendors print it", () => {
  const midnight = 1_793_577_600n * 1_000_000_000n;
  test.each([
    ["2026-11-02T00:00:00Z", 0n],
    ["2026-11-02T00:00Z", 0n],
    ["2026-11-02 00:00:01z", 1_000_000_000n],
    ["2026-11-02T00:00:00.1234567Z", 123_456_700n],
    ["2026-11-02T00:00:00.000000001Z", 1n],
    ["2026-11-01T17:00:00-07:00", 0n],
    ["2026-11-01T17:00:00-0700", 0n],
    ["2026-11-02T05:30:00+0530", 0n],
  ])("%s", (text, nanos) => expect(instantNanos(text)).toBe(midnight + nanos));
  test.each([
    [""],
    ["2026-11-02"],
    ["2026-11-02T00:00:00"],
    ["2026-13-02T00:00:00Z"],
    ["x2026-11-02T00:00Z"],
    ["2026-11-02T00:00Zx"],
  ])("%j is none", (text) => {
    expect(instantNanos(text)).toBeNull();
    expect(() => instantMillis(text)).toThrow(`not an instant: ${text}`);
    expect(() => compareInstants(text, "2026-11-02T00:00:00Z")).toThrow(`not an instant: ${text}`);
    expect(() => compareInstants("2026-11-02T00:00:00Z", text)).toThrow(`not an instant: ${text}`);
  });
  test("two are compared to the last digit and across offsets, never as text", () => {
    expect(compareInstants("2026-11-02T00:00:00.1234567Z", "2026-11-02T00:00:00.1234568Z")).toBe(-1);
    expect(compareInstants("2026-11-02T00:00:00.2Z", "2026-11-02T00:00:00.1999999Z")).toBe(1);
    expect(compareInstants("2026-11-01T17:00:00-07:00", "2026-11-02T00:00:00Z")).toBe(0);
    expect(compareInstants("2026-11-02T00:00:00Z", "2026-11-02T00:00:00Z")).toBe(0);
  });
  test("is moved by hours and seconds, and of two the earlier is found, where one may be missing", () => {
    expect(instantMillis("1970-01-01T00:00:01.9999999Z")).toBe(1999);
    expect(addHours("2026-11-01T17:00:00-07:00", 1.5)).toBe("2026-11-02T01:30:00.000Z");
    expect(addSeconds("2026-11-02T00:00:00Z", -0.5)).toBe("2026-11-01T23:59:59.500Z");
    const [first, second] = ["2026-11-01T23:00:00Z", "2026-11-02T00:00:00Z"];
    expect([earlier(first, second), earlier(second, first)]).toEqual([first, first]);
    expect([earlier(null, second), earlier(second, undefined), earlier(null, undefined)]).toEqual([
      second,
      second,
      null,
    ]);
    const same = "2026-11-01T16:00:00-07:00";
    expect(earlier(same, first)).toBe(same);
  });
});

describe("a wall clock", () => {
  const zone = "America/Denver";
  test.each([
    ["2026-11-01T05:59:00Z", "2026-10-31", "23:59"],
    ["2026-11-01T06:00:00Z", "2026-11-01", "00:00"],
    ["2026-11-01T07:30:00Z", "2026-11-01", "01:30"],
    ["2026-11-01T08:30:00Z", "2026-11-01", "01:30"],
  ])("shows %s in Denver as %s %s", (instant, day, time) => {
    expect(wallClock(instant, zone)).toEqual({ day, time });
    expect(localDay(instant, zone)).toBe(day);
  });
  test.each([
    ["2026-10-31", "20:30", "2026-11-01T02:30:00.000Z", null],
    ["2026-11-02", "20:30", "2026-11-03T03:30:00.000Z", null],
    ["2026-11-01", "00:59", "2026-11-01T06:59:00.000Z", null],
    ["2026-11-01", "01:30", "2026-11-01T07:30:00.000Z", "repeated"],
    ["2026-11-01", "02:00", "2026-11-01T09:00:00.000Z", null],
    ["2026-03-08", "01:59", "2026-03-08T08:59:00.000Z", null],
    ["2026-03-08", "02:30", "2026-03-08T09:30:00.000Z", "skipped"],
    ["2026-03-08", "03:00", "2026-03-08T09:00:00.000Z", null],
  ])("%s %s in Denver is %s (%s)", (day, time, instant, note) =>
    expect(wallToInstant(day, time, zone)).toEqual({ instant, note }),
  );
  test.each(["America/Denver", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Kiritimati"])(
    "is what the zone's own format shows, on days on which it is set and on others: %s",
    (at) => {
      const format = new Intl.DateTimeFormat("sv-SE", { timeZone: at, dateStyle: "short", timeStyle: "short" });
      for (const from of ["2026-03-07", "2026-04-04", "2026-07-01", "2026-10-03", "2026-10-31"]) {
        for (let quarter = 0; quarter < 192; quarter += 1) {
          const instant = addSeconds(`${from}T00:00:59Z`, quarter * 900);
          const { day, time } = wallClock(instant, at);
          expect(`${day} ${time}`).toBe(format.format(new Date(instant)));
        }
      }
    },
  );
  test("is what the zone's own format shows, at any instant", () => {
    const zones = ["America/Denver", "Europe/London", "Australia/Lord_Howe", "America/St_Johns"];
    const instants = fc.date({ min: new Date("1990-01-01"), max: new Date("2060-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (at, instant) => {
        const format = new Intl.DateTimeFormat("sv-SE", { timeZone: at, dateStyle: "short", timeStyle: "short" });
        const { day, time } = wallClock(instant.toISOString(), at);
        expect(`${day} ${time}`).toBe(format.format(instant));
      }),
    );
  });
  test("east of Greenwich the day is another one sooner", () =>
    expect(wallToInstant("2026-11-02", "00:30", "Asia/Kolkata")).toEqual({
      instant: "2026-11-01T19:00:00.000Z",
      note: null,
    }));
  test("what is no wall clock is refused", () =>
    expect(() => wallToInstant("2026-11-01", "25:00", zone)).toThrow("not a wall clock: 2026-11-01 25:00"));
});

describe("what is printed", () => {
  test.each([
    ["2026-11-02T23:00:00-07:00", "2026-11-02"],
    ["2026-11-02", "2026-11-02"],
    ["11/02/2026", null],
    ["2026-11-2", null],
    ["on 2026-11-02", null],
  ])("the day of %s is %s", (text, day) => expect(printedDay(text)).toBe(day));
  test.each([
    ["2026-11-02T08:00:00-06:00", "2026-11-02T06:34:56-06:00"],
    ["2026-11-02T08:00:00-0630", "2026-11-02T06:04:56-06:30"],
    ["2026-11-02T08:00:00+05:30", "2026-11-02T18:04:56+05:30"],
    ["2026-11-02T08:00:00z", "2026-11-02T12:34:56Z"],
    ["2026-11-02", "2026-11-02T12:34:56Z"],
    ["2026-11-02T08:00:00-06:00 in Denver", "2026-11-02T12:34:56Z"],
  ])("an instant is written as %s is", (printed, text) =>
    expect(withOffsetOf("2026-11-02T12:34:56.789Z", printed)).toBe(text),
  );
});
