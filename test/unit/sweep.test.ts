import { describe, expect, test } from "vitest";
import { Failure } from "#shared/domain/failure.ts";
import { digestOf } from "#shared/domain/ids.ts";
import { sweepStream } from "#shared/pipeline/sweep.ts";
import { hinted, keyOf, later, many, sweepingWorld } from "#test/support/sweeping-world.ts";

describe("a sweep", () => {
  test("of a stream that every job holds as the vendor shows it hints nothing and is due in a day", async () => {
    const world = await sweepingWorld(many(5), many(5));
    expect(await sweepStream(world.ports, world.readable)).toMatchObject({
      outcome: "done",
      proven: true,
      listed: 5,
      known: 5,
      differing: 0,
      missing: 0,
      dueAt: later(24),
    });
    expect(hinted(world)).toEqual([]);
    expect(world.vendor.asked[0]).toMatchObject({ since: null, purpose: "sweep" });
  });

  test("hints what a job holds otherwise and what is known nowhere, whatever the manifest says", async () => {
    const shown = [{ id: "0" }, { id: "1", note: "changed" }, { id: "new" }];
    const world = await sweepingWorld(many(2), shown);
    await world.store.manifest.merge("rotor-crews", "jobs", new Map(shown.map((r) => [r.id, digestOf(r)])), 9);
    expect(await sweepStream(world.ports, world.readable)).toMatchObject({ differing: 2 });
    expect(hinted(world).toSorted()).toEqual(["1", "new"]);
  });

  test("takes a parked record's claim for its word when the digest is the same, and not when it differs", async () => {
    const world = await sweepingWorld([], [{ id: "7" }, { id: "8" }]);
    for (const [id, digest] of [
      ["7", digestOf({ id: "7" })],
      ["8", "another"],
    ] as const) {
      const [stored] = await world.store.claims.load([keyOf(id)]);
      const next = { record: keyOf(id), jobs: [], person: null, sets: {}, parked: "no twin", digest };
      await world.store.claims.save({ stored: stored!, next });
    }
    await sweepStream(world.ports, world.readable);
    expect(hinted(world)).toEqual(["8"]);
  });

  test("concludes nothing where a deletion shows as a field", async () => {
    const world = await sweepingWorld(many(3), many(2), { absence: "field" });
    expect(await sweepStream(world.ports, world.readable)).toMatchObject({ missing: 1, concluded: 0 });
    expect(hinted(world)).toEqual([]);
    expect(world.queues.sent.inbound).toEqual([]);
  });

  test("has a missing record read by id where there is such a read", async () => {
    const world = await sweepingWorld(many(3), many(2), { absence: "by-id", byId: 1 });
    expect(await sweepStream(world.ports, world.readable)).toMatchObject({ missing: 1, concluded: 1 });
    expect(hinted(world)).toEqual(["2"]);
    expect(world.queues.sent.inbound).toEqual([]);
  });

  test("concludes absence from lists only when two proven sweeps twelve hours apart missed the record", async () => {
    const world = await sweepingWorld(many(3), many(2));
    await sweepStream(world.ports, world.readable);
    world.clock.set(later(11));
    await sweepStream(world.ports, world.readable);
    expect(world.queues.sent.inbound).toEqual([]);
    world.clock.set(later(12));
    expect(await sweepStream(world.ports, world.readable)).toMatchObject({ concluded: 1 });
    expect(world.queues.sent.inbound).toEqual([
      expect.objectContaining({ kind: "absent", ids: ["2"], how: "unseen", read: 4, at: later(12) }),
    ]);
  });

  test("remembers what it missed over a sweep that proves nothing", async () => {
    const world = await sweepingWorld(many(3), many(2));
    await sweepStream(world.ports, world.readable);
    world.clock.set(later(6));
    world.vendor.total = 3;
    expect(await sweepStream(world.ports, world.readable)).toMatchObject({ proven: false });
    world.clock.set(later(12));
    world.vendor.total = undefined;
    expect(await sweepStream(world.ports, world.readable)).toMatchObject({ concluded: 1 });
  });

  test("forgets a record that was missing and is back", async () => {
    const world = await sweepingWorld(many(3), many(2));
    await sweepStream(world.ports, world.readable);
    world.vendor.records = many(3);
    world.clock.set(later(10));
    await sweepStream(world.ports, world.readable);
    world.vendor.records = many(2);
    world.clock.set(later(20));
    await sweepStream(world.ports, world.readable);
    expect(world.queues.sent.inbound).toEqual([]);
  });

  test("does not count a sweep made with another key or address as the second one", async () => {
    const world = await sweepingWorld(many(3), many(2));
    await sweepStream(world.ports, world.readable);
    world.clock.set(later(20));
    const client = await world.readable.client("sweep");
    const otherKey = { ...world.readable, client: async () => ({ ...client, secret: { apiKey: "narrower" } }) };
    expect(await sweepStream(world.ports, otherKey)).toMatchObject({ concluded: 0 });
    expect(world.queues.sent.inbound).toEqual([]);
  });

  test("proves nothing when the stated total is not the number of records that came", async () => {
    const world = await sweepingWorld(many(3), many(2));
    world.vendor.total = 3;
    expect(await sweepStream(world.ports, world.readable)).toMatchObject({ proven: false, missing: 1, concluded: 0 });
    expect((await world.store.sweeps.load("rotor-crews", "jobs")).provenAt).toBeNull();
  });

  test("proves nothing when a record came without its id", async () => {
    const world = await sweepingWorld(many(3), many(2), { absence: "by-id", byId: 1, unfit: [{ no: "id" }] });
    world.vendor.total = 3;
    expect(await sweepStream(world.ports, world.readable)).toMatchObject({ listed: 2, proven: false, concluded: 0 });
    expect(hinted(world)).toEqual([]);
  });

  test.each([
    { known: 100, gone: 3, asks: false },
    { known: 100, gone: 4, asks: true },
    { known: 1000, gone: 5, asks: false },
    { known: 1000, gone: 6, asks: true },
  ])("with $gone of $known missing asks a person: $asks", async ({ known, gone, asks }) => {
    const world = await sweepingWorld(many(known), many(known - gone), { absence: "by-id", byId: 1, pageSize: 5000 });
    const result = await sweepStream(world.ports, world.readable);
    expect(result.outcome).toBe(asks ? "asks" : "done");
    expect(hinted(world)).toHaveLength(asks ? 0 : gone);
    const { question } = await world.store.feeds.load("rotor-crews", "jobs");
    expect(question === null).toBe(!asks);
  });

  test("takes its question back once the records are there again", async () => {
    const world = await sweepingWorld(many(50), [], { absence: "by-id", byId: 1 });
    await sweepStream(world.ports, world.readable);
    world.vendor.records = many(50);
    world.clock.set(later(24));
    await sweepStream(world.ports, world.readable);
    expect((await world.store.feeds.load("rotor-crews", "jobs")).question).toBeNull();
  });

  test("that the vendor fails concludes nothing, says so and is due again soon", async () => {
    const world = await sweepingWorld(many(3), many(2), { pageSize: 1 });
    world.vendor.beforePage = async (page) => {
      if (page === 2) throw new Failure("transient", "the list changed");
    };
    expect(await sweepStream(world.ports, world.readable)).toMatchObject({ outcome: "failed", concluded: 0 });
    expect((await world.store.feeds.load("rotor-crews", "jobs")).lastFailure).toMatchObject({ kind: "transient" });
    expect(await world.cell.due.next()).toBe("2026-11-02T08:01:00.000Z");
  });
});
