import { describe, expect, test } from "vitest";
import { balanceOf, billingByMoney, moneyLine } from "#shared/domain/balance.ts";
import type { JobState } from "#shared/domain/job.ts";
import { viewOf, worksOf } from "#shared/domain/view.ts";
import { moneyLines } from "#shared/pipeline/compare.ts";
import { differencesOf } from "#shared/pipeline/differences.ts";
import { fieldWords } from "#shared/pipeline/words.ts";
import { invoice, job, linkingWorld, payment, type Told } from "#test/support/linking-world.ts";
import { companyOf, contextOf, systemClasses } from "#test/support/model-systems.ts";

/** One job of the office with what hangs on it, as its records leave it. */
async function jobWith(...records: readonly Told[]): Promise<JobState> {
  const world = linkingWorld();
  for (const record of [job("s1", "1", { charge: null, payment: null, billing: "by-money" }), ...records])
    await world.read(record);
  const [state] = await world.jobs();
  if (!state) throw new Error("no job");
  return state;
}

const ref = (id: string) => ({ connection: "s1", stream: "invoices", id });

interface Case {
  readonly what: string;
  readonly records: readonly Told[];
  /** Charge and net received, in cents; null: not stated. */
  readonly line: readonly [number | null, number | null];
}

const cases: readonly Case[] = [
  { what: "nothing printed is not zero", records: [], line: [null, null] },
  { what: "an invoice alone: nothing is received yet", records: [invoice("s1", "i1", "1", 52_488)], line: [52_488, 0] },
  {
    what: "several invoices are one charge",
    records: [invoice("s1", "i1", "1", 30_000), invoice("s1", "i2", "1", 12_500)],
    line: [42_500, 0],
  },
  {
    what: "an adjustment with the job's own number",
    records: [invoice("s1", "i1", "1", 128_000), invoice("s1", "i2", "1", -6_400, { adjusts: ref("i1") })],
    line: [121_600, 0],
  },
  {
    what: "an adjustment that names only the invoice it adjusts, counted once",
    records: [invoice("s1", "i1", "1", 128_000), invoice("s1", "i2", null, -6_400, { adjusts: ref("i1") })],
    line: [121_600, 0],
  },
  {
    what: "payments, and shares of payments on other jobs' invoices are not ours",
    records: [
      invoice("s1", "i1", "1", 45_000),
      payment("s1", "p1", { i1: 30_000, i9: 15_000 }),
      payment("s1", "p2", { i1: 5_000 }),
    ],
    line: [45_000, 35_000],
  },
  {
    what: "what lies on no invoice is nobody's share",
    records: [
      invoice("s1", "i1", "1", 45_000),
      payment("s1", "p1", { i1: 30_000 }, { total: 45_000, unapplied: 15_000 }),
    ],
    line: [45_000, 30_000],
  },
  {
    what: "a refund is a negative payment on an adjustment invoice of zero",
    records: [
      invoice("s1", "i1", "1", 60_000),
      payment("s1", "p1", { i1: 67_500 }),
      invoice("s1", "i2", "1", 0, { adjusts: ref("i1") }),
      payment("s1", "p2", { i2: -7_500 }),
    ],
    line: [60_000, 60_000],
  },
  {
    what: "a payment that a vendor calls refunded, failed or expected brought nothing",
    records: [
      invoice("s1", "i1", "1", 60_000),
      payment("s1", "p1", { i1: 60_000 }, { state: "refunded" }),
      payment("s1", "p2", { i1: 60_000 }, { state: "failed" }),
      payment("s1", "p3", { i1: 60_000 }, { state: "expected" }),
    ],
    line: [60_000, 0],
  },
  {
    what: "a credit memo takes from the charge and is no payment",
    records: [invoice("s1", "i1", "1", 60_000), payment("s1", "m1", { i1: 10_000 }, { credit: true })],
    line: [50_000, 0],
  },
  {
    what: "a voided invoice, an inactive and a deleted one are none, nor is what was paid on them",
    records: [
      invoice("s1", "i1", "1", 60_000),
      invoice("s1", "i2", "1", 10_000, { stage: "void" }),
      invoice("s1", "i3", "1", 20_000, { presence: "inactive" }),
      invoice("s1", "i4", "1", 40_000, { presence: "deleted" }),
      payment("s1", "p1", { i1: 1_000, i2: 2_000, i3: 4_000, i4: 8_000 }),
    ],
    line: [60_000, 1_000],
  },
  ...(["void", "inactive", "deleted"] as const).map((how) => ({
    what: `its only invoice ${how}: nothing is charged, which is not the same as not stated`,
    records: [
      invoice("s1", "i1", "1", 50_000, how === "void" ? { stage: how } : { presence: how }),
      payment("s1", "p1", { i1: 50_000 }),
    ],
    line: [0, 0] as const,
  })),
  {
    what: "an inactive payment is none",
    records: [invoice("s1", "i1", "1", 60_000), payment("s1", "p1", { i1: 60_000 }, { presence: "inactive" })],
    line: [60_000, 0],
  },
  {
    what: "a draft is no charge yet, but what was paid on it came in",
    records: [
      invoice("s1", "i1", "1", 60_000),
      invoice("s1", "i2", "1", 9_900, { stage: "draft" }),
      payment("s1", "p1", { i2: 9_900 }),
    ],
    line: [60_000, 9_900],
  },
  {
    what: "a total holds its tax and is less its discount already; neither is counted again",
    records: [invoice("s1", "i1", "1", 118_200, { tax: 9_200, discount: 6_000 })],
    line: [118_200, 0],
  },
  {
    what: "a card fee is the vendor's: received is what was paid",
    records: [invoice("s1", "i1", "1", 82_000), payment("s1", "p1", { i1: 82_000 }, { fee: 2_408 })],
    line: [82_000, 82_000],
  },
  {
    what: "an amount that cannot be read makes its line unknown, and only that",
    records: [
      invoice("s1", "i1", "1", 60_000),
      invoice("s1", "i2", "1", 0, { total: { unreadable: "1O.00" } }),
      payment("s1", "p1", { i1: 60_000 }),
    ],
    line: [null, 60_000],
  },
];

test.each(cases)("a line of money: $what", async ({ records, line: [charge, received] }) => {
  const line = moneyLine(viewOf(await jobWith(...records)), "s1", "invoices");
  expect([line.charge, line.payment]).toEqual([charge, received]);
  expect(line.outstanding).toBe(charge === null || received === null ? null : charge - received);
});

describe("what stands open, by either counting rule for adjustments", () => {
  const original = (balance: number) => invoice("s1", "i1", "1", 128_000, { balance });
  const adjustment = (balance: number) => invoice("s1", "i2", null, -6_400, { balance, adjusts: ref("i1") });
  const paid = payment("s1", "p1", { i1: 121_600 });
  test.each([
    // The vendor has taken the adjustment into the original's balance: to add its own again would count it twice.
    ["original-balance-includes", original(0), adjustment(-6_400), 0],
    ["separate", original(6_400), adjustment(-6_400), 0],
    ["separate", original(0), adjustment(-6_400), -6_400],
    ["original-balance-includes", original(6_400), adjustment(-6_400), 6_400],
  ] as const)("%s", async (rule, first, second, open) => {
    const state = await jobWith(first, second, paid);
    const view = viewOf(state);
    expect(balanceOf(view.invoices, rule)).toBe(open);
    expect(moneyLine(view, "s1", "invoices")).toMatchObject({ charge: 121_600, payment: 121_600, outstanding: 0 });
  });

  test("decides the office's billing word, of adjustments too that name no job", async () => {
    const state = await jobWith(original(6_400), adjustment(-6_400), paid);
    const classes = [systemClasses.observed];
    const company = companyOf(classes);
    const root = viewOf(state).roots[0];
    if (!root) throw new Error("no root");
    const byMoney = { ...root, facts: { ...root.facts, billing: "by-money" as const } };
    const billing = (adjustments: "separate" | "original-balance-includes") => {
      const connections = company.connections.map((one) => ({ ...one, adjustments }));
      const context = contextOf({ ...company, connections }, classes, "2026-11-02T12:00:00.000Z");
      return fieldWords.billing.word(byMoney, viewOf(state), context, {});
    };
    expect(billing("separate")).toMatchObject({ set: ["paid"] });
    expect(billing("original-balance-includes")).toMatchObject({ set: ["part-paid"] });
  });

  test.each([
    [{ work: ["completed"], total: 10_000, balance: -500, posted: true }, ["paid"]],
    [{ work: ["completed"], total: 10_000, balance: 4_000, posted: true }, ["part-paid"]],
    [{ work: ["completed"], total: 10_000, balance: 10_000, posted: false }, ["ready", "invoiced"]],
    [{ work: ["completed"], total: 0, balance: 0, posted: false }, ["unbilled"]],
    [{ work: ["working"], total: 10_000, balance: 10_000, posted: false }, ["unbilled", "ready", "part-paid"]],
    [{ work: ["canceled"], total: 0, balance: 0, posted: false }, ["unbilled", "void"]],
    [{ work: ["canceled"], total: 10_000, balance: 0, posted: true }, ["invoiced", "part-paid", "paid"]],
  ] as const)("%j is %j", (given, billing) => {
    expect(billingByMoney({ noCharge: false, received: 0, billed: true, ...given })).toEqual(billing);
  });
});

test("a client's book is compared with ours where it is payable, and our own fleet's costs never", async () => {
  const world = linkingWorld();
  const records = [job("s1", "1", { charge: 18_900 }), job("s2", "2", { charge: 17_000, payment: null })];
  for (const record of records) await world.read(record);
  const [ours, theirs] = await world.jobs();
  const view = viewOf({ ...ours!, observations: { ...ours!.observations, ...theirs!.observations } });
  const classes = [systemClasses.observed, systemClasses.observed];
  const company = companyOf(classes);
  const gaps = (book: "payable" | "cost") => {
    const [office, fleet] = company.connections;
    const context = contextOf(
      { ...company, connections: [office!, { ...fleet!, book }] },
      classes,
      "2026-11-02T12:00:00.000Z",
    );
    return differencesOf({}, moneyLines(view, context), context.company).map((one) => [one.line, one.minor]);
  };
  expect(gaps("payable")).toEqual([["charge", -1_900]]);
  expect(gaps("cost")).toEqual([]);
});

describe("an invoice for a part of the work", () => {
  const partly = { word: "Invoiced", set: ["completed"], partly: ["scheduled", "working", "held"] } as const;
  const told = (more: Parameters<typeof invoice>[4]) => invoice("s1", "i1", "1", 20_000, more);
  test.each([
    ["lets the work go on after it", told({ partial: true }), ["completed", "scheduled", "working", "held"], true],
    ["lets nothing go on when it is for the whole", told({}), ["completed"], false],
    ["lets nothing go on as a draft, or voided", told({ partial: true, stage: "void" }), ["completed"], false],
  ])("%s, and leaves the charge an estimate until then", async (_what, record, works, provisional) => {
    const state = await jobWith(job("s1", "1", { work: partly, charge: null }), record);
    const view = viewOf(state);
    expect(worksOf(view.roots[0]!, view)).toEqual(works);
    expect(moneyLine(view, "s1", "invoices").provisional).toBe(provisional);
  });

  test("is no estimate once the rest is billed or the work is done", async () => {
    const part = told({ partial: true });
    const billed = await jobWith(job("s1", "1", { work: partly }), part, invoice("s1", "i2", "1", 40_000));
    expect(moneyLine(viewOf(billed), "s1", "invoices")).toMatchObject({ charge: 60_000, provisional: false });
    const done = await jobWith(job("s1", "1"), part);
    expect(moneyLine(viewOf(done), "s1", "invoices")).toMatchObject({ charge: 20_000, provisional: false });
  });
});
