import { describe, expect, test } from "vitest";
import { arrivedAt, arrivesAt } from "#shared/pipeline/arrival.ts";
import { surroundingsOf } from "#shared/pipeline/surroundings.ts";
import { linkingWorld } from "#test/support/linking-world.ts";

/** What a complete read proves once all that it found has had a minute to arrive. */
const at = (clock: string): string => `2026-11-02T${clock}.000Z`;
const read = (
  completeAt: string | null,
  handedOnAt: string | null = completeAt,
  completeBefore: string | null = null,
) => ({
  ...{ completeAt, handedOnAt, completeBefore },
});

describe("a stream's last complete read", () => {
  test.each([
    ["there was none", read(null), null, null],
    ["it ended just now, the first one", read(at("09:00:00")), null, at("09:01:00")],
    ["a second is missing", read(at("08:59:01")), null, at("09:00:01")],
    ["the minute is over", read(at("08:59:00")), at("08:59:00"), null],
    [
      "the one before it stands meanwhile",
      read(at("08:59:50"), at("08:59:50"), at("08:50:00")),
      at("08:50:00"),
      at("09:00:50"),
    ],
    [
      "a long one counts from when it handed on its last page",
      read(at("08:30:00"), at("08:59:30")),
      null,
      at("09:00:30"),
    ],
    ["and proves what stood when it began", read(at("08:30:00"), at("08:58:30")), at("08:30:00"), null],
    ["one kept by an earlier version, which wrote no hand-over", read(at("08:59:30"), null), null, at("09:00:30")],
  ])("%s", (_name, feed, arrived, arrives) =>
    expect([arrivedAt(feed, at("09:00:00")), arrivesAt(feed, at("09:00:00"))]).toEqual([arrived, arrives]),
  );
});

describe("a connection is as fresh as its stalest stream, each judged by its own reads", () => {
  const streams = ["jobs", "invoices", "payments"];
  const viewOf = async (...reads: readonly ReturnType<typeof read>[]) => {
    const { ports, company } = linkingWorld();
    const feeds = await Promise.all(
      reads.map(async (one, index) => ({ ...(await ports.feeds.load("s1", streams[index] ?? "")), ...one })),
    );
    const all = () => Promise.resolve(feeds);
    return (await surroundingsOf({ ...ports, feeds: { ...ports.feeds, all } }, company)).feeds["s1"];
  };
  // The world's clock stands at 08:00.
  const [old, before, just] = [at("07:10:00"), at("07:30:00"), at("07:59:30")];

  test("one that was never read leaves the connection unread", async () => {
    expect(await viewOf(read(old), read(before))).toMatchObject({ completeAt: null, arrivedAt: null });
    expect(await viewOf()).toMatchObject({ completeAt: null, arrivedAt: null, arrivesAt: null });
  });
  test("what one read just now is still coming, though another's read is long past", async () => {
    const view = await viewOf(read(old), read(just, just, before), read(before));
    expect(view).toEqual({ completeAt: old, arrivedAt: old, arrivesAt: at("08:00:30"), everyMinutes: 30 });
    expect(await viewOf(read(before), read(just, just, old), read(before))).toMatchObject({ arrivedAt: old });
    expect(await viewOf(read(before), read(just), read(before))).toMatchObject({ completeAt: before, arrivedAt: null });
  });
  test("all has arrived when the last of them has", async () =>
    expect(await viewOf(read(just), read(at("07:59:40")), read(before))).toMatchObject({ arrivesAt: at("08:00:40") }));
});
