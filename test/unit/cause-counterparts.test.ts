import { describe, expect, test } from "vitest";
import { on } from "#test/support/job-with.ts";
import { invoice, root } from "#test/support/money-view.ts";
import { bill, causesIn, heldBy, laid, paid, told, type World } from "#test/support/two-books.ts";

const bills = [bill("s1", "1", 90_000), bill("s2", "1", 90_000)];
const received = (...records: World["records"]): World => ({ line: "payment", records: [...bills, ...records] });
const charged = (...records: World["records"]): World => ({ line: "charge", records });
/** The other system states a total of what it charged or received. */
const total = (says: { charge?: number; payment?: number }, world: World): World => ({
  ...world,
  books: { s2: "record" },
  roots: [root({}, { connection: "s1" }), root({ charge: 90_000, payment: 0, ...says }, { connection: "s2" })],
});

describe("a record that has its counterpart closes nothing", () => {
  // Of these two nobody knows whether they are the same money.
  const unlike = [paid("s2", "y", 424), paid("s1", "y", 400)];

  test("not by the fee that both booked whole, nor by one of a payment that did not come in", () => {
    const whole = [paid("s2", "7", 820, { fee: 24 }), paid("s1", "8", 820)];
    expect(told(causesIn(received(...whole, ...unlike)))).toEqual([["unexplained", "likely", 24]]);
    const alone = paid("s2", "7", 820, { fee: 24, state: "failed" });
    expect(told(causesIn(received(alone, ...unlike)))).toEqual([["unexplained", "likely", 24]]);
    const unpaired = [paid("s2", "7", 820, { fee: 24 }), paid("s1", "8", 820), paid("s2", "y", 24), paid("s2", "z", 0)];
    expect(told(causesIn(received(...unpaired)))).toEqual([["missing-payment", "proven", 24, "s2/y"]]);
  });
  test("but the fee of one that is alone among others may", () => {
    const alone = [paid("s2", "7", 824, { fee: 24 }), paid("s1", "8", 400), paid("s1", "9", 400)];
    expect(told(causesIn(received(...alone)))).toEqual([["fee", "proven", 24, "s2/7"]]);
  });
  test("nor by a call held twice, of which both have both invoices", () => {
    const call = { title: "Blown fuse", serviceDay: "2026-10-30", charge: 375, billing: { word: "x", set: [] } };
    const roots = [root({}, { connection: "s1" }), ...["a", "b"].map((id) => root(call, { connection: "s2", id }))];
    const both = [
      on(bill("s2", "1", 375), "s2/jobs/a"),
      on(bill("s2", "2", 375), "s2/jobs/b"),
      ...[bill("s1", "1", 375), bill("s1", "2", 375)],
    ];
    const apart = [bill("s2", "3", 500), bill("s1", "3", 125)];
    expect(told(causesIn({ ...charged(...both, ...apart), roots }))).toEqual([["unexplained", "likely", 375]]);
  });
  test("one for several leaves all that is beside it", () => {
    const two = [paid("s1", "7", 200), paid("s1", "8", 300), paid("s2", "5", 500)];
    const beside = [paid("s2", "1", 120), paid("s2", "2", 70), paid("s2", "3", 30, { method: "Write Off" })];
    expect(told(causesIn(received(...two, ...beside)))).toEqual([
      ["missing-payment", "proven", 120, "s2/1"],
      ["missing-payment", "proven", 70, "s2/2"],
      ["write-off", "proven", 30, "s2/3"],
    ]);
  });
  test("of three alike, two of which the other calls pending, the third is missing", () => {
    const three = ["1", "2", "3"].map((id) => paid("s2", id, 450));
    const pending = ["8", "9"].map((id) => paid("s1", id, 450, { state: "expected" }));
    expect(told(causesIn(received(...three, ...pending)))).toEqual([
      ["timing", "proven", 450, "s1/8"],
      ["timing", "proven", 450, "s1/9"],
      ["missing-payment", "proven", 450, "s2/3"],
    ]);
  });
  test("of two alike, one of which lies on no invoice, the other is missing", () => {
    const two = [paid("s2", "1", 450), paid("s2", "2", 450)];
    expect(told(causesIn({ ...received(...two), held: [heldBy("h", 450)] }))).toEqual([
      ["unapplied", "proven", 450, "s1/h"],
      ["missing-payment", "proven", 450, "s2/2"],
    ]);
  });
});

describe("the same call twice", () => {
  const call = { title: "Blown fuse", serviceDay: "2026-10-30", charge: 375, billing: { word: "x", set: [] } };
  const other = { ...call, title: "Breaker", charge: 375 };
  const roots = [
    root({}, { connection: "s1" }),
    ...["a", "b"].map((id) => root(call, { connection: "s2", id })),
    root(other, { connection: "s2", id: "c" }),
  ];
  const first = on(bill("s2", "1", 375), "s2/jobs/a");
  const second = (total: number) => on(bill("s2", "2", total), "s2/jobs/b");
  const third = (total: number) => on(bill("s2", "3", total), "s2/jobs/c");
  const of = (...theirs: World["records"]) => told(causesIn({ ...charged(bill("s1", "1", 375), ...theirs), roots }));

  test("stands beside an invoice of another call that is missing too", () =>
    expect(of(first, second(375), third(50))).toEqual([
      ["duplicate", "proven", 375, "s2/2", "s2/jobs/a", "s2/jobs/b"],
      ["missing-charge", "proven", 50, "s2/3"],
    ]));
  test("is not billed by another amount, nor by another call's invoice", () => {
    expect(of(first, second(50), third(0))).toEqual([["missing-charge", "proven", 50, "s2/2"]]);
    expect(of(first, second(0), third(375))).toEqual([["missing-charge", "proven", 375, "s2/3"]]);
  });
});

describe("where the other system states a total", () => {
  test("a discount, a memo of several jobs and a draft close it", () => {
    const discounted = charged(bill("s1", "1", 840, { discount: 60 }));
    expect(told(causesIn(total({ charge: 900 }, discounted)))).toEqual([["discount", "proven", 60, "s1/1"]]);
    const memo = laid(
      "s1",
      "c",
      [
        ["1", 60],
        ["other", 40],
      ],
      { credit: true },
    );
    expect(told(causesIn(total({ charge: 800 }, charged(bill("s1", "1", 900), memo))))).toEqual([
      ["shared", "proven", -40, "s1/c"],
    ]);
    const draft = charged(bill("s1", "1", 900), bill("s1", "2", 70, { stage: "draft" }));
    expect(told(causesIn(total({ charge: 970 }, draft)))).toEqual([["timing", "proven", 70, "s1/2"]]);
  });
  test("one invoice of the amount is likely the one", () => {
    const two = charged(bill("s1", "1", 900), bill("s1", "2", 200));
    expect(told(causesIn(total({ charge: 900 }, two)))).toEqual([["missing-charge", "likely", -200, "s1/2"]]);
  });
  test("two of its amount that mean different things leave it open", () => {
    const two = [paid("s1", "1", 60, { method: "Write Off" }), paid("s1", "2", 60, { method: "Financing" })];
    expect(told(causesIn(total({ payment: 460 }, received(...two, paid("s1", "3", 400)))))).toEqual([
      ["unexplained", "likely", -60],
    ]);
  });
  test("its own payments, which make no total, say nothing", () => {
    const theirs = [paid("s1", "7", 450), paid("s2", "8", 450)];
    expect(told(causesIn(total({ payment: 0 }, received(...theirs))))).toEqual([["missing-payment", "likely", -450]]);
  });
});

describe("what is not there says nothing", () => {
  test("a pending payment on an invoice that is gone, a draft of a third system", () => {
    const gone = invoice({ total: 450 }, { connection: "s2", id: "9", live: false });
    const pending = laid("s2", "8", [["9", 450]], { state: "expected" });
    expect(told(causesIn(received(paid("s1", "7", 450), gone, pending)))).toEqual([
      ["missing-payment", "proven", -450, "s1/7"],
    ]);
    const third = invoice({ total: 500, stage: "draft" }, { connection: "s3", id: "2" });
    expect(told(causesIn(charged(...bills, bill("s1", "2", 500), third)))).toEqual([
      ["missing-charge", "proven", -500, "s1/2"],
    ]);
  });
  test("a credit memo that both have, one of them for several jobs", () => {
    const memos = [
      laid(
        "s1",
        "c",
        [
          ["1", 60],
          ["other", 40],
        ],
        { credit: true },
      ),
      laid("s2", "d", [["1", 100]], { credit: true }),
    ];
    expect(told(causesIn(charged(...bills, ...memos)))).toEqual([["shared", "proven", -40, "s1/c"]]);
  });
  test("money that came back is not taken back", () => {
    const world = received(paid("s2", "7", 230));
    expect(told(causesIn({ ...world, more: { takenBack: 230 } }))).toEqual([
      ["missing-payment", "proven", 230, "s2/7"],
    ]);
  });
});
