import { beforeEach, describe, expect, test } from "vitest";
import { stopped, tooMany } from "#shared/pipeline/write-guards.ts";
import { company } from "#test/simulation/company.ts";
import { type MemoryWorld, memoryWorld } from "#test/support/memory-ports.ts";

describe("the switch", () => {
  const switchAt = (isStopped: boolean, epoch: number) => ({
    state: async () => ({ stopped: isStopped, why: null, epoch }),
    stop: async () => {},
    resume: async () => {},
    newEpoch: async () => {},
  });
  test.each([
    [false, false, false],
    [true, false, true],
    [false, true, true],
    [true, true, true],
  ])("own stopped %j, everybody's stopped %j: writes stop %j; the epoch is the company's", async (own, all, stops) =>
    expect(await stopped({ control: switchAt(own, 7), controlAll: switchAt(all, 3) })).toEqual({
      stopped: stops,
      epoch: 7,
    }),
  );

  test("that cannot be read lets nothing through", async () => {
    const away = { ...switchAt(false, 1), state: () => Promise.reject(new Error("no table")) };
    await expect(stopped({ control: switchAt(false, 1), controlAll: away })).rejects.toThrow("no table");
    await expect(stopped({ control: away, controlAll: switchAt(false, 1) })).rejects.toThrow("no table");
  });
});

describe("more writes in an hour than expected", () => {
  let world: MemoryWorld;
  beforeEach(async () => {
    world = memoryWorld("2026-11-02T09:59:00.000Z");
    await world.cell.applyConfiguration({ cells: [], companies: [company] });
  });
  const another = (caps?: { writesPerHour?: number }) => {
    const { budget, control } = world.company(company.id);
    const policy = { ...company.policy, ...(caps ? { caps } : {}) };
    return tooMany({ budget, control, clock: world.clock }, { ...company, policy });
  };
  const isStopped = async () => (await world.company(company.id).control.state()).stopped;

  test("throw the switch, and say how many were expected", async () => {
    const caps = { writesPerHour: 3 };
    expect([await another(caps), await another(caps), await another(caps)]).toEqual([false, false, false]);
    expect(await isStopped()).toBe(false);
    expect(await another(caps)).toBe(true);
    expect(await world.company(company.id).control.state()).toMatchObject({
      stopped: true,
      why: expect.stringContaining("3 writes within an hour"),
    });
  });

  test("stop the writes in our own name", async () => {
    const said: string[][] = [];
    const { budget, control } = world.company(company.id);
    const noting = { ...control, stop: async (...words: [string, string]) => void said.push(words) };
    const one = { ...company, policy: { ...company.policy, caps: { writesPerHour: 0 } } };
    await tooMany({ budget, control: noting, clock: world.clock }, one);
    expect(said).toEqual([["plumbline", "more than 0 writes within an hour"]]);
  });

  test("are counted by the hour of the clock", async () => {
    const caps = { writesPerHour: 1 };
    await another(caps);
    world.clock.set("2026-11-02T10:00:00.000Z");
    expect(await another(caps)).toBe(false);
    world.clock.set("2026-11-02T10:59:59.999Z");
    expect(await another(caps)).toBe(true);
  });

  test("are not counted where the company named no number", async () => {
    const take = () => Promise.reject(new Error("nothing was to be counted"));
    const { control } = world.company(company.id);
    expect(await tooMany({ budget: { take }, control, clock: world.clock }, company)).toBe(false);
    for (let n = 0; n < 5; n++) expect([await another(), await another({})]).toEqual([false, false]);
    expect(await isStopped()).toBe(false);
  });

  test("none at all are expected where the number is 0", async () => {
    expect(await another({ writesPerHour: 0 })).toBe(true);
  });
});
