import { beforeEach, describe, expect, test } from "vitest";
import type { FailureKind } from "#shared/domain/failure.ts";
import type { Attempt } from "#shared/domain/intent.ts";
import type { CallLook } from "#shared/messages/call.ts";
import { type CallingWorld, callingWorld, closed, failing, looks, open } from "#test/support/calling-world.ts";

let world: CallingWorld;
beforeEach(async () => {
  world = await callingWorld();
});

describe("without an answer", () => {
  const looked = async (
    showing: () => unknown,
    money = false,
    kind: FailureKind = "ambiguous",
    look: CallLook | null = looks.there,
  ) => {
    world.answers = failing(kind);
    const deliver = await world.call({ look }, money);
    expect(await deliver()).toEqual({ done: "written", outcome: "open" });
    const { stopped } = await world.desk.ports.control.state();
    world.desk.world.clock.set("2026-11-02T08:00:30.000Z");
    await world.desk.ports.control.resume("ana");
    world.shows = showing;
    expect(await deliver()).toEqual({ done: "looked" });
    expect(world.writes()).toHaveLength(1);
    return { stopped, receipt: await world.receipt() };
  };

  test("what is shown later is applied", async () =>
    expect((await looked(() => closed)).receipt).toMatchObject({
      ...{ outcome: "applied", flags: [], requestId: null, note: "no answer came; the read shows it" },
    }));
  test("what is not shown is unresolved: a person looks", async () =>
    expect((await looked(() => open)).receipt).toMatchObject({
      ...{
        outcome: "unresolved",
        flags: [],
        after: '{"state":"open"}',
        note: expect.stringContaining("no answer came;"),
      },
    }));
  test("what no read can show is unresolved", async () => {
    const { receipt: ended } = await looked(() => open, false, "ambiguous", null);
    expect(ended).toMatchObject({ outcome: "unresolved", flags: [], after: null });
  });
  test("a money call throws the switch, another does not", async () => {
    expect((await looked(() => closed, true)).stopped).toBe(true);
    expect(await world.desk.ports.control.state()).toMatchObject({ stopped: false });
  });
  test("a money call that is looked for throws it no second time", async () => {
    expect((await looked(() => open, true)).receipt).toMatchObject({ outcome: "unresolved" });
    expect(await world.desk.ports.control.state()).toMatchObject({ stopped: false });
  });
  test("a call that moves no money leaves the switch", async () =>
    expect((await looked(() => closed, false, "malformed")).stopped).toBe(false));
});

describe("beside another call that is open on the desk", () => {
  const another: Attempt = {
    ...{
      number: 1,
      startedAt: "2026-11-02T07:00:00.000Z",
      before: { modified: null, read: 0, shown: "" },
      state: "sent",
    },
    ...{ dueAt: "2026-11-02T10:00:00.000Z", lagRead: null, requestId: null },
    intent: {
      ...{ id: "c0", kind: "write", target: "call", read: "", wanted: "", arguments: {}, moneyMinor: 0, requests: 1 },
      ...{ record: { connection: "branch", stream: "calls", id: "x" }, needsApproval: false, approved: null },
      ...{ rejected: null, bound: "", sentence: "", plannedAt: "", epoch: 0, dueAt: null },
    },
  };

  test("one ends alone", async () => {
    const stored = await world.stored();
    const state = { ...stored.state, attempts: [another] };
    await world.desk.ports.jobs.commit(stored, state, "2026-11-02T08:00:00.000Z");
    world.inTurn(open, closed);
    expect(await (await world.call())()).toEqual({ done: "written", outcome: "applied" });
    expect(await world.state()).toMatchObject({ attempts: [another], receipts: [{ requestId: "r-1" }] });
  });
});

test("two looks at once leave one receipt, that of the first", async () => {
  world.answers = failing("ambiguous");
  const deliver = await world.call();
  await deliver();
  world.desk.world.clock.set("2026-11-02T08:00:30.000Z");
  world.inTurn(closed, open);
  expect(await Promise.all([deliver(), deliver()])).toEqual([{ done: "looked" }, { done: "looked" }]);
  expect((await world.state()).receipts).toMatchObject([{ outcome: "applied" }]);
});

describe("a writer that was killed on its way", () => {
  test("is told by who threw the switch, and why", async () => {
    const said: string[][] = [];
    const stop = async (...words: [string, string]) => void said.push(words);
    world.ports = { ...world.ports, control: { ...world.ports.control, stop } };
    await killed(true, () => open);
    expect(said).toEqual([["plumbline", "a money write to branch got no answer"]]);
  });

  const killed = async (money: boolean, showing: () => unknown) => {
    world.answers = () => {
      throw new Error("the sandbox was killed");
    };
    const deliver = await world.call({}, money);
    await expect(deliver()).rejects.toThrow("killed");
    world.shows = showing;
    world.desk.world.clock.set("2026-11-02T08:01:30.000Z");
    await deliver();
    return { ...(await world.desk.ports.control.state()), outcome: (await world.receipt())?.outcome };
  };
  test.each([
    ["money that is not shown throws the switch", true, () => open, true, "unresolved"],
    ["money that is shown does not", true, () => closed, false, "applied"],
    ["what moves no money does not", false, () => open, false, "unresolved"],
  ] as const)("%s", async (_name, money, showing, stops, outcome) => {
    const found = await killed(money, showing);
    expect(found).toMatchObject({ stopped: stops, outcome });
    if (stops) expect(found.why).toContain("branch");
  });
});
