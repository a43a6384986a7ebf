import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { deskOf } from "#shared/pipeline/desk.ts";
import type { Loose } from "#test/simulators/support.ts";
import { type BranchStack, startBranchStack } from "#test/support/branch-stack.ts";

/** An operation called by hand, through the live handlers, to a vendor's simulator and back. */
const stamps = { created_at: "2026-10-01T00:00:00.000Z", updated_at: "2026-10-01T00:00:00.000Z", deleted_at: null };
const of = { customer_uuid: "cu1", ...stamps };
const collections = {
  customers: [{ uuid: "cu1", first_name: "Ana", last_name: "Pena", customer_type: "Residential", ...stamps }],
  jobs: [{ uuid: "j1", job_number: "JOB-1", title: "Leak", status: "Scheduled", ...of }],
  invoices: [{ uuid: "i1", job_uuid: "j1", total_amount: 540, balance_amount: 540, status: "Pending", ...of }],
  payments: [],
};

let stack: BranchStack;
const ask: BranchStack["ask"] = (...asked) => stack.ask(...asked);
const call = (operation: string, input: unknown, more: object = {}) =>
  ask("POST", "call", { connection: "branch", operation, input, ...more });

/** What the vendor took: requests by operation, and writes that changed something. */
const requests = async (): Promise<number> =>
  Object.values<Loose>((await stack.control.get("/requests")).body).reduce((sum, one) => sum + (one.total ?? 0), 0);
const accepted = async (operation: string): Promise<number> => {
  const { entries } = (await stack.control.get("/log?account=boulder")).body;
  return entries.filter((one: Loose) => one.operation === operation && one.effect !== false).length;
};
const desk = async () => (await stack.store.jobs.load(deskOf("branch"))).state;
const receiptOf = async (intent: string) => (await desk()).receipts.find((one) => one.intent === intent);

beforeAll(async () => {
  stack = await startBranchStack(collections);
});

// An hour later nothing of the test before is due, and the budget's minute is another.
beforeEach(() => stack.pass(3600));

afterAll(() => stack.close());

describe("a read", () => {
  test("is made through the connection and answered, the request beside it on demand", async () => {
    const reply = await call("getJob", { uuid: "j1" }, { debug: true });
    expect(reply).toMatchObject({
      status: 200,
      body: {
        writes: false,
        value: { data: { uuid: "j1", title: "Leak" } },
        request: { method: "GET", path: "/jobs/j1" },
      },
    });
    expect(JSON.stringify(reply.body)).not.toContain(stack.key);
  });

  test("is counted in the connection's budget: when that is spent, it waits and says until when", async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 62; n++) statuses.push((await call("getJob", { uuid: "j1" })).status);
    expect(statuses.slice(0, 60).every((status) => status === 200)).toBe(true);
    const { status, body } = await call("getJob", { uuid: "j1" });
    expect([status, body.kind]).toEqual([429, "rate-limited"]);
    expect(body.retryAt).toBeTruthy();
  });

  test("of what is not there is answered as not found", async () => {
    expect((await call("getJob", { uuid: "nobody" })).status).toBe(404);
  });
});

describe("what does not fit sends nothing", () => {
  test.each([
    [
      "a missing input",
      { operation: "createJob", input: { title: "Boiler" } },
      "customer_uuid: expected a text, it is missing",
    ],
    [
      "a mistyped input",
      { operation: "createPayment", input: { invoice_uuid: "i1", amount: "ten" } },
      "amount: expected a number",
    ],
    ["an extra input", { operation: "getJob", input: { uuid: "j1", verbose: true } }, "verbose"],
    ["an unknown operation", { operation: "mergeJobs", input: {} }, "no operation mergeJobs"],
    ["an unknown connection", { connection: "depot", operation: "getJob", input: {} }, "no connection depot"],
    ["another vendor", { vendor: "rotor", operation: "getJob", input: { uuid: "j1" } }, "a connection of customtrades"],
  ])("%s", async (_name, asked, says) => {
    const before = await requests();
    const { status, body } = await ask("POST", "call", { connection: "branch", ...asked });
    expect(status).toBe(400);
    expect(body.error).toContain(says);
    await stack.settle();
    expect(await requests()).toBe(before);
  });

  test("a dry run shows the request, the approval and the read that follows", async () => {
    const before = await requests();
    const { body } = await call("createPayment", { invoice_uuid: "i1", amount: 10 }, { dryRun: true });
    expect(body).toMatchObject({
      request: { method: "POST", path: "/payments", json: { invoice_uuid: "i1", amount: 10 } },
      money: true,
      needsApproval: true,
      look: { operation: "listPayments", expect: "new" },
    });
    await stack.settle();
    expect(await requests()).toBe(before);
    expect((await desk()).intents).toEqual([]);
  });

  test("a viewer and a bookkeeper may not call", async () => {
    expect((await ask("POST", "call", { connection: "branch", operation: "getJob" }, "bookkeeper")).status).toBe(403);
  });
});

describe("a write", () => {
  test("goes out once, is seen, and leaves a receipt; asked for again by the same name it is the same call", async () => {
    const input = { customer_uuid: "cu1", title: "Boiler" };
    const { body } = await call("createJob", input, { asking: "a1" });
    expect(body).toMatchObject({ writes: true, standing: "on its way" });
    const [message] = await stack.onItsWay();
    if (!message) throw new Error("nothing is on its way");
    await stack.deliver([message]);
    await stack.deliver([message]);
    expect(await accepted("createJob")).toBe(1);
    const receipt = await receiptOf(body.intent);
    expect(receipt).toMatchObject({ outcome: "applied", before: "[]", approvedBy: "ana@ridgeline.example", flags: [] });
    expect(receipt?.wanted).toContain('POST /jobs {"customer_uuid":"cu1","title":"Boiler"}');
    expect(JSON.parse(receipt?.after ?? "")).toHaveLength(1);
    expect([receipt?.sentAt, receipt?.at].every(Boolean)).toBe(true);
    expect((await call("createJob", input, { asking: "a1" })).body).toMatchObject({ standing: "done" });
    await stack.settle();
    expect(await accepted("createJob")).toBe(1);
    const state = await ask("GET", `call?connection=branch&intent=${body.intent}`, undefined, "viewer");
    expect(state.body).toMatchObject({ standing: "done", receipt: { outcome: "applied" } });
  });

  test("whose answer was lost after it took effect is found, and not sent again", async () => {
    await stack.control.send("POST", "/faults", {
      match: { method: "POST", path: "/jobs$" },
      fault: { kind: "reset-after" },
      times: 1,
    });
    const before = await accepted("createJob");
    const { body } = await call("createJob", { customer_uuid: "cu1", title: "Furnace" });
    await stack.settle();
    expect((await desk()).attempts).toMatchObject([{ state: "ambiguous" }]);
    await stack.settle();
    await stack.pass(60);
    await stack.settle();
    expect(await receiptOf(body.intent)).toMatchObject({ outcome: "applied" });
    expect((await receiptOf(body.intent))?.note).toContain("no answer came; the read shows it");
    expect(await accepted("createJob")).toBe(before + 1);
  });

  test("that never reached the vendor's books ends unresolved, for a person to look", async () => {
    const faults = { match: { method: "POST", path: "/jobs$" }, fault: { kind: "status", status: 503 }, times: 1 };
    await stack.control.send("POST", "/faults", faults);
    const before = await accepted("createJob");
    const { body } = await call("createJob", { customer_uuid: "cu1", title: "Heat pump" });
    await stack.settle();
    await stack.pass(60);
    await stack.settle();
    expect(await receiptOf(body.intent)).toMatchObject({ outcome: "unresolved" });
    expect(await accepted("createJob")).toBe(before);
    expect((await desk()).dueAt).toBeNull();
  });

  test("that is so already is not sent", async () => {
    const before = await accepted("updateJob");
    const { body } = await call("updateJob", { uuid: "j1", title: "Leak" });
    await stack.settle();
    expect(await receiptOf(body.intent)).toMatchObject({ outcome: "applied", attempts: 0 });
    expect(await accepted("updateJob")).toBe(before);
  });

  test("that the vendor refuses is told with its words", async () => {
    const { body } = await call("updateJob", { uuid: "nobody", title: "Leak" });
    await stack.settle();
    expect(await receiptOf(body.intent)).toMatchObject({ outcome: "rejected" });
  });

  test("of money waits until a person approves exactly this", async () => {
    const { body } = await call("createPayment", { invoice_uuid: "i1", amount: 540 });
    expect(body.standing).toBe("waits for approval");
    expect((await ask("GET", "status")).body).toMatchObject({ awaitingApproval: 1, jobs: 0, intents: 0 });
    await stack.pass(3600);
    await stack.settle();
    expect(await accepted("createPayment")).toBe(0);
    const all = await ask("POST", "plan/approve", { all: true });
    expect(all.body.results).toEqual([]);
    const [planned] = (await ask("GET", "plan")).body.intents;
    expect(planned).toMatchObject({ id: body.intent, target: "call", needsApproval: true });
    const one = { job: planned.job, intent: planned.id };
    expect((await ask("POST", "plan/approve", { intents: [{ ...one, bound: "other" }] })).status).toBe(409);
    expect((await ask("POST", "plan/approve", { intents: [{ ...one, bound: planned.bound }] })).status).toBe(200);
    await stack.settle();
    expect(await accepted("createPayment")).toBe(1);
    expect(await receiptOf(body.intent)).toMatchObject({ outcome: "applied" });
  });

  test("of a job's amount waits for a person, beside what moves no money", async () => {
    const before = await accepted("updateJob");
    const { body } = await call("updateJob", { uuid: "j1", actual_amount: 540.5, internal_notes: "gate 4" });
    expect(body.standing).toBe("waits for approval");
    await stack.pass(3600);
    await stack.settle();
    expect(await accepted("updateJob")).toBe(before);
    await call("updateJob", { uuid: "j1", internal_notes: "gate 5" });
    await stack.settle();
    expect(await accepted("updateJob")).toBe(before + 1);
    const [planned, ...more] = (await ask("GET", "plan")).body.intents;
    expect([planned.id, planned.needsApproval, more]).toEqual([body.intent, true, []]);
    const one = { job: planned.job, intent: planned.id, bound: planned.bound };
    expect((await ask("POST", "plan/approve", { intents: [one] })).status).toBe(200);
    await stack.settle();
    expect(await accepted("updateJob")).toBe(before + 2);
    expect(await receiptOf(body.intent)).toMatchObject({ outcome: "applied", approvedBy: "ana@ridgeline.example" });
    expect((await call("getJob", { uuid: "j1" })).body.value.data).toMatchObject({ actual_amount: 540.5 });
  });

  test.each(["bare", "named"])(
    "that deletes a job waits, and is sent where an answer holds its record %s",
    async (shape) => {
      await stack.control.send("POST", "/dials", { account: "boulder", dials: { recordShape: shape } });
      const made = await call("createJob", { customer_uuid: "cu1", title: `Sump ${shape}` });
      await stack.settle();
      const [uuid] = JSON.parse((await receiptOf(made.body.intent))?.after ?? "[]");
      const before = await accepted("deleteJob");
      const { body } = await call("deleteJob", { uuid });
      expect(body.standing).toBe("waits for approval");
      await ask("POST", "plan/approve", { intents: [{ job: deskOf("branch"), intent: body.intent }] });
      await stack.settle();
      await stack.control.send("POST", "/dials", { account: "boulder", dials: { recordShape: "bare" } });
      expect(await accepted("deleteJob")).toBe(before + 1);
      expect(await receiptOf(body.intent)).toMatchObject({ outcome: "applied", attempts: 1 });
    },
  );

  test("is held by the stop switch, and goes when that is lifted", async () => {
    const before = await accepted("updateJob");
    await ask("POST", "stop", { why: "month end" });
    const { body } = await call("updateJob", { uuid: "j1", title: "Leak in the yard" });
    expect(body.stopped).toBe("month end");
    await stack.settle();
    await stack.pass(3600);
    await stack.settle();
    expect(await accepted("updateJob")).toBe(before);
    await ask("POST", "resume", {});
    await stack.pass(3600);
    await stack.settle();
    expect(await accepted("updateJob")).toBe(before + 1);
    expect(await receiptOf(body.intent)).toMatchObject({ outcome: "applied" });
  });

  test("of money without an answer throws the switch", async () => {
    const faults = { match: { method: "POST", path: "/payments$" }, fault: { kind: "reset-before" }, times: 1 };
    await stack.control.send("POST", "/faults", faults);
    const { body } = await call("createPayment", { invoice_uuid: "i1", amount: 5 });
    await ask("POST", "plan/approve", { intents: [{ job: deskOf("branch"), intent: body.intent }] });
    await stack.settle();
    expect((await stack.store.control.state()).stopped).toBe(true);
    await stack.pass(60);
    await stack.settle();
    expect(await receiptOf(body.intent)).toMatchObject({ outcome: "unresolved" });
  });
});
