import { describe, expect, test } from "vitest";
import { writeBack } from "#shared/pipeline/write-back.ts";
import { callingWorld, closed, looks, open } from "#test/support/calling-world.ts";
import { type WritingWorld, writingWorld } from "#test/support/writing-world.ts";

/** A write that was killed after its attempt was stored and before its answer: the look at it is all that can tell. */
const killed = (): never => {
  throw new Error("the sandbox was killed");
};

/** Port calls at which a look is cut off too. */
interface Fails {
  readonly commit?: boolean;
  readonly stop?: boolean;
}
interface Cut {
  look(fails?: Fails): Promise<void>;
  stands(): ReturnType<typeof stands>;
  why(): Promise<string | null>;
}
type Ports = WritingWorld["ports"];

const failing = (ports: Ports, { commit = false, stop = false }: Fails): Ports => ({
  ...ports,
  ...(commit ? { jobs: { ...ports.jobs, commit: killed } } : {}),
  ...(stop ? { control: { ...ports.control, stop: killed } } : {}),
});
const stands = async ({ jobs, control }: Ports, job: string) => {
  const { attempts, receipts } = (await jobs.load(job)).state;
  const { stopped } = await control.state();
  return { stopped, attempts: attempts.map((one) => one.state), ended: receipts.map((one) => one.outcome) };
};

/** A write of this much to the branch, which took it or not. */
async function writeOf(moneyMinor: number, took: boolean): Promise<Cut> {
  const world = await writingWorld();
  const { ports, job } = world;
  const stored = await ports.jobs.load(job);
  const approved = { by: "Dana", at: world.at(0) };
  const intents = stored.state.intents.map((one) => ({ ...one, moneyMinor, needsApproval: true, approved }));
  await ports.jobs.commit(stored, { ...stored.state, intents }, world.at(0));
  const { id, wanted } = await world.planned();
  world.vendor.onWrite = () => {
    if (took) world.vendor.row = { ...world.vendor.row, status: wanted, updated_at: world.at(0) };
    killed();
  };
  await expect(world.deliver()).rejects.toThrow("killed");
  world.later(300);
  const message = { v: 1 as const, company: world.desk.company.id, job, intent: id };
  return {
    look: async (fails = {}) => {
      const looked = writeBack(failing(ports, fails), world.desk.company, message);
      if (fails.commit || fails.stop) await expect(looked).rejects.toThrow("killed");
      else await looked;
    },
    stands: () => stands(ports, job),
    why: async () => (await ports.control.state()).why,
  };
}

/** A call by hand, of money or not, which was made or not. */
async function callOf(money: boolean, took: boolean): Promise<Cut> {
  const world = await callingWorld();
  const whole = world.ports;
  world.answers = killed;
  const deliver = await world.call({ look: looks.there }, money);
  await expect(deliver()).rejects.toThrow("killed");
  world.shows = () => (took ? closed : open);
  world.desk.world.clock.set("2026-11-02T08:05:00.000Z");
  const { id } = (await world.stored()).state;
  return {
    look: async (fails = {}) => {
      world.ports = failing(whole, fails);
      if (fails.commit || fails.stop) await expect(deliver()).rejects.toThrow("killed");
      else await deliver();
    },
    stands: () => stands(whole, id),
    why: async () => (await whole.control.state()).why,
  };
}

describe.each([
  ["a write", (money: boolean, took: boolean) => writeOf(money ? 45_000 : 0, took)],
  ["a call by hand", callOf],
])("%s that was cut off", (_name, cutOff) => {
  const unknown = { stopped: false, attempts: ["sent"], ended: [] };
  const unresolved = { stopped: true, attempts: [], ended: ["unresolved"] };
  test("throws the switch where it is of money and is not shown, and says why", async () => {
    const cut = await cutOff(true, false);
    expect(await cut.stands()).toEqual(unknown);
    await cut.look();
    expect(await cut.stands()).toEqual(unresolved);
    expect(await cut.why()).toBe("a money write to branch got no answer");
  });
  test("has thrown it before it ends, should the look be cut off too", async () => {
    const cut = await cutOff(true, false);
    await cut.look({ commit: true });
    expect(await cut.stands()).toEqual({ ...unknown, stopped: true });
  });
  test("does not end where the switch could not be thrown: the next look throws it", async () => {
    const cut = await cutOff(true, false);
    await cut.look({ stop: true });
    expect(await cut.stands()).toEqual(unknown);
    await cut.look();
    expect(await cut.stands()).toEqual(unresolved);
  });
  test("leaves the switch where it is shown as wanted", async () => {
    const cut = await cutOff(true, true);
    await cut.look();
    expect(await cut.stands()).toEqual({ stopped: false, attempts: [], ended: ["applied"] });
  });
  test("leaves the switch where no money moves", async () => {
    const cut = await cutOff(false, false);
    await cut.look();
    expect(await cut.stands()).toMatchObject({ stopped: false, attempts: [] });
  });
});
