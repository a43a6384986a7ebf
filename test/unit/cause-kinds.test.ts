import { describe, expect, test } from "vitest";
import { on } from "#test/support/job-with.ts";
import { root } from "#test/support/money-view.ts";
import { bill, causesIn, heldBy, laid, paid, told, type World } from "#test/support/two-books.ts";

const bills = [bill("s1", "1", 90_000), bill("s2", "1", 90_000)];
const received = (...records: World["records"]): World => ({ line: "payment", records: [...bills, ...records] });
const charged = (...records: World["records"]): World => ({ line: "charge", records });

describe("what both systems state record by record: each cause with the record that shows it", () => {
  test.each<readonly [string, World, string, number, string]>([
    ["a payment the office lacks", received(paid("s2", "7", 450)), "missing-payment", 450, "s2/7"],
    ["a payment the branch lacks", received(paid("s1", "7", 450)), "missing-payment", -450, "s1/7"],
    [
      "one the branch calls pending",
      received(paid("s1", "7", 450), paid("s2", "8", 450, { state: "expected" })),
      "timing",
      -450,
      "s2/8",
    ],
    [
      "one the office calls pending",
      received(paid("s2", "7", 450), paid("s1", "8", 450, { state: "expected" })),
      "timing",
      450,
      "s1/8",
    ],
    [
      "one that failed in the branch",
      received(paid("s1", "7", 450), paid("s2", "8", 450, { state: "failed" })),
      "payment-reversed",
      -450,
      "s2/8",
    ],
    [
      "one that the branch gave back",
      received(paid("s1", "7", 450), paid("s2", "8", 450, { state: "refunded" })),
      "refund",
      -450,
      "s2/8",
    ],
    [
      "money that goes out at the office",
      received(paid("s1", "7", 450), paid("s2", "7", 450), paid("s1", "9", -75)),
      "refund",
      75,
      "s1/9",
    ],
    [
      "a whole payment that goes out",
      received(paid("s1", "7", 450), paid("s2", "7", 450), paid("s1", "9", -450)),
      "payment-reversed",
      450,
      "s1/9",
    ],
    [
      "a type called refund",
      received(paid("s1", "7", 450), paid("s2", "7", 450), paid("s1", "9", -450, { method: "Refund" })),
      "refund",
      450,
      "s1/9",
    ],
    [
      "a type called NSF",
      received(paid("s1", "7", 450), paid("s2", "7", 450), paid("s1", "9", -75, { method: "NSF Check" })),
      "payment-reversed",
      75,
      "s1/9",
    ],
    ["a write-off at the office", received(paid("s1", "7", 450, { method: "Write-Off" })), "write-off", -450, "s1/7"],
    [
      "financing at the office",
      received(paid("s1", "7", 450, { method: "GreenSky Financing" })),
      "financing",
      -450,
      "s1/7",
    ],
    ["a retention at the office", received(paid("s1", "7", 450, { method: "Retainage" })), "retention", -450, "s1/7"],
    ["a card fee", received(paid("s2", "7", 820, { fee: 24 }), paid("s1", "8", 796)), "fee", 24, "s2/7"],
    [
      "a card fee of who is the reference",
      received(paid("s1", "7", 820, { fee: 24 }), paid("s2", "8", 796)),
      "fee",
      -24,
      "s1/7",
    ],
    [
      "a check for several jobs",
      received(
        paid("s2", "7", 450),
        laid("s1", "8", [
          ["1", 300],
          ["other", 150],
        ]),
      ),
      "shared",
      150,
      "s1/8",
    ],
    ["an invoice the office lacks", charged(...bills, bill("s2", "2", 500)), "missing-charge", 500, "s2/2"],
    ["an invoice the branch lacks", charged(...bills, bill("s1", "2", 500)), "missing-charge", -500, "s1/2"],
    [
      "a draft of the branch",
      charged(...bills, bill("s1", "2", 500), bill("s2", "2", 500, { stage: "draft" })),
      "timing",
      -500,
      "s2/2",
    ],
    [
      "an adjustment of the office",
      charged(...bills, bill("s1", "2", -64, { adjusts: bills[0]!.observation.record })),
      "adjustment",
      64,
      "s1/2",
    ],
    [
      "a credit memo of the office",
      charged(...bills, laid("s1", "5", [["1", 100]], { credit: true })),
      "credit",
      100,
      "s1/5",
    ],
    [
      "a credit memo that writes off",
      charged(...bills, laid("s1", "5", [["1", 100]], { credit: true, method: "Bad Debt" })),
      "write-off",
      100,
      "s1/5",
    ],
    [
      "a discount the branch gave",
      charged(bill("s1", "1", 900), bill("s2", "1", 840, { discount: 60 })),
      "discount",
      -60,
      "s2/1",
    ],
    [
      "a discount the office gave, printed below zero",
      charged(bill("s1", "1", 840, { discount: -60 }), bill("s2", "1", 900)),
      "discount",
      60,
      "s1/1",
    ],
  ])("%s", (_name, world, kind, minor, record) =>
    expect(told(causesIn(world))).toEqual([[kind, "proven", minor, record]]),
  );

  test("money on no invoice of the office is not missing there; of two alike nobody can say which it is", () => {
    const world = received(paid("s2", "7", 450));
    expect(told(causesIn({ ...world, held: [heldBy("9", 450), heldBy("8", 44)] }))).toEqual([
      ["unapplied", "proven", 450, "s1/9"],
    ]);
    const alike = [heldBy("9", 450), heldBy("7", 44), heldBy("8", 450)];
    expect(told(causesIn({ ...world, held: alike }))).toEqual([["missing-payment", "likely", 450]]);
    const beside = received(paid("s2", "7", 450), paid("s2", "6", 100), paid("s1", "6", 100));
    expect(told(causesIn({ ...beside, held: alike }))).toEqual([["missing-payment", "likely", 450, "s2/7"]]);
  });

  test("the company's own words for a payment's type stand in place of the usual ones", () => {
    const world = received(paid("s1", "7", 450, { method: "Owner's gift" }));
    const policy = { paymentWords: { "write-off": ["owner's gift"] } };
    expect(told(causesIn(world))).toEqual([["missing-payment", "proven", -450, "s1/7"]]);
    expect(told(causesIn({ ...world, policy }))).toEqual([["write-off", "proven", -450, "s1/7"]]);
    const usual = received(paid("s1", "7", 450, { method: "Write off" }));
    expect(told(causesIn({ ...usual, policy }))).toEqual([["missing-payment", "proven", -450, "s1/7"]]);
  });

  test("what has a counterpart proves nothing: a fee that both booked whole, a share that both know", () => {
    const both = [paid("s2", "7", 820, { fee: 24 }), paid("s1", "8", 820)];
    expect(told(causesIn(received(...both, paid("s2", "9", 24))))).toEqual([["missing-payment", "proven", 24, "s2/9"]]);
    const halves = [
      laid("s1", "7", [
        ["1", 300],
        ["other", 150],
      ]),
      paid("s2", "7", 300),
    ];
    expect(told(causesIn(received(...halves, paid("s2", "9", 150))))).toEqual([
      ["missing-payment", "proven", 150, "s2/9"],
    ]);
  });

  test("one payment for two, the other way round too, is not missing; what is beside it is", () => {
    const two = [paid("s1", "7", 200), paid("s1", "8", 300)];
    expect(told(causesIn(received(...two, paid("s2", "5", 500), paid("s2", "6", 120))))).toEqual([
      ["missing-payment", "proven", 120, "s2/6"],
    ]);
    const other = [paid("s2", "7", 200), paid("s2", "8", 300), paid("s1", "5", 500), paid("s1", "6", 120)];
    expect(told(causesIn(received(...other)))).toEqual([["missing-payment", "proven", -120, "s1/6"]]);
  });

  test("while both have some that the other lacks, they may be the same money: nothing is proven", () => {
    expect(told(causesIn(received(paid("s1", "7", 400), paid("s2", "8", 430))))).toEqual([
      ["unexplained", "likely", 30],
    ]);
    expect(told(causesIn(charged(bill("s1", "1", 900), bill("s2", "1", 870))))).toEqual([
      ["unexplained", "likely", -30],
    ]);
  });

  test("of payments that are alike those of one day belong together, then the earlier ones", () => {
    const day = (at: string) => ({ day: `2026-11-0${at}` });
    const two = [paid("s2", "7", 100, day("5")), paid("s2", "8", 100, day("1"))];
    expect(told(causesIn(received(...two, paid("s1", "9", 100, day("5")))))).toEqual([
      ["missing-payment", "proven", 100, "s2/8"],
    ]);
    expect(told(causesIn(received(...two, paid("s1", "9", 100, day("3")))))).toEqual([
      ["missing-payment", "proven", 100, "s2/7"],
    ]);
    const written = paid("s1", "1", 100, { method: "Write Off", ...day("1") });
    const plain = paid("s1", "2", 100, day("4"));
    expect(told(causesIn(received(written, plain, paid("s2", "7", 100, day("6")))))).toEqual([
      ["write-off", "proven", -100, "s1/1"],
    ]);
  });

  test("an invoice without the tax that the office's has: the tax is likely, what is beside it proven", () => {
    const taxed = [bill("s1", "1", 1_242, { tax: 92 }), bill("s2", "1", 1_150)];
    expect(told(causesIn(charged(...taxed)))).toEqual([["tax", "likely", -92]]);
    expect(told(causesIn(charged(...taxed, bill("s1", "2", 200))))).toEqual([
      ["missing-charge", "proven", -200, "s1/2"],
      ["tax", "likely", -92],
    ]);
  });

  test("a word that nobody knows says nothing of why a payment is not counted", () => {
    const odd = paid("s2", "8", 450, { state: "expected" });
    const unread = { ...odd, observation: { ...odd.observation, notices: ['unknown-word: status "Held"'] } };
    expect(told(causesIn(received(paid("s1", "7", 450), unread)))).toEqual([
      ["missing-payment", "proven", -450, "s1/7"],
    ]);
    const gone = { ...odd, live: false };
    expect(told(causesIn(received(paid("s1", "7", 450), gone)))).toEqual([["missing-payment", "proven", -450, "s1/7"]]);
  });

  test("the same call twice, each billed: the invoice that the office has not is the duplicate", () => {
    const call = { title: "Blown fuse", serviceDay: "2026-10-30", charge: 375, billing: { word: "x", set: [] } };
    const roots = [
      root({}, { connection: "s1" }),
      root(call, { connection: "s2", id: "a" }),
      root(call, { connection: "s2", id: "b" }),
    ];
    const twice = [on(bill("s2", "1", 375), "s2/jobs/a"), on(bill("s2", "2", 375), "s2/jobs/b")];
    expect(told(causesIn({ ...charged(bill("s1", "1", 375), ...twice), roots }))).toEqual([
      ["duplicate", "proven", 375, "s2/2", "s2/jobs/a", "s2/jobs/b"],
    ]);
    // Both are missing in the office: one may be right.
    expect(told(causesIn({ ...charged(bill("s1", "1", 0), ...twice), roots }))).toEqual([
      ["missing-charge", "proven", 375, "s2/1"],
      ["missing-charge", "proven", 375, "s2/2"],
    ]);
  });

  test("what was reported before and is taken back is not told as never made", () => {
    const before = {
      connection: "s2",
      charge: null,
      payment: 230,
      outstanding: null,
      provisional: false,
      unreadable: [],
    };
    const world = received(paid("s1", "7", 230));
    expect(told(causesIn({ ...world, more: { before } }))).toEqual([["payment-reversed", "likely", -230]]);
    expect(told(causesIn({ ...world, more: { takenBack: -230 } }))).toEqual([["payment-reversed", "likely", -230]]);
    expect(told(causesIn({ ...world, more: { takenBack: -229 } }))).toEqual([
      ["missing-payment", "proven", -230, "s1/7"],
    ]);
  });
});
