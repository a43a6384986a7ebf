import { afterAll, beforeAll, expect, test } from "vitest";
import type { Intent } from "#shared/domain/intent.ts";
import { emptyJob } from "#shared/domain/job.ts";
import type { Loose } from "#test/simulators/support.ts";
import { type BranchStack, startBranchStack } from "#test/support/branch-stack.ts";

/** Payments that a branch lacked, through the live write-back to the vendor's simulator and back. */
const stamps = { created_at: "2026-10-01T00:00:00.000Z", updated_at: "2026-10-01T00:00:00.000Z", deleted_at: null };
const of = { customer_uuid: "cu1", ...stamps };
const billed = (uuid: string) => ({
  ...{ uuid, job_uuid: "j1", subtotal: 540, tax_amount: 0, discount_amount: 0, total_amount: 540, paid_amount: 0 },
  ...{ balance_amount: 540, status: "Pending", invoice_type: "Full", ...of },
});
const collections = {
  customers: [{ uuid: "cu1", first_name: "Ana", last_name: "Pena", customer_type: "Residential", ...stamps }],
  jobs: [{ uuid: "j1", job_number: "JOB-1", title: "Leak", status: "Invoiced", ...of }],
  invoices: [billed("i1"), billed("i2")],
  payments: [],
};

let stack: BranchStack;
beforeAll(async () => {
  stack = await startBranchStack(collections);
});
afterAll(() => stack.close());

/** An approved write of 540.00 to an invoice stands in a job of its own. */
async function planned(invoiceId: string): Promise<{ job: string; deliver(): Promise<void> }> {
  const at = "2026-11-02T08:00:00.000Z";
  const marker = `plumbline:office/payments/${invoiceId}`;
  const intent: Intent = {
    ...{ id: `i-${invoiceId}`, kind: "write", target: "payment", read: "none", wanted: "recorded 540.00" },
    record: { connection: "branch", stream: "payments", id: `new:office/payments/${invoiceId}` },
    arguments: { invoiceId, amountMinor: 54_000, day: "2026-10-31", method: "Check", marker },
    ...{ moneyMinor: 54_000, requests: 4, needsApproval: true, approved: { by: "Dana", at }, rejected: null },
    ...{ bound: "b", sentence: "record it", plannedAt: at, epoch: await epoch(), dueAt: at },
  };
  const job = `j-${invoiceId}`;
  const links = [{ record: "branch/jobs/j1", rule: "first" as const, evidence: [], at, batch: null }];
  const empty = emptyJob(job);
  await stack.store.jobs.commit({ state: empty, version: 0 }, { ...empty, links, intents: [intent] }, at);
  const Body = JSON.stringify({ v: 1, company: "ridgeline", job, intent: intent.id });
  return { job, deliver: () => stack.deliver([{ MessageId: "m1", Body }]) };
}

const epoch = async (): Promise<number> => (await stack.store.control.state()).epoch;
const receiptsOf = async (job: string) => (await stack.store.jobs.load(job)).state.receipts;
/** Payments that the vendor made, as it was asked for them. */
const made = async (invoice: string): Promise<readonly Loose[]> => {
  const { entries } = (await stack.control.get("/log?account=boulder")).body;
  return entries.filter(
    (one: Loose) => one.operation === "createPayment" && one.effect !== false && one.body?.invoice_uuid === invoice,
  );
};

test("one is recorded once, found by its marker, and a message that comes again finds nothing to do", async () => {
  const { job, deliver } = await planned("i1");
  await deliver();
  await deliver();
  expect(await receiptsOf(job)).toMatchObject([
    { outcome: "applied", before: "none", after: "recorded 540.00", attempts: 1, moneyMinor: 54_000, note: null },
  ]);
  expect((await made("i1")).map(({ body }) => body)).toEqual([
    {
      ...{ invoice_uuid: "i1", amount: 540, payment_type: "check", payment_date: "2026-10-31" },
      ...{ reference_number: "plumbline:office/payments/i1", status: "Completed" },
    },
  ]);
});

test("one whose answer was lost throws the switch, is looked for after the lag, and is not sent again", async () => {
  const { job, deliver } = await planned("i2");
  await stack.control.send("POST", "/faults", { match: { method: "POST" }, fault: { kind: "reset-after" }, times: 1 });
  await deliver();
  expect([await receiptsOf(job), (await stack.store.control.state()).stopped]).toEqual([[], true]);
  await stack.pass(31);
  await deliver();
  expect(await receiptsOf(job)).toMatchObject([
    { outcome: "applied", note: "no answer came; a later reading shows it, whoever wrote it" },
  ]);
  expect(await made("i2")).toHaveLength(1);
});
