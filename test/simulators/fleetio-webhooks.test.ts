import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openYard, receiver } from "./fleetio-yard.ts";

const list = "/v2/service_entries";
// Only a test that is going to fail waits this long.
const patience = { timeout: 20_000 };

let yard: Awaited<ReturnType<typeof openYard>>;
let hook: Awaited<ReturnType<typeof receiver>>;

beforeEach(async () => {
  yard = await openYard();
  hook = await receiver("whsec");
  await yard.control.send("POST", "/webhooks", { account: "client", url: hook.state.url, secret: "whsec" });
});
afterEach(() => hook.close());

const change = (at: string, reference: string) => ({
  at,
  collection: "serviceEntries",
  key: "3",
  op: "update",
  fields: { reference },
});

describe("events", () => {
  it("of updates are held for a minute and merged, signed over the raw body, in the account's time", async () => {
    await yard.plant([change("2026-10-29T12:10:00.000Z", "a"), change("2026-10-29T12:10:30.000Z", "b")]);
    await yard.clock("2026-10-29T12:11:00.000Z");
    expect(hook.state.events).toEqual([]);
    await yard.clock("2026-10-29T12:11:30.000Z");
    expect(hook.state.events).toMatchObject([
      {
        event: "service_entry_updated",
        timestamp: "2026-10-29T06:10:30-06:00",
        triggered_by: "mo@couriers.example",
        payload: { id: 3, reference: "b" },
      },
    ]);
    expect(hook.state.signed).toEqual([true]);
    expect(hook.state.events[0]?.payload).not.toHaveProperty("locked");
  });

  it("of creation and deletion go at once", async () => {
    await yard.api.send("DELETE", `${list}/2`);
    await expect.poll(() => hook.state.events.length, patience).toBe(1);
    await yard.plant([
      {
        at: "2026-10-29T12:10:00.000Z",
        collection: "serviceEntries",
        key: "9",
        op: "create",
        fields: { id: 9, reference: "R-9" },
      },
    ]);
    await yard.clock("2026-10-29T12:10:00.000Z");
    expect(hook.state.events).toMatchObject([
      { event: "service_entry_deleted", payload: { id: 2, reference: "R-2" } },
      { event: "service_entry_created", payload: { id: 9 } },
    ]);
  });

  it("of a bulk import are one, with its kind and the ids as texts and as numbers", async () => {
    const rows = [
      { id: 3, reference: "imported" },
      { id: 10, reference: "new", status: "completed" },
    ];
    await yard.plant([
      { at: "2026-10-29T12:10:00.000Z", collection: "imports", key: "1", op: "create", fields: { id: 1, rows } },
    ]);
    await yard.clock("2026-10-29T12:20:00.000Z");
    expect(hook.state.events).toMatchObject([
      {
        event: "import_completed",
        payload: {
          ...{ type: "ServiceEntryImport", state: "complete", error_messages: [] },
          ...{ created_record_ids: ["10"], updated_record_ids: ["3"], affected_record_ids: [10, 3] },
        },
      },
    ]);
    expect((await yard.api.get(`${list}/3`)).body.reference).toBe("imported");
  });

  it("may be late, twice, or the last one first, with the same id when repeated", async () => {
    await yard.dials({ webhookDelivery: "duplicate", webhookDelayMs: 600_000 });
    await yard.plant([change("2026-10-29T12:10:00.000Z", "a")]);
    await yard.clock("2026-10-29T12:20:59.000Z");
    expect(hook.state.events).toEqual([]);
    await yard.clock("2026-10-29T12:21:00.000Z");
    expect(hook.state.events).toHaveLength(2);
    expect(hook.state.events[0]?.id).toBe(hook.state.events[1]?.id);
  });

  it("are tried again with the same id, and a third failure in a row switches the webhook off", async () => {
    hook.state.answer = 500;
    await yard.plant([change("2026-10-29T12:10:00.000Z", "a")]);
    await yard.clock("2026-10-29T14:00:00.000Z");
    expect(hook.state.events).toHaveLength(3);
    expect(new Set(hook.state.events.map(({ id }) => id)).size).toBe(1);
    const [webhook] = (await yard.api.get("/v1/webhooks")).body;
    expect(webhook).toMatchObject({ enabled: false });
    hook.state.answer = 200;
    await yard.api.send("PATCH", `/v1/webhooks/${webhook.id}`, { enabled: true });
    await yard.plant([change("2026-10-29T14:10:00.000Z", "b")]);
    await yard.clock("2026-10-29T14:20:00.000Z");
    expect(hook.state.events.at(-1)).toMatchObject({ payload: { reference: "b" } });
    const sent = (await yard.api.get("/v1/webhook_events")).body;
    expect(sent.map(({ status }: { status: string }) => status)).toEqual(["success", "failure", "failure", "failure"]);
  });
});

describe("webhooks", () => {
  it("are made, read, changed and deleted by API, and survive a restart", async () => {
    const body = { url: hook.state.url, authorization: "Bearer mine", service_entry_deleted: true };
    const made = await yard.api.send("POST", "/v1/webhooks", body);
    expect(made).toMatchObject({
      status: 201,
      body: {
        enabled: true,
        all_events: false,
        service_entry_deleted: true,
        service_entry_created: false,
        secret: expect.any(String),
      },
    });
    const path = `/v1/webhooks/${made.body.id}`;
    expect((await yard.api.get(path)).body).toMatchObject({ authorization: "Bearer mine" });
    expect((await yard.api.get(path)).body).not.toHaveProperty("secret");
    expect((await yard.api.send("PATCH", path, { all_events: true })).body).toMatchObject({
      all_events: true,
      service_entry_created: true,
    });
    const again = await yard.running.restart();
    const headers = { authorization: "Token key-1", "account-token": "acc-1", "x-api-version": "2024-03-15" };
    const after = await fetch(`${again.urls["fleetio"]}/api/v1/webhooks`, { headers });
    expect(await after.json()).toHaveLength(2);
    const gone = await fetch(`${again.urls["fleetio"]}/api${path}`, { method: "DELETE", headers });
    expect(gone.status).toBe(204);
    expect(await (await fetch(`${again.urls["fleetio"]}/api/v1/webhooks`, { headers })).json()).toHaveLength(1);
  });
});
