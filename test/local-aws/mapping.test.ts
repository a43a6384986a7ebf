import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SmallStack, startSmallStack } from "./support.ts";

let small: SmallStack;

beforeAll(async () => {
  small = await startSmallStack();
});
afterAll(() => small.close());

/** The reports made while `work` runs and until nothing is under way. */
async function reportsDuring(work: () => Promise<void>) {
  const before = small.reports().length;
  await work();
  await small.stack.idle();
  return small.reports().slice(before);
}

describe("a queue's event source mapping", () => {
  it("hands over at most a batch, and deletes what succeeded", async () => {
    const reports = await reportsDuring(() =>
      small.send(
        "small-work",
        Array.from({ length: 10 }, () => "ok"),
      ),
    );
    const batches = reports.flatMap(({ bodies }) => (bodies ? [bodies.length] : []));
    expect(Math.max(...batches)).toBeLessThanOrEqual(4);
    // At least once: where the machine is so busy that a batch outlives its visibility, it comes again.
    expect(batches.reduce((sum, size) => sum + size, 0)).toBeGreaterThanOrEqual(10);
    expect(await small.stack.depths()).toMatchObject({ waiting: 0, inFlight: 0, deadLettered: 0 });
  });

  it("gives back only what the response lists, and sends it to the dead-letter queue after maxReceiveCount", async () => {
    const reports = await reportsDuring(() => small.send("small-work", ["ok 1", "fail 2", "ok 3"]));
    const seen = reports.flatMap(({ bodies }) => bodies ?? []);
    expect(seen.filter((body) => body === "fail")).toHaveLength(3);
    expect(seen.filter((body) => body === "ok")).toHaveLength(2);
    expect(await small.drain("small-work-dead-letters")).toEqual(["fail 2"]);
  });

  it.each(["unknown", "empty"])("keeps the whole batch when the response names an %s message", async (word) => {
    const reports = await reportsDuring(() => small.send("small-work", [word, "ok beside"]));
    expect(reports.filter(({ bodies }) => bodies?.includes("ok")).length).toBeGreaterThan(1);
    expect(await small.drain("small-work-dead-letters")).toContain(word);
    await small.drain("small-work-dead-letters");
  });

  it("keeps the whole batch when the function throws, as AWS counts it", async () => {
    const before = small.stack.invocations()["small-plain"];
    await reportsDuring(() => small.send("small-plain", ["throw", "ok with it"]));
    expect(await small.drain("small-work-dead-letters")).toEqual(["ok with it", "throw"]);
    expect((small.stack.invocations()["small-plain"]?.failed ?? 0) - (before?.failed ?? 0)).toBe(2);
  });

  it("kills the sandbox at the time-out, and the next invocation gets a fresh one", async () => {
    const before = small.stack.invocations()["small-plain"]?.timedOut ?? 0;
    const reports = await reportsDuring(() => small.send("small-plain", ["hang"]));
    const pids = new Set(reports.map(({ pid }) => pid));
    expect(reports).toHaveLength(2);
    expect(pids.size).toBe(2);
    expect((small.stack.invocations()["small-plain"]?.timedOut ?? 0) - before).toBe(2);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    expect(await small.drain("small-work-dead-letters")).toEqual(["hang"]);
  });

  it("survives a function that ends its own process", async () => {
    const reports = await reportsDuring(() => small.send("small-plain", ["exit"]));
    expect(new Set(reports.map(({ pid }) => pid)).size).toBe(2);
    expect(await small.drain("small-work-dead-letters")).toEqual(["exit"]);
  });

  it("runs one process for each concurrent batch, up to the maximum concurrency", async () => {
    const reports = await reportsDuring(() =>
      small.send(
        "small-work",
        Array.from({ length: 10 }, () => "slow"),
      ),
    );
    let running = 0;
    const most = Math.max(...reports.map(({ ended }) => (ended ? running-- : ++running)));
    expect(most).toBe(2);
    expect(new Set(reports.map(({ pid }) => pid)).size).toBe(2);
  });

  it("holds back what reserved concurrency throttles without failing it", async () => {
    await reportsDuring(async () => {
      for (let index = 0; index < 3; index++) await small.send("small-plain", ["slow"]);
    });
    expect(await small.drain("small-work-dead-letters")).toEqual([]);
  });

  it("uses a warm sandbox again", async () => {
    const first = await reportsDuring(() => small.send("small-plain", ["ok"]));
    const second = await reportsDuring(() => small.send("small-plain", ["ok"]));
    expect(second[0]?.pid).toBe(first[0]?.pid);
    await small.stack.restart("small-plain");
    const third = await reportsDuring(() => small.send("small-plain", ["ok"]));
    expect(third[0]?.pid).not.toBe(first[0]?.pid);
  });

  it("is not idle while a message is delayed", async () => {
    const reports = await reportsDuring(() => small.send("small-work", ["ok later"], 1));
    expect(reports.flatMap(({ bodies }) => bodies ?? [])).toEqual(["ok"]);
  });

  it("stops a chain that comes back to a function more than 16 times, into the dead-letter queue", async () => {
    await small.send("small-again", ["round"]);
    await small.stack.idle();
    expect(small.stack.invocations()["small-again"]).toEqual({ invoked: 16, failed: 0, timedOut: 0 });
    expect(await small.drain("small-pipeline-AgainDead")).toEqual(["round"]);
  });
});
