import { describe, expect, test } from "vitest";
import { Failure } from "#shared/domain/failure.ts";
import { digestOf } from "#shared/domain/ids.ts";
import { emptyJob } from "#shared/domain/job.ts";
import { type Known, nothingKnown } from "#shared/domain/observation.ts";
import { leastTimeMs } from "#shared/pipeline/reading.ts";
import { sweepStream } from "#shared/pipeline/sweep.ts";
import { hinted, keyOf, later, many, said, sweepingWorld } from "#test/support/sweeping-world.ts";

/** Sweeps of streams larger than a page, a hint or a look at claims, and of those that are not the only one. */
describe("a sweep of a whole stream", () => {
  test("tells the poller which records of which stream to read, two hundred a hint", async () => {
    const world = await sweepingWorld([], many(450), { pageSize: 1000 });
    await sweepStream(world.ports, world.readable);
    const hints = (world.queues.sent.hints.get("rotor") ?? []).filter((hint) => hint.kind === "records");
    expect(hints.map(({ ids }) => ids.length)).toEqual([200, 200, 50]);
    expect(hinted(world)).toEqual(many(450).map(({ id }) => id));
    const { ids: _ids, ...named } = hints[0] ?? { ids: [] };
    expect(named).toEqual({
      ...{ v: 1, kind: "records", company: "ridgeline", connection: "rotor-crews", stream: "jobs" },
      ...{ why: "sweep", purpose: "sweep" },
    });
  });

  test("sends no message where there is nothing to say", async () => {
    const world = await sweepingWorld(many(3), many(2));
    const never = () => Promise.reject(new Error("nothing was to be sent"));
    const queues = { hints: never, inbound: never, backfill: never };
    expect(await sweepStream({ ...world.ports, queues }, world.readable)).toMatchObject({ missing: 1 });
  });

  test("knows the records of every job, however many pages of jobs there are", async () => {
    const world = await sweepingWorld([], many(250), { pageSize: 1000 });
    const { jobs } = world.store;
    for (const one of many(250)) {
      const observations = { [keyOf(one.id)]: said(one) };
      await jobs.commit(await jobs.load(`k${one.id}`), { ...emptyJob(`k${one.id}`), observations }, later(0));
    }
    expect(await sweepStream(world.ports, world.readable)).toMatchObject({ known: 250, listed: 250, differing: 0 });
  });

  test("is about its own stream of its own connection, and records that are known to be gone are not missed", async () => {
    const world = await sweepingWorld(many(1), many(1));
    const { jobs } = world.store;
    const gone: Known = { ...said({ id: "9" }), absent: { read: 2, at: later(0), how: "deleted" } };
    const others = { "rotor-crews/customers/5": said({ id: "5" }), "rotor-south/jobs/6": said({ id: "6" }) };
    const observations = { ...others, [keyOf("9")]: gone, [keyOf("8")]: nothingKnown };
    await jobs.commit(await jobs.load("j2"), { ...emptyJob("j2"), observations }, later(0));
    expect(await sweepStream(world.ports, world.readable)).toMatchObject({ missing: 1, differing: 0, known: 2 });
    expect((await world.store.sweeps.load("rotor-crews", "jobs")).missing).toEqual({ "8": later(0) });
  });

  test("asks for every page from the beginning, and for no more once its time is nearly over", async () => {
    const world = await sweepingWorld(many(3), many(3), { pageSize: 1 });
    expect(await sweepStream(world.ports, world.readable)).toMatchObject({ listed: 3, proven: true });
    expect(world.vendor.asked).toHaveLength(3);
    world.timeLeftMs = leastTimeMs;
    world.vendor.beforePage = async (page) => {
      if (page === 4) world.timeLeftMs = leastTimeMs - 1;
    };
    world.clock.set(later(24));
    expect(await sweepStream(world.ports, world.readable)).toMatchObject({
      ...{ outcome: "failed", listed: 0, known: 3, differing: 0, missing: 0, concluded: 0, proven: false },
      ...{ failure: expect.objectContaining({ kind: "transient" }), dueAt: "2026-11-03T08:01:00.000Z" },
    });
    expect(world.vendor.asked).toHaveLength(4);
  });

  test("counts a record that does not fit as there, and never as one to be read", async () => {
    const world = await sweepingWorld([{ id: "1" }], [{ id: "1" }, { id: "2", modified: "yesterday" }]);
    world.vendor.records = [
      { id: "1", modified: "yesterday" },
      { id: "2", modified: "yesterday" },
    ];
    expect(await sweepStream(world.ports, world.readable)).toMatchObject({
      ...{ listed: 2, missing: 0, differing: 0, proven: true },
    });
  });

  test("asks for every claim, a hundred at a time, and takes none for another's", async () => {
    const world = await sweepingWorld([], many(205), { pageSize: 1000 });
    for (const { id } of many(205)) {
      const [stored] = await world.store.claims.load([keyOf(id)]);
      const parked = {
        record: keyOf(id),
        jobs: [],
        person: null,
        sets: {},
        parked: "no twin",
        digest: digestOf({ id }),
      };
      if (id !== "7" && id !== "204") await world.store.claims.save({ stored: stored!, next: parked });
    }
    await sweepStream(world.ports, world.readable);
    expect(hinted(world)).toEqual(["7", "204"]);
  });

  test.each(["person", "reference"] as const)(
    "of a stream of kind %s reads no job, since none holds it",
    async (role) => {
      const world = await sweepingWorld([], many(2));
      const list = async (): Promise<never> => Promise.reject(new Error("no job is read"));
      const [ports, readable] = [
        { ...world.ports, jobs: { list } },
        { ...world.readable, spec: { ...world.readable.spec, role } },
      ];
      expect(await sweepStream(ports, readable)).toMatchObject({ known: 0, listed: 2, differing: 2, missing: 0 });
      expect(hinted(world)).toEqual(["0", "1"]);
      await expect(sweepStream(ports, world.readable)).rejects.toThrow("no job is read");
    },
  );

  test("that asks a person says so with its numbers, and is due as ever", async () => {
    const world = await sweepingWorld(many(50), [], { absence: "by-id", byId: 1 });
    expect(await sweepStream(world.ports, world.readable)).toMatchObject({
      ...{ outcome: "asks", missing: 50, concluded: 0, failure: null, dueAt: later(24) },
    });
    const items = world.dueItems().filter(({ kind }) => kind === "sweep");
    expect(items).toEqual([{ company: "ridgeline", kind: "sweep", name: "rotor-crews/jobs", dueAt: later(24) }]);
  });

  test("that finds what it asked for leaves the feed as it stands otherwise", async () => {
    const world = await sweepingWorld(many(2), many(2));
    let saves = 0;
    const feeds = {
      ...world.ports.feeds,
      save: async (feed: Parameters<typeof world.ports.feeds.save>[0]) => {
        saves++;
        await world.ports.feeds.save(feed);
      },
    };
    await sweepStream({ ...world.ports, feeds }, world.readable);
    expect(saves).toBe(0);
  });

  test("is due as often as the connection says, from its start", async () => {
    const world = await sweepingWorld(many(2), many(2));
    world.vendor.beforePage = async () => world.clock.set(later(1));
    const readable = { ...world.readable, connection: { ...world.readable.connection, sweepHours: 6 } };
    expect(await sweepStream(world.ports, readable)).toMatchObject({ dueAt: later(6) });
  });

  test("concludes by the time and the number from before its list, so that what was read since is the later word", async () => {
    const world = await sweepingWorld(many(3), many(2));
    await sweepStream(world.ports, world.readable);
    world.clock.set(later(13));
    world.vendor.beforePage = async () => {
      world.clock.set(later(14));
      await world.store.reads.take("rotor-crews", "jobs");
    };
    await sweepStream(world.ports, world.readable);
    expect(world.queues.sent.inbound).toMatchObject([
      { v: 1, company: "ridgeline", connection: "rotor-crews", stream: "jobs", read: 3, at: later(13) },
    ]);
  });

  test("that fails for a while is tried again after as long as that; a mistake of ours is thrown", async () => {
    const world = await sweepingWorld(many(2), many(2));
    world.vendor.beforePage = async () => {
      throw new Failure("transient", "503");
    };
    await sweepStream(world.ports, world.readable);
    world.clock.set("2026-11-02T08:05:00.000Z");
    expect(await sweepStream(world.ports, world.readable)).toMatchObject({ dueAt: "2026-11-02T08:10:00.000Z" });
    world.vendor.beforePage = async () => {
      throw new TypeError("not a function");
    };
    await expect(sweepStream(world.ports, world.readable)).rejects.toThrow("not a function");
  });
});
