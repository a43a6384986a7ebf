import { beforeEach, expect, test } from "vitest";
import type { PaymentFacts } from "#shared/domain/facts.ts";
import { type Known, knownFrom } from "#shared/domain/observation.ts";
import { sets } from "#shared/pipeline/link.ts";
import { type PlacePorts, placePart } from "#shared/pipeline/place.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";
import { payment } from "#test/support/money-view.ts";

/** What a claim keeps of a payment that lies on no invoice. */
let ports: PlacePorts;
beforeEach(() => {
  ports = memoryWorld().company("ridgeline");
});

const key = "st/payments/9";
const record = { connection: "st", stream: "payments", id: "9" };
const customer = { connection: "st", stream: "customers", id: "c1" };
const said = (read: number, digest: string, facts: Partial<PaymentFacts>): Known => {
  const { facts: whole } = payment([], { total: 500, unapplied: 300, ...facts }, { connection: "st" });
  const version = { modified: null, read };
  return knownFrom({ record, version, digest, at: "2026-11-02T10:00:00.000Z", hangsOn: [], facts: whole });
};
const claim = async () => (await ports.claims.load([key]))[0];

test("its digest is that of its latest reading, though an earlier one comes after it", async () => {
  await placePart(ports, key, [], said(5, "later", { customer }));
  expect((await claim())?.digest).toBe("later");
  await placePart(ports, key, [], said(3, "earlier", { customer }));
  expect((await claim())?.digest).toBe("later");
  await placePart(ports, key, [], said(6, "latest", { customer }));
  expect((await claim())?.digest).toBe("latest");
});

test("where it is held stands in its claim before it is held there, so that a crash between leaves it to be found", async () => {
  const add = (): Promise<never> => Promise.reject(new Error("crash"));
  const crashing = { ...ports, sets: { ...ports.sets, add } };
  await expect(placePart(crashing, key, [], said(5, "d", { customer }))).rejects.toThrow("crash");
  expect(Object.keys((await claim())?.sets ?? {})).toEqual([sets.held("st/customers/c1")]);
});

test("one that names no customer is kept as nobody's, and no set holds it", async () => {
  await placePart(ports, key, [], said(5, "d", { customer: null, day: "2026-11-01" }));
  expect(await claim()).toMatchObject({
    unattached: "",
    parked: null,
    sets: {},
    unapplied: { customer: null, rest: 300, day: "2026-11-01", over: false },
  });
});

test.each([
  ["less than nothing", { unapplied: -300 }, "st/customers/c1", false],
  ["nothing", { unapplied: 0 }, undefined, false],
  ["of a payment that failed", { state: "failed" as const }, undefined, true],
  ["of one that was refunded", { state: "refunded" as const }, undefined, true],
  ["of one that is deleted", { presence: "deleted" as const }, undefined, true],
  ["of one that is only expected", { state: "expected" as const }, undefined, false],
])("a rest %s is unattached to %j", async (_name, facts, unattached, over) => {
  await placePart(ports, key, [], said(5, "d", { customer, ...facts }));
  const kept = await claim();
  expect(kept?.unattached).toBe(unattached);
  expect(kept?.unapplied?.over).toBe(over);
  expect(kept?.parked).toBe(unattached === undefined ? "no job wants it" : null);
});

test("one that never had any asks nobody", async () => {
  let lists = 0;
  const counting = { ...ports, sets: { ...ports.sets, list: (set: string) => (lists++, ports.sets.list(set)) } };
  await placePart(counting, key, [], said(5, "d", { customer, unapplied: 0 }));
  expect(lists).toBe(0);
});
