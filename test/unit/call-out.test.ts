import { beforeEach, expect, test } from "vitest";
import { prepare, prepareCall } from "#shared/connectors/prepare.ts";
import { connectors, normalisers, operations } from "#shared/connectors/registry.ts";
import type { VendorClient, VendorReply, VendorRequest } from "#shared/connectors/vendor-client.ts";
import { Failure } from "#shared/domain/failure.ts";
import { connectionOf } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import { approve, reject } from "#shared/pipeline/decide.ts";
import { deskOf, enterCall } from "#shared/pipeline/desk.ts";
import { takeIn } from "#shared/pipeline/take-in.ts";
import { type WriteBackPorts, writeBack } from "#shared/pipeline/write-back.ts";
import { type DeskCompany, deskCompany } from "#test/support/desk-company.ts";

/** A call on its way, over a vendor of a few lines: what it holds, and what becomes of the next write. */
const job = deskOf("branch");
let desk: DeskCompany;
let ports: WriteBackPorts;
let titles: string[];
let writes: number;
let attemptsAtWrite: number;
let onWrite: () => void;
/** The vendor answers a write and keeps nothing of it. */
let forgets: boolean;

beforeEach(async () => {
  desk = await deskCompany();
  [titles, writes, attemptsAtWrite] = [["Leak"], 0, 0];
  onWrite = () => {};
  forgets = false;
  const store = desk.world.company(desk.company.id);
  ports = {
    ...store,
    ...desk.ports,
    controlAll: desk.world.cell.controlAll,
    describer: (vendor) => normalisers[vendor],
    connector: (vendor) => connectors[vendor],
    client: async (connection): Promise<VendorClient> => ({
      ...{ connection, secret: null, purpose: "write" as const, now: () => desk.world.clock.now(), request: answer },
    }),
  };
});

async function answer<Schema extends z.ZodMiniType>(
  asked: VendorRequest<Schema>,
): Promise<VendorReply<z.infer<Schema>>> {
  if (asked.writes) {
    writes += 1;
    attemptsAtWrite = (await desk.ports.jobs.load(job)).state.attempts.length;
    onWrite();
    const { title } = z.parse(z.looseObject({ title: z.string() }), asked.json);
    if (!forgets) titles.push(title);
  }
  const jobs = titles.map((title, n) => ({ uuid: `j${n}`, customer_uuid: "c1", title }));
  const value = z.parse(asked.schema, { success: true, data: { jobs } });
  return { value, status: 200, headers: {}, requestId: "r-1" };
}

async function enter(needsApproval = false, money = false): Promise<string> {
  const connection = connectionOf(desk.company, "branch");
  const rows = operations["customtrades"] ?? [];
  const row = rows.find((one) => one.key === "createJob");
  if (!connection || !row) throw new Error("no such call");
  const now = await desk.world.clock.now();
  const input = { customer_uuid: "c1", title: "Boiler" };
  const { request } = await prepare(row, input, { connection, rows, now });
  await desk.world.archive.put(
    "calls/1",
    JSON.stringify(await prepareCall(row, input, { request }, { connection, rows, now })),
  );
  const { epoch } = await desk.ports.control.state();
  const asked = {
    ...{ connection: "branch", operation: "createJob", asking: "1", by: "ana", archived: "calls/1", digest: "d" },
    ...{ sent: "POST /jobs", requests: 3, money, needsApproval, epoch },
  };
  const { stored } = await enterCall(desk.ports.jobs, asked, now);
  return stored.state.intents[0]?.id ?? "";
}

const deliver = (intent: string) => writeBack(ports, desk.company, { v: 1, company: desk.company.id, job, intent });
const state = async () => (await desk.ports.jobs.load(job)).state;
const later = (seconds: number) => {
  const at = new Date(Date.parse("2026-11-02T08:00:00.000Z") + seconds * 1000).toISOString();
  desk.world.clock.set(at);
};

test("the attempt is stored before anything is sent; the receipt says what was there before and after", async () => {
  const intent = await enter();
  expect(await deliver(intent)).toEqual({ done: "written", outcome: "applied" });
  expect([writes, attemptsAtWrite]).toEqual([1, 1]);
  const { receipts, attempts, intents, dueAt } = await state();
  expect([attempts, intents, dueAt]).toEqual([[], [], null]);
  expect(receipts).toMatchObject([
    { outcome: "applied", before: "[]", after: '["j1"]', requestId: "r-1", wanted: "POST /jobs", approvedBy: "ana" },
  ]);
  expect(await deliver(intent)).toEqual({ done: "gone" });
  expect(writes).toBe(1);
});

test("a crash while it was being sent leaves the attempt: another delivery waits, and then looks", async () => {
  const intent = await enter();
  onWrite = () => {
    throw new Error("the sandbox was killed");
  };
  await expect(deliver(intent)).rejects.toThrow("killed");
  onWrite = () => {};
  expect(await deliver(intent)).toEqual({ done: "waits" });
  expect((await state()).dueAt).not.toBeNull();
  // The writer's own time, and the vendor's lag after it.
  later(90);
  expect(await deliver(intent)).toEqual({ done: "looked" });
  expect(writes).toBe(1);
  expect((await state()).receipts).toMatchObject([
    { outcome: "unresolved", note: expect.stringContaining("listJobs") },
  ]);
});

test("what the vendor answered and never shows is ignored, not sent again", async () => {
  const intent = await enter();
  forgets = true;
  expect(await deliver(intent)).toEqual({ done: "written", outcome: "open" });
  expect((await state()).attempts).toMatchObject([{ state: "unverified", requestId: "r-1" }]);
  later(60);
  expect(await deliver(intent)).toEqual({ done: "looked" });
  expect((await state()).receipts).toMatchObject([{ outcome: "ignored", requestId: "r-1" }]);
  expect(writes).toBe(1);
});

test("a request that never left is due again, with its approval", async () => {
  const intent = await enter();
  onWrite = () => {
    throw new Failure("rate-limited", "429", { retryAt: "2026-11-02T09:00:00.000Z" });
  };
  expect(await deliver(intent)).toEqual({ done: "later" });
  expect(await state()).toMatchObject({ attempts: [], intents: [{ id: intent }], dueAt: "2026-11-02T09:00:00.000Z" });
});

test("what is due is sent again by the tick's message, a desk being no job that is reconciled", async () => {
  const intent = await enter();
  await takeIn(ports, desk.company, { v: 1, kind: "due", company: desk.company.id, job });
  expect(desk.world.queues.sent.outbound.get("customtrades")).toMatchObject([{ job, intent }]);
  expect((await state()).intents).toHaveLength(1);
});

test("a money call waits for its approval, and a rejected one never goes", async () => {
  const intent = await enter(true, true);
  expect(await deliver(intent)).toEqual({ done: "waits" });
  const decision = { job, intent, bound: null, by: "rosa" };
  expect(await reject(ports, desk.company, decision, "twice")).toMatchObject({ decided: true });
  expect(await deliver(intent)).toEqual({ done: "waits" });
  expect(writes).toBe(0);
  expect((await desk.ports.jobs.history(job)).flatMap(({ lines }) => lines).at(-1)).toContain(
    "rejected by rosa (twice)",
  );
});

test("an approved money call goes, and names who approved it", async () => {
  const intent = await enter(true, true);
  const bound = (await state()).intents[0]?.bound ?? "";
  expect(await approve(ports, desk.company, { job, intent, bound: "other", by: "rosa" })).toMatchObject({
    decided: false,
  });
  expect(await approve(ports, desk.company, { job, intent, bound, by: "rosa" })).toMatchObject({ decided: true });
  await deliver(intent);
  expect((await state()).receipts).toMatchObject([{ outcome: "applied", approvedBy: "rosa" }]);
});

test("the switch holds it, and a restore voids it", async () => {
  const intent = await enter();
  await desk.ports.control.stop("ana", "month end");
  expect(await deliver(intent)).toEqual({ done: "stopped" });
  await desk.ports.control.newEpoch("ana", "restored");
  await desk.ports.control.resume("ana");
  expect(await deliver(intent)).toEqual({ done: "void" });
  expect(writes).toBe(0);
});
