import { beforeEach, describe, expect, test } from "vitest";
import { withheldOf } from "#shared/domain/intent.ts";
import type { Call } from "#shared/messages/call.ts";
import { callWay } from "#shared/pipeline/call-out.ts";
import { sendWithSecrets } from "#shared/pipeline/send-call.ts";
import type { Given } from "#shared/pipeline/withheld.ts";
import { type CallingWorld, callingWorld, closed, failing, looks, open } from "#test/support/calling-world.ts";

/** A call that withholds a password, sent while the person who gives it waits. */
let world: CallingWorld;
let told: unknown[];
beforeEach(async () => {
  world = await callingWorld();
  told = [];
});

const withheld = [{ path: "password", at: ["password"] }];
const request: Call["request"] = { method: "POST", path: "/users", json: { name: "Rosa" } };
const given: Given = { by: "ana", secrets: { password: "7x" }, told: (failure) => void told.push(failure) };

/** Puts the call on its desk, as one that waits for its secrets, and sends it. */
async function send(more: Partial<Call> = {}, asked: { approval?: boolean; connections?: boolean } = {}) {
  await world.call({ request, withheld, look: looks.there, ...more });
  const stored = await world.stored();
  const [planned] = stored.state.intents;
  if (!planned) throw new Error("nothing stands on the desk");
  const intent = asked.approval ? { ...planned, needsApproval: true, approved: null } : planned;
  const { company } = world.desk;
  const configured = asked.connections === false ? { ...company, connections: [] } : company;
  return sendWithSecrets(world.ports, configured, stored, intent, given);
}

describe("a call with what was withheld", () => {
  test("goes out with it, and no word of the answer is kept", async () => {
    world.inTurn(open, closed);
    expect(await send()).toEqual({ done: "written", outcome: "applied" });
    expect(world.writes()).toMatchObject([{ json: { name: "Rosa", password: "7x" }, secrets: ["7x"] }]);
    expect(await world.receipt()).toMatchObject({
      ...{ outcome: "applied", flags: [], note: "the vendor answered ana, who gave password; the read shows it" },
    });
  });

  test("is sent though all else is shown already, which then proves nothing", async () => {
    world.shows = () => closed;
    expect(await send()).toEqual({ done: "written", outcome: "applied" });
    expect(world.writes()).toHaveLength(1);
    expect(await world.receipt()).toMatchObject({
      flags: ["unseen"],
      note: expect.stringContaining("(it was so before)"),
    });
  });

  test("and changed nothing that was looked for is not shown", async () => {
    world.shows = () => open;
    expect(await send()).toEqual({ done: "written", outcome: "open" });
  });

  test("whose row is gone is gone, whatever was there before", async () => {
    world.shows = () => ({ id: 8 });
    expect(await send({ look: looks.gone })).toEqual({ done: "written", outcome: "applied" });
    expect(await world.receipt()).toMatchObject({ flags: [] });
  });

  test("that the vendor refuses is told to who gave it, and stored without the vendor's words", async () => {
    world.answers = failing("rejected", "7x is too short");
    expect(await send()).toEqual({ done: "written", outcome: "rejected" });
    expect(told).toMatchObject([{ message: "7x is too short" }]);
    expect((await world.receipt())?.note).not.toContain("7x");
  });

  test("waits while nobody has approved it, and goes nowhere that is not configured", async () => {
    expect(await send({}, { approval: true })).toEqual({ done: "waits" });
    await expect(send({}, { connections: false })).rejects.toMatchObject({
      ...{ kind: "bad-input", message: "no connection branch is configured" },
    });
    expect(world.asked).toEqual([]);
  });

  test("is void after a restore, and its desk says so", async () => {
    await world.call({ request, withheld });
    const stored = await world.stored();
    await world.ports.control.newEpoch("ana", "restored");
    await world.ports.control.resume("ana");
    const [intent] = stored.state.intents;
    expect(await sendWithSecrets(world.ports, world.desk.company, stored, intent!, given)).toEqual({ done: "void" });
    expect(await world.state()).toMatchObject({ intents: [], receipts: [{ outcome: "void", attempts: 0 }] });
    expect(await world.receipt()).not.toHaveProperty("sentAt");
  });

  test("is not sent by a delivery that has it not", async () => {
    await world.call({ request, withheld });
    const stored = await world.stored();
    const [intent] = stored.state.intents;
    expect(withheldOf(intent!)).toEqual([]);
    const connection = world.desk.company.connections.find(({ id }) => id === "branch");
    const way = callWay(world.ports, world.desk.company, { stored, intent: intent!, connection: connection! });
    expect(await way.send()).toEqual({ done: "waits" });
    expect(world.asked).toEqual([]);
  });
});

describe("a call that withholds nothing", () => {
  test("is shown by the read also where part of it was so before", async () => {
    world.shows = () => closed;
    const look = { ...looks.there, wants: [{ of: {}, shows: { state: "closed", by: "ana" } }] };
    expect(await (await world.call({ look }))()).toEqual({ done: "written", outcome: "applied" });
    expect(await world.receipt()).toMatchObject({ flags: [] });
  });

  test("that makes a row is shown by a row that is like the one before in all that was asked for", async () => {
    const before = { title: "Boiler", made: 1 };
    world.inTurn({ jobs: [before] }, { jobs: [before, { title: "Boiler", made: 2 }] });
    expect(await (await world.call({ look: looks.made }))()).toEqual({ done: "written", outcome: "applied" });
  });

  test("that deletes what is there is sent", async () => {
    world.inTurn(open, failing("missing"));
    expect(await (await world.call({ look: looks.gone }))()).toEqual({ done: "written", outcome: "applied" });
    expect(world.writes()).toHaveLength(1);
    expect(await world.receipt()).toMatchObject({ outcome: "applied", attempts: 1 });
  });

  test("that the vendor refuses has its words on the receipt", async () => {
    world.answers = failing("rejected", "the job is locked");
    expect(await (await world.call())()).toEqual({ done: "written", outcome: "rejected" });
    expect(await world.receipt()).toMatchObject({ outcome: "rejected", note: "the job is locked" });
  });
});
