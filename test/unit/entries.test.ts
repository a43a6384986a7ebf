import { describe, expect, test } from "vitest";
import { type Entry, entriesOf } from "#shared/domain/entries.ts";
import { on } from "#test/support/job-with.ts";
import { invoice, payment, root, viewWith } from "#test/support/money-view.ts";

const billed = { billing: { word: "Invoiced", set: ["invoiced"] } } as const;
const office = (id: string) => ({ connection: "office", id });
const shown = (entries: readonly Entry[] | null) => entries?.map(({ record, minor, day }) => [record, minor, day]);
const of = (
  line: "charge" | "payment",
  parts: Parameters<typeof viewWith>[0],
  source: "invoices" | "record" = "invoices",
) => shown(entriesOf(viewWith({ roots: [root({})], ...parts }), "office", source, line)) ?? null;

describe("the records that make a line", () => {
  const invoices = [
    invoice({ total: 900, day: "2026-11-02" }, office("2")),
    invoice({ total: 100, day: null }, office("1")),
    invoice({ total: 50, stage: "draft" }, office("3")),
    invoice({ total: 60 }, { ...office("4"), live: false }),
    invoice({ total: 70 }, { connection: "crews", id: "5" }),
    invoice({ total: 0 }, office("6")),
  ];
  const payments = [
    payment(
      [
        ["1", 40],
        ["2", 60],
        ["other", 5],
      ],
      { day: "2026-11-03" },
      office("9"),
    ),
    payment([["1", 30]], { state: "expected" }, office("8")),
    payment([["4", 30]], {}, office("7")),
    payment([["2", 25]], { credit: true, day: "2026-11-04" }, office("c")),
  ];

  test("are its invoices and credit memos, by key, without those of nothing", () =>
    expect(of("charge", { invoices, payments })).toEqual([
      ["office/invoices/1", 100, null],
      ["office/invoices/2", 900, "2026-11-02"],
      ["office/payments/c", -25, "2026-11-04"],
    ]));
  test("are its payments, each with all that it lays on this job's invoices", () =>
    expect(of("payment", { invoices, payments })).toEqual([["office/payments/9", 100, "2026-11-03"]]));
  test("are none where all its invoices are gone", () => {
    const gone = [invoice({ total: 60 }, { ...office("4"), live: false })];
    expect(of("charge", { invoices: gone })).toEqual([]);
    expect(of("payment", { invoices: gone })).toEqual([]);
  });
});

describe("a line that no records are known to make", () => {
  const one = [invoice({ total: 900 }, office("1"))];
  test.each([
    ["of a system that states totals", { invoices: one }, "record"],
    ["of a job that was never billed", {}, "invoices"],
    [
      "of an invoice that cannot be read",
      { invoices: [invoice({ total: { unreadable: "9.999" } }, office("1"))] },
      "invoices",
    ],
    ["of an invoice that states no total", { invoices: [invoice({ total: null }, office("1"))] }, "invoices"],
    [
      "of a credit memo that cannot be read",
      { invoices: one, payments: [payment([["1", { unreadable: "x" }]], { credit: true }, office("c"))] },
      "invoices",
    ],
  ] as const)("%s", (_name, parts, source) => expect(of("charge", parts, source)).toBeNull());
  test("of a payment that states no amount", () =>
    expect(of("payment", { invoices: one, payments: [payment([["1", null]], {}, office("9"))] })).toBeNull());
  test("of a record that prints its own amount beside those that are billed: its payments are known", () => {
    const roots = [root(billed, office("a")), root({ ...billed, charge: 70 }, office("b"))];
    const invoices = one.map((each) => on(each, "office/jobs/a"));
    expect(of("charge", { roots, invoices })).toBeNull();
    expect(of("payment", { roots, invoices })).toEqual([]);
  });
});
