import { beforeEach, describe, expect, test } from "vitest";
import { Failure } from "#shared/domain/failure.ts";
import { type Asked, type BooksWorld, booksWorld, paid } from "#test/support/books-world.ts";

const lost = (): never => {
  throw new Failure("ambiguous", "no answer in time");
};
const killed = (): never => {
  throw new Error("the sandbox was killed");
};
const marker = "plumbline:office/payments/op1";

/** The two ways in which a branch's own figures are written: what of it stands afterwards is one amount of 450.00. */
const ways = {
  amount: {
    asked: { job: { actual_amount: 400 } } satisfies Asked,
    sent: { method: "PUT", body: { actual_amount: 450 } },
    read: "400.00",
    wanted: "450.00",
    moneyMinor: 5_000,
    flags: ["overwritten"],
    stands: ({ vendor }: BooksWorld) => vendor.rows.jobs.map((row) => row["actual_amount"]),
    before: [400],
  },
  payment: {
    asked: {} satisfies Asked,
    sent: {
      method: "POST",
      body: {
        ...{ invoice_uuid: "bi1", amount: 450, payment_type: "check", payment_date: "2026-11-01" },
        ...{ reference_number: marker, status: "Completed" },
      },
    },
    read: "none",
    wanted: "recorded 450.00",
    moneyMinor: 45_000,
    flags: [],
    stands: ({ vendor }: BooksWorld) => vendor.rows.payments.map((row) => row["amount"]),
    before: [],
  },
};

const open = async (world: BooksWorld) => {
  const { breaks, attempts, receipts } = await world.state();
  const { stopped } = await world.ports.control.state();
  return {
    stopped,
    breaks: breaks.filter(({ state }) => state !== "resolved").map(({ kind, gapMinor }) => [kind, gapMinor]),
    attempts: attempts.map(({ state }) => state),
    ended: receipts.map(({ outcome }) => outcome),
  };
};
const atRest = { stopped: false, breaks: [], attempts: [], ended: ["applied"] };

describe.each(["amount", "payment"] as const)("a branch's %s", (target) => {
  const way = ways[target];
  const gap = [[target === "amount" ? "charge" : "payment", -way.moneyMinor]];
  let world: BooksWorld;
  beforeEach(async () => {
    world = await booksWorld(way.asked);
  });

  test("waits for a person in every mode, and where it only observes nothing is planned", async () => {
    for (const mode of ["propose", "apply"] as const) {
      const one = await booksWorld({ ...way.asked, mode });
      const [intent] = await one.planned();
      expect(intent).toMatchObject({ ...{ target, needsApproval: true, approved: null, read: way.read } });
      expect(await one.deliver(intent?.id ?? "")).toEqual({ done: "waits" });
      expect(one.vendor.sent).toEqual([]);
    }
    expect(await (await booksWorld({ ...way.asked, mode: "observe" })).planned()).toEqual([]);
  });

  test("approved, it is sent once after its attempt was stored, seen, and the gap is closed", async () => {
    const { id } = await world.approve();
    expect(await world.deliver(id)).toEqual({ done: "written", outcome: "applied" });
    expect(world.vendor.sent).toEqual([{ ...way.sent, attempts: 1 }]);
    expect((await world.state()).receipts).toMatchObject([
      {
        ...{ intent: id, target, outcome: "applied", attempts: 1, before: way.read, wanted: way.wanted },
        ...{ after: way.wanted, moneyMinor: way.moneyMinor, approvedBy: "Dana", flags: way.flags, note: null },
      },
    ]);
    expect(await open(world)).toEqual(atRest);
    await world.poll();
    expect([await open(world), await world.planned(), way.stands(world)]).toEqual([atRest, [], [450]]);
    expect(await world.deliver(id)).toEqual({ done: "gone" });
    expect(world.vendor.sent).toHaveLength(1);
  });

  test.each([
    ["that took effect", "after", "applied"],
    ["that had none", "before", "unresolved"],
  ] as const)(
    "an answer that is lost of a write %s: looked for after the lag, never sent again",
    async (_name, when, outcome) => {
      const { id } = await world.approve();
      world.vendor[when] = lost;
      expect(await world.deliver(id)).toEqual({ done: "written", outcome: "open" });
      // Money whose end nobody saw throws the switch; looking goes on.
      expect(await open(world)).toMatchObject({ stopped: true, attempts: ["ambiguous"], ended: [] });
      world.later(19);
      expect(await world.deliver(id)).toEqual({ done: "waits" });
      world.later(20);
      expect(await world.deliver(id)).toEqual({ done: "looked" });
      expect(await open(world)).toMatchObject({ attempts: [], ended: [outcome] });
      world.vendor[when] = undefined;
      await world.ports.control.resume("Dana");
      await world.poll();
      expect([await world.planned(), world.vendor.sent.length]).toEqual([[], 1]);
      expect(way.stands(world)).toEqual(outcome === "applied" ? [450] : way.before);
      expect((await open(world)).breaks).toEqual(outcome === "applied" ? [] : gap);
    },
  );

  test.each([
    ["that took effect", "after", { ...atRest }],
    ["that had none", "before", { stopped: true, breaks: gap, attempts: [], ended: ["unresolved"] }],
  ] as const)("a writer that is killed at a write %s: its attempt is looked at", async (_name, when, stands) => {
    const { id } = await world.approve();
    world.vendor[when] = killed;
    await expect(world.deliver(id)).rejects.toThrow("killed");
    expect(await open(world)).toMatchObject({ stopped: false, attempts: ["sent"], ended: [] });
    world.later(79);
    expect(await world.deliver(id)).toEqual({ done: "waits" });
    world.later(80);
    expect(await world.deliver(id)).toEqual({ done: "looked" });
    expect([await open(world), world.vendor.sent.length]).toEqual([stands, 1]);
  });

  test("an answer that changed nothing is ignored after the lag, and nobody sends it again", async () => {
    const { id } = await world.approve();
    const before = structuredClone(world.vendor.rows);
    world.vendor.after = () => {
      Object.assign(world.vendor.rows, structuredClone(before));
    };
    expect(await world.deliver(id)).toEqual({ done: "written", outcome: "open" });
    world.later(60);
    expect(await world.deliver(id)).toEqual({ done: "looked" });
    expect(await open(world)).toEqual({ stopped: false, breaks: gap, attempts: [], ended: ["ignored"] });
    await world.poll();
    expect([await world.planned(), world.vendor.sent.length]).toEqual([[], 1]);
  });
});

describe("what somebody types in the branch meanwhile", () => {
  test("the same payment: nothing is sent, and the gap is closed by theirs", async () => {
    const world = await booksWorld();
    const { id } = await world.approve();
    world.vendor.rows.payments.push(paid("typed", "bi1", { updated_at: "2026-11-02T13:59:00.000Z" }));
    expect(await world.deliver(id)).toEqual({ done: "superseded" });
    expect(world.vendor.sent).toEqual([]);
    expect((await world.state()).receipts).toMatchObject([
      { outcome: "superseded", attempts: 0, before: "450.00", after: "450.00" },
    ]);
    await world.poll();
    expect([(await open(world)).breaks, await world.planned()]).toEqual([[], []]);
  });

  test("another payment: what was approved is void, and what is still missing is asked about anew", async () => {
    const world = await booksWorld({ payments: [paid("bp1", "bi1", { amount: 10, status: "Failed" })] });
    const { id, read, bound } = await world.approve();
    expect(read).toBe("10.00 failed");
    world.vendor.rows.payments.push(
      paid("typed", "bi1", { amount: 20, status: "Pending", updated_at: "2026-11-02T13:59:00.000Z" }),
    );
    expect(await world.deliver(id)).toEqual({ done: "superseded" });
    const [again, ...more] = await world.planned();
    expect([again?.read, again?.approved, again?.bound === bound, more]).toEqual([
      "10.00 failed, 20.00 expected",
      null,
      false,
      [],
    ]);
    expect(world.vendor.sent).toEqual([]);
  });

  test("another amount: nothing is sent over it", async () => {
    const world = await booksWorld(ways.amount.asked);
    const { id } = await world.approve();
    world.vendor.rows.jobs = world.vendor.rows.jobs.map((row) => ({
      ...row,
      ...{ actual_amount: 430, updated_at: "2026-11-02T15:00:00.000Z" },
    }));
    expect(await world.deliver(id)).toEqual({ done: "superseded" });
    expect(await world.planned()).toMatchObject([{ read: "430.00", wanted: "450.00", approved: null }]);
    expect(world.vendor.sent).toEqual([]);
  });

  test("an amount that we set, set back: it is asked about again, and a break stands", async () => {
    const world = await booksWorld(ways.amount.asked);
    const first = await world.approve();
    await world.deliver(first.id);
    world.vendor.rows.jobs = world.vendor.rows.jobs.map((row) => ({
      ...row,
      ...{ actual_amount: 400, updated_at: "2026-11-02T15:00:00.000Z" },
    }));
    await world.poll();
    await world.poll();
    expect((await open(world)).breaks).toEqual([["charge", -5_000]]);
    expect(await world.planned()).toMatchObject([{ id: first.id, approved: null }]);
  });
});

describe("what was approved", () => {
  test("is void when the office's payment is another one", async () => {
    const world = await booksWorld();
    const { id, bound } = await world.approve();
    await world.desk.say("office", "payments", "op1", paid("op1", "oi1", { payment_date: "2026-10-31" }));
    const [now] = await world.planned();
    expect([now?.id === id, now?.bound === bound, now?.approved]).toEqual([true, false, null]);
  });
  test("is void when the branch's record has moved, and when the office charges another amount", async () => {
    const world = await booksWorld(ways.amount.asked);
    await world.approve();
    await world.poll();
    expect(await world.planned()).toMatchObject([{ wanted: "450.00", approved: null }]);
    await world.desk.say("office", "payments", "op1", paid("op1", "oi1"));
    const charged = { uuid: "oi1", invoice_number: "1", job_uuid: "o1", status: "Pending", total_amount: 460 };
    await world.desk.say("office", "invoices", "oi1", { ...charged, updated_at: "2026-11-02T16:00:00.000Z" });
    expect(await world.planned()).toMatchObject([{ wanted: "460.00", moneyMinor: 6_000, approved: null }]);
  });
});
