import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, describe, expect, test } from "vitest";
import { type Client, clientOf, run } from "./support.ts";
import { tiny } from "./tiny-vendor.ts";

const noon = "2026-10-29T12:00:00.000Z";
// Only a test that is going to fail waits this long.
const patience = { timeout: 20_000 };
const at = (time: string) => ({ now: `2026-10-29T${time}Z` });

type Received = { id: string; event: string; record: Record<string, unknown> };
type Receiver = { url: string; received: Received[]; answer: number };
const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
});

async function receiver(): Promise<Receiver> {
  const state: Receiver = { url: "", received: [], answer: 200 };
  const server = createServer((request, reply) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      state.received.push(JSON.parse(text));
      reply.writeHead(state.answer).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  const address: AddressInfo | string | null = server.address();
  state.url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/hook`;
  return state;
}

async function world(events?: string[]): Promise<{ control: Client; api: Client; hook: Receiver }> {
  const running = await run({ declared: [tiny] });
  const hook = await receiver();
  const control = running.control("tiny");
  await control.send("PUT", "/clock", { now: noon });
  await control.send("POST", "/accounts", { id: "acme", credentials: { key: "k1" } });
  const asked = { account: "acme", url: hook.url, secret: "s", ...(events ? { events } : {}) };
  await control.send("POST", "/webhooks", asked);
  return { control, api: clientOf(`${running.urls["tiny"]}/v1`, { key: "k1" }), hook };
}

describe("webhooks", () => {
  test("a creation is told at once, a change after its delay with the latest record", async () => {
    const { control, api, hook } = await world();
    await api.send("POST", "/things", { name: "a" });
    await expect.poll(() => hook.received.length, patience).toBe(1);
    await api.send("PUT", "/things/thing-100", { name: "b" });
    await control.send("PUT", "/clock", at("12:00:30"));
    await api.send("PUT", "/things/thing-100", { name: "c" });
    expect((await control.get("/clock")).body.next).toBe("2026-10-29T12:01:00.000Z");
    expect((await control.send("PUT", "/clock", at("12:05:00"))).body).toEqual({
      applied: 0,
      delivered: 1,
      next: null,
    });
    expect(hook.received.map(({ event, record }) => [event, record["name"]])).toEqual([
      ["made", "a"],
      ["changed", "c"],
    ]);
  });

  test("planted edits are told like any change, unless they are planted silent", async () => {
    const { control, hook } = await world();
    const edits = [
      { at: "2026-10-29T13:00:00Z", collection: "things", key: "loud", op: "create" },
      { at: "2026-10-29T13:00:00Z", collection: "things", key: "silent", op: "create", notify: false },
    ];
    await control.send("POST", "/plant", { account: "acme", edits });
    expect((await control.send("PUT", "/clock", at("13:00:00"))).body).toEqual({
      applied: 2,
      delivered: 1,
      next: null,
    });
    expect(hook.received.map(({ record }) => record["id"])).toEqual(["loud"]);
  });

  test("a refused delivery is tried again with the same id after the vendor's waits, then lost", async () => {
    const { control, api, hook } = await world(["made"]);
    hook.answer = 500;
    await api.send("POST", "/things", {});
    await expect.poll(() => hook.received.length, patience).toBe(1);
    await expect.poll(async () => (await control.get("/clock")).body.next, patience).toBe("2026-10-29T12:00:10.000Z");
    await control.send("PUT", "/clock", at("12:10:00"));
    expect(hook.received).toHaveLength(3);
    expect(new Set(hook.received.map(({ id }) => id)).size).toBe(1);
    expect((await control.get("/clock")).body.next).toBeNull();
    const { entries } = (await control.get("/log?account=acme")).body;
    const tries = entries.filter((entry: { kind: string }) => entry.kind === "delivery");
    expect(tries.map((entry: { body: { outcome: string } }) => entry.body.outcome)).toEqual(["retry", "retry", "lost"]);
    expect(tries.map((entry: { at: string }) => entry.at.slice(11, 19))).toEqual(["12:00:00", "12:00:10", "12:00:40"]);
  });

  test("a subscription that fails too often is switched off", async () => {
    const { control, api, hook } = await world(["made"]);
    hook.answer = 500;
    await api.send("POST", "/things", {});
    await api.send("POST", "/things", {});
    await control.send("PUT", "/clock", at("12:10:00"));
    expect(hook.received).toHaveLength(4);
    expect((await control.get("/state?account=acme")).body.webhooks).toMatchObject([{ enabled: false, failures: 4 }]);
  });

  test("on the way events can be dropped, doubled or turned round", async () => {
    const { control, hook } = await world();
    const create = (key: string, hour: string) => ({
      at: `2026-10-29T${hour}:00:00Z`,
      collection: "things",
      key,
      op: "create",
    });
    const edits = [create("a", "13"), create("b", "14"), create("c", "15"), create("d", "15")];
    await control.send("POST", "/plant", { account: "acme", edits });
    await control.send("POST", "/dials", { dials: { webhookDelivery: "drop" } });
    await control.send("PUT", "/clock", at("13:30:00"));
    await control.send("POST", "/dials", { dials: { webhookDelivery: "duplicate" } });
    await control.send("PUT", "/clock", at("14:30:00"));
    await control.send("POST", "/dials", { dials: { webhookDelivery: "reverse" } });
    await control.send("PUT", "/clock", at("15:30:00"));
    expect(hook.received.map(({ record }) => record["id"])).toEqual(["b", "b", "d", "c"]);
  });

  test("held back, events leave together, and updates past the time in which they are merged stay apart", async () => {
    const { control, hook } = await world(["made", "changed"]);
    await control.send("POST", "/dials", { dials: { webhookHoldMs: 1_800_000, webhookDelivery: "duplicate-reverse" } });
    const update = (minute: string, name: string) => ({
      at: `2026-10-29T13:${minute}:00Z`,
      collection: "things",
      key: "a",
      op: "update",
      fields: { name },
    });
    const create = { at: "2026-10-29T13:00:00Z", collection: "things", key: "a", op: "create" };
    const edits = [create, update("05", "one"), update("09", "two"), update("13", "three")];
    await control.send("POST", "/plant", { account: "acme", edits });
    await control.send("PUT", "/clock", at("13:29:00"));
    expect(hook.received.map(({ record }) => record["name"] ?? null)).toEqual([null, null]);
    await control.send("PUT", "/clock", at("13:30:00"));
    const names = hook.received.slice(2).map(({ record }) => record["name"]);
    expect(names).toEqual(["three", "three", "two", "two", "one", "one"]);
  });
});
