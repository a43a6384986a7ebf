import { describe, expect, test } from "vitest";
import { moneyLine } from "#shared/domain/balance.ts";
import type { JobFacts, PaymentFacts } from "#shared/domain/facts.ts";
import type { Amount } from "#shared/domain/money.ts";
import { compareMoney, moneyLines } from "#shared/pipeline/compare.ts";
import { contextWith, empty } from "#test/support/compared.ts";
import { on } from "#test/support/job-with.ts";
import { invoice, payment, root, viewWith } from "#test/support/money-view.ts";

const byMoney: Partial<JobFacts> = { charge: null, payment: null };
const printed = (charge: Amount): Partial<JobFacts> => ({ charge, billing: { word: "Ready", set: ["ready"] } });
const line = (parts: Parameters<typeof viewWith>[0]) => {
  const { charge, payment: received, outstanding, unreadable } = moneyLine(viewWith(parts), "office", "invoices");
  return { line: [charge, received, outstanding], unreadable };
};

describe("a job whose invoices are all void or gone", () => {
  const gone = invoice({ total: 50_000 }, { live: false });
  const draft = invoice({ total: 50_000, stage: "draft" }, { id: "2" });
  test.each([
    ["charges nothing and has received nothing", byMoney, [gone], [0, 0, 0]],
    ["of several too", byMoney, [gone, invoice({ total: 700 }, { id: "2", live: false })], [0, 0, 0]],
    ["is not stated while there never was an invoice", byMoney, [], [null, null, null]],
    ["is not stated while a draft stands for the next", byMoney, [gone, draft], [null, null, null]],
    ["charges the amount that its record prints", printed(30_000), [gone], [30_000, null, null]],
    [
      "is not stated where its record might print an amount, and prints none",
      printed(null),
      [gone],
      [null, null, null],
    ],
    [
      "is not told by another system's invoices",
      byMoney,
      [invoice({}, { connection: "crews", live: false })],
      [null, null, null],
    ],
  ])("%s", (_name, facts, invoices, expected) =>
    expect(line({ roots: [root(facts)], invoices }).line).toEqual(expected),
  );
  test("is not stated once its record is gone too", () =>
    expect(line({ roots: [root(byMoney, { live: false })], invoices: [gone] }).line).toEqual([null, null, null]));
  test("keeps what was paid on the void one out of what was received", () =>
    expect(line({ roots: [root(byMoney)], invoices: [gone], payments: [payment([["1", 50_000]])] }).line).toEqual([
      0, 0, 0,
    ]));
  test("is an estimate until the work is done", () => {
    const of = (works: "working" | "completed") =>
      moneyLine(viewWith({ roots: [root({ ...byMoney, works: [works] })], invoices: [gone] }), "office", "invoices");
    expect([of("working").provisional, of("completed").provisional]).toEqual([true, false]);
  });
  test("differs from what the other system says: by voiding an invoice no gap closes", () => {
    const plain = contextWith({});
    const s1 = { ...plain.vocabularies["s1"]!, money: "invoices" as const };
    const context = { ...plain, vocabularies: { ...plain.vocabularies, s1 } };
    const view = viewWith({
      roots: [root(byMoney, { connection: "s1" }), root({ charge: 50_000, payment: 50_000 }, { connection: "s2" })],
      invoices: [invoice({ total: 50_000 }, { connection: "s1", live: false })],
    });
    const found = compareMoney(empty, view, moneyLines(view, context), context);
    expect(found.map(({ key, gapMinor }) => [key, gapMinor])).toEqual([
      ["charge", 50_000],
      ["payment", 50_000],
    ]);
  });
});

describe("several records of one system, one of them billed", () => {
  const first = on(invoice({ total: 20_000 }), "office/jobs/a");
  const second = on(invoice({ total: 31_000 }, { id: "2" }), "office/jobs/b");
  const roots = (b: Partial<JobFacts>, live = true) => [root(printed(20_000), { id: "a" }), root(b, { id: "b", live })];
  test.each([
    ["the amount of the one that is not stands beside the bill", roots(printed(30_000)), [first], 50_000],
    ["both billed: the bills alone", roots(printed(30_000)), [first, second], 51_000],
    ["the other is billed by money alone: it is not billed yet", roots(byMoney), [first], 20_000],
    ["the other's amount is not stated: nor is the whole", roots(printed(null)), [first], null],
    ["the other is gone: it charges nothing", roots(printed(30_000), false), [first], 20_000],
    [
      "a draft bills nothing yet",
      roots(printed(30_000)),
      [first, on(invoice({ total: 9, stage: "draft" }, { id: "2" }), "office/jobs/b")],
      50_000,
    ],
    [
      "one record and a bill of its own: the bill",
      [root(printed(20_500), { id: "a" })],
      [invoice({ total: 20_000 })],
      20_000,
    ],
  ])("%s", (_name, all, invoices, charge) => expect(line({ roots: all, invoices }).line[0]).toBe(charge));
  test("an amount there that cannot be read makes the charge unknown", () =>
    expect(line({ roots: roots(printed({ unreadable: "3OO" })), invoices: [first] })).toEqual({
      line: [null, 0, null],
      unreadable: ["office/jobs/b"],
    }));
});

describe("a payment that its vendor calls refunded", () => {
  const invoices = [invoice({ total: 10_000 }), invoice({ total: 10_000 }, { id: "2" })];
  const paid = (id: string, minor: Amount, state: PaymentFacts["state"], more: Partial<PaymentFacts> = {}, of = "1") =>
    payment([[of, minor]], { state, ...more }, { id });
  const refunded = paid("p1", 10_000, "refunded");
  test.each([
    ["beside the negative one of its size: it came and went", [refunded, paid("p2", -10_000, "received")], 0],
    ["without one: it brought nothing", [refunded], 0],
    [
      "beside a smaller negative one, and other money that it took from",
      [refunded, paid("p2", -4_000, "received"), paid("p3", 4_000, "received")],
      0,
    ],
    [
      "beside a smaller negative one, and a cent less than it took: the rest was kept",
      [refunded, paid("p2", -4_000, "received"), paid("p3", 3_999, "received")],
      9_999,
    ],
    [
      "beside a smaller negative one, and other money on another invoice",
      [refunded, paid("p2", -4_000, "received"), paid("p3", 4_000, "received", {}, "2")],
      10_000,
    ],
    ["beside a negative one on another invoice", [refunded, paid("p2", -10_000, "received", {}, "2")], -10_000],
    ["beside a negative one that is only expected", [refunded, paid("p2", -10_000, "expected")], 0],
    [
      "beside a negative credit memo, which is no payment",
      [refunded, paid("p2", -10_000, "received", { credit: true })],
      0,
    ],
    [
      "twice beside one negative: one of them came and went",
      [refunded, paid("p3", 10_000, "refunded"), paid("p2", -10_000, "received")],
      0,
    ],
    [
      "twice beside two",
      [refunded, paid("p3", 10_000, "refunded"), paid("p2", -10_000, "received"), paid("p4", -10_000, "received")],
      0,
    ],
    [
      "while another of its size stands",
      [refunded, paid("p3", 10_000, "received"), paid("p2", -10_000, "received")],
      10_000,
    ],
    [
      "by an amount nobody can read: not known to be the one",
      [paid("p1", { unreadable: "x" }, "refunded"), paid("p2", -10_000, "received")],
      -10_000,
    ],
  ])("%s", (_name, payments, received) => {
    const found = line({ roots: [root(byMoney)], invoices, payments });
    expect([found.line[1], found.unreadable]).toEqual([received, []]);
  });
  test("and a negative one that is gone: it brought nothing, and nothing went", () => {
    const gone = payment([["1", -10_000]], {}, { id: "p2", live: false });
    expect(line({ roots: [root(byMoney)], invoices, payments: [refunded, gone] }).line[1]).toBe(0);
  });
});
