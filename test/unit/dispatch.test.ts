import { describe, expect, test } from "vitest";
import type { StreamSpec } from "#shared/connectors/connector.ts";
import { emptyJob } from "#shared/domain/job.ts";
import type { Config } from "#shared/domain/policy.ts";
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
});
