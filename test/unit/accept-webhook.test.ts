import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { webhooks } from "#shared/connectors/registry.ts";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { acceptWebhook, type WebhookCall } from "#shared/pipeline/accept-webhook.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";

const company: CompanyConfig = {
  id: "ridgeline",
  name: "Ridgeline",
  zone: "America/Denver",
  currency: "USD",
  connections: ["fleetio", "rotor"].map((vendor) => ({
    id: `${vendor}-one`,
    vendor,
    book: "payable",
    baseUrl: "http://127.0.0.1:1",
    secret: `plumbline/${vendor}`,
  })),
  policy: { authority: {} },
};

function door() {
  const world = memoryWorld();
  world.secrets.values.set("plumbline/fleetio", { apiKey: "a", accountToken: "t", webhookSecret: "s3cret" });
  const ports = {
    company: async (id: string) => (id === company.id ? company : null),
    secrets: world.secrets,
    queues: world.queues,
    webhookOf: (vendor: string) => webhooks[vendor] ?? null,
  };
  return { ports, sent: world.queues.sent.hints, queues: world.queues };
}

function signed(body: string, more: Partial<WebhookCall> = {}): WebhookCall {
  const signature = createHmac("sha256", "s3cret").update(body).digest("hex");
  const headers = { "x-fleetio-webhook-signature": signature };
  return { company: "ridgeline", connection: "fleetio-one", headers, body: Buffer.from(body), ...more };
}

const entryEvent = JSON.stringify({ event: "service_entry_updated", payload: { id: 77, total_amount: 1 } });

describe("a vendor's event", () => {
  test("with a good signature becomes a hint of its ids and nothing else of it", async () => {
    const { ports, sent } = door();
    expect(await acceptWebhook(ports, signed(entryEvent))).toEqual({ status: 200, ids: 1, vendor: "fleetio" });
    expect(sent.get("fleetio")).toEqual([
      {
        v: 1,
        kind: "records",
        company: "ridgeline",
        connection: "fleetio-one",
        stream: "service-entries",
        ids: ["77"],
        why: "webhook",
        purpose: "live",
      },
    ]);
  });

  test("of an import of thousands becomes hints of at most 200 ids, none lost", async () => {
    const { ports, sent } = door();
    const created_record_ids = Array.from({ length: 4_321 }, (_, n) => n);
    const body = JSON.stringify({ event: "import_completed", payload: { created_record_ids } });
    expect(await acceptWebhook(ports, signed(body))).toMatchObject({ status: 200, ids: 4_321 });
    const ids = (sent.get("fleetio") ?? []).map((hint) => (hint.kind === "records" ? hint.ids : []));
    expect(Math.max(...ids.map((some) => some.length))).toBe(200);
    expect(new Set(ids.flat()).size).toBe(4_321);
  });

  test("is refused without a word kept: unknown company or connection, a vendor without webhooks", async () => {
    const { ports, sent } = door();
    const refused = [
      signed(entryEvent, { company: "nobody" }),
      signed(entryEvent, { company: "../../x" }),
      signed(entryEvent, { connection: "none" }),
      signed(entryEvent, { connection: "rotor-one" }),
    ];
    for (const call of refused) expect((await acceptWebhook(ports, call)).status).toBe(404);
    expect(sent.size).toBe(0);
  });

  test("with one byte changed, another secret or no signature is 401", async () => {
    const { ports, sent } = door();
    const changed = signed(entryEvent, { body: Buffer.from(`${entryEvent} `) });
    expect((await acceptWebhook(ports, changed)).status).toBe(401);
    expect((await acceptWebhook(ports, signed(entryEvent, { headers: {} }))).status).toBe(401);
    expect(sent.size).toBe(0);
  });

  test("that is signed and not JSON is 400; of a kind nobody uses is 200 with no hint", async () => {
    const { ports, sent } = door();
    expect((await acceptWebhook(ports, signed("not json"))).status).toBe(400);
    expect(await acceptWebhook(ports, signed('{"event":"vehicle_created"}'))).toMatchObject({ status: 200, ids: 0 });
    expect(sent.size).toBe(0);
  });

  test("is not accepted when the queue did not take its hint", async () => {
    const { ports, queues } = door();
    queues.failNext(new Error("SQS is away"));
    await expect(acceptWebhook(ports, signed(entryEvent))).rejects.toThrow("SQS is away");
  });

  test("that is the word null is no broken JSON, and names nothing", async () => {
    const { ports, sent } = door();
    expect(await acceptWebhook(ports, signed("null"))).toEqual({ status: 200, ids: 0, vendor: "fleetio" });
    expect(sent.size).toBe(0);
  });

  test("whose secret cannot be had is not refused: the vendor is to send it again", async () => {
    const { ports } = door();
    const away = { ...ports, secrets: { get: () => Promise.reject(new Error("no answer")) } };
    await expect(acceptWebhook(away, signed(entryEvent))).rejects.toThrow("no answer");
  });

  test("of 400 ids makes two hints, of 401 three, in their order", async () => {
    for (const [count, sizes] of [
      [400, [200, 200]],
      [401, [200, 200, 1]],
    ] as const) {
      const { ports, sent } = door();
      const created_record_ids = Array.from({ length: count }, (_, n) => n);
      await acceptWebhook(
        ports,
        signed(JSON.stringify({ event: "import_completed", payload: { created_record_ids } })),
      );
      const ids = (sent.get("fleetio") ?? []).map((hint) => (hint.kind === "records" ? hint.ids : []));
      expect(ids.map((some) => some.length)).toEqual(sizes);
      expect(ids.flat()).toEqual(created_record_ids.map(String));
    }
  });
});
