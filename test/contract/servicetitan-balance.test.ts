import { afterEach, expect, test } from "vitest";
import { connector } from "#shared/connectors/servicetitan/index.ts";
import { balanceOf, moneyLine } from "#shared/domain/balance.ts";
import { recordKey } from "#shared/domain/ids.ts";
import { emptyJob, type JobState } from "#shared/domain/job.ts";
import { type Known, knownFrom } from "#shared/domain/observation.ts";
import { viewOf } from "#shared/domain/view.ts";
import { context, fixture, openTenant, type Row, readAll, type Tenant } from "./servicetitan-support.ts";

/** What the office's lists say of one job's money, against the balances that the office prints itself. */
let tenant: Tenant;
afterEach(() => tenant.close());

const job = 10290;
const streams = ["jobs", "invoices", "payments", "credit-memos"] as const;

/** Everything the streams show that touches the job, as the job holds it. */
async function stateOf(): Promise<JobState> {
  const observations: Record<string, Known> = {};
  for (const stream of streams) {
    for (const page of await readAll(tenant, stream, null)) {
      for (const { id, raw, modified } of page.records) {
        const made = connector.normalise(stream, raw, context);
        if ("unfit" in made) throw new Error(`${stream} ${id}: ${made.unfit}`);
        const record = { connection: "st-main", stream, id };
        const hangsOn = made.parents.map(recordKey);
        const own = stream === "jobs" ? id === String(job) : hangsOn.some((key) => key in observations);
        if (!own) continue;
        const known = { record, version: { modified, read: 1 }, digest: id, at: "2026-10-29T08:00:00.000Z" };
        observations[recordKey(record)] = knownFrom({ ...known, hangsOn, facts: made.facts });
      }
    }
  }
  return { ...emptyJob("j1"), observations };
}

const line = async () => {
  const view = viewOf(await stateOf());
  return { ...moneyLine(view, "st-main", "invoices"), invoices: view.invoices };
};

/** An office with a bill, a partial refund recorded as a negative payment on an adjustment, and a credit memo. */
function office(): Record<string, Row[]> {
  const { creditMemos: _memos, payments: [paid = {}] = [], invoices: [billed = {}] = [], ...rest } = fixture("office");
  const invoice = (id: number, total: string, more: Row): Row => {
    const amounts = { total, subTotal: total, salesTax: "0.00", balance: total };
    return { ...billed, ...amounts, items: [], id, referenceNumber: String(id), active: true, ...more };
  };
  const payment = (id: number, to: number, amount: string): Row => ({
    ...paid,
    ...{
      id,
      total: amount,
      unappliedAmount: "0.00",
      appliedTo: [{ appliedId: id, appliedTo: to, appliedAmount: amount }],
    },
  });
  return {
    ...rest,
    invoices: [
      invoice(71, "540.00", { job: { id: job } }),
      invoice(72, "-50.00", { job: { id: job }, adjustmentToId: 71 }),
    ],
    payments: [payment(81, 71, "300.00"), payment(82, 72, "-50.00")],
    creditMemos: [],
  };
}

const memo = { id: 91, total: "64.00", active: true, customer: { id: 11 }, date: "2026-10-28T00:00:00Z" };
const credit = (splits: Row[], more: Row = {}) =>
  tenant.plant([{ collection: "creditMemos", key: "91", op: "create", fields: { ...memo, splits, ...more } }]);

test.each(["original-balance-includes", "separate"] as const)(
  "charged less received is what the office says is open, with a refund and a credit memo (%s)",
  async (rule) => {
    tenant = await openTenant(office());
    await tenant.dials({ adjustmentBalance: rule === "separate" ? "separate" : "on-original" });
    await credit([{ invoiceId: 71, amount: "40.00" }]);
    await tenant.clock("2026-10-29T09:00:00.000Z");
    const { charge, payment, outstanding, invoices } = await line();
    expect({ charge, payment, outstanding }).toEqual({ charge: 45_000, payment: 25_000, outstanding: 20_000 });
    expect(balanceOf(invoices, rule)).toBe(outstanding);
  },
);

test("a credit memo that is not split on an invoice, or is no longer active, reduces nothing", async () => {
  tenant = await openTenant(office());
  await credit([]);
  await tenant.clock("2026-10-29T09:00:00.000Z");
  expect(await line()).toMatchObject({ charge: 49_000, payment: 25_000 });
  const fields = { splits: [{ invoiceId: 71, amount: "40.00" }], active: false };
  await tenant.plant([{ at: "2026-10-29T09:30:00.000Z", collection: "creditMemos", key: "91", op: "update", fields }]);
  await tenant.clock("2026-10-29T10:00:00.000Z");
  expect(await line()).toMatchObject({ charge: 49_000, payment: 25_000 });
});

test("where the scope of credit memos is denied, their feed fails alone", async () => {
  tenant = await openTenant(office());
  await tenant.dials({ deniedResources: ["accounting/credit-memos"] });
  await expect(readAll(tenant, "credit-memos", null)).rejects.toMatchObject({ kind: "unauthorised" });
  expect((await readAll(tenant, "invoices", null)).length).toBe(1);
  const deciding = Object.values(connector.streams).filter(({ role }) => role === "root" || role === "part");
  expect(deciding.map(({ name }) => name)).not.toContain("credit-memos");
});
