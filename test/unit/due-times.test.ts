import { describe, expect, test } from "vitest";
import { Failure, type FailureDetail, type FailureKind } from "#shared/domain/failure.ts";
import type { ConnectionConfig } from "#shared/domain/policy.ts";
import { backOnBeat, nextRead, pollMinutes, spread, sweepHours, tryAgainAt } from "#shared/pipeline/due-times.ts";

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

describe("how often a connection is asked", () => {
  const connection: ConnectionConfig = {
    ...{ id: "c", vendor: "v", book: "receivable", baseUrl: "http://127.0.0.1:1", secret: "s" },
  };
  const jobs = { name: "jobs", everyMinutes: 45 };
  test.each([
    ["as its vendor's row says", undefined, 45],
    ["as the connection says of all its streams", { default: 20 }, 20],
    ["as it says of this one", { default: 20, jobs: 5 }, 5],
    ["as the vendor's row says where the connection speaks of others", { invoices: 5 }, 45],
  ])("%s", (_name, minutes, every) =>
    expect(pollMinutes({ ...connection, ...(minutes ? { pollMinutes: minutes } : {}) }, jobs)).toBe(every),
  );
  test("swept once a day, or as it says", () => {
    expect(sweepHours(connection)).toBe(24);
    expect(sweepHours({ ...connection, sweepHours: 6 })).toBe(6);
  });
});

describe("first instants are spread, so that a new company's streams do not all come at once", () => {
  const names = Array.from({ length: 80 }, (_, n) => `c/stream-${n}`);
  const minutesOf = (seconds: number): readonly number[] =>
    names.map((name) => (Date.parse(spread(at("10:00"), name, seconds)) - Date.parse(at("10:00"))) / 60_000);

  test("on whole minutes within the given time, early and late ones", () => {
    const minutes = minutesOf(3600);
    expect(minutes.every((one) => Number.isInteger(one) && one >= 0 && one < 60)).toBe(true);
    expect(Math.min(...minutes)).toBeLessThan(9);
    expect(Math.max(...minutes)).toBeGreaterThan(50);
    expect(new Set(minutes).size).toBeGreaterThan(30);
  });
  test("within a minute: at once", () => expect(new Set(minutesOf(60))).toEqual(new Set([0])));
  test("by the name alone: asked twice it is the same", () => expect(minutesOf(3600)).toEqual(minutesOf(3600)));
  test("counted from now on", () =>
    expect(Date.parse(spread(at("12:00"), "a", 3600)) - Date.parse(spread(at("10:00"), "a", 3600))).toBe(7_200_000));
});

describe("a read that failed", () => {
  const again = (kind: FailureKind, failingSince = at("10:00"), detail: FailureDetail = {}): string =>
    tryAgainAt(new Failure(kind, "no", detail), at("10:00"), failingSince);

  test.each([
    ["a quota that says when", "rate-limited", { retryAt: at("11:30") }, at("11:30")],
    ["one that says it in another zone", "rate-limited", { retryAt: "2026-11-01T04:30:00-07:00" }, at("11:30")],
    ["one whose time is over", "rate-limited", { retryAt: at("09:00") }, "2026-11-01T10:00:01.000Z"],
    ["one that is over right now", "rate-limited", { retryAt: at("10:00") }, "2026-11-01T10:00:01.000Z"],
    ["one that does not say", "rate-limited", {}, at("10:01")],
    ["a key that is refused", "unauthorised", { retryAt: at("11:30") }, at("10:15")],
    ["an outage that says when, which it cannot know", "transient", { retryAt: at("11:30") }, at("10:01")],
  ] as const)("by %s (%s, %j) is tried again at %s", (_name, kind, detail, due) =>
    expect(again(kind, at("10:00"), detail)).toBe(due),
  );

  test.each([
    ["just now", "10:00", "10:01"],
    ["for half a minute", "09:59", "10:01"],
    ["for seven minutes", "09:53", "10:07"],
    ["for a quarter of an hour", "09:45", "10:15"],
    ["all night", "00:00", "10:15"],
  ])(
    "because the vendor is away %s: after as long as that, at least a minute, at most a quarter of an hour",
    (_name, since, due) => {
      expect(again("transient", at(since))).toBe(at(due));
      expect(again("malformed", at(since))).toBe(at(due));
    },
  );
  test("by a quota or a key: however long that lasts already", () => {
    expect(again("rate-limited", at("00:00"))).toBe(at("10:01"));
    expect(again("unauthorised", at("09:59"))).toBe(at("10:15"));
  });
});
