import { describe, expect, test } from "vitest";
import type { Page, RawRecord } from "#shared/connectors/connector.ts";
import { digestOf } from "#shared/domain/ids.ts";
import type { ReadRecord } from "#shared/messages/inbound.ts";
import { batchesOf, fitting, forward, messageLimits } from "#shared/pipeline/forward.ts";
import { readingWorld } from "#test/support/reading-world.ts";

const at = "2026-11-02T08:00:00.000Z";
const record = (id: string, more: object = {}): RawRecord => ({
  ...{ stream: "jobs", id, modified: null, raw: { id, ...more } },
});
const pageOf = (more: Partial<Page>): Page => ({
  ...{ records: [], unfit: [], dropped: 0, next: null, total: null, mark: null },
  ...more,
});

function handing() {
  const world = readingWorld({ records: [], pageSize: 9 });
  const known = async () => world.store.manifest.load("rotor-crews", "jobs");
  const hand = (page: Partial<Page>, read = 1, how: { everything?: boolean; queue?: "inbound" | "backfill" } = {}) =>
    forward(
      ...([world.ports, world.readable, { page: pageOf(page), read, at }] as const),
      how.everything ? null : known,
      how.queue ?? "inbound",
    );
  return { ...world, hand, known };
}

describe("a page that is handed on", () => {
  test("goes to the archive, to the queue that was asked for, and then to the manifest", async () => {
    const { hand, queues, archive, known } = handing();
    expect(await hand({ records: [record("1"), record("2")] }, 7)).toEqual({
      ...{ read: 2, forwarded: 2, dropped: 0, quarantined: 0 },
    });
    expect(queues.sent.inbound).toMatchObject([
      {
        ...{ v: 1, kind: "observations", company: "ridgeline", connection: "rotor-crews", archived: null },
        records: [
          { stream: "jobs", id: "1", modified: null, read: 7, at, digest: digestOf({ id: "1" }), raw: { id: "1" } },
          { id: "2" },
        ],
      },
    ]);
    expect([...archive.objects.keys()]).toEqual(["pages/ridgeline/2026-11-02/rotor-crews/jobs/7.json"]);
    expect([...(await known()).keys()]).toEqual(["1", "2"]);
    await hand({ records: [record("3")] }, 8, { queue: "backfill" });
    expect([queues.sent.inbound.length, queues.sent.backfill.length]).toEqual([1, 1]);
  });

  test("with one record changed: that one alone is archived and sent", async () => {
    const { hand, queues, archive } = handing();
    await hand({ records: [record("1"), record("2")] }, 1);
    expect(await hand({ records: [record("1"), record("2", { note: "x" })] }, 2)).toMatchObject({
      ...{ read: 2, forwarded: 1 },
    });
    expect(queues.sent.inbound[1]).toMatchObject({ records: [{ id: "2" }] });
    const text = archive.objects.get("pages/ridgeline/2026-11-02/rotor-crews/jobs/2.json") ?? "[]";
    expect(JSON.parse(text)).toMatchObject([{ id: "2", raw: { note: "x" } }]);
  });

  test("with nothing changed leaves no trace", async () => {
    const { hand, queues, archive, ports } = handing();
    await hand({ records: [record("1")] }, 1);
    const never = () => Promise.reject(new Error("nothing was to be written"));
    Object.assign(ports, { manifest: { ...ports.manifest, merge: never } });
    expect(await hand({ records: [record("1")] }, 2)).toMatchObject({ read: 1, forwarded: 0 });
    expect([queues.sent.inbound.length, archive.objects.size]).toEqual([1, 1]);
  });

  test("whatever is known, where everything is asked for", async () => {
    const { hand } = handing();
    await hand({ records: [record("1")] }, 1);
    expect(await hand({ records: [record("1")] }, 2, { everything: true })).toMatchObject({ forwarded: 1 });
  });

  test("that the queue does not take leaves the manifest, so that it is handed on again", async () => {
    const { hand, queues, known } = handing();
    queues.failNext(new Error("SQS is away"));
    await expect(hand({ records: [record("1")] })).rejects.toThrow("SQS is away");
    expect((await known()).size).toBe(0);
    expect(await hand({ records: [record("1")] })).toMatchObject({ forwarded: 1 });
  });
});

describe("what does not fit", () => {
  test("is put away once with its reason and its payload, however often it is read", async () => {
    const { hand, store } = handing();
    const unfit = [{ stream: "jobs", raw: { no: "id" }, reason: "no id" }];
    expect(await hand({ unfit }, 1)).toEqual({ read: 1, forwarded: 0, dropped: 0, quarantined: 1 });
    expect(await hand({ unfit }, 2)).toMatchObject({ read: 1, quarantined: 0 });
    const [entry, ...more] = await store.quarantine.list();
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ connection: "rotor-crews", stream: "jobs", id: null, reason: "no id", at });
    expect(await store.quarantine.read(entry?.key ?? "")).toMatchObject({ raw: '{"no":"id"}' });
    const other = [{ stream: "jobs", raw: { no: "name" }, reason: "no id" }];
    expect(await hand({ unfit: [...unfit, ...other] }, 3)).toMatchObject({ quarantined: 1 });
    expect(await hand({ unfit: [...unfit, ...other] }, 4)).toMatchObject({ quarantined: 0 });
  });

  test("and fits later is handed on like every other", async () => {
    const { hand, known, ports, readable, queues } = handing();
    const versioned = { ...readable, spec: { ...readable.spec, versioned: true } };
    const page = pageOf({ records: [record("1")] });
    const put = await forward(ports, versioned, { page, read: 1, at }, known, "inbound");
    expect(put).toMatchObject({ forwarded: 0, quarantined: 1 });
    expect(await hand({ records: [record("1")] }, 2)).toMatchObject({ forwarded: 1 });
    expect(queues.sent.inbound).toHaveLength(1);
  });

  test.each([
    ["has no version where its document states one", null, true, "no modified time"],
    ["has a version that is no instant", "yesterday", true, "not an instant: yesterday"],
    ["has one that is no instant where none is stated", "yesterday", false, "not an instant"],
  ])("because it %s", (_name, modified, versioned, reason) => {
    const { readable } = handing();
    const page = pageOf({
      records: [
        { ...record("1"), modified },
        { ...record("2"), modified: "2026-11-02T07:59:59.1234567Z" },
      ],
      unfit: [{ stream: "jobs", raw: 1, reason: "no id" }],
    });
    const { records, unfit } = fitting(page, { ...readable.spec, versioned });
    expect(records.map(({ id }) => id)).toEqual(["2"]);
    expect(unfit).toEqual([
      { stream: "jobs", raw: 1, reason: "no id", id: null },
      { stream: "jobs", raw: { id: "1" }, id: "1", reason: expect.stringContaining(reason) },
    ]);
  });

  test("never for want of a version where none is stated", () => {
    const { readable } = handing();
    expect(fitting(pageOf({ records: [record("1")] }), readable.spec)).toMatchObject({ unfit: [] });
  });
});

describe("what is turned away at the door", () => {
  test("is counted once where its ids are known, else each time", async () => {
    const { hand } = handing();
    expect(await hand({ dropped: 2, droppedIds: ["8", "9"] }, 1)).toMatchObject({ read: 2, dropped: 2 });
    expect(await hand({ dropped: 2, droppedIds: ["9", "10"] }, 2)).toMatchObject({ read: 2, dropped: 1 });
    expect(await hand({ dropped: 2 }, 3)).toMatchObject({ read: 2, dropped: 2 });
  });

  test("leaves no mark when it was read by its name", async () => {
    const { hand, known } = handing();
    expect(await hand({ dropped: 1, droppedIds: ["9"] }, 1, { everything: true })).toMatchObject({ dropped: 1 });
    expect((await known()).size).toBe(0);
  });

  test("does not hide a record of the same id", async () => {
    const { hand } = handing();
    await hand({ dropped: 1, droppedIds: ["9"] }, 1);
    expect(await hand({ records: [record("9")] }, 2)).toMatchObject({ forwarded: 1 });
  });
});

describe("messages carry what a queue takes", () => {
  const read = (id: string, bytes = 0): ReadRecord => ({
    ...{ stream: "jobs", id, modified: null, read: 1, at, digest: "d" },
    raw: { id, note: "x".repeat(bytes) },
  });
  const sizes = (records: readonly ReadRecord[]) =>
    batchesOf(records).map((batch) => `${batch.records.length}${batch.tooLarge ? " too large" : ""}`);
  /** Bytes of note that make a record so large as JSON. */
  const noteFor = (bytes: number): number => bytes - JSON.stringify(read("1")).length;

  test("a hundred records at most, in their order", () => {
    const many = Array.from({ length: 250 }, (_, n) => read(String(n)));
    expect(sizes(many)).toEqual(["100", "100", "50"]);
    expect(batchesOf(many).flatMap(({ records }) => records)).toEqual(many);
    expect(sizes(many.slice(0, 100))).toEqual(["100"]);
    expect(sizes([])).toEqual([]);
  });

  test("200,000 bytes at most together, to the byte", () => {
    const half = messageLimits.bytes / 2;
    expect(sizes([read("1", noteFor(half)), read("2", noteFor(half))])).toEqual(["2"]);
    expect(sizes([read("1", noteFor(half)), read("2", noteFor(half) + 1)])).toEqual(["1", "1"]);
    expect(sizes([1, 2, 3].map((n) => read(String(n), noteFor(half))))).toEqual(["2", "1"]);
  });

  test("bytes, not letters", () => {
    const half = read("1");
    expect(sizes([read("1"), { ...half, raw: { note: "é".repeat(99_980) } }])).toEqual(["1", "1 too large"]);
  });

  test("a record too large by a byte stands alone, and its neighbours in messages of their own", () => {
    const full = noteFor(messageLimits.bytes);
    expect(sizes([read("1", full)])).toEqual(["1"]);
    expect(sizes([read("1"), read("2", full + 1), read("3"), read("4")])).toEqual(["1", "1 too large", "2"]);
    expect(sizes([read("1", full + 1), read("2", full + 1)])).toEqual(["1 too large", "1 too large"]);
  });

  test("and it goes through the archive, as the message it would have been", async () => {
    const { hand, queues, archive } = handing();
    const large = { note: "x".repeat(messageLimits.bytes) };
    await hand({ records: [record("1"), record("2", large), record("3", large)] }, 4);
    const place = "messages/ridgeline/2026-11-02/rotor-crews/jobs/4";
    expect(queues.sent.inbound).toMatchObject([
      { archived: null, records: [{ id: "1" }] },
      { archived: `${place}-1.json`, records: [] },
      { archived: `${place}-2.json`, records: [] },
    ]);
    expect(JSON.parse(archive.objects.get(`${place}-1.json`) ?? "")).toMatchObject({
      ...{ v: 1, kind: "observations", company: "ridgeline", connection: "rotor-crews", archived: null },
      records: [{ id: "2", read: 4, raw: large }],
    });
  });
});
