import { describe, expect, test } from "vitest";
import type { MoneyLine } from "#shared/domain/job.ts";
import type { ConnectionConfig } from "#shared/domain/policy.ts";
import { causesOf, type Gap } from "#shared/pipeline/causes.ts";
import type { Held } from "#shared/pipeline/context.ts";
import { companyOf, contextOf, systemClasses } from "#test/support/model-systems.ts";
import { invoice, payment, root, viewWith } from "#test/support/money-view.ts";

const classes = [systemClasses.readOnly, systemClasses.observed];
const context = contextOf(companyOf(classes), classes, "2026-11-02T08:00:00.000Z");

/** A system's line; what is left out is stated as 0. */
function line(connection: string, charge: number | null = 0, paid: number | null = 0): MoneyLine {
  const outstanding = charge === null || paid === null ? null : charge - paid;
  return { connection, charge, payment: paid, outstanding, provisional: false, unreadable: [] };
}

/** The causes of a gap between the office (s1) and the crews (s2), as kind, certainty, cents and records. */
function causes(of: Partial<Gap> & Pick<Gap, "line" | "minor">) {
  const lines = { reference: line("s1", null, null), other: line("s2", null, null) };
  const plain = { before: undefined, takenBack: null, inDoubt: false };
  const found = causesOf({ ...lines, ...plain, view: viewWith({}), context, ...of });
  return found.map(({ kind, certainty, minor, records }) => [kind, certainty, minor, ...records]);
}

const unexplained = (minor: number) => [["unexplained", "likely", minor]];
const s1 = { connection: "s1" };
const s2 = { connection: "s2" };
const gone = { id: "3", live: false };

describe("money of the customer that lies on no invoice", () => {
  const held = (id: string, unapplied: number, connection = "s1"): Held => ({
    payment: `${connection}/payments/${id}`,
    connection,
    customer: `${connection}/customers/1`,
    unapplied,
    total: unapplied,
    shares: [],
    losing: [],
  });
  const of = (all: readonly Held[], minor = 45_000) =>
    causes({ line: "payment", minor, context: { ...context, held: all } });

  test("makes the whole gap: proven, with the payment's record", () => {
    expect(of([held("7", 100), held("9", 45_000)])).toEqual([["unapplied", "proven", 45_000, "s1/payments/9"]]);
  });
  test.each([
    ["two payments fit: nobody can say which", [held("7", 45_000), held("9", 45_000)], 45_000],
    ["a cent less", [held("9", 44_999)], 45_000],
    ["held in another system than the reference", [held("9", 45_000, "s2")], 45_000],
    ["the reference has more, not less", [held("9", -45_000)], -45_000],
  ])("%s: it explains nothing", (_name, all, minor) => expect(of(all, minor)).toEqual(unexplained(minor)));
});

describe("a card fee", () => {
  const of = (minor: number, ...payments: ReturnType<typeof payment>[]) =>
    causes({ line: "payment", minor, view: viewWith({ payments }) });
  const withFee = (fee: number, placed = {}) => payment([], { fee }, { ...s1, ...placed });

  test.each([
    ["the crews took the card, and the office has what arrived", 875, s2],
    ["the office took the card, and the crews have what arrived", -875, s1],
  ])("of a payment is the gap where %s: proven", (_name, minor, taker) => {
    const found = [["fee", "proven", minor, `${taker.connection}/payments/1`]];
    expect(of(minor, withFee(12, { id: "2" }), withFee(875, taker))).toEqual(found);
  });
  test.each([
    ["who took the card has less: a fee takes nothing from the amount", 875, s1],
    ["the crews, who took it, have less than the office", -875, s2],
  ])("explains nothing where %s", (_name, minor, taker) =>
    expect(of(minor, withFee(875, taker))).toEqual(unexplained(minor)),
  );
  test("of another amount, of a payment that is gone, or of a third system explains nothing", () => {
    expect(of(875, withFee(874, s2))).toEqual(unexplained(875));
    expect(of(875, withFee(875, { ...s2, ...gone }))).toEqual(unexplained(875));
    expect(of(875, withFee(875, { connection: "s3" }))).toEqual(unexplained(875));
    expect(of(875, withFee(-875, s2))).toEqual(unexplained(875));
    expect(of(-875, withFee(-875, s2))).toEqual(unexplained(-875));
  });
});

describe("a payment that was taken back", () => {
  const of = (had: number | null, now: number | null, stands: number | null, minor: number) =>
    causes({
      line: "payment",
      minor,
      reference: line("s1", null, stands),
      other: line("s2", null, now),
      before: line("s2", null, had),
    });

  test("was reported before, and the office still counts it", () =>
    expect(of(23_000, 0, 23_000, -23_000)).toEqual([["payment-reversed", "likely", -23_000]]));
  test("in part: only what was taken back", () =>
    expect(of(23_000, 20_000, 23_000, -3_000)).toEqual([["payment-reversed", "likely", -3_000]]));
  test("the office never counted as much", () =>
    expect(of(23_000, 0, 22_000, -22_000)).toEqual([["missing-payment", "likely", -22_000]]));
  test("nothing was reported before: it was never made there", () =>
    expect(of(null, 0, 23_000, -23_000)).toEqual([["missing-payment", "likely", -23_000]]));
  test("not to the cent, beside what was accepted at cutover", () => {
    expect(of(23_000, 0, 20_000, -23_000)).toEqual(unexplained(-23_000));
    expect(of(23_000, 10_000, 23_000, -20_000)).toEqual(unexplained(-20_000));
  });
  test("what was reported grew", () => expect(of(100, 200, 5_000, -4_800)).toEqual(unexplained(-4_800)));
  test("what was reported stands", () => expect(of(100, 100, 5_000, -4_900)).toEqual(unexplained(-4_900)));
  test("nothing is stated any more", () => expect(of(23_000, null, 23_000, -23_000)).toEqual(unexplained(-23_000)));
});

describe("a refund", () => {
  const of = (reference: MoneyLine, other: MoneyLine, minor: number) =>
    causes({ line: "payment", minor, reference, other });

  test("the office holds more than it charged, the other has given it back", () =>
    expect(of(line("s1", 30_000, 35_000), line("s2", 30_000, 30_000), -5_000)).toEqual([["refund", "likely", -5_000]]));
  test.each([
    ["the other was not paid in full", line("s1", 30_000, 35_000), line("s2", 31_000, 30_000), -5_000],
    ["the office holds what it charged", line("s1", 35_000, 35_000), line("s2", 30_000, 30_000), -5_000],
    ["the office holds another amount too much", line("s1", 30_000, 36_000), line("s2", 31_000, 31_000), -5_000],
    ["the office does not state its charge", line("s1", null, 35_000), line("s2", 30_000, 30_000), -5_000],
  ])("%s: no refund", (_name, reference, other, minor) =>
    expect(of(reference, other, minor)).toEqual(unexplained(minor)),
  );
  test("the other has more: no refund", () =>
    expect(of(line("s1", 40_000, 30_000), line("s2", 40_000, 40_000), 10_000)).toEqual(unexplained(10_000)));
});

describe("a payment or a charge that one system has and the other has not", () => {
  test.each([
    ["taken in the truck, not in the office", 45_000, 0, 45_000, "missing-payment"],
    ["in the office, not with the crews", -45_000, 45_000, 0, "missing-payment"],
    ["the office has a part", 35_000, 10_000, 45_000, "unexplained"],
    ["the crews have a part", -35_000, 45_000, 10_000, "unexplained"],
    ["the office states none", 45_000, null, 45_000, "unexplained"],
    ["the crews gave back what the office never had", -5_000, 0, -5_000, "unexplained"],
    ["the office gave back what the crews never had", 5_000, -5_000, 0, "unexplained"],
    ["a part of it was accepted at cutover", 40_000, 0, 45_000, "unexplained"],
    ["a part of it was accepted, the other way", -40_000, 45_000, 0, "unexplained"],
  ] as const)("payment %s", (_name, minor, stands, says, kind) =>
    expect(
      causes({ line: "payment", minor, reference: line("s1", null, stands), other: line("s2", null, says) }),
    ).toEqual([[kind, "likely", minor]]),
  );

  test("a charge is not a payment: each line has its own causes", () =>
    expect(
      causes({ line: "charge", minor: 45_000, reference: line("s1", 9, 0), other: line("s2", 8, 45_000) }),
    ).toEqual(unexplained(45_000)));

  test("done and never billed: one of them says zero", () => {
    expect(causes({ line: "charge", minor: 68_500, reference: line("s1", 0), other: line("s2", 68_500) })).toEqual([
      ["missing-charge", "likely", 68_500],
    ]);
    expect(causes({ line: "charge", minor: 68_500, reference: line("s1", 100), other: line("s2", 68_600) })).toEqual(
      unexplained(68_500),
    );
    expect(causes({ line: "charge", minor: -68_500, reference: line("s1", 68_500, 5), other: line("s2", 0) })).toEqual([
      ["missing-charge", "likely", -68_500],
    ]);
    expect(causes({ line: "charge", minor: -68_500, reference: line("s1", 68_600), other: line("s2", 100) })).toEqual(
      unexplained(-68_500),
    );
  });

  test.each([
    ["a part of it was accepted at cutover", 40_000, 0, 45_000],
    ["the office charges something else", 68_500, 100, 68_500],
    ["the other gives a credit", -500, 0, -500],
  ])("%s: no charge is missing", (_name, minor, stands, says) =>
    expect(causes({ line: "charge", minor, reference: line("s1", stands, 5), other: line("s2", says) })).toEqual(
      unexplained(minor),
    ),
  );

  test("several records of one price share the charge, and exactly one is not there yet", () => {
    const of = (minor: number, ...charges: number[]) =>
      causes({
        line: "charge",
        minor,
        other: line("s2", 60_000),
        view: viewWith({
          roots: [
            ...charges.map((charge, place) => root({ charge }, { ...s2, id: String(place), live: place < 4 })),
            root({ charge: 77 }, { ...s2, ...gone }),
            root({ charge: 78 }, s1),
          ],
        }),
      });
    expect(of(-30_000, 30_000, 30_000)).toEqual([["missing-charge", "likely", -30_000]]);
    expect(of(-30_000, 30_000, 29_999)).toEqual(unexplained(-30_000));
    expect(of(-30_000, 30_000)).toEqual(unexplained(-30_000));
    expect(of(30_000, -30_000, -30_000)).toEqual(unexplained(30_000));
  });
});

describe("the same call twice", () => {
  const call = { title: "Blown fuse", serviceDay: "2026-10-30", charge: 37_500 };
  const of = (minor: number, ...roots: ReturnType<typeof root>[]) =>
    causes({ line: "charge", minor, other: line("s2", 1), view: viewWith({ roots }) });
  const twice = (more = {}, placed = {}) => [root(call, s2), root({ ...call, ...more }, { ...s2, id: "2", ...placed })];

  test("same title, day and amount: proven, with both records", () =>
    expect(of(37_500, ...twice())).toEqual([["duplicate", "proven", 37_500, "s2/jobs/1", "s2/jobs/2"]]));
  test.each([
    ["another title", { title: "Breaker" }, {}, 37_500],
    ["another day", { serviceDay: "2026-10-31" }, {}, 37_500],
    ["another amount", { charge: 37_400 }, {}, 37_500],
    ["one of them gone", {}, { live: false }, 37_500],
    ["one of them in another system", {}, { connection: "s3" }, 37_500],
    ["another gap", {}, {}, 37_400],
  ])("%s is another call", (_name, more, placed, minor) =>
    expect(of(minor, ...twice(more, placed))).toEqual(unexplained(minor)),
  );
  test("three of them are not one too many", () =>
    expect(of(37_500, ...twice(), root(call, { ...s2, id: "3" }))).toEqual(unexplained(37_500)));
  test("the other has less: nothing there is twice", () => {
    const credit = { charge: -37_500 };
    expect(of(-37_500, ...twice(credit), root({ ...call, ...credit }, { ...s2, id: "3" }))).toEqual(
      unexplained(-37_500),
    );
  });
});

describe("the tax", () => {
  const told = (includesTax: "yes" | "no" | null) => ({
    ...context,
    company: {
      ...context.company,
      connections: context.company.connections.map(
        (one): ConnectionConfig => (one.id === "s2" && includesTax ? { ...one, actualAmount: { includesTax } } : one),
      ),
    },
  });
  const invoices = [
    invoice({ tax: 2_000 }, s1),
    invoice({ tax: 450 }, { ...s1, id: "2" }),
    invoice({ tax: null }, { ...s1, id: "4" }),
    invoice({ tax: 999 }, { ...s1, ...gone }),
    invoice({ tax: 888 }, s2),
  ];
  const of = (minor: number, includesTax: "yes" | "no" | null = null) =>
    causes({ line: "charge", minor, context: told(includesTax), view: viewWith({ invoices }) });

  test("of the office's invoices is the gap to the cent", () => {
    expect(of(-2_450)).toEqual([["tax", "likely", -2_450]]);
    expect(of(-2_450, "no")).toEqual([["tax", "likely", -2_450]]);
  });
  test("is no cause where the company says that amounts hold it, of another sum, or the other way", () => {
    expect(of(-2_450, "yes")).toEqual(unexplained(-2_450));
    expect(of(-2_451)).toEqual(unexplained(-2_451));
    expect(of(2_450)).toEqual(unexplained(2_450));
  });
});

describe("a discount and cents", () => {
  const of = (minor: number, reference: MoneyLine, other: MoneyLine) =>
    causes({ line: "charge", minor, reference, other });

  test("the other calls the job paid in full for less than the office charges", () =>
    expect(of(-1_000, line("s1", 10_000, 9_000), line("s2", 9_000, 9_000))).toEqual([["discount", "likely", -1_000]]));
  test.each([
    ["the office has not received it", -1_000, line("s1", 10_000, 0), line("s2", 9_000, 9_000)],
    ["the other is not paid in full", -1_000, line("s1", 10_000, 8_000), line("s2", 9_000, 8_000)],
    ["the other charges more", 1_000, line("s1", 8_000, 9_000), line("s2", 9_000, 9_000)],
    ["the other states no payment", -1_000, line("s1", 10_000, null), line("s2", null, null)],
  ])("%s: no discount", (_name, minor, reference, other) =>
    expect(of(minor, reference, other)).toEqual(unexplained(minor)),
  );

  test.each([
    ["charge", 2, "rounding"],
    ["charge", -2, "rounding"],
    ["charge", 3, "unexplained"],
    ["payment", -1, "rounding"],
    ["payment", -3, "unexplained"],
  ] as const)("%s off by %i: %s", (name, minor, kind) =>
    expect(causes({ line: name, minor })).toEqual([[kind, "likely", minor]]),
  );
});
