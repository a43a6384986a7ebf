import { describe, expect, test } from "vitest";
import { Failure } from "#shared/domain/failure.ts";
import type { ReadRecord } from "#shared/messages/inbound.ts";
import { readStream } from "#shared/pipeline/ingest.ts";
import { readRecords } from "#shared/pipeline/ingest-records.ts";
import { leastTimeMs } from "#shared/pipeline/reading.ts";
import { type FakeStream, type ReadingWorld, readingWorld } from "#test/support/reading-world.ts";

const forwarded = (world: ReturnType<typeof readingWorld>): readonly ReadRecord[] =>
  [...world.queues.sent.inbound, ...world.queues.sent.backfill].flatMap((message) =>
    message.kind === "observations" ? message.records : [],
  );

const threeRecords: FakeStream = { records: [{ id: "1" }, { id: "2" }, { id: "3" }], pageSize: 2 };

describe("reading a stream", () => {
  test("the first read hands everything to the backfill queue, the next only what changed to inbound", async () => {
    const world = readingWorld(threeRecords);
    const first = await readStream(world.ports, world.readable, "live");
    expect(first).toMatchObject({ outcome: "complete", pages: 2, read: 3, forwarded: 3 });
    expect(world.queues.sent.inbound).toEqual([]);
    expect(forwarded(world).map(({ id }) => id)).toEqual(["1", "2", "3"]);

    world.clock.set("2026-11-02T09:00:00.000Z");
    world.vendor.records = [{ id: "1" }, { id: "2", note: "changed" }, { id: "3" }, { id: "4" }];
    world.queues.sent.backfill.length = 0;
    const second = await readStream(world.ports, world.readable, "live");
    expect(second).toMatchObject({ outcome: "complete", read: 4, forwarded: 2 });
    expect(world.queues.sent.backfill).toEqual([]);
    expect(forwarded(world).map(({ id }) => id)).toEqual(["2", "4"]);
  });

  test("an unchanged stream writes no message, no archive object and no manifest entry", async () => {
    const world = readingWorld(threeRecords);
    await readStream(world.ports, world.readable, "live");
    const objects = world.archive.objects.size;
    world.clock.set("2026-11-02T09:00:00.000Z");
    world.queues.sent.backfill.length = 0;
    expect(await readStream(world.ports, world.readable, "live")).toMatchObject({ read: 3, forwarded: 0 });
    expect(forwarded(world)).toEqual([]);
    expect(world.archive.objects.size).toBe(objects);
  });

  test("counts in equal counts out", async () => {
    const world = readingWorld({ records: [{ id: "1" }, { id: "2" }], unfit: [{ no: "id" }], dropped: 4, pageSize: 9 });
    const result = await readStream(world.ports, world.readable, "live");
    expect(result).toMatchObject({ read: 7, forwarded: 2, dropped: 4, quarantined: 1 });
    const { counted } = await world.store.feeds.load("rotor-crews", "jobs");
    expect(counted).toEqual({ read: 7, forwarded: 2, dropped: 4, quarantined: 1 });
  });

  test("a record that is turned away is counted once, also when it was first read by its name", async () => {
    const world = readingWorld({ records: [{ id: "1" }], byId: 50, pageSize: 9 });
    const turnedAway = { dropped: 1, droppedIds: ["9"] };
    const { reader } = world.readable;
    const readable: typeof world.readable = {
      ...world.readable,
      reader: {
        ...reader,
        page: async (...asked) => ({ ...(await reader.page(...asked)), ...turnedAway }),
        byIds: async (...asked) => ({ ...(await reader.byIds(...asked)), ...turnedAway }),
      },
    };
    const named = { v: 1, kind: "records", company: "ridgeline", connection: "rotor-crews", stream: "jobs" } as const;
    await readRecords(world.ports, readable, { ...named, ids: ["9"], purpose: "live", why: "webhook" });
    for (let reads = 0; reads < 2; reads++) await readStream(world.ports, readable, "live");
    expect((await world.store.feeds.load("rotor-crews", "jobs")).counted.dropped).toBe(1);
  });

  test("a record without the version its document states is put away once, its neighbours go on", async () => {
    const world = readingWorld({ records: [{ id: "1", modified: null }, { id: "2" }], pageSize: 9, versioned: true });
    await readStream(world.ports, world.readable, "live");
    world.clock.set("2026-11-02T09:00:00.000Z");
    expect(await readStream(world.ports, world.readable, "live")).toMatchObject({ quarantined: 0 });
    const [entry] = await world.store.quarantine.list();
    expect(entry).toMatchObject({ id: "1", reason: expect.stringContaining("no modified time") });
    expect(forwarded(world).map(({ id }) => id)).toEqual(["2"]);
  });

  test("the feed is complete at the run's start, and the mark is the run's last", async () => {
    const world = readingWorld(threeRecords);
    world.vendor.beforePage = async (page) => {
      if (page === 1) world.clock.set("2026-11-02T08:10:00.000Z");
    };
    await readStream(world.ports, world.readable, "live");
    const feed = await world.store.feeds.load("rotor-crews", "jobs");
    expect(feed).toMatchObject({ completeAt: "2026-11-02T08:00:00.000Z", mark: "mark-2", run: null });
    expect(await world.cell.due.next()).toBe("2026-11-02T08:30:00.000Z");
  });

  test("a vendor that fails on the second page leaves mark and completeAt, says so, and is asked again from there", async () => {
    const world = readingWorld(threeRecords);
    world.vendor.beforePage = async (page) => {
      if (page === 2) throw new Failure("rate-limited", "429", { retryAt: "2026-11-02T11:00:00.000Z" });
    };
    const result = await readStream(world.ports, world.readable, "live");
    expect(result).toMatchObject({ outcome: "failed", forwarded: 2, dueAt: "2026-11-02T11:00:00.000Z" });
    const feed = await world.store.feeds.load("rotor-crews", "jobs");
    expect(feed).toMatchObject({ completeAt: null, mark: null, failingSince: "2026-11-02T08:00:00.000Z" });
    expect(feed.lastFailure).toMatchObject({ kind: "rate-limited" });

    world.clock.set("2026-11-02T11:00:00.000Z");
    world.vendor.beforePage = undefined;
    world.queues.sent.backfill.length = 0;
    expect(await readStream(world.ports, world.readable, "live")).toMatchObject({ outcome: "complete", pages: 1 });
    expect(forwarded(world).map(({ id }) => id)).toEqual(["3"]);
    const after = await world.store.feeds.load("rotor-crews", "jobs");
    expect(after).toMatchObject({ completeAt: "2026-11-02T08:00:00.000Z", failingSince: null });
  });

  test("an outage is tried again after as long as it has lasted, a minute at least and a quarter of an hour at most", async () => {
    const world = readingWorld(threeRecords);
    world.vendor.beforePage = async () => {
      throw new Failure("transient", "503");
    };
    const dueAt = async (now: string): Promise<string | null> => {
      world.clock.set(now);
      return (await readStream(world.ports, world.readable, "live")).dueAt;
    };
    expect(await dueAt("2026-11-02T08:00:00.000Z")).toBe("2026-11-02T08:01:00.000Z");
    expect(await dueAt("2026-11-02T08:05:00.000Z")).toBe("2026-11-02T08:10:00.000Z");
    expect(await dueAt("2026-11-02T12:00:00.000Z")).toBe("2026-11-02T12:15:00.000Z");
  });

  test("our own queue's failure moves nothing and is thrown, so that the message stays", async () => {
    const world = readingWorld(threeRecords);
    world.queues.failNext(new Failure("transient", "SQS kept 1 messages back"));
    await expect(readStream(world.ports, world.readable, "live")).rejects.toThrow("SQS kept");
    expect((await world.store.manifest.load("rotor-crews", "jobs")).size).toBe(0);
    expect((await world.store.feeds.load("rotor-crews", "jobs")).failingSince).toBeNull();
  });

  test("a run whose time is over goes on from its page, due at once", async () => {
    const world = readingWorld(threeRecords);
    world.timeLeftMs = leastTimeMs - 1;
    expect(await readStream(world.ports, world.readable, "live")).toMatchObject({ outcome: "continued", pages: 1 });
    expect(await world.cell.due.next()).toBe("2026-11-02T08:00:00.000Z");
    expect(await readStream(world.ports, world.readable, "live")).toMatchObject({ outcome: "complete", pages: 1 });
    expect(forwarded(world).map(({ id }) => id)).toEqual(["1", "2", "3"]);
  });

  test("two overlapping runs leave what the later request saw", async () => {
    const world = readingWorld({ records: [{ id: "1", note: "old" }], pageSize: 9 });
    // The second run reads, and ends, between the first run's request and its hand-over.
    world.vendor.afterPage = async () => {
      world.vendor.afterPage = undefined;
      world.vendor.records = [{ id: "1", note: "new" }];
      await readStream(world.ports, world.readable, "person");
    };
    await readStream(world.ports, world.readable, "person");
    const reads = forwarded(world).toSorted((a, b) => b.read - a.read);
    expect(reads[0]?.raw).toMatchObject({ note: "new" });
    expect((await world.store.manifest.load("rotor-crews", "jobs")).get("1")).toBe(reads[0]?.digest);
  });

  test("a hint that waited longer than its lease finds the stream just read, and asks the vendor nothing", async () => {
    const world = readingWorld(threeRecords);
    await readStream(world.ports, world.readable, "live");
    const asked = world.vendor.asked.length;
    expect(await readStream(world.ports, world.readable, "live")).toMatchObject({ outcome: "fresh", read: 0 });
    expect(world.vendor.asked).toHaveLength(asked);
  });

  test("a backfill reads from the beginning and forwards everything again, and leaves the live schedule alone", async () => {
    const world = readingWorld(threeRecords);
    await readStream(world.ports, world.readable, "live");
    const due = await world.cell.due.next();
    world.queues.sent.backfill.length = 0;
    expect(await readStream(world.ports, world.readable, "backfill")).toMatchObject({ forwarded: 3 });
    expect(world.vendor.asked.at(-1)).toMatchObject({ since: null, purpose: "backfill" });
    expect(await world.cell.due.next()).toBe(due);
  });
});

describe("what the manifest is asked for", () => {
  test.each([
    [100, ["named"]],
    [101, ["whole"]],
  ])("a page of %i records: %j", async (count, asked) => {
    const world = readingWorld({ records: records(count), pageSize: 1000 });
    expect(await asksOf(world)).toEqual(asked);
  });

  test("once whole, it serves the pages after it", async () => {
    const world = readingWorld({ records: records(230), pageSize: 110 });
    expect(await asksOf(world)).toEqual(["whole"]);
  });

  test("nothing by a backfill", async () => {
    const world = readingWorld(threeRecords);
    expect(await asksOf(world, "backfill")).toEqual([]);
  });

  const records = (count: number) => Array.from({ length: count }, (_, n) => ({ id: String(n) }));
  async function asksOf(world: ReadingWorld, purpose: "live" | "backfill" = "live"): Promise<readonly string[]> {
    const asks: string[] = [];
    const manifest: typeof world.ports.manifest = {
      ...world.ports.manifest,
      load: async (...asked) => {
        asks.push(asked[2] === undefined ? "whole" : "named");
        return world.ports.manifest.load(...asked);
      },
    };
    await readStream({ ...world.ports, manifest }, world.readable, purpose);
    return asks;
  }
});
