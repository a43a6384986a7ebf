import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Client, clientOf, type Running, run, stateOf } from "./support.ts";
import { tiny } from "./tiny-vendor.ts";

const noon = "2026-10-29T12:00:00.000Z";

async function world(): Promise<{ running: Running; control: Client; api: Client }> {
  const running = await run({ declared: [tiny] });
  const control = running.control("tiny");
  await control.send("PUT", "/clock", { now: noon });
  await control.send("POST", "/accounts", { id: "acme", credentials: { key: "k1" } });
  return { running, control, api: clientOf(`${running.urls["tiny"]}/v1`, { key: "k1" }) };
}

describe("accounts and requests", () => {
  test("an account is found by its credentials, and only its own records are seen", async () => {
    const { running, control, api } = await world();
    await control.send("POST", "/accounts", { id: "other", credentials: { key: "k2" } });
    await api.send("POST", "/things", { name: "mine" });
    const other = clientOf(`${running.urls["tiny"]}/v1`, { key: "k2" });
    expect((await other.get("/things")).body).toEqual([]);
    expect((await api.get("/things")).body).toHaveLength(1);
    expect((await api.get("/things", { key: "k3" })).status).toBe(401);
  });

  test("an open route needs no account, an unknown path is the vendor's own 404", async () => {
    const { api } = await world();
    expect((await api.send("POST", "/hello", undefined, { key: "" })).body).toBe("hello");
    expect(await api.get("/nowhere")).toMatchObject({ status: 404, body: { error: "nothing here" } });
  });

  test("requests are counted by account, status and operation", async () => {
    const { control, api } = await world();
    await api.get("/things");
    await api.get("/things");
    await api.get("/things", { key: "no" });
    expect((await control.get("/requests")).body).toEqual({
      acme: { total: 2, byStatus: { 200: 2 }, byOperation: { list: 2 } },
      "-": { total: 1, byStatus: { 401: 1 }, byOperation: { list: 1 } },
    });
  });

  test("a body that is no JSON is refused by a call that writes", async () => {
    const { api } = await world();
    expect((await api.send("POST", "/things", "{oops")).status).toBe(400);
  });
});

describe("writes and the log", () => {
  test("an accepted write stands in the log file before its reply, with what it changed", async () => {
    const { running, api } = await world();
    const made = (await api.send("POST", "/things", { name: "a" })).body;
    const lines = readFileSync(join(running.dataDir, "tiny.log.jsonl"), "utf8").trim().split("\n");
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({
      at: noon,
      account: "acme",
      kind: "write",
      operation: "create",
      method: "POST",
      path: "/things",
      body: { name: "a" },
      collection: "things",
      key: "thing-100",
      before: null,
      after: made,
      effect: true,
      answered: true,
    });
  });

  test("a refused write changes nothing and is not in the log", async () => {
    const { control, api } = await world();
    const before = (await control.get("/log")).body.entries.length;
    expect((await api.send("POST", "/things", { bad: true })).status).toBe(422);
    expect((await api.get("/things")).body).toEqual([]);
    expect((await control.get("/log")).body.entries).toHaveLength(before);
  });

  test("a write of the same value is accepted without effect and does not move the modified time", async () => {
    const { control, api } = await world();
    await api.send("POST", "/things", { name: "a" });
    await control.send("PUT", "/clock", { now: "2026-10-29T13:00:00.000Z" });
    const same = await api.send("PUT", "/things/thing-100", { name: "a" });
    expect(same.body.modified).toBe(noon);
    expect((await control.get("/log?account=acme")).body.entries.at(-1)).toMatchObject({
      operation: "update",
      effect: false,
    });
    const other = await api.send("PUT", "/things/thing-100", { name: "b" });
    expect(other.body.modified).toBe("2026-10-29T13:00:00.000Z");
  });

  test("reads behind the lag show a record as it was before the last write", async () => {
    const { control, api } = await world();
    await control.send("POST", "/dials", { dials: { readLagMs: 5_000 } });
    await api.send("POST", "/things", { name: "a" });
    expect((await api.get("/lagging")).body).toEqual([]);
    await control.send("PUT", "/clock", { now: "2026-10-29T12:00:05.000Z" });
    await api.send("PUT", "/things/thing-100", { name: "b" });
    expect((await api.get("/lagging")).body[0].name).toBe("a");
    await control.send("PUT", "/clock", { now: "2026-10-29T12:00:10.000Z" });
    expect((await api.get("/lagging")).body[0].name).toBe("b");
  });

  test("two worlds of one seed give the same ids, another seed gives others", async () => {
    const marks = [];
    for (const seed of [7, 7, 8]) {
      const running = await run({ declared: [tiny], seed });
      await running.control("tiny").send("POST", "/accounts", { id: "acme", credentials: { key: "k1" } });
      const api = clientOf(`${running.urls["tiny"]}/v1`, { key: "k1" });
      marks.push((await api.send("POST", "/things", {})).body.mark);
    }
    expect(marks[0]).toBe(marks[1]);
    expect(marks[2]).not.toBe(marks[0]);
  });
});

describe("planted edits", () => {
  const edits = [
    { at: "2026-10-29T15:00:00Z", collection: "things", key: "t1", op: "update", fields: { tag: { b: 2 }, list: [2] } },
    { at: "2026-10-29T14:00:00Z", collection: "things", key: "t1", op: "create", fields: { tag: { a: 1 }, list: [1] } },
    {
      at: "2026-10-29T16:00:00Z",
      collection: "things",
      key: "t1",
      op: "update",
      fields: { quiet: true },
      touch: false,
    },
    { at: "2026-10-29T17:00:00Z", collection: "things", key: "t1", op: "remove" },
  ];

  test("edits happen when the clock passes them, each at its own instant, in order of time", async () => {
    const { control, api } = await world();
    expect((await control.send("POST", "/plant", { account: "acme", edits })).body).toEqual({ planted: 4, known: 0 });
    expect((await control.get("/clock")).body).toEqual({ now: noon, next: "2026-10-29T14:00:00.000Z" });
    const moved = await control.send("PUT", "/clock", { now: "2026-10-29T15:30:00Z" });
    expect(moved.body).toEqual({ applied: 2, delivered: 0, next: "2026-10-29T16:00:00.000Z" });
    const thing = { id: "t1", created: "2026-10-29T14:00:00.000Z", modified: "2026-10-29T15:00:00.000Z" };
    expect((await api.get("/things")).body).toEqual([{ ...thing, tag: { a: 1, b: 2 }, list: [2] }]);
    await control.send("PUT", "/clock", { now: "2026-10-29T16:30:00Z" });
    expect((await api.get("/things")).body[0]).toMatchObject({ quiet: true, modified: "2026-10-29T15:00:00.000Z" });
    await control.send("PUT", "/clock", { now: "2026-10-30T00:00:00Z" });
    expect((await api.get("/things")).body).toEqual([]);
  });

  test("planting the same edits again does nothing, before and after they happened", async () => {
    const { control } = await world();
    await control.send("POST", "/plant", { account: "acme", edits });
    expect((await control.send("POST", "/plant", { account: "acme", edits })).body).toEqual({ planted: 0, known: 4 });
    await control.send("PUT", "/clock", { now: "2026-10-30T00:00:00Z" });
    expect((await control.send("POST", "/plant", { account: "acme", edits })).body).toEqual({ planted: 0, known: 4 });
  });

  test("a person's removal marks the record where the vendor keeps deleted ones", async () => {
    const { running, control } = await world();
    await control.send("POST", "/load", {
      account: "acme",
      collections: { kept: [{ id: "k", modified: "x", deleted: null }] },
    });
    await control.send("POST", "/plant", {
      account: "acme",
      edits: [{ at: noon, collection: "kept", key: "k", op: "remove" }],
    });
    await control.send("PUT", "/clock", { now: noon });
    const state: unknown = await stateOf(running, "tiny");
    expect(state).toMatchObject([{ collections: { kept: { k: { id: "k", modified: noon, deleted: noon } } } }]);
  });

  test("an edit of a record that is not there is logged without effect, and says so", async () => {
    const { control } = await world();
    await control.send("POST", "/plant", {
      account: "acme",
      edits: [{ at: noon, collection: "things", key: "no", op: "update" }],
    });
    await control.send("PUT", "/clock", { now: noon });
    const { entries } = (await control.get("/log?account=acme")).body;
    expect(entries.at(-1)).toMatchObject({ kind: "edit", effect: false, body: { problem: "not there" } });
  });

  test("in real time an edit planted for now happens by itself", async () => {
    const running = await run({ declared: [tiny] });
    const control = running.control("tiny");
    await control.send("POST", "/accounts", { id: "acme", credentials: { key: "k1" } });
    await control.send("POST", "/plant", {
      account: "acme",
      edits: [{ collection: "things", key: "t", op: "create" }],
    });
    const api = clientOf(`${running.urls["tiny"]}/v1`, { key: "k1" });
    await expect.poll(async () => (await api.get("/things")).body.length, { timeout: 20_000 }).toBe(1);
  });
});

describe("a restart on the same folder", () => {
  test("leaves records, dials, faults, webhooks, planted edits, undelivered events and the clock as they were", async () => {
    const { running, control, api } = await world();
    await control.send("POST", "/webhooks", { account: "acme", url: "http://127.0.0.1:9/hook", secret: "s" });
    await control.send("POST", "/load", {
      account: "acme",
      collections: { things: [{ id: "t1", modified: "2026-01-01T00:00:00Z" }] },
    });
    await control.send("POST", "/dials", { account: "acme", dials: { loud: true } });
    await control.send("POST", "/faults", {
      match: { path: "things" },
      fault: { kind: "status", status: 503 },
      times: 3,
    });
    expect((await api.get("/things")).status).toBe(503);
    await control.send("POST", "/plant", {
      account: "acme",
      edits: [
        { at: "2026-10-29T12:30:00Z", collection: "things", key: "t1", op: "update", fields: { a: 1 } },
        { at: "2026-11-29T12:00:00Z", collection: "things", key: "t1", op: "remove" },
      ],
    });
    await control.send("PUT", "/clock", { now: "2026-10-29T12:30:30Z" });
    const before = await stateOf(running, "tiny");
    const log = (await control.get("/log")).body;
    expect(before).toMatchObject([
      { faults: [{ left: 2 }], pendingEdits: [{ op: "remove" }], pendingDeliveries: [{ event: "changed" }] },
    ]);

    const again = await running.restart();
    expect(await stateOf(again, "tiny")).toEqual(before);
    expect((await again.control("tiny").get("/log")).body).toEqual(log);
    expect((await again.control("tiny").get("/clock")).body.now).toBe("2026-10-29T12:30:30.000Z");
    const restarted = clientOf(`${again.urls["tiny"]}/v1`, { key: "k1" });
    expect((await restarted.get("/things")).status).toBe(503);
    expect((await restarted.get("/things")).status).toBe(503);
    expect((await restarted.get("/things")).body).toEqual([{ id: "t1", a: 1, modified: "2026-10-29T12:30:00.000Z" }]);
  });

  test("goes on with new ids where it stopped", async () => {
    const { running, api } = await world();
    const first = (await api.send("POST", "/things", {})).body;
    const again = await running.restart();
    const second = (await clientOf(`${again.urls["tiny"]}/v1`, { key: "k1" }).send("POST", "/things", {})).body;
    expect([first.id, second.id]).toEqual(["thing-100", "thing-101"]);
    expect(second.mark).not.toBe(first.mark);
  });

  test("drops a torn last line, and refuses a log broken elsewhere", async () => {
    const { running, api } = await world();
    await api.send("POST", "/things", {});
    const before = await stateOf(running, "tiny");
    await running.close();
    const file = join(running.dataDir, "tiny.log.jsonl");
    appendFileSync(file, '{"seq":99,"kind":"wri');
    const again = await run({ declared: [tiny], dataDir: running.dataDir });
    expect(await stateOf(again, "tiny")).toEqual(before);
    await again.close();
    appendFileSync(file, "not an entry\n");
    await expect(run({ declared: [tiny], dataDir: running.dataDir })).rejects.toThrow("is no log entry");
  });
});

describe("the control API", () => {
  test("refuses what it cannot take, and changes nothing by it", async () => {
    const { control } = await world();
    const before = (await control.get("/log")).body;
    const refused = [
      ["PUT", "/clock", { now: "soon" }],
      ["POST", "/load", { account: "nobody", collections: {} }],
      ["POST", "/load", { account: "acme", collections: { nothing: [] } }],
      ["POST", "/load", { account: "acme", collections: { things: [{ name: "no id" }] } }],
      ["POST", "/dials", { dials: { silent: true } }],
      ["POST", "/dials", { dials: { loud: "very" } }],
      ["POST", "/faults", { fault: { kind: "flood" } }],
      ["POST", "/plant", { account: "acme", edits: [{ collection: "nothing", key: "a", op: "create" }] }],
    ] as const;
    for (const [method, path, body] of refused) expect((await control.send(method, path, body)).status, path).toBe(400);
    expect((await control.get("/nothing")).status).toBe(404);
    expect((await control.get("/log")).body).toEqual(before);
  });

  test("what an account holds can be dumped and loaded again, with its own times", async () => {
    const { running, control, api } = await world();
    await api.send("POST", "/things", { name: "a" });
    const { collections } = (await control.get("/state?account=acme")).body;
    await control.send("PUT", "/clock", { now: "2026-10-30T00:00:00Z" });
    await api.send("POST", "/things", { name: "b" });
    await control.send("POST", "/load", { account: "acme", collections });
    expect(await stateOf(running, "tiny")).toMatchObject([{ collections }]);
  });
});
