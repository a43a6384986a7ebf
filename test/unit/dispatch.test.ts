import { describe, expect, test } from "vitest";
import type { StreamSpec } from "#shared/connectors/connector.ts";
import { emptyJob } from "#shared/domain/job.ts";
import type { Config } from "#shared/domain/policy.ts";
import type { Hint } from "#shared/messages/hint.ts";
import { type DispatchPorts, dispatch } from "#shared/pipeline/dispatch.ts";
import { type MemoryWorld, memoryWorld } from "#test/support/memory-ports.ts";

const jobs: StreamSpec = {
  name: "jobs",
  role: "root",
  everyMinutes: 30,
  incremental: "full",
  byId: 0,
  versioned: false,
  absence: "lists-only",
  overlapMinutes: 0,
};

const connections = (...ids: readonly string[]) =>
  ids.map((id) => ({
    id,
    vendor: "rotor",
    book: "receivable" as const,
    baseUrl: "http://127.0.0.1:1/rotor",
    secret: "plumbline/rotor",
  }));

const config = (...ids: readonly string[]): Config => ({
  cells: [{ id: "main", companies: ["ridgeline"] }],
  companies: [
    {
      id: "ridgeline",
      name: "Ridgeline",
      zone: "America/Denver",
      currency: "USD",
      connections: connections(...ids),
      policy: { authority: {} },
    },
  ],
});

function portsOf(world: MemoryWorld, more: Partial<DispatchPorts> = {}): DispatchPorts {
  return {
    clock: world.clock,
    config: world.cell.config,
    schedules: world.cell.schedules,
    due: world.cell.due,
    queues: world.queues,
    streamsOf: (vendor) => (vendor === "rotor" ? { jobs, customers: { ...jobs, name: "customers" } } : {}),
    vendorOfIntent: async () => null,
    timeLeftMs: () => 50_000,
    ...more,
  };
}

describe("the tick", () => {
  test("makes a new connection's schedules once: every stream now, every sweep within a day", async () => {
    const world = memoryWorld();
    await world.cell.applyConfiguration(config("rotor-crews"));
    expect(await dispatch(portsOf(world))).toMatchObject({ schedulesMade: 4, handedOut: 2 });
    expect(await dispatch(portsOf(world))).toMatchObject({ schedulesMade: 0, handedOut: 0 });
    const read = world.queues.sent.hints.get("rotor") ?? [];
    expect(read.map(({ stream }) => stream).toSorted()).toEqual(["customers", "jobs"]);
    const sweeps = world.dueItems().filter(({ kind }) => kind === "sweep");
    expect(sweeps).toHaveLength(2);
    expect(sweeps.every(({ dueAt }) => dueAt > "2026-11-02T19" && dueAt < "2026-11-03T09")).toBe(true);
  });

  test("gives a connection that is added later its schedules, and leaves the others' times alone", async () => {
    const world = memoryWorld();
    await world.cell.applyConfiguration(config("rotor-crews"));
    await dispatch(portsOf(world));
    const before = world.dueItems();
    await world.cell.applyConfiguration(config("rotor-crews", "rotor-south"));
    await dispatch(portsOf(world));
    expect(world.dueItems()).toEqual(expect.arrayContaining([...before]));
    expect(world.dueItems().filter(({ name }) => name.startsWith("rotor-south"))).toHaveLength(4);
  });

  test("sends each kind to its queue and leases what it sent", async () => {
    const world = memoryWorld();
    await world.cell.applyConfiguration(config("rotor-crews"));
    await dispatch(portsOf(world));
    world.queues.sent.hints.clear();
    const now = "2026-11-02T08:05:00.000Z";
    world.clock.set(now);
    const { jobs: store, due } = world.company("ridgeline");
    await store.commit(await store.load("j1"), { ...emptyJob("j1"), dueAt: now }, now);
    const hint = {
      v: 1 as const,
      kind: "records" as const,
      company: "ridgeline",
      connection: "rotor-crews",
      stream: "jobs",
      ids: ["1"],
      why: "webhook" as const,
      purpose: "live" as const,
    };
    await due.schedule({ company: "ridgeline", kind: "hint", name: "h", dueAt: now, hint });
    await due.schedule({ company: "ridgeline", kind: "sweep", name: "rotor-crews/jobs", dueAt: now });
    await due.schedule({ company: "ridgeline", kind: "intent", name: "j1/i1", dueAt: now });
    const ports = portsOf(world, { vendorOfIntent: async () => "fleetio" });
    expect(await dispatch(ports)).toMatchObject({ handedOut: 4, dropped: 0 });
    const { sent } = world.queues;
    expect(sent.inbound).toEqual([{ v: 1, kind: "due", company: "ridgeline", job: "j1" }]);
    expect(sent.hints.get("rotor")).toEqual([hint]);
    expect(sent.sweeps).toEqual([{ v: 1, company: "ridgeline", connection: "rotor-crews", stream: "jobs" }]);
    expect(sent.outbound.get("fleetio")).toEqual([{ v: 1, company: "ridgeline", job: "j1", intent: "i1" }]);
    const leased = world.dueItems().filter(({ dueAt }) => dueAt > now);
    expect(leased.find(({ kind }) => kind === "job")?.dueAt).toBe("2026-11-02T08:15:00.000Z");
    expect(leased.find(({ name, kind }) => kind === "sweep" && name.endsWith("jobs"))?.dueAt).toBe(
      "2026-11-02T09:05:00.000Z",
    );
    expect(leased.some(({ kind }) => kind === "hint")).toBe(false);
  });

  test("takes away what names nothing configured any more", async () => {
    const world = memoryWorld();
    await world.cell.applyConfiguration(config("rotor-crews"));
    const dueAt = "2026-11-02T07:00:00.000Z";
    for (const [kind, name] of [
      ["stream", "left/jobs"],
      ["sweep", "rotor-crews/left"],
      ["intent", "j9/i9"],
    ] as const) {
      await world.cell.due.schedule({ company: "ridgeline", kind, name, dueAt });
    }
    await world.cell.due.schedule({ company: "left", kind: "stream", name: "rotor-crews/jobs", dueAt });
    expect(await dispatch(portsOf(world))).toMatchObject({ dropped: 4 });
    expect(world.dueItems().every(({ name }) => /^rotor-crews\/(jobs|customers)$/.test(name))).toBe(true);
  });

  test("two ticks at once send nothing twice", async () => {
    const world = memoryWorld();
    await world.cell.applyConfiguration(config("rotor-crews"));
    await dispatch(portsOf(world));
    world.queues.sent.hints.clear();
    world.clock.set("2026-11-02T09:00:00.000Z");
    await Promise.all([dispatch(portsOf(world)), dispatch(portsOf(world)), dispatch(portsOf(world))]);
    expect(world.queues.sent.hints.get("rotor")).toHaveLength(2);
  });

  test("hands out more than one page of what is due, and stops when its time is nearly over", async () => {
    const world = memoryWorld();
    await world.cell.applyConfiguration(config("rotor-crews"));
    const store = world.company("ridgeline").jobs;
    for (let n = 0; n < 250; n++) {
      await store.commit(
        await store.load(`j${n}`),
        { ...emptyJob(`j${n}`), dueAt: "2026-11-02T07:00:00.000Z" },
        "2026-11-02T07:00:00.000Z",
      );
    }
    let ticks = 0;
    const short = portsOf(world, { timeLeftMs: () => (ticks++ < 1 ? 50_000 : 5_000) });
    expect((await dispatch(short)).handedOut).toBe(100);
    expect((await dispatch(portsOf(world))).handedOut).toBe(152);
    expect(new Set(world.queues.sent.inbound.map((message) => JSON.stringify(message))).size).toBe(250);
  });

  test("a queue that fails leaves everything due again when its lease ends", async () => {
    const world = memoryWorld();
    await world.cell.applyConfiguration(config("rotor-crews"));
    world.queues.failNext(new Error("SQS is away"));
    await expect(dispatch(portsOf(world))).rejects.toThrow("SQS is away");
    world.clock.set("2026-11-02T08:10:00.000Z");
    expect(await dispatch(portsOf(world))).toMatchObject({ handedOut: 2 });
  });

  const named = { company: "ridgeline", dueAt: "2026-11-02T07:00:00.000Z" } as const;
  const reading = (connection: string): Hint => ({
    ...({ v: 1, kind: "records", company: "ridgeline", stream: "jobs", ids: ["1"] } as const),
    ...({ why: "webhook", purpose: "live", connection } as const),
  });

  test("sends a stream's hint with all that the poller must know of it", async () => {
    const world = memoryWorld();
    await world.cell.applyConfiguration(config("rotor-crews"));
    await dispatch(portsOf(world));
    expect(world.queues.sent.hints.get("rotor")).toContainEqual({
      ...{ v: 1, kind: "stream", company: "ridgeline", connection: "rotor-crews", stream: "jobs", purpose: "live" },
    });
  });

  test("asks for an intent's vendor by its job and its own id, and sends two vendors' apart", async () => {
    const world = memoryWorld();
    await world.cell.applyConfiguration(config());
    for (const name of ["j1/i1", "j2/i2", "j3/i3", "j4/i4/x"])
      await world.cell.due.schedule({ ...named, kind: "intent", name });
    const asked: string[][] = [];
    const vendors: Readonly<Record<string, string>> = { i1: "rotor", i2: "fleetio", i3: "rotor" };
    const ports = portsOf(world, {
      vendorOfIntent: async (...names) => (asked.push(names), vendors[names[2]] ?? null),
    });
    expect(await dispatch(ports)).toEqual({ schedulesMade: 0, handedOut: 3, dropped: 1 });
    expect(asked).toContainEqual(["ridgeline", "j4", "i4/x"]);
    const { outbound } = world.queues.sent;
    expect(
      [...outbound].map(([vendor, messages]) => [vendor, messages.map(({ intent }) => intent)]).toSorted(),
    ).toEqual([
      ["fleetio", ["i2"]],
      ["rotor", ["i1", "i3"]],
    ]);
    expect(world.dueItems().map(({ dueAt }) => dueAt)).toEqual(Array(3).fill("2026-11-02T08:10:00.000Z"));
  });

  test("takes away a hint to a connection that is gone, and one that says nothing", async () => {
    const world = memoryWorld();
    await world.cell.applyConfiguration(config("rotor-crews"));
    await dispatch(portsOf(world));
    world.queues.sent.hints.clear();
    await world.cell.due.schedule({ ...named, kind: "hint", name: "a", hint: reading("left") });
    await world.cell.due.schedule({ ...named, kind: "hint", name: "b" });
    await world.cell.due.schedule({ ...named, kind: "hint", name: "c", hint: reading("rotor-crews") });
    expect(await dispatch(portsOf(world))).toMatchObject({ handedOut: 1, dropped: 2 });
    expect(world.queues.sent.hints.get("rotor")).toEqual([reading("rotor-crews")]);
    expect(world.dueItems().filter(({ kind }) => kind === "hint")).toEqual([]);
  });

  test("puts the waiting hints of two vendors into the queue of each", async () => {
    const world = memoryWorld();
    const [company] = config("rotor-crews").companies;
    const [rotor] = connections("rotor-crews");
    const fleet = { ...rotor!, id: "fleet", vendor: "fleetio" };
    await world.cell.applyConfiguration({
      ...config(),
      companies: [{ ...company!, connections: [rotor!, fleet] }],
    });
    for (const connection of ["rotor-crews", "fleet"])
      await world.cell.due.schedule({ ...named, kind: "hint", name: connection, hint: reading(connection) });
    await dispatch(portsOf(world, { streamsOf: () => ({}) }));
    expect([...world.queues.sent.hints].toSorted()).toEqual([
      ["fleetio", [reading("fleet")]],
      ["rotor", [reading("rotor-crews")]],
    ]);
  });

  test("asks for what is due once where it all fits one page, and once more behind a full one", async () => {
    const world = memoryWorld();
    await world.cell.applyConfiguration(config());
    const asks = async (items: number): Promise<number> => {
      for (let n = 0; n < items; n++)
        await world.cell.due.schedule({ ...named, kind: "hint", name: `h${n}`, hint: reading("left") });
      let asked = 0;
      const due = { ...world.cell.due, due: (...args: [string, number]) => (asked++, world.cell.due.due(...args)) };
      await dispatch(portsOf(world, { due }));
      return asked;
    };
    expect([await asks(0), await asks(99), await asks(100), await asks(201)]).toEqual([1, 1, 2, 3]);
  });

  test("goes on behind a page of which half was lost", async () => {
    const world = memoryWorld();
    await world.cell.applyConfiguration(config());
    const store = world.company("ridgeline").jobs;
    for (let n = 0; n < 51; n++) {
      const dueAt = n < 50 ? named.dueAt : "2026-11-02T07:30:00.000Z";
      await store.commit(await store.load(`j${n}`), { ...emptyJob(`j${n}`), dueAt }, dueAt);
      if (n < 50) await world.cell.due.schedule({ ...named, kind: "stream", name: `left/${n}` });
    }
    expect(await dispatch(portsOf(world))).toMatchObject({ handedOut: 51, dropped: 50 });
  });

  test("does not ask again and again for what an index shows that lags", async () => {
    const world = memoryWorld();
    await world.cell.applyConfiguration(config());
    const stale = Array.from({ length: 100 }, (_, n) => ({ ...named, kind: "job" as const, name: `j${n}` }));
    let asked = 0;
    const due = { ...world.cell.due, due: async () => (asked++, stale), handOut: async () => false };
    expect(await dispatch(portsOf(world, { due, timeLeftMs: () => (asked > 5 ? 0 : 50_000) }))).toMatchObject({
      handedOut: 0,
    });
    expect([asked, world.queues.sent.inbound]).toEqual([1, []]);
  });

  test("begins nothing with ten seconds left", async () => {
    const world = memoryWorld();
    await world.cell.applyConfiguration(config("rotor-crews"));
    expect(await dispatch(portsOf(world, { timeLeftMs: () => 10_000 }))).toMatchObject({
      ...{ schedulesMade: 4, handedOut: 0 },
    });
  });

  test("sends no empty message", async () => {
    const world = memoryWorld();
    await world.cell.applyConfiguration(config());
    const never = () => Promise.reject(new Error("nothing was to be sent"));
    const queues = { hints: never, inbound: never, outbound: never, sweeps: never };
    expect(await dispatch(portsOf(world, { queues }))).toEqual({ schedulesMade: 0, handedOut: 0, dropped: 0 });
  });

  test("a company that a cell names and nobody configured is passed over", async () => {
    const world = memoryWorld();
    const { companies } = config("rotor-crews");
    await world.cell.applyConfiguration({ cells: [{ id: "main", companies: ["ridgeline", "gone"] }], companies });
    expect(await dispatch(portsOf(world))).toMatchObject({ schedulesMade: 4 });
  });
});
