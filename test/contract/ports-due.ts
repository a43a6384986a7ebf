import { expect, test } from "vitest";
import type { DueItem } from "#shared/pipeline/ports.ts";
import { at, jobWith, type Open } from "./ports-samples.ts";

export function dueContract(open: Open): void {
  const stream = (name: string, minute: number): DueItem => ({
    company: "ridgeline",
    kind: "stream",
    name,
    dueAt: at(minute),
  });

  test("what is due comes oldest first, jobs among it, and what is later does not", async () => {
    const world = await open();
    const { jobs } = world.company("ridgeline");
    await jobs.commit(await jobs.load("j1"), jobWith("j1", "first", { dueAt: at(2) }), at(0));
    await world.cell.due.schedule(stream("a/jobs", 3));
    await world.cell.due.schedule(stream("b/jobs", 1));
    await world.cell.due.schedule(stream("c/jobs", 9));
    const due = await world.cell.due.due(at(5), 10);
    expect(due.map(({ kind, name }) => `${kind} ${name}`)).toEqual(["stream b/jobs", "job j1", "stream a/jobs"]);
    expect(await world.cell.due.due(at(5), 1)).toEqual([stream("b/jobs", 1)]);
    expect(await world.cell.due.next()).toBe(at(1));
  });

  test("of two ticks one hands an item out, and it is due again when its lease ends", async () => {
    const { cell } = await open();
    await cell.due.schedule(stream("a/jobs", 1));
    const [seen] = await cell.due.due(at(1), 10);
    const outcomes = await Promise.all([cell.due.handOut(seen!, at(11)), cell.due.handOut(seen!, at(11))]);
    expect(outcomes.toSorted()).toEqual([false, true]);
    expect(await cell.due.due(at(2), 10)).toEqual([]);
    expect(await cell.due.due(at(11), 10)).toEqual([stream("a/jobs", 11)]);
  });

  test("handing a job out moves neither its state nor its version", async () => {
    const world = await open();
    const { jobs } = world.company("ridgeline");
    await jobs.commit(await jobs.load("j1"), jobWith("j1", "first", { dueAt: at(2) }), at(0));
    const before = await jobs.load("j1");
    const [seen] = await world.cell.due.due(at(5), 10);
    expect(await world.cell.due.handOut(seen!, at(15))).toBe(true);
    expect(await jobs.load("j1")).toEqual(before);
    expect(await jobs.commit(before, { ...before.state, dueAt: null }, at(0))).toBe("committed");
    expect(await world.cell.due.next()).toBeNull();
  });

  test("scheduling once leaves what stands, scheduling replaces it, cancelling takes it away", async () => {
    const { cell } = await open();
    await cell.due.schedule(stream("a/jobs", 1));
    await cell.due.scheduleOnce(stream("a/jobs", 2));
    expect(await cell.due.next()).toBe(at(1));
    await cell.due.schedule(stream("a/jobs", 3));
    expect(await cell.due.next()).toBe(at(3));
    await cell.due.cancel(stream("a/jobs", 3));
    expect(await cell.due.next()).toBeNull();
  });

  test("a waiting hint keeps what it reads", async () => {
    const { cell } = await open();
    const hint = { v: 1, kind: "records", company: "ridgeline", connection: "st-main", stream: "jobs" } as const;
    const item: DueItem = {
      company: "ridgeline",
      kind: "hint",
      name: "h1",
      dueAt: at(1),
      hint: { ...hint, ids: ["1", "2"], why: "webhook", purpose: "live" },
    };
    await cell.due.schedule(item);
    expect(await cell.due.due(at(1), 10)).toEqual([item]);
  });

  test("a company's own handle schedules for no other company", async () => {
    const world = await open();
    expect(() => world.company("other").due.schedule(stream("a/jobs", 1))).toThrow("due item of ridgeline");
  });
}
