import { beforeEach, expect, test } from "vitest";
import type { CompanyConfig } from "#shared/domain/policy.ts";
import { acceptWebhook, type WebhookPorts, webhookLimits } from "#shared/pipeline/accept-webhook.ts";

/** What is turned away before a vendor's signature is looked at: an address that is no name, a body that is too large. */
const company: CompanyConfig = {
  ...{ id: "ridgeline", name: "Ridgeline", zone: "America/Denver", currency: "USD", policy: { authority: {} } },
  connections: [{ id: "fleet", vendor: "v", book: "payable", baseUrl: "http://127.0.0.1:1", secret: "s" }],
};
let asked: string[];
beforeEach(() => {
  asked = [];
});
const ports: WebhookPorts = {
  company: async (id) => {
    asked.push(id);
    return id === company.id ? company : null;
  },
  secrets: { get: async () => "secret" },
  queues: { hints: async () => {} },
  webhookOf: () => ({ verify: () => true, hints: () => [{ stream: "jobs", ids: ["1"] }] }),
};
const call = (more: { company?: string; connection?: string; body?: Uint8Array } = {}) =>
  acceptWebhook(ports, { company: "ridgeline", connection: "fleet", headers: {}, body: Buffer.from("{}"), ...more });
const refused = (status: number) => ({ status, ids: 0, vendor: null });

test.each([
  ["as long as a name may be", "a".repeat(63), true],
  ["longer", "a".repeat(64), false],
  ["with dashes and digits", "9-a-0", true],
  ["beginning with a dash", "-a", false],
  ["with a capital", "Fleet", false],
  ["with something before it", " fleet", false],
  ["with something after it", "fleet\n", false],
  ["none", "", false],
])("an address that is no name is refused before anything is looked up: %s", async (_name, id, isName) => {
  expect(await call({ company: id })).toEqual(refused(404));
  expect(asked).toEqual(isName ? [id] : []);
  asked.length = 0;
  expect(await call({ connection: id })).toEqual(refused(404));
  expect(asked).toEqual(isName ? ["ridgeline"] : []);
});

test("a body over five megabytes is 413, before anything is looked up; one of just five is taken", async () => {
  expect(webhookLimits.bytes).toBe(5 * 1024 * 1024);
  expect(await call({ body: Buffer.alloc(webhookLimits.bytes + 1) })).toEqual(refused(413));
  expect(asked).toEqual([]);
  expect(await call({ body: Buffer.alloc(webhookLimits.bytes, "1") })).toEqual({ status: 200, ids: 1, vendor: "v" });
});
