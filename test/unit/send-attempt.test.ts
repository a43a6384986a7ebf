import { beforeEach, describe, expect, test } from "vitest";
import { connectors } from "#shared/connectors/registry.ts";
import { Failure, type FailureDetail, type FailureKind } from "#shared/domain/failure.ts";
import type { Attempt } from "#shared/domain/intent.ts";
import { writeBack } from "#shared/pipeline/write-back.ts";
import { branchWriting, type WritingWorld, writingWorld } from "#test/support/writing-world.ts";

/** What becomes of a request that was sent, and of one that could not be. The branch's vendor lags 20 seconds. */
let world: WritingWorld;
beforeEach(async () => {
  world = await writingWorld();
});

const failing =
  (kind: FailureKind, detail: FailureDetail = {}) =>
  (): never => {
    throw new Failure(kind, "503 from the branch", detail);
  };
/** Which read of a delivery fails: 1 is the one before, 2 the one after the write. */
const failsAt = (read: number, fail: () => never): void => {
  let reads = 0;
  world.vendor.onRead = () => {
    if (++reads === read) fail();
  };
};

describe("a request without an answer", () => {
  test.each([["ambiguous"], ["malformed"]] as const)(
    "(%s) stays open, and is looked for once the vendor's lag has passed",
    async (kind) => {
      world.vendor.onWrite = failing(kind, { requestId: "r-9" });
      expect(await world.deliver()).toEqual({ done: "written", outcome: "open" });
      expect(await world.state()).toMatchObject({
        attempts: [{ state: "ambiguous", requestId: "r-9", dueAt: world.at(20), lagRead: null }],
        ...{ intents: [], receipts: [], dueAt: world.at(20) },
      });
      expect(await world.ports.control.state()).toMatchObject({ stopped: false });
      world.later(19);
      expect(await world.deliver()).toEqual({ done: "waits" });
      expect(world.vendor.sent).toHaveLength(1);
    },
  );

  test("that took all the same is applied when it is looked for, and never sent again", async () => {
    world.vendor.onWrite = () => {
      world.vendor.row = { ...world.vendor.row, status: "Ready to Invoice", updated_at: world.at(0) };
      return failing("ambiguous")();
    };
    await world.deliver();
    world.later(20);
    expect(await world.deliver()).toEqual({ done: "looked" });
    expect(await world.state()).toMatchObject({
      ...{ attempts: [], intents: [] },
      receipts: [{ outcome: "applied", attempts: 1, requestId: null, note: expect.stringContaining("no answer came") }],
    });
    expect(world.vendor.sent).toHaveLength(1);
  });

  test("that changed nothing is planned once more, counted as the second attempt, and then no more", async () => {
    world.vendor.onWrite = failing("ambiguous");
    await world.deliver();
    world.later(20);
    await world.deliver();
    expect(await world.state()).toMatchObject({ attempts: [], receipts: [], refusals: [{ outcome: "retried" }] });
    world.later(300);
    await world.deliver((await world.planned()).id);
    expect((await world.state()).attempts).toMatchObject([{ number: 2 }]);
    world.later(600);
    await world.deliver();
    const { receipts, intents, attempts } = await world.state();
    expect([intents.filter(({ kind }) => kind === "write"), attempts]).toEqual([[], []]);
    expect(receipts).toMatchObject([{ outcome: "unresolved", attempts: 2 }]);
    expect(world.vendor.sent).toHaveLength(2);
  });

  test("because the writer was killed is ambiguous from the first look on", async () => {
    world.vendor.onWrite = () => {
      throw new Error("the sandbox was killed");
    };
    await expect(world.deliver()).rejects.toThrow("killed");
    expect((await world.state()).attempts).toMatchObject([{ state: "sent", dueAt: world.at(80), requestId: null }]);
    world.vendor.onWrite = undefined;
    world.vendor.row = { ...world.vendor.row, updated_at: world.at(10) };
    world.later(80);
    expect(await world.deliver()).toEqual({ done: "looked" });
    // The version moved and there was no answer: nobody can say what became of it.
    expect((await world.state()).receipts).toMatchObject([{ outcome: "unresolved", note: null }]);
  });
});

describe("a request that the vendor refused", () => {
  test.each([["rejected"], ["missing"], ["bad-input"]] as const)(
    "(%s) is no more tried: its receipt has the vendor's words, and the write becomes a question",
    async (kind) => {
      const { id } = await world.planned();
      world.vendor.onWrite = failing(kind, { body: "the job is locked", requestId: "r-9" });
      expect(await world.deliver()).toEqual({ done: "written", outcome: "rejected" });
      const { receipts, refusals, attempts, intents } = await world.state();
      const note = "the job is locked";
      expect(receipts).toMatchObject([
        {
          intent: id,
          outcome: "rejected",
          attempts: 1,
          requestId: "r-9",
          before: "Scheduled",
          after: "Scheduled",
          note,
        },
      ]);
      expect(refusals).toMatchObject([
        { record: "branch/jobs/b1", target: "status", outcome: "rejected", wanted: "Ready to Invoice", note },
      ]);
      expect(attempts).toEqual([]);
      expect(intents.filter((one) => one.kind === "write")).toEqual([]);
      expect(world.vendor.sent).toHaveLength(1);
    },
  );

  test("without a word of the vendor's says what failed", async () => {
    world.vendor.onWrite = failing("rejected");
    await world.deliver();
    expect((await world.state()).receipts).toMatchObject([{ note: "503 from the branch", requestId: null }]);
  });
});

describe("a request that never left", () => {
  test.each([
    ["rate-limited", { retryAt: "2026-11-02T11:00:00.000Z" }, "2026-11-02T11:00:00.000Z"],
    ["rate-limited", {}, "2026-11-02T09:35:00.000Z"],
    ["transient", {}, "2026-11-02T09:35:00.000Z"],
    ["transient", { retryAt: "2026-11-02T11:00:00.000Z" }, "2026-11-02T09:35:00.000Z"],
    ["unauthorised", {}, "2026-11-02T10:30:00.000Z"],
  ] as const)("(%s %j) is due again at its time, as the same write", async (kind, detail, dueAt) => {
    const { id } = await world.planned();
    world.vendor.onWrite = failing(kind, detail);
    expect(await world.deliver()).toEqual({ done: "later" });
    expect(await world.state()).toMatchObject({
      attempts: [],
      receipts: [],
      refusals: [],
      intents: [{ id, dueAt }],
      dueAt,
    });
    world.vendor.onWrite = undefined;
    expect(await world.deliver()).toEqual({ done: "waits" });
    world.desk.world.clock.set(dueAt);
    expect(await world.deliver()).toEqual({ done: "written", outcome: "applied" });
  });

  test.each([
    ["rate-limited", { retryAt: "2026-11-02T11:00:00.000Z" }, "2026-11-02T11:00:00.000Z"],
    ["transient", {}, "2026-11-02T09:35:00.000Z"],
    ["unauthorised", {}, "2026-11-02T10:30:00.000Z"],
  ] as const)("because the read before it failed (%s %j): nothing is sent, and so too", async (kind, detail, dueAt) => {
    failsAt(1, failing(kind, detail));
    expect(await world.deliver()).toEqual({ done: "later" });
    expect(world.vendor.sent).toEqual([]);
    expect(await world.state()).toMatchObject({ attempts: [], intents: [{ dueAt }], dueAt });
  });

  test.each([["bad-input"], ["conflict"]] as const)(
    "because of a mistake of ours (%s) is told, not put off",
    async (kind) => {
      failsAt(1, failing(kind));
      await expect(world.deliver()).rejects.toMatchObject({ kind });
      expect((await world.state()).intents).toMatchObject([{ dueAt: "2026-11-02T09:01:00.000Z" }]);
    },
  );
});

describe("a request that was answered", () => {
  test("and is not shown yet stays open until the vendor's lag has passed; then it is ignored", async () => {
    world.vendor.forgets = true;
    world.vendor.onWrite = () => world.later(5);
    expect(await world.deliver()).toEqual({ done: "written", outcome: "open" });
    expect(await world.state()).toMatchObject({
      attempts: [{ state: "unverified", requestId: "r-1", dueAt: world.at(25), lagRead: null }],
      dueAt: world.at(25),
    });
    world.later(24);
    expect(await world.deliver()).toEqual({ done: "waits" });
    world.later(25);
    expect(await world.deliver()).toEqual({ done: "looked" });
    expect(await world.state()).toMatchObject({
      ...{ attempts: [], receipts: [{ outcome: "ignored", requestId: "r-1", after: "Scheduled" }] },
      refusals: [{ outcome: "ignored" }],
    });
    expect(world.vendor.sent).toHaveLength(1);
  });

  test("is shown late: applied by the look after the lag, whose reading other jobs are told of", async () => {
    world.vendor.forgets = true;
    await world.deliver();
    world.vendor.row = { ...world.vendor.row, status: "Ready to Invoice", updated_at: world.at(15) };
    world.later(20);
    const told = world.desk.world.queues.sent.inbound.length;
    expect(await world.deliver()).toEqual({ done: "looked" });
    expect((await world.state()).receipts).toMatchObject([{ outcome: "applied", attempts: 1, note: null }]);
    expect(world.desk.world.queues.sent.inbound).toHaveLength(told + 1);
  });

  test("and of whose record nothing is left is looked at, and nobody is told of nothing", async () => {
    const { send } = connectors["customtrades"]?.writers.status ?? {};
    const ports = branchWriting(world, {
      send: async (...asked) => {
        const answer = await send?.(...asked);
        world.vendor.row = null;
        return answer ?? { requestId: null };
      },
    });
    const message = { v: 1, company: "ridgeline", job: world.job, intent: (await world.planned()).id } as const;
    const told = world.desk.world.queues.sent.inbound.length;
    expect(await writeBack(ports, world.desk.company, message)).toEqual({ done: "written", outcome: "open" });
    expect(world.desk.world.queues.sent.inbound).toHaveLength(told);
    expect((await world.state()).attempts).toMatchObject([{ state: "unverified" }]);
  });

  test("is done for itself, though another write of the job is open", async () => {
    const stored = await world.ports.jobs.load(world.job);
    const [intent] = stored.state.intents;
    const other: Attempt = {
      ...{ number: 1, startedAt: world.at(-60), before: { modified: null, read: 2, shown: "1" }, state: "sent" },
      ...{ dueAt: world.at(600), lagRead: null, requestId: null },
      intent: { ...intent!, id: "i0", target: "amount", wanted: "2.00" },
    };
    await world.ports.jobs.commit(stored, { ...stored.state, attempts: [other] }, world.at(0));
    expect(await world.deliver(intent?.id)).toEqual({ done: "written", outcome: "applied" });
    expect((await world.state()).attempts).toMatchObject([{ intent: { id: "i0" } }]);
  });

  test("is not forgotten when the vendor cannot be read after it", async () => {
    failsAt(2, failing("transient"));
    expect(await world.deliver()).toEqual({ done: "later" });
    expect((await world.state()).attempts).toMatchObject([
      { state: "unverified", requestId: "r-1", dueAt: world.at(300) },
    ]);
    world.later(300);
    expect(await world.deliver()).toEqual({ done: "looked" });
    expect((await world.state()).receipts).toMatchObject([{ outcome: "applied", requestId: "r-1" }]);
    expect(world.vendor.sent).toHaveLength(1);
  });

  test("is looked for again when the look itself is put off", async () => {
    world.vendor.forgets = true;
    await world.deliver();
    world.later(20);
    failsAt(1, failing("rate-limited", { retryAt: "2026-11-02T11:00:00.000Z" }));
    expect(await world.deliver()).toEqual({ done: "later" });
    expect(await world.state()).toMatchObject({
      attempts: [{ state: "unverified", dueAt: "2026-11-02T11:00:00.000Z" }],
      dueAt: "2026-11-02T11:00:00.000Z",
    });
  });

  test("where no lag is configured is looked for after half a minute", async () => {
    world = await writingWorld({ lagSeconds: null });
    world.vendor.forgets = true;
    await world.deliver();
    expect((await world.state()).attempts).toMatchObject([{ dueAt: world.at(30) }]);
  });

  test("moves the base at once, so that its echo is nobody's edit", async () => {
    await world.deliver();
    await world.desk.say("branch", "jobs", "b1", world.vendor.row ?? {});
    const { intents, fields, breaks } = await world.state();
    expect([intents, breaks.filter(({ kind }) => kind !== "charge")]).toEqual([[], []]);
    expect(fields["work"]).toMatchObject({ by: ["office/jobs/o1"] });
  });
});
