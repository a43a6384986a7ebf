import { describe, expect, test } from "vitest";
import type { Page } from "#shared/connectors/connector.ts";
import { Failure } from "#shared/domain/failure.ts";
import { readStream } from "#shared/pipeline/ingest.ts";
import type { Feed } from "#shared/pipeline/ports.ts";
import { leastTimeMs } from "#shared/pipeline/reading.ts";
import { type FakeStream, type ReadingWorld, readingWorld } from "#test/support/reading-world.ts";

/** Runs of a stream: what one leaves to the next, beside live reads a person's and a backfill's. */
const three: FakeStream = { records: [{ id: "1" }, { id: "2" }, { id: "3" }], pageSize: 1 };
const at = (clock: string): string => `2026-11-02T${clock}:00.000Z`;
const feedOf = (world: ReadingWorld): Promise<Feed> => world.store.feeds.load("rotor-crews", "jobs");
const read = (world: ReadingWorld, purpose: "live" | "person" | "backfill" = "live") =>
  readStream(world.ports, world.readable, purpose);
const outage = (world: ReadingWorld, error: Error = new Failure("transient", "503")): void => {
  world.vendor.beforePage = async () => {
    throw error;
  };
};

describe("who asks", () => {
  test.each([
    ["live", "backfill", "live"],
    ["person", "person", "person"],
    ["backfill", "backfill", "backfill"],
  ] as const)("a %s read asks the vendor first as %s, then as %s", async (purpose, first, then) => {
    const world = readingWorld({ ...three, pageSize: 9 });
    await read(world, purpose);
    world.clock.set(at("09:00"));
    await read(world, purpose);
    expect(world.vendor.asked.map((one) => one.purpose)).toEqual([first, then]);
  });

  test("the first read is all of it, behind the live queue, whoever asks", async () => {
    const world = readingWorld(three);
    await read(world, "person");
    expect([world.queues.sent.inbound.length, world.queues.sent.backfill.length]).toEqual([0, 3]);
    world.vendor.records = [{ id: "4" }];
    await read(world, "person");
    expect(world.queues.sent.inbound).toHaveLength(1);
  });

  test.each([
    ["08:14", "fresh"],
    ["08:15", "complete"],
  ])(
    "a stream of every half hour, read at 08:00, is at %s %s for the tick; people ask out of turn",
    async (clock, outcome) => {
      const world = readingWorld(three);
      await read(world);
      world.clock.set(at(clock));
      expect(await read(world, "person")).toMatchObject({ outcome: "complete" });
      const after = readingWorld(three);
      await read(after);
      after.clock.set(at(clock));
      const result = await read(after);
      expect(result.outcome).toBe(outcome);
      if (outcome === "fresh") expect(result).toMatchObject({ pages: 0, read: 0, failure: null, dueAt: null });
    },
  );

  test("a stream that fails is read however short ago it was complete", async () => {
    const world = readingWorld(three);
    await read(world);
    world.clock.set(at("08:01"));
    outage(world);
    await read(world, "person");
    world.vendor.beforePage = undefined;
    expect(await read(world)).toMatchObject({ outcome: "complete" });
  });
});

describe("what a complete run leaves", () => {
  test("its counts added to those before, when it read and when all had been handed on", async () => {
    const world = readingWorld({ ...three, dropped: 2, unfit: [{ no: "id" }] });
    await read(world);
    expect(await feedOf(world)).toMatchObject({ completeBefore: null, lastReadAt: at("08:00") });
    world.clock.set(at("09:00"));
    world.vendor.records = [{ id: "1" }, { id: "9" }];
    world.vendor.beforePage = async () => world.clock.set(at("09:02"));
    expect(await read(world)).toMatchObject({ outcome: "complete", pages: 2, dueAt: at("09:30"), failure: null });
    expect(await feedOf(world)).toMatchObject({
      ...{ completeAt: at("09:00"), completeBefore: at("08:00"), handedOnAt: at("09:02"), lastReadAt: at("09:02") },
      counted: { read: 6 + 5, forwarded: 3 + 1, dropped: 2 + 2, quarantined: 1 },
    });
  });

  test("the stream due again, under its name", async () => {
    const world = readingWorld(three);
    await read(world);
    expect(world.dueItems()).toEqual([
      { company: "ridgeline", kind: "stream", name: "rotor-crews/jobs", dueAt: at("08:30") },
    ]);
  });

  test("out of turn: its interval from now on", async () => {
    const world = readingWorld(three);
    await read(world);
    world.clock.set(at("08:10"));
    expect(await read(world, "person")).toMatchObject({ dueAt: at("08:40") });
  });

  test("after a silence, the beat it had before", async () => {
    const world = readingWorld(three);
    await read(world);
    outage(world);
    world.clock.set(at("08:30"));
    await read(world);
    world.vendor.beforePage = undefined;
    world.clock.set(at("09:07"));
    expect(await read(world)).toMatchObject({ outcome: "complete", dueAt: at("09:30") });
  });

  test("after a first read that failed before, its interval", async () => {
    const world = readingWorld(three);
    outage(world);
    await read(world);
    world.vendor.beforePage = undefined;
    world.clock.set(at("08:07"));
    expect(await read(world)).toMatchObject({ dueAt: at("08:37") });
  });

  test("the mark for the next, which keeps the old one where no page brought any", async () => {
    const world = readingWorld(three);
    const { page } = world.readable.reader;
    const marks: (string | null)[] = ["a", "b", null, null, null, null];
    const marking = async (...asked: Parameters<typeof page>): Promise<Page> => ({
      ...(await page(...asked)),
      mark: marks.shift() ?? null,
    });
    const readable = { ...world.readable, reader: { ...world.readable.reader, page: marking } };
    await readStream(world.ports, readable, "live");
    expect(await feedOf(world)).toMatchObject({ mark: "b" });
    await readStream(world.ports, readable, "person");
    expect(await feedOf(world)).toMatchObject({ mark: "b" });
    expect(world.vendor.asked.map(({ since }) => since)).toEqual([null, null, null, "b", "b", "b"]);
  });
});

describe("a run that was interrupted", () => {
  const interrupted = async (purpose: "live" | "backfill"): Promise<ReadingWorld> => {
    const world = readingWorld(three);
    await read(world);
    world.clock.set(at("09:00"));
    world.timeLeftMs = leastTimeMs - 1;
    expect(await read(world, purpose)).toMatchObject({ outcome: "continued", pages: 1, read: 1, dueAt: at("09:00") });
    world.timeLeftMs = leastTimeMs;
    return world;
  };

  test("goes on at its page, with its own start, and what it counted is kept", async () => {
    const world = await interrupted("live");
    expect(await feedOf(world)).toMatchObject({
      ...{ completeAt: at("08:00"), lastReadAt: at("09:00"), mark: "mark-3" },
      ...{ run: { startedAt: at("09:00"), since: "mark-3", next: "1", mark: "mark-4" }, backfill: null },
    });
    world.clock.set(at("09:10"));
    expect(await read(world)).toMatchObject({ outcome: "complete", pages: 2, read: 2 });
    expect(await feedOf(world)).toMatchObject({ completeAt: at("09:00"), run: null, counted: { read: 6 } });
    expect(world.vendor.asked.at(-1)).toMatchObject({ since: "mark-3" });
  });

  test.each([
    ["08:59", "complete", 2],
    ["09:00", "complete", 3],
  ])("the next day at %s it is %s after %i pages: older than a day, it begins anew", async (clock, outcome, pages) => {
    const world = await interrupted("live");
    world.clock.set(`2026-11-03T${clock}:00.000Z`);
    expect(await read(world)).toMatchObject({ outcome, pages });
  });

  test("as a backfill waits as a hint of its own, and live reads know nothing of it", async () => {
    const world = await interrupted("backfill");
    const hint = { v: 1, kind: "stream", company: "ridgeline", connection: "rotor-crews", stream: "jobs" };
    expect(world.dueItems().find(({ kind }) => kind === "hint")).toEqual({
      ...{ company: "ridgeline", kind: "hint", name: "backfill/rotor-crews/jobs", dueAt: at("09:00") },
      hint: { ...hint, purpose: "backfill" },
    });
    expect(world.dueItems().find(({ kind }) => kind === "stream")).toMatchObject({ dueAt: at("08:30") });
    expect(await feedOf(world)).toMatchObject({ run: null, backfill: { since: null, next: "1", mark: "mark-4" } });
    expect(await read(world)).toMatchObject({ outcome: "complete", pages: 3 });
    expect(await feedOf(world)).toMatchObject({ backfill: { next: "1" }, mark: "mark-7" });
    expect(await read(world, "backfill")).toMatchObject({ outcome: "complete", pages: 2, forwarded: 2 });
    // Where live reads stand is theirs.
    expect(await feedOf(world)).toMatchObject({ backfill: null, run: null, mark: "mark-7" });
  });

  test("is gone on with at once, however fresh the stream is by then", async () => {
    const world = readingWorld(three);
    await read(world);
    world.clock.set(at("08:05"));
    world.timeLeftMs = leastTimeMs - 1;
    await read(world, "person");
    world.timeLeftMs = leastTimeMs;
    expect(await read(world)).toMatchObject({ outcome: "complete", pages: 2 });
  });

  test("that got on is no longer failing", async () => {
    const world = readingWorld(three);
    outage(world);
    await read(world);
    world.vendor.beforePage = undefined;
    world.timeLeftMs = leastTimeMs - 1;
    await read(world);
    expect(await feedOf(world)).toMatchObject({ failingSince: null, completeAt: null });
  });

  test("a backfill of a stream that was never read leaves a mark to go on from", async () => {
    const world = readingWorld(three);
    await read(world, "backfill");
    expect(await feedOf(world)).toMatchObject({ mark: "mark-3", completeAt: at("08:00") });
  });
});

describe("a run that failed", () => {
  test("because the key is not there asks nobody, and is due in a quarter of an hour", async () => {
    const world = readingWorld(three);
    const refused = new Failure("unauthorised", "no secret");
    const readable = { ...world.readable, client: () => Promise.reject(refused) };
    expect(await readStream(world.ports, readable, "live")).toMatchObject({
      ...{ outcome: "failed", pages: 0, read: 0, failure: refused, dueAt: at("08:15") },
    });
    expect(world.vendor.asked).toEqual([]);
    expect(await feedOf(world)).toMatchObject({
      ...{ run: null, lastReadAt: null, failingSince: at("08:00") },
      lastFailure: { at: at("08:00"), kind: "unauthorised", message: "no secret" },
    });
  });

  test("by a mistake of ours is thrown, and no word about the vendor", async () => {
    const world = readingWorld(three);
    outage(world, new TypeError("not a function"));
    await expect(read(world)).rejects.toThrow("not a function");
    expect(await feedOf(world)).toMatchObject({ lastFailure: null, failingSince: null });
  });

  test.each([
    ["transient", "1"],
    ["rate-limited", "1"],
    ["unauthorised", "1"],
    ["malformed", null],
    ["missing", null],
  ] as const)(
    "on its second page (%s) goes on from %j: only a list that no longer fits begins anew",
    async (kind, next) => {
      const world = readingWorld(three);
      world.vendor.beforePage = async (page) => {
        if (page === 2) throw new Failure(kind, "no");
      };
      expect(await read(world)).toMatchObject({ outcome: "failed", pages: 2, read: 1, forwarded: 1 });
      const { run, counted, lastReadAt } = await feedOf(world);
      expect([run?.next ?? null, counted.read, lastReadAt]).toEqual([next, 1, null]);
      world.clock.set(at("08:30"));
      expect(await read(world)).toMatchObject({ outcome: "complete", pages: next === null ? 3 : 2 });
    },
  );

  test("fails since its first failure, and its last one is told", async () => {
    const world = readingWorld(three);
    outage(world);
    await read(world);
    world.clock.set(at("08:04"));
    outage(world, new Failure("rate-limited", "429"));
    expect(await read(world)).toMatchObject({ dueAt: at("08:05") });
    expect(await feedOf(world)).toMatchObject({
      ...{ failingSince: at("08:00"), lastFailure: { at: at("08:04"), kind: "rate-limited" } },
    });
  });

  test("as a backfill is due as a hint, and the live stream when it was", async () => {
    const world = readingWorld(three);
    await read(world);
    world.vendor.beforePage = async (page) => {
      if (page === 5) throw new Failure("transient", "503");
    };
    expect(await read(world, "backfill")).toMatchObject({ outcome: "failed", dueAt: at("08:01") });
    expect(
      world
        .dueItems()
        .map(({ kind, dueAt }) => [kind, dueAt])
        .toSorted(),
    ).toEqual([
      ["hint", at("08:01")],
      ["stream", at("08:30")],
    ]);
    expect(await feedOf(world)).toMatchObject({ run: null, backfill: { next: "1" } });
  });
});
