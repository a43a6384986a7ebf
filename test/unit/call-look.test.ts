import { beforeEach, describe, expect, test } from "vitest";
import type { Call } from "#shared/messages/call.ts";
import { type CallingWorld, callingWorld, closed, failing, looks, open } from "#test/support/calling-world.ts";

let world: CallingWorld;
beforeEach(async () => {
  world = await callingWorld();
});

describe("what is so already is not sent", () => {
  test.each([
    ["so already", looks.there, () => closed],
    ["gone already", looks.gone, () => ({ id: 8 })],
    ["gone already", looks.gone, failing("missing")],
  ])("it was %s", async (words, look, showing) => {
    world.shows = showing;
    const deliver = await world.call({ look });
    expect(await deliver()).toEqual({ done: "already" });
    expect(world.writes()).toEqual([]);
    expect(await world.state()).toMatchObject({ intents: [], attempts: [] });
    const ended = await world.receipt();
    expect(ended).toMatchObject({ outcome: "applied", attempts: 0, flags: [], requestId: null });
    expect(ended?.note).toContain(words);
    expect(ended).not.toHaveProperty("sentAt");
  });

  test("where only part of it can be compared it is sent", async () => {
    world.shows = () => closed;
    const deliver = await world.call({
      look: { ...looks.there, wants: [{ of: {}, shows: { state: "closed", by: "ana" } }] },
    });
    await deliver();
    expect(world.writes()).toHaveLength(1);
  });
});

describe("after it was sent", () => {
  test("what is shown is applied, with what stood there before and after, and the vendor's words", async () => {
    world.inTurn(open, closed);
    expect(await (await world.call())()).toEqual({ done: "written", outcome: "applied" });
    expect(await world.receipt()).toMatchObject({
      ...{ outcome: "applied", attempts: 1, requestId: "r-1", flags: [], sentAt: "2026-11-02T08:00:00.000Z" },
      ...{ before: '{"state":"open"}', after: '{"state":"closed"}', wanted: "POST /jobs/7/close" },
      note: 'the vendor answered {"id":7}; the read shows it',
    });
    expect(await world.state()).toMatchObject({ intents: [], attempts: [], dueAt: null });
  });

  test("what no read can show is applied by the vendor's word, flagged, and told where to look", async () => {
    expect(await (await world.call({ look: null }))()).toEqual({ done: "written", outcome: "applied" });
    const ended = await world.receipt();
    expect(ended).toMatchObject({ outcome: "applied", flags: ["unseen"], before: "", after: null });
    expect(ended?.note).toMatch(/^the vendor answered .* no read shows whether it is so: look.*\(getJob of the job\)$/);
    expect(world.asked).toHaveLength(1);
  });

  test("where nobody knows how to look, the vendor's screens are named", async () => {
    await (await world.call({ look: null, happened: null }))();
    expect((await world.receipt())?.note).toContain("the vendor's own screens");
  });

  test.each([["bad-input"], ["malformed"]] as const)(
    "a look that the vendor refuses (%s) shows nothing, and says why",
    async (kind) => {
      world.inTurn(open, failing(kind, "no such filter"));
      expect(await (await world.call())()).toEqual({ done: "written", outcome: "applied" });
      expect(await world.receipt()).toMatchObject({
        flags: ["unseen"],
        note: expect.stringContaining("(no such filter)"),
      });
    },
  );

  test("a look that finds nothing of the record leaves it open until the vendor's lag is over", async () => {
    world.inTurn(open, failing("missing"), failing("missing"));
    const deliver = await world.call();
    world.desk.world.clock.set("2026-11-02T08:10:00.000Z");
    expect(await deliver()).toEqual({ done: "written", outcome: "open" });
    expect((await world.state()).attempts).toMatchObject([
      { number: 1, state: "unverified", requestId: "r-1", dueAt: "2026-11-02T08:10:30.000Z" },
    ]);
    expect(await deliver()).toEqual({ done: "waits" });
    world.desk.world.clock.set("2026-11-02T08:10:30.000Z");
    expect(await deliver()).toEqual({ done: "looked" });
    expect(await world.receipt()).toMatchObject({
      ...{ outcome: "ignored", requestId: "r-1", flags: [], after: "no such record" },
      note: expect.stringMatching(/answered that it was done; the read does not show it.*\(getJob of the job\)/),
    });
    expect(world.writes()).toHaveLength(1);
  });

  test("a look that cannot be made now does not forget that it was answered", async () => {
    world.inTurn(open, failing("transient"), closed);
    const deliver = await world.call();
    expect(await deliver()).toEqual({ done: "later" });
    expect((await world.state()).attempts).toMatchObject([{ state: "unverified", requestId: "r-1" }]);
    world.desk.world.clock.set("2026-11-02T08:05:00.000Z");
    expect(await deliver()).toEqual({ done: "looked" });
    expect(await world.receipt()).toMatchObject({ outcome: "applied", requestId: "r-1", flags: [] });
    expect(world.writes()).toHaveLength(1);
  });

  test.each([
    [598, `"${"x".repeat(598)}"`],
    [599, `"${"x".repeat(599)}...`],
  ])("an answer of %i letters and their quotes is told up to its 600th letter", async (letters, told) => {
    world.inTurn(open, closed);
    world.answers = () => "x".repeat(letters);
    await (await world.call())();
    expect((await world.receipt())?.note).toBe(`the vendor answered ${told}; the read shows it`);
  });

  test("no note is longer than 1,200 letters, and no answer is null", async () => {
    world.answers = () => undefined;
    await (await world.call({ look: null, happened: "look ".repeat(500) }))();
    const { note } = (await world.receipt()) ?? {};
    expect(note).toHaveLength(1200);
    expect(note).toMatch(/^the vendor answered null;/);
  });
});

describe("a call that makes a row needs the look before it", () => {
  test.each([
    ["its look is refused", failing("bad-input", "no such filter"), "(no such filter)"],
    ["its answer holds no rows", () => ({ other: [] }), "(its answer holds no such rows)"],
  ])("%s: nothing is sent", async (_name, showing, why) => {
    world.shows = showing;
    expect(await (await world.call({ look: looks.made }))()).toEqual({ done: "refused" });
    expect(world.writes()).toEqual([]);
    expect(await world.state()).toMatchObject({ intents: [], attempts: [] });
    expect(await world.receipt()).toMatchObject({
      outcome: "rejected",
      attempts: 0,
      flags: [],
      note: expect.stringContaining(why),
    });
  });

  test("with no look to be had it is sent on the vendor's word; so is one that makes none", async () => {
    world.inTurn(failing("bad-input"), closed);
    expect(await (await world.call())()).toEqual({ done: "written", outcome: "applied" });
    expect(world.writes()).toHaveLength(1);
  });

  test("a look that cannot be made now puts it off", async () => {
    world.shows = failing("rate-limited");
    expect(await (await world.call({ look: looks.made }))()).toEqual({ done: "later" });
    expect(await world.state()).toMatchObject({ intents: [{ dueAt: "2026-11-02T08:05:00.000Z" }], attempts: [] });
    expect(world.writes()).toEqual([]);
  });

  test("a look that fails by a mistake of ours is thrown", async () => {
    world.shows = () => {
      throw new TypeError("not a function");
    };
    await expect((await world.call({ look: looks.made }))()).rejects.toThrow(TypeError);
  });
});

describe("between the look and the request", () => {
  test("a switch that is thrown stops it", async () => {
    const deliver = await world.call();
    world.shows = () => {
      void world.desk.ports.control.stop("ana", "now");
      return open;
    };
    expect(await deliver()).toEqual({ done: "stopped" });
    expect([world.writes(), (await world.state()).attempts]).toEqual([[], []]);
  });

  test("more writes in an hour than expected stop it", async () => {
    world.desk.company.policy.caps = { writesPerHour: 1 };
    const hour = { name: "hour", startsAt: "2026-11-02T08:00:00.000Z", endsAt: "2026-11-02T09:00:00.000Z", limit: 1 };
    const deliver = await world.call();
    await world.ports.budget.take("write-back", [hour], 1);
    expect(await deliver()).toEqual({ done: "stopped" });
    expect(world.writes()).toEqual([]);
  });

  test("another delivery that is faster is left to it", async () => {
    const deliver = await world.call();
    let others: Promise<unknown> | undefined;
    const inner = world.ports.jobs.commit;
    const jobs: typeof world.ports.jobs = {
      ...world.ports.jobs,
      commit: async (...one) => {
        // The other one commits its attempt first.
        if (!others) {
          world.ports = { ...world.ports, jobs: { ...world.ports.jobs, commit: inner } };
          others = deliver();
          await others;
        }
        return inner(...one);
      },
    };
    world.ports = { ...world.ports, jobs };
    expect(await deliver()).toEqual({ done: "later" });
    expect(world.writes()).toHaveLength(1);
  });
});

test("the request goes out as it was stored, whatever its body", async () => {
  const request: Call["request"] = {
    ...{ method: "PUT", path: "/x", query: { a: 1, b: ["c"] }, headers: { "x-mark": "m" }, form: { f: "1" } },
    ...{ json: { j: null }, bytes: { contentType: "text/plain", base64: Buffer.from("é").toString("base64") } },
  };
  world.inTurn(open, closed);
  await (await world.call({ request }))();
  expect(world.writes()[0]).toMatchObject({
    ...{ operation: "closeJob", method: "PUT", path: "/x", query: { a: 1, b: ["c"] }, headers: { "x-mark": "m" } },
    ...{ form: { f: "1" }, json: { j: null }, bytes: { contentType: "text/plain", content: Buffer.from("é") } },
  });
  expect(Object.keys(world.asked[0] ?? {}).toSorted()).toEqual(["method", "operation", "path", "schema", "writes"]);
  expect(world.asked.map((one) => one.writes)).toEqual([false, true, false]);
});
