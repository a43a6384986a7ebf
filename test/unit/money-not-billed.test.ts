import { describe, expect, test } from "vitest";
import { moneyLine } from "#shared/domain/balance.ts";
import { invoice, payment, root, viewWith } from "#test/support/money-view.ts";

const roots = [root({})];

describe("refunded payments", () => {
  type Paid = Parameters<typeof payment>;
  const of = (...paid: readonly Paid[]) =>
    moneyLine(
      viewWith({
        roots,
        invoices: [invoice({ total: 40_000 })],
        payments: paid.map(([shares, facts], at) => payment(shares, facts, { id: String(at) })),
      }),
      "office",
      "invoices",
    ).payment;
  const refunded = { state: "refunded" } as const;

  const cases: readonly (readonly [string, readonly Paid[], number])[] = [
    ["alone: nothing was received", [[[["1", 10_000]], refunded]], 0],
    [
      "beside its whole: nothing is left",
      [
        [[["1", 10_000]], refunded],
        [[["1", -10_000]], {}],
      ],
      0,
    ],
    [
      "beside a part: the rest was kept",
      [
        [[["1", 10_000]], refunded],
        [[["1", -4_000]], {}],
      ],
      6_000,
    ],
    [
      "beside more than itself",
      [
        [[["1", 3_000]], refunded],
        [[["1", -4_000]], {}],
      ],
      -4_000,
    ],
    [
      "two, of which one has its own whole beside it",
      [
        [[["1", 10_000]], refunded],
        [[["1", 4_000]], refunded],
        [[["1", -4_000]], {}],
      ],
      0,
    ],
    [
      "two, each with what went",
      [
        [[["1", 10_000]], refunded],
        [[["1", 4_000]], refunded],
        [[["1", -4_000]], {}],
        [[["1", -1_000]], {}],
      ],
      9_000,
    ],
    [
      "beside one on another invoice",
      [
        [[["1", 10_000]], refunded],
        [[["2", -4_000]], {}],
      ],
      0,
    ],
  ];
  test.each(cases)("%s", (_name, paid, received) => expect(of(...paid)).toBe(received));
});

describe("a bill that nobody has sent", () => {
  const drafts = [invoice({ total: 50_000, stage: "draft" })];
  test("takes the money that came in on it, and leaves the charge to the record", () => {
    const view = viewWith({
      roots: [root({ charge: 45_000 })],
      invoices: drafts,
      payments: [payment([["1", 20_000]])],
    });
    expect(moneyLine(view, "office", "invoices")).toMatchObject({ charge: 45_000, payment: 20_000 });
  });
  test("without money on it states nothing received, and neither does money expected", () => {
    for (const payments of [[], [payment([["1", 20_000]], { state: "expected" })]])
      expect(moneyLine(viewWith({ roots, invoices: drafts, payments }), "office", "invoices").payment).toBeNull();
  });
});

describe("bills of work that goes on", () => {
  test.each([
    ["working", ["pending"], true],
    ["working", ["pending", "posted"], undefined],
    ["working", ["draft", "pending"], true],
    ["completed", ["pending"], undefined],
  ] as const)("%s, %j: an estimate is %j", (work, stages, estimate) => {
    const view = viewWith({
      roots: [root({ works: [work] })],
      invoices: stages.map((stage, place) => invoice({ total: 1, stage }, { id: String(place) })),
    });
    expect(moneyLine(view, "office", "invoices").estimate).toBe(estimate);
  });
});
