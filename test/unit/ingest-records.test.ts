import { describe, expect, test } from "vitest";
import { Failure, type FailureKind } from "#shared/domain/failure.ts";
import type { ReadRecord } from "#shared/messages/inbound.ts";
import { readStream } from "#shared/pipeline/ingest.ts";
import { type RecordsHint, readRecords } from "#shared/pipeline/ingest-records.ts";
import { leastTimeMs } from "#shared/pipeline/reading.ts";
import { type FakeStream, readingWorld } from "#test/support/reading-world.ts";

const threeRecords: FakeStream = { records: [{ id: "1" }, { id: "2" }, { id: "3" }], pageSize: 2 };
const forwarded = (world: ReturnType<typeof readingWorld>): readonly ReadRecord[] =>
  world.queues.sent.inbound.flatMap((message) => (message.kind === "observations" ? message.records : []));
const absent = (world: ReturnType<typeof readingWorld>) =>
  world.queues.sent.inbound.filter((message) => message.kind === "absent");

describe("reading the records of a hint", () => {
  const hint = (ids: readonly string[], purpose: RecordsHint["purpose"] = "live"): RecordsHint => ({
    v: 1,
    kind: "records",
    company: "ridgeline",
    connection: "rotor-crews",
    stream: "jobs",
    ids: [...ids],
    why: "webhook",
    purpose,
  });

  test("what is found is forwarded whatever the manifest says, what is not is proven absent", async () => {
    const world = readingWorld({ ...threeRecords, byId: 2 });
    await readStream(world.ports, world.readable, "live");
    world.queues.sent.backfill.length = 0;
    const result = await readRecords(world.ports, world.readable, hint(["1", "9", "3", "1"]));
    expect(result).toMatchObject({ forwarded: 2, absent: 1, waiting: 0 });
    expect(forwarded(world).map(({ id }) => id)).toEqual(["1", "3"]);
    expect(world.queues.sent.inbound.find(({ kind }) => kind === "absent")).toMatchObject({
      ids: ["9"],
      how: "deleted",
    });
  });

  test("where there is no read by id the list is read and nothing is concluded from what it lacks", async () => {
    const world = readingWorld({ ...threeRecords, byId: 0 });
    const result = await readRecords(world.ports, world.readable, hint(["2", "9"]));
    expect(result).toMatchObject({ forwarded: 1, absent: 0 });
    expect(world.queues.sent.inbound.map(({ kind }) => kind)).toEqual(["observations"]);
  });

  test("a spent budget makes the rest of the ids wait as one due item, and the message is handled", async () => {
    const world = readingWorld({ ...threeRecords, byId: 1 });
    world.vendor.beforePage = async (page) => {
      if (page === 2) throw new Failure("rate-limited", "budget", { retryAt: "2026-11-02T09:00:00.000Z" });
    };
    const result = await readRecords(world.ports, world.readable, hint(["1", "2", "3"]));
    expect(result).toMatchObject({ forwarded: 1, waiting: 2, dueAt: "2026-11-02T09:00:00.000Z" });
    const [item] = await world.cell.due.due("2026-11-02T09:00:00.000Z", 10);
    expect(item?.hint).toEqual(hint(["2", "3"]));
  });

  test("one record that cannot be read is put away, and the others are read", async () => {
    const world = readingWorld({ ...threeRecords, byId: 50 });
    world.vendor.beforeIds = async (ids) => {
      if (ids.includes("2")) throw new Failure("malformed", "amount is a colour", { body: '{"id":2}' });
    };
    const result = await readRecords(world.ports, world.readable, hint(["1", "2", "3"]));
    expect(result).toMatchObject({ forwarded: 2, quarantined: 1, absent: 0 });
    expect((await world.store.quarantine.list())[0]).toMatchObject({ id: "2", reason: "amount is a colour" });
  });

  test("a record that came without its id is not taken for one that is gone", async () => {
    const world = readingWorld({ records: [{ id: "1" }], unfit: [{ no: "id" }], pageSize: 9, byId: 2 });
    const result = await readRecords(world.ports, world.readable, hint(["1", "2"]));
    expect(result).toMatchObject({ absent: 0 });
    expect(world.vendor.asked.at(-1)).toMatchObject({ ids: ["2"] });
  });

  test("each id is asked for once, as many at a time as the vendor reads at once", async () => {
    const world = readingWorld({ ...threeRecords, byId: 2 });
    await readRecords(world.ports, world.readable, hint(["1", "2", "3", "1", "2"]));
    expect(world.vendor.asked.map(({ ids }) => ids)).toEqual([["1", "2"], ["3"]]);
    expect(forwarded(world).map(({ id, read }) => [id, read])).toEqual([
      ["1", 1],
      ["2", 1],
      ["3", 2],
    ]);
  });

  test("what is asked for on behalf of a backfill waits behind the live queue, and asks as one", async () => {
    const world = readingWorld({ ...threeRecords, byId: 2 });
    await readRecords(world.ports, world.readable, hint(["1"], "backfill"));
    expect([world.queues.sent.inbound.length, world.queues.sent.backfill.length]).toEqual([0, 1]);
    expect(world.vendor.asked).toMatchObject([{ purpose: "backfill" }]);
  });

  test("where there is no read by id every page of the list is asked for, from its beginning", async () => {
    const world = readingWorld({ ...threeRecords, byId: 0 });
    const result = await readRecords(world.ports, world.readable, hint(["1", "3"]));
    expect(result).toMatchObject({ read: 2, forwarded: 2, waiting: 0, dueAt: null, failure: null });
    expect(forwarded(world).map(({ id }) => id)).toEqual(["1", "3"]);
    expect(world.vendor.asked).toMatchObject([{ since: null }, { since: null }]);
  });

  test("many that are gone are told in messages of a hundred, with the number of the read", async () => {
    const world = readingWorld({ records: [], pageSize: 9, byId: 500 });
    const ids = Array.from({ length: 250 }, (_, n) => String(n));
    expect(await readRecords(world.ports, world.readable, hint(ids))).toMatchObject({ absent: 250 });
    expect(absent(world).map((message) => message.ids.length)).toEqual([100, 100, 50]);
    expect(new Set(absent(world).flatMap((message) => message.ids)).size).toBe(250);
    expect(absent(world)[0]).toMatchObject({
      ...{ v: 1, company: "ridgeline", connection: "rotor-crews", stream: "jobs", read: 1, how: "deleted" },
      at: "2026-11-02T08:00:00.000Z",
    });
  });

  test("what is missing by the vendor's own word is gone, and its neighbours are read", async () => {
    const world = readingWorld({ ...threeRecords, byId: 2 });
    world.vendor.beforeIds = async (ids) => {
      if (ids.includes("2")) throw new Failure("missing", "404");
    };
    expect(await readRecords(world.ports, world.readable, hint(["1", "2", "3"]))).toMatchObject({
      ...{ forwarded: 2, absent: 1, quarantined: 0 },
    });
    expect(absent(world)).toMatchObject([{ ids: ["2"] }]);
    expect(world.vendor.asked.map(({ ids }) => ids)).toEqual([["1", "2"], ["1"], ["2"], ["3"]]);
  });

  test("a payload that cannot be read is kept as far as it came", async () => {
    const world = readingWorld({ ...threeRecords, byId: 1 });
    const bodies: Readonly<Record<string, object>> = { "1": { body: '{"id":1' }, "2": {} };
    world.vendor.beforeIds = async ([id = ""]) => {
      if (bodies[id]) throw new Failure("malformed", `no JSON in ${id}`, bodies[id]);
    };
    const result = await readRecords(world.ports, world.readable, hint(["1", "2", "3"]));
    expect(result).toMatchObject({ read: 3, forwarded: 1, quarantined: 2, absent: 0 });
    const entries = await world.store.quarantine.list();
    expect(entries.map(({ id, reason, form, stream, connection }) => [id, reason, form, stream, connection])).toEqual([
      ["1", "no JSON in 1", "cut", "jobs", "rotor-crews"],
      ["2", "no JSON in 2", "cut", "jobs", "rotor-crews"],
    ]);
    const texts = await Promise.all(entries.map(({ key }) => world.store.quarantine.read(key)));
    expect(texts.map(({ raw }) => raw)).toEqual(['{"id":1', ""]);
  });

  test("where no read by id exists a list that is gone proves nothing of its records", async () => {
    const world = readingWorld({ ...threeRecords, byId: 0 });
    world.vendor.beforePage = async () => {
      throw new Failure("missing", "404");
    };
    expect(await readRecords(world.ports, world.readable, hint(["1"]))).toMatchObject({ absent: 0, quarantined: 1 });
    expect(absent(world)).toEqual([]);
  });

  test("what was turned away at the door is not taken for gone", async () => {
    const world = readingWorld({ records: [{ id: "1" }], pageSize: 9, byId: 5 });
    const { reader } = world.readable;
    const dropping: typeof reader = {
      ...reader,
      byIds: async (client, stream, ids) => ({
        ...(await reader.byIds(client, stream, ids)),
        ...(ids.includes("9") ? { dropped: 1 } : {}),
      }),
    };
    const readable = { ...world.readable, reader: dropping };
    expect(await readRecords(world.ports, readable, hint(["1", "8", "9"]))).toMatchObject({ dropped: 2, absent: 1 });
    expect(absent(world)).toMatchObject([{ ids: ["8"] }]);
  });

  test("nor is one that came without its id beside one that was turned away", async () => {
    const world = readingWorld({ records: [], pageSize: 9, byId: 5 });
    const { reader } = world.readable;
    const unfit = [{ stream: "jobs", raw: { no: "id" }, reason: "no id" }];
    const byIds: typeof reader.byIds = async (...asked) => ({ ...(await reader.byIds(...asked)), unfit, dropped: 1 });
    const readable = { ...world.readable, reader: { ...reader, byIds } };
    expect(await readRecords(world.ports, readable, hint(["1", "2"]))).toMatchObject({ absent: 0 });
  });

  test("where all is found one message is sent, and none that says nothing", async () => {
    const world = readingWorld({ ...threeRecords, byId: 5 });
    const sizes: number[] = [];
    const inbound: typeof world.queues.inbound = async (messages) => void sizes.push(messages.length);
    const ports = { ...world.ports, queues: { ...world.ports.queues, inbound } };
    await readRecords(ports, world.readable, hint(["1", "2", "3"]));
    expect(sizes).toEqual([1]);
  });

  test("a mistake of ours is thrown: nothing is gone, nothing waits", async () => {
    const world = readingWorld({ ...threeRecords, byId: 2 });
    world.vendor.beforeIds = async () => {
      throw new Failure("bad-input", "no such stream");
    };
    await expect(readRecords(world.ports, world.readable, hint(["1"]))).rejects.toMatchObject({ kind: "bad-input" });
    world.vendor.beforeIds = async () => {
      throw new TypeError("not a function");
    };
    await expect(readRecords(world.ports, world.readable, hint(["1"]))).rejects.toThrow("not a function");
    expect([world.queues.sent.inbound, world.dueItems()]).toEqual([[], []]);
  });
});

describe("ids that cannot be read now", () => {
  const hint = (ids: readonly string[], purpose: RecordsHint["purpose"] = "live"): RecordsHint => ({
    ...{ v: 1, kind: "records", company: "ridgeline", connection: "rotor-crews", stream: "jobs" },
    ...{ ids: [...ids], why: "webhook", purpose },
  });
  const failing = (world: ReturnType<typeof readingWorld>, kind: FailureKind): void => {
    world.vendor.beforeIds = async () => {
      throw new Failure(kind, "no");
    };
  };

  test("because time is over are due at once, before the vendor is asked for more", async () => {
    const world = readingWorld({ ...threeRecords, byId: 1 });
    world.timeLeftMs = leastTimeMs;
    world.vendor.beforeIds = async ([id]) => {
      if (id === "2") world.timeLeftMs = leastTimeMs - 1;
    };
    const now = "2026-11-02T08:00:00.000Z";
    expect(await readRecords(world.ports, world.readable, hint(["1", "2", "3"]))).toMatchObject({
      ...{ forwarded: 2, waiting: 1, dueAt: now, failure: null },
    });
    expect(world.dueItems()).toMatchObject([{ company: "ridgeline", kind: "hint", dueAt: now, hint: hint(["3"]) }]);
  });

  test("because the key is refused all wait, and nobody is asked", async () => {
    const world = readingWorld({ ...threeRecords, byId: 1 });
    const refused = new Failure("unauthorised", "401");
    const readable = { ...world.readable, client: () => Promise.reject(refused) };
    expect(await readRecords(world.ports, readable, hint(["1", "2"]))).toMatchObject({
      ...{ waiting: 2, failure: refused, dueAt: "2026-11-02T08:15:00.000Z", forwarded: 0 },
    });
    expect(world.vendor.asked).toEqual([]);
  });

  test("because the vendor is away wait as long as its stream has failed already", async () => {
    const world = readingWorld({ ...threeRecords, byId: 1 });
    const feed = await world.store.feeds.load("rotor-crews", "jobs");
    failing(world, "transient");
    expect(await readRecords(world.ports, world.readable, hint(["1"]))).toMatchObject({
      dueAt: "2026-11-02T08:01:00.000Z",
    });
    await world.store.feeds.save({ ...feed, failingSince: "2026-11-02T07:55:00.000Z" });
    expect(await readRecords(world.ports, world.readable, hint(["1"]))).toMatchObject({
      dueAt: "2026-11-02T08:05:00.000Z",
    });
  });

  test("asked for twice wait as one, others beside them", async () => {
    const world = readingWorld({ ...threeRecords, byId: 5 });
    failing(world, "transient");
    const waiting = async (...[ids, purpose]: Parameters<typeof hint>) => {
      await readRecords(world.ports, world.readable, hint(ids, purpose));
      return world.dueItems().length;
    };
    expect(await waiting(["1", "2"])).toBe(1);
    expect(await waiting(["2", "1"])).toBe(1);
    expect(await waiting(["1", "3"])).toBe(2);
    expect(await waiting(["1", "2"], "backfill")).toBe(3);
    expect(await waiting(["12"])).toBe(4);
  });
});
