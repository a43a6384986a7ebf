import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { deskOf } from "#shared/pipeline/desk.ts";
import type { Loose } from "#test/simulators/support.ts";
import { type BranchStack, startOfficeStack } from "#test/support/branch-stack.ts";

/**
 * Calls that carry a password, through the live handlers, real servers of DynamoDB, SQS and S3, and ServiceTitan's
 * simulator; then everything that stands or was printed anywhere is searched for it.
 */
const canary = 'Canary"7x+never kept';
const forms = [
  canary,
  JSON.stringify(canary).slice(1, -1),
  encodeURIComponent(canary),
  "never kept",
  "7x+never",
].flatMap((form) => [form, Buffer.from(form).toString("base64").slice(0, -3)]);
const input = {
  ...{ name: "Rosa Pena", accountCreationMethod: "AssignLoginAndPassword", roleId: 1, positions: ["Service"] },
  ...{ licenseType: "ManagedTech", login: "rosa" },
};

let stack: BranchStack;
const printed: string[] = [];
const call = async (name: string, secrets: object = { password: canary }): Promise<Loose> => {
  const asked = { connection: "office", operation: "createTechnician", input: { ...input, name }, secrets };
  return (await stack.ask("POST", "call", asked)).body;
};
const send = (intent: string, secrets: object = { password: canary }) =>
  stack.ask("POST", "call", { connection: "office", send: intent, secrets });
const receiptOf = async (intent: string) =>
  (await stack.store.jobs.load(deskOf("office"))).state.receipts.find((one) => one.intent === intent);
const made = async (): Promise<number> => {
  const { entries } = (await stack.control.get("/log?account=st-main")).body;
  return entries.filter((one: Loose) => one.operation === "createTechnician" && one.effect !== false).length;
};
const fault = (fault: object) =>
  stack.control.send("POST", "/faults", { match: { method: "POST", path: "/technicians$" }, fault, times: 1 });

beforeAll(async () => {
  for (const stream of [process.stdout, process.stderr] as const)
    vi.spyOn(stream, "write").mockImplementation((text) => printed.push(String(text)) > 0);
  for (const level of ["log", "warn", "error", "info"] as const)
    vi.spyOn(console, level).mockImplementation((...words) => void printed.push(words.map(String).join(" ")));
  stack = await startOfficeStack({ technicians: [{ id: 31, name: "Ana", active: true }] });
});
beforeEach(() => stack.pass(3600));

afterAll(async () => {
  vi.restoreAllMocks();
  await stack.close();
});

test("a call with a password is sent at once, after its attempt, is seen, and leaves a receipt", async () => {
  const body = await call("Rosa Pena");
  expect(body).toMatchObject({ writes: true, standing: "done", receipt: { outcome: "applied", before: "[]" } });
  expect(body.receipt.wanted).toContain("(password given when it is sent)");
  expect(JSON.parse(body.receipt.after)).toHaveLength(1);
  expect(await made()).toBe(1);
  await stack.settle();
  expect(await made()).toBe(1);
});

test("the vendor was sent the password itself", async () => {
  const { entries } = (await stack.control.get("/log?account=st-main")).body;
  expect(JSON.stringify(entries.filter((one: Loose) => one.operation === "createTechnician"))).toContain(
    JSON.stringify(canary).slice(1, -1),
  );
});

test("held by the switch it waits for nobody but who gives it again", async () => {
  await stack.ask("POST", "stop", { why: "month end" });
  const { intent, ...body } = await call("Held");
  expect(body).toMatchObject({ standing: "waits for its secrets", stopped: "month end" });
  await stack.ask("POST", "resume", {});
  await stack.settle();
  await stack.pass(3600);
  await stack.settle();
  expect(await made()).toBe(1);
  const [planned] = (await stack.ask("GET", "plan")).body.intents;
  expect(planned).toMatchObject({ id: intent, dueAt: null, arguments: { withheld: ["password"] } });
  expect((await send(intent)).body).toMatchObject({ standing: "done", receipt: { outcome: "applied" } });
  expect((await send(intent)).body).toMatchObject({ standing: "done" });
  expect(await made()).toBe(2);
});

test("a raw request waits for approval first, and is then sent with what is given again", async () => {
  const raw = { method: "POST", urlType: "settings", url: "/technicians", effect: "makes a technician" };
  const asked = { ...raw, data: { ...input, name: "Raw" } };
  const secrets = { "data.password": canary };
  const { body } = await stack.ask("POST", "call", {
    ...{ connection: "office", operation: "rawRequest", input: asked, secrets },
  });
  expect(body.standing).toBe("waits for approval");
  expect((await send(body.intent, secrets)).status).toBe(409);
  await stack.ask("POST", "plan/approve", { intents: [{ job: deskOf("office"), intent: body.intent }] });
  await stack.settle();
  expect(await made()).toBe(2);
  expect((await send(body.intent, secrets)).body).toMatchObject({ receipt: { outcome: "applied", flags: ["unseen"] } });
  expect(await made()).toBe(3);
});

test("a refusal that repeats the password is told without it, and its words stand nowhere", async () => {
  const detail = { errors: { password: [`${canary} is one that others use`] }, echo: encodeURIComponent(canary) };
  await fault({ kind: "status", status: 400, body: { status: 400, title: canary, ...detail, data: { canary } } });
  const body = await call("Refused");
  expect(body).toMatchObject({ standing: "done", receipt: { outcome: "rejected" } });
  expect(body.said).toContain("[redacted] is one that others use");
  expect(JSON.stringify(body)).not.toContain("never kept");
  expect(body.receipt.note).toContain("400; its words are not kept");
});

test.each([
  ["reset-after", "applied", 1],
  ["reset-before", "unresolved", 0],
] as const)("without an answer (%s) it is looked for and never sent again", async (kind, outcome, more) => {
  const before = await made();
  await fault({ kind });
  const { intent, standing } = await call(`Silent ${kind}`);
  expect(standing).toBe("sent");
  await stack.pass(60);
  await stack.settle();
  expect(await receiptOf(intent)).toMatchObject({ outcome });
  expect(await made()).toBe(before + more);
});

test("a body that is no JSON, a secret in the input and a failure of ours repeat nothing", async () => {
  const kept = await stack.ask("POST", "call", {
    ...{ connection: "office", operation: "createTechnician", input: { ...input, password: canary } },
  });
  expect([kept.status, JSON.stringify(kept.body)]).toEqual([400, expect.not.stringContaining("never kept")]);
  await fault({ kind: "html" });
  const html = await call("Html");
  await fault({ kind: "truncate" });
  const cut = await call("Cut");
  expect(JSON.stringify([html, cut])).not.toContain("never kept");
});

test("and then no item, message, archived object or printed line holds the password in any form", async () => {
  await stack.settle();
  const { items, messages, objects } = await stack.everything();
  const looked = { items: items.length, messages: messages.length, objects: objects.length, lines: printed.length };
  expect(Object.values(looked).every((count) => count > 0)).toBe(true);
  const all = [...items, ...messages, ...objects, ...printed];
  // What surely stands there is found, so a search that finds nothing means something.
  for (const where of [items, objects]) expect(where.join("\n")).toContain("Silent reset-after");
  expect(all.join("\n")).toContain("given when it is sent");
  for (const form of forms) expect(all.filter((text) => text.includes(form))).toEqual([]);
});
