import { describe, expect, test } from "vitest";
import type { StreamSpec } from "#shared/connectors/connector.ts";
import type { CompanyConfig, ConnectionConfig } from "#shared/domain/policy.ts";
import { makeSchedules, scheduleOf } from "#shared/pipeline/schedules.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";

const spec = (name: string, everyMinutes = 30): StreamSpec => ({
  ...{ name, role: "root", everyMinutes, incremental: "full", byId: 0, versioned: false, absence: "lists-only" },
  overlapMinutes: 0,
});
const streams = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`s${n}`, spec(`s${n}`)]));
const streamsOf = (vendor: string) => (vendor === "rotor" ? streams : vendor === "quick" ? { a: spec("a", 0.25) } : {});
const connection = (id: string, more: Partial<ConnectionConfig> = {}): ConnectionConfig => ({
  ...{ id, vendor: "rotor", book: "receivable", baseUrl: "http://127.0.0.1:1", secret: "s" },
  ...more,
});
const company = (...connections: readonly ConnectionConfig[]): CompanyConfig => ({
  ...{ id: "ridgeline", name: "Ridgeline", zone: "America/Denver", currency: "USD", policy: { authority: {} } },
  connections: [...connections],
});
const now = "2026-11-02T08:00:30.000Z";
const minutesOn = (dueAt: string): number => (Date.parse(dueAt) - Date.parse(now)) / 60_000;

describe("the first schedules of a connection", () => {
  const made = () => scheduleOf(company(connection("crews")), streamsOf, now);
  const dueOf = (kind: string) =>
    made()
      .filter((item) => item.kind === kind)
      .map(({ dueAt }) => minutesOn(dueAt));

  test("are a read and a sweep of every stream, under their names", () => {
    const expected = Object.keys(streams).flatMap((name) => [`stream crews/${name}`, `sweep crews/${name}`]);
    const items = made();
    expect(items.map(({ kind, name }) => `${kind} ${name}`).toSorted()).toEqual(expected.toSorted());
    expect(items.every((item) => item.company === "ridgeline")).toBe(true);
  });

  test("have every stream read within a minute, not all by the same tick", () => {
    expect(new Set(dueOf("stream"))).toEqual(new Set([-0.5, 0.5]));
  });

  test("have its streams swept together, in the second half of a day", () => {
    const [first = 0, ...others] = [...new Set(dueOf("sweep"))];
    expect(others).toEqual([]);
    expect(first).toBeGreaterThan(12 * 60 - 1);
    expect(first).toBeLessThan(24 * 60);
  });

  test("have connections swept at times of their own, by how often they are", () => {
    const many = company(...Array.from({ length: 60 }, (_, n) => connection(`c${n}`, { sweepHours: 4 })));
    const dues = scheduleOf(many, streamsOf, now)
      .filter(({ kind }) => kind === "sweep")
      .map(({ dueAt }) => minutesOn(dueAt));
    expect(Math.min(...dues)).toBeGreaterThan(2 * 60 - 1);
    expect(Math.max(...dues)).toBeLessThan(4 * 60);
    expect(Math.max(...dues) - Math.min(...dues)).toBeGreaterThan(100);
  });

  test("have a stream that is read more often than each minute read at once", () => {
    const reads = Array.from({ length: 40 }, (_, n) =>
      scheduleOf(company(connection(`c${n}`, { vendor: "quick" })), streamsOf, now).find(
        ({ kind }) => kind === "stream",
      ),
    );
    expect(new Set(reads.map((item) => minutesOn(item?.dueAt ?? "")))).toEqual(new Set([-0.5]));
  });

  test("are none for a vendor that nobody wrote", () =>
    expect(scheduleOf(company(connection("x", { vendor: "none" })), streamsOf, now)).toEqual([]));
});

describe("schedules", () => {
  const made = async (world: ReturnType<typeof memoryWorld>, one: CompanyConfig, at = now) =>
    makeSchedules({ schedules: world.cell.schedules, due: world.cell.due }, one, streamsOf, at);

  test("are made once; what changes nothing about them makes them no more", async () => {
    const world = memoryWorld();
    expect(await made(world, company(connection("crews")))).toBe(80);
    expect(await made(world, company(connection("crews")))).toBeNull();
    expect(await made(world, company(connection("crews", { baseUrl: "http://127.0.0.1:2" })))).toBeNull();
    expect(world.dueItems()).toHaveLength(80);
  });

  test("are made again with a connection more, and those that stand keep their time", async () => {
    const world = memoryWorld();
    await made(world, company(connection("crews")));
    const before = world.dueItems();
    const later = "2026-11-03T08:00:00.000Z";
    expect(await made(world, company(connection("crews"), connection("more")), later)).toBe(160);
    expect(world.dueItems()).toEqual(expect.arrayContaining([...before]));
    expect(world.dueItems().filter(({ name }) => name.startsWith("more/"))).toHaveLength(80);
  });

  test("tell the same stream of two connections apart", async () => {
    const world = memoryWorld();
    await made(world, company(connection("crews")));
    expect(await made(world, company(connection("other")))).toBe(80);
  });
});
