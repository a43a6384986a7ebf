import { describe, expect, test } from "vitest";
import { balanceOf, billingByMoney, moneyLine } from "#shared/domain/balance.ts";
import { invoice, payment, root, viewWith } from "#test/support/money-view.ts";

const other = { connection: "branch" };
const second = { id: "2" };

describe("a system without invoices states its money on the job", () => {
  const view = viewWith({
    roots: [
      root({ charge: 50_000, payment: 20_000 }),
      root({ charge: 1_500, payment: 0 }, second),
      root({ charge: 99_900, payment: 99_900 }, other),
      root({ charge: 77_700, payment: 77_700 }, { id: "3", live: false }),
    ],
  });

  test("several of its records are summed, what is gone and what another system says is not", () => {
    expect(moneyLine(view, "office", "record")).toEqual({
      connection: "office",
      charge: 51_500,
      payment: 20_000,
      outstanding: 31_500,
      provisional: false,
      unreadable: [],
    });
  });

  test("a system that should have invoices and has none yet is read from the job too", () => {
    expect(moneyLine(view, "office", "invoices")).toEqual(moneyLine(view, "office", "record"));
  });

  test("invoices of a system that prints its money on the job are not its money", () => {
    const both = viewWith({ roots: view.roots, invoices: [invoice({ total: 123 })] });
    expect(moneyLine(both, "office", "record").charge).toBe(51_500);
  });

  test("what is not stated is not zero", () => {
    const silent = viewWith({ roots: [root({ charge: null, payment: 100 })] });
    expect(moneyLine(silent, "office", "record")).toMatchObject({ charge: null, payment: 100, outstanding: null });
    const unpaid = viewWith({ roots: [root({ charge: 100, payment: null })] });
    expect(moneyLine(unpaid, "office", "record")).toMatchObject({ charge: 100, payment: null, outstanding: null });
    expect(moneyLine(viewWith({}), "office", "record")).toMatchObject({ charge: null, payment: null });
  });

  test("one record that does not state it leaves the sum unknown", () => {
    const half = viewWith({ roots: [root({ charge: 100 }), root({ charge: null }, second)] });
    expect(moneyLine(half, "office", "record").charge).toBeNull();
  });

  test("an amount that cannot be read makes its line unknown and names its record, once", () => {
    const bad = { unreadable: "10.005" };
    const odd = viewWith({ roots: [root({ charge: 5, payment: 7 }, second), root({ charge: bad, payment: bad })] });
    const line = moneyLine(odd, "office", "record");
    expect(line).toMatchObject({ charge: null, payment: null, outstanding: null, unreadable: ["office/jobs/1"] });
    const two = viewWith({ roots: [root({ charge: bad }, second), root({ charge: bad })] });
    expect(moneyLine(two, "office", "record").unreadable).toEqual(["office/jobs/1", "office/jobs/2"]);
  });

  test.each([
    [["completed"], false],
    [["working"], true],
    [["completed", "held"], true],
    [["held", "completed"], true],
    [[], true],
  ] as const)("work %j: an estimate is %j", (works, provisional) => {
    const view = viewWith({ roots: [root({ works, charge: 1 })] });
    expect(moneyLine(view, "office", "record").provisional).toBe(provisional);
  });

  test("it is an estimate until every record of the system is completed, and where there is none", () => {
    const half = viewWith({ roots: [root({}), root({ works: ["working"] }, second)] });
    expect(moneyLine(half, "office", "record").provisional).toBe(true);
    expect(moneyLine(viewWith({}), "office", "record").provisional).toBe(true);
  });
});

describe("a system with invoices", () => {
  const roots = [root({ charge: 1, payment: 1 })];

  test("charges what its invoices come to, adjustments included, drafts and other systems' not", () => {
    const view = viewWith({
      roots,
      invoices: [
        invoice({ total: 40_000 }),
        invoice({ total: -2_500, adjusts: { connection: "office", stream: "invoices", id: "1" } }, second),
        invoice({ total: 9_999, stage: "draft" }, { id: "3" }),
        invoice({ total: 8_888 }, { id: "4", live: false }),
        invoice({ total: 7_777 }, other),
      ],
    });
    expect(moneyLine(view, "office", "invoices")).toMatchObject({ charge: 37_500, payment: 0, outstanding: 37_500 });
  });

  test("drafts alone are no charge: the job's own amounts stand", () => {
    const view = viewWith({ roots, invoices: [invoice({ total: 9_999, stage: "draft" })] });
    expect(moneyLine(view, "office", "invoices")).toMatchObject({ charge: 1, payment: 1 });
  });

  test("received are the shares of received payments on this job's invoices, negative ones included", () => {
    const view = viewWith({
      roots,
      invoices: [invoice({ total: 40_000 }), invoice({ total: 500, stage: "draft" }, second)],
      payments: [
        payment([
          ["1", 30_000],
          ["another-job", 5_000],
        ]),
        payment([["1", -1_000]], {}, second),
        payment([["2", 200]], {}, { id: "3" }),
        payment([["1", 11]], { state: "expected" }, { id: "4" }),
        payment([["1", 12]], { state: "failed" }, { id: "5" }),
        payment([["1", 13]], { state: "refunded" }, { id: "6" }),
        payment([["1", 14]], {}, { id: "7", live: false }),
        payment([["1", 15]], {}, other),
        payment([], { shares: payment([["1", 16]]).facts.shares }, { ...other, id: "8" }),
      ],
    });
    expect(moneyLine(view, "office", "invoices")).toMatchObject({
      charge: 40_000,
      payment: 29_200,
      outstanding: 10_800,
    });
  });

  test("a credit memo takes from the charge and is no payment", () => {
    const view = viewWith({
      roots,
      invoices: [invoice({ total: 40_000 })],
      payments: [payment([["1", 1_500]], { credit: true }), payment([["1", 500]], {}, second)],
    });
    expect(moneyLine(view, "office", "invoices")).toMatchObject({ charge: 38_500, payment: 500, outstanding: 38_000 });
  });

  test("an unreadable share makes the line it counts in unknown, the other stands, and the payment is named", () => {
    const bad = { unreadable: "x" };
    const invoices = [invoice({ total: 40_000 })];
    const paid = viewWith({ roots, invoices, payments: [payment([["1", bad]])] });
    expect(moneyLine(paid, "office", "invoices")).toMatchObject({
      charge: 40_000,
      payment: null,
      unreadable: ["office/payments/1"],
    });
    const credited = viewWith({ roots, invoices, payments: [payment([["1", bad]], { credit: true })] });
    expect(moneyLine(credited, "office", "invoices")).toMatchObject({ charge: null, payment: 0, outstanding: null });
    const beside = [["1", null] as const, ["1", bad] as const];
    for (const shares of [beside, beside.toReversed()])
      expect(
        moneyLine(viewWith({ roots, invoices, payments: [payment(shares)] }), "office", "invoices").unreadable,
      ).toEqual(["office/payments/1"]);
    const elsewhere = viewWith({ roots, invoices, payments: [payment([["another-job", bad]])] });
    expect(moneyLine(elsewhere, "office", "invoices")).toMatchObject({ payment: 0, unreadable: [] });
    const total = viewWith({ roots, invoices: [invoice({ total: bad })] });
    expect(moneyLine(total, "office", "invoices")).toMatchObject({ charge: null, unreadable: ["office/invoices/1"] });
  });

  test.each([
    ["completed", ["pending"], false],
    ["working", ["pending"], true],
    ["working", ["posted"], false],
    ["working", ["pending", "posted"], false],
    ["working", ["draft", "pending"], true],
    ["working", ["draft", "posted"], false],
  ] as const)("work %s, invoices %j: provisional is %j", (work, stages, provisional) => {
    const view = viewWith({
      roots: [root({ works: [work] })],
      invoices: stages.map((stage, place) => invoice({ total: 1, stage }, { id: String(place) })),
    });
    expect(moneyLine(view, "office", "invoices").provisional).toBe(provisional);
  });
});

describe("what stands open on a job's invoices", () => {
  const original = invoice({ balance: 10_000 });
  const adjustment = invoice({ balance: 2_500, adjusts: { connection: "office", stream: "invoices", id: "1" } });

  test("adjustments are in the original's balance, or stand beside it, as the vendor counts", () => {
    expect(balanceOf([original, adjustment], "original-balance-includes")).toBe(10_000);
    expect(balanceOf([original, adjustment], "separate")).toBe(12_500);
  });

  test("is unknown where one balance is not stated, and where there is no invoice", () => {
    expect(balanceOf([original, invoice({ balance: null })], "separate")).toBeNull();
    expect(balanceOf([], "separate")).toBeNull();
  });
});

describe("billing worked out from the money", () => {
  const none = { noCharge: false, total: 0, balance: 0, received: 0, posted: true, billed: true };
  const done = { ...none, work: ["completed"] };
  const canceled = { ...none, work: ["canceled"], balance: null };
  const open = { ...none, work: ["working"] };

  test.each([
    ["canceled, nothing charged or received", { ...canceled }, ["unbilled", "void"]],
    ["canceled, no invoice", { ...canceled, total: null, received: null, billed: false }, ["unbilled", "void"]],
    ["canceled, no invoice though money came", { ...canceled, received: 50, billed: false }, ["unbilled", "void"]],
    ["canceled, a total that is not read", { ...canceled, total: null, received: 50 }, null],
    ["done, a credit on the whole", { ...done, total: -64, balance: -64, posted: false }, ["paid"]],
    ["going on, a credit on the whole, settled", { ...open, total: -64, balance: 0 }, ["paid"]],
    ["done, a credit with money open", { ...done, total: -64, balance: 1 }, null],
    ["done, all invoices gone", { ...done, balance: null, billed: false }, ["unbilled"]],
    ["free of charge, no balance", { ...done, noCharge: true, balance: null }, ["no-charge"]],
    ["canceled, receipts not stated", { ...canceled, received: null }, ["unbilled", "void"]],
    ["canceled, but charged", { ...canceled, total: 100 }, ["invoiced", "part-paid", "paid"]],
    ["canceled, but paid", { ...canceled, received: 100 }, ["invoiced", "part-paid", "paid"]],
    ["canceled or done", { ...done, work: ["canceled", "completed"], total: 0 }, ["unbilled"]],
    ["no total stated", { ...done, total: null }, null],
    ["no balance stated", { ...done, total: 100, balance: null }, null],
    ["free of charge", { ...done, noCharge: true }, ["no-charge"]],
    ["called free, yet charged and paid", { ...done, noCharge: true, total: 100 }, ["paid"]],
    ["done, nothing charged", { ...done }, ["unbilled"]],
    ["done, on an invoice not posted", { ...done, total: 100, balance: 100, posted: false }, ["ready", "invoiced"]],
    ["done, posted, all open", { ...done, total: 100, balance: 100 }, ["invoiced"]],
    ["done, more open than charged", { ...done, total: 100, balance: 120 }, ["invoiced"]],
    ["done, one cent paid", { ...done, total: 100, balance: 99 }, ["part-paid"]],
    ["done, one cent open", { ...done, total: 100, balance: 1 }, ["part-paid"]],
    ["done, part paid before posting", { ...done, total: 100, balance: 40, posted: false }, ["part-paid"]],
    ["done, all paid", { ...done, total: 100, balance: 0 }, ["paid"]],
    ["done, overpaid", { ...done, total: 100, balance: -5 }, ["paid"]],
    ["going on, nothing charged", { ...open }, ["unbilled"]],
    [
      "going on, invoice not posted",
      { ...open, total: 100, balance: 100, posted: false },
      ["unbilled", "ready", "part-paid"],
    ],
    ["going on, posted", { ...open, total: 100, balance: 100 }, ["invoiced"]],
    ["going on, posted, deposit taken", { ...open, total: 100, balance: 60 }, ["part-paid"]],
    ["going on, posted and paid", { ...open, total: 100, balance: 0 }, ["paid"]],
  ] as const)("%s", (_name, input, billing) => expect(billingByMoney(input)).toEqual(billing));
});
