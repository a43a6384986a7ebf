import { describe, expect, test } from "vitest";
import { type Break, breakStates, causeKinds } from "#shared/domain/break.ts";
import type { Intent, Receipt } from "#shared/domain/intent.ts";
import type { Mode, Rule } from "#shared/domain/policy.ts";
import { planIntents } from "#shared/pipeline/intents.ts";
import { chargeChange } from "#shared/pipeline/plan-charge.ts";
import { nothingArrives, reconcile } from "#shared/pipeline/reconcile.ts";
import { linkTo, on } from "#test/support/job-with.ts";
import { invoice, root } from "#test/support/money-view.ts";
import { type AskedBooks, booksOf, cause } from "#test/support/planned-books.ts";

const [s1, s2, s3] = [{ connection: "s1" }, { connection: "s2" }, { connection: "s3" }];
const charged = (total: number, more: object = {}) => [
  root({ number: "10263" }, s1),
  on(invoice({ total, ...more }, s1), "s1/jobs/1"),
];
const office = charged(50_000);
const branch = (charge: number | null, id = "1") => root({ number: "B-7", charge }, { ...s2, id });
const crews = (charge: number | null) => root({ charge }, s3);

/** The branch says 450.00 where the office charges 500.00, unless said otherwise. */
const asked = (more: Partial<AskedBooks> = {}): AskedBooks => ({
  records: [...office, branch(45_000)],
  causes: [cause("unexplained", -5_000)],
  ...more,
});
const planned = (more: Partial<AskedBooks> = {}) => chargeChange(booksOf(asked(more)));
const wanted = (more: Partial<AskedBooks> = {}) => planned(more).map((one) => one.wanted);

test("an amount that the branch prints on the job is set to what the office charges", () =>
  expect(planned()).toEqual([
    {
      ...{ kind: "write", target: "amount", record: { connection: "s2", stream: "jobs", id: "1" } },
      ...{ read: "450.00", wanted: "500.00", arguments: {}, moneyMinor: 5_000, requests: 3, ask: true },
      sentence: "s2 B-7: its amount becomes 500.00 instead of 450.00, as s1 charges",
    },
  ]));

describe("by the causes of the gap", () => {
  const amends = ["adjustment", "credit", "discount", "rounding", "unexplained"];
  test.each(causeKinds)("%s, of a branch that says less and of one that says more", (kind) => {
    const less = wanted({ causes: [cause(kind, -5_000)] });
    const more = wanted({ records: [...office, branch(55_000)], causes: [cause(kind, 5_000)] });
    const does = amends.includes(kind) ? ["500.00"] : [];
    expect([less, more]).toEqual([kind === "missing-charge" ? ["500.00"] : does, does]);
  });
  test("several that are all of the amount make one write of the whole", () =>
    expect(planned({ causes: [cause("discount", -6_000), cause("rounding", 1_000)] })).toMatchObject([
      { wanted: "500.00", moneyMinor: 5_000 },
    ]));
  test.each(["tax", "duplicate", "shared", "wrong-link", "timing"] as const)(
    "a part of it that is %s is mended where it is, and nothing is written over it",
    (kind) => {
      expect(wanted({ causes: [cause("discount", -4_000), cause(kind, -1_000)] })).toEqual([]);
      expect(wanted({ causes: [cause(kind, -1_000), cause("discount", -4_000)] })).toEqual([]);
    },
  );
});

describe("who may approve it", () => {
  test.each([
    [[cause("adjustment", -5_000, ["s1/invoices/2"])], false],
    [[cause("adjustment", -5_000)], true],
    [[cause("adjustment", -4_000, ["s1/invoices/2"]), cause("unexplained", -1_000)], true],
  ])("%j: a person is asked %s", (causes, ask) => expect(planned({ causes })).toMatchObject([{ ask }]));

  const sent = (more: Partial<Receipt>): Receipt => ({
    ...{ intent: "i1", target: "amount", record: { connection: "s2", stream: "jobs", id: "1" }, outcome: "applied" },
    ...{ at: "", attempts: 1, before: "450.00", wanted: "500.00", after: "500.00", requestId: null, moneyMinor: 5_000 },
    ...{ approvedBy: "Dana", flags: [], note: null, ...more },
  });
  const proven = [cause("adjustment", -5_000, ["s1/invoices/2"])];
  test.each<readonly [string, Partial<Receipt>, boolean]>([
    ["what was sent before and differs again was set by somebody", {}, true],
    ["what was found there already was nobody's undoing", { attempts: 0 }, false],
    ["what the vendor refused was never set", { outcome: "rejected" }, false],
    ["another record's", { record: { connection: "s2", stream: "jobs", id: "2" } }, false],
    ["another field's", { target: "status" }, false],
  ])("%s", (_name, more, ask) =>
    expect(planned({ causes: proven, state: { receipts: [sent(more)] } })).toMatchObject([{ ask }]),
  );

  const rule: Rule = { name: "small", connection: "s2", target: "amount", capMinor: 5_000, approvedBy: "Dana" };
  const intents = (mode: Mode, causes: AskedBooks["causes"], capMinor = 5_000): readonly Intent[] => {
    const books = booksOf(asked({ causes, branch: { mode: { default: mode } } }));
    const { company } = books.context;
    const policy = { ...company.policy, rules: [{ ...rule, capMinor }] };
    return planIntents(books.state, chargeChange(books), new Set(), {
      ...books.context,
      company: { ...company, policy },
    });
  };
  test.each<readonly [Mode, AskedBooks["causes"], number, string | null]>([
    ["propose", proven, 5_000, "small"],
    ["apply", proven, 5_000, "small"],
    ["apply", proven, 4_999, null],
    ["apply", [cause("adjustment", -5_000)], 5_000, null],
    ["apply", [cause("unexplained", -5_000)], 5_000, null],
    ["observe", proven, 5_000, null],
  ])("in mode %s by %j under a cap of %i: rule %s", (mode, causes, cap, by) =>
    expect(intents(mode, causes, cap)).toMatchObject([
      { needsApproval: true, approved: by === null ? null : { rule: by } },
    ]),
  );
});

describe("what it is set to", () => {
  const taxed = charged(50_000, { tax: 4_000 });
  const withTax = (includesTax: "yes" | "no" | "unknown" | null, charge: number, minor: number) =>
    planned({
      records: [...taxed, branch(charge)],
      causes: [cause("unexplained", minor)],
      branch: includesTax === null ? {} : { actualAmount: { includesTax } },
    }).map((one) => [one.wanted, one.sentence.split("as s1 charges")[1]]);

  test.each([
    ["yes", 45_000, -5_000, "500.00", " with its tax of 40.00"],
    ["no", 41_000, -5_000, "460.00", " without its tax of 40.00"],
    ["unknown", 45_000, -5_000, "500.00", " with its tax of 40.00, as nobody has said that amounts there are without"],
    [null, 45_000, -5_000, "500.00", " with its tax of 40.00, as nobody has said that amounts there are without"],
  ] as const)("amounts with tax: %s, saying %i, are off by %i and become %s", (includes, charge, minor, text, words) =>
    expect(withTax(includes, charge, minor)).toEqual([[text, words]]),
  );
  test("what was accepted at cutover stays, and the sentence says so", () =>
    expect(
      planned({ records: [...office, branch(43_000)], state: { accepted: { "charge:s2": -2_000 } } }),
    ).toMatchObject([
      {
        ...{ read: "430.00", wanted: "480.00", moneyMinor: 5_000 },
        sentence:
          "s2 B-7: its amount becomes 480.00 instead of 430.00, as s1 charges; the difference of -20.00 accepted at cutover stays",
      },
    ]));
  test.each([
    ["0.00, where the office charges nothing any more", 0, 5_000, ["0.00"]],
    ["no credit: that is an invoice's", -1, 5_001, []],
  ])("%s", (_name, total, gap, text) =>
    expect(wanted({ records: [...charged(total), branch(5_000)], causes: [cause("adjustment", gap)] })).toEqual(text),
  );
});

describe("nothing is planned", () => {
  test.each<readonly [string, Partial<AskedBooks>]>([
    [
      "while its records may not belong together",
      { state: { links: [linkTo("s2/jobs/1", "people-and-day", { doubt: "two of that day" })] } },
    ],
    ["where the API does not change it", { way: "task" }],
    ["where nobody can change it", { way: "none" }],
    ["in a client's own book", { branch: { book: "payable" } }],
    ["where the branch states no amount", { records: [...office, branch(null)] }],
    ["where the branch's record is gone", { records: office }],
    ["of a payment", { line: "payment" }],
    ["without a cause", { causes: [], found: { gapMinor: -5_000 } }],
    ["where the gap is another system's", { found: { connections: ["s1", "s3", "s2"] } }],
    ["where the gap names no other system", { found: { connections: ["s1"] } }],
  ])("%s", (_name, more) => expect(wanted(more)).toEqual([]));

  test.each(breakStates)("in state %s: only an open break asks for something", (state) =>
    expect(wanted({ found: { state } as Partial<Break> })).toHaveLength(
      state === "waiting" || state === "resolved" ? 0 : 1,
    ),
  );

  test.each([
    ["posted", []],
    ["pending", []],
    ["draft", ["500.00"]],
    ["void", ["500.00"]],
  ] as const)("where its invoice is %s: %j", (stage, text) =>
    expect(
      wanted({ records: [...office, branch(45_000), on(invoice({ total: 45_000, stage }, s2), "s2/jobs/1")] }),
    ).toEqual(text),
  );

  test.each([
    ["says so too", 45_000, []],
    ["leans to its side", 49_999, []],
    ["agrees with the office", 50_000, ["500.00"]],
    ["leans to the other side", 51_000, ["500.00"]],
    ["says nothing", null, ["500.00"]],
  ])("where another system %s", (_name, charge, text) => {
    expect(wanted({ records: [...office, branch(45_000), crews(charge)] })).toEqual(text);
    const mirrored = charge === null ? null : 100_000 - charge;
    const causes = [cause("unexplained", 5_000)];
    expect(wanted({ records: [...office, branch(55_000), crews(mirrored)], causes })).toEqual(text);
  });
  test("another system's cent within the tolerance is no leaning", () => {
    const records = [...office, branch(45_000), crews(49_998)];
    expect(wanted({ records, toleranceMinor: 2 })).toEqual(["500.00"]);
    expect(wanted({ records, toleranceMinor: 1 })).toEqual([]);
  });

  test("where two records share the amount, but for the one that the causes name", () => {
    const records = [...office, branch(20_000), branch(25_000, "2")];
    const one = (named: readonly string[]) => wanted({ records, causes: [cause("adjustment", -5_000, named)] });
    expect([one([]), one(["s2/jobs/1"]), one(["s2/jobs/2"])]).toEqual([[], ["250.00"], ["300.00"]]);
    expect(one(["s2/jobs/1", "s2/jobs/2"])).toEqual([]);
    const causes = [cause("unexplained", -1_000), cause("adjustment", -4_000, ["s2/jobs/2"])];
    expect(wanted({ records, causes })).toEqual(["300.00"]);
  });
});

describe("reconciling a job whose branch prints another amount", () => {
  const after = (mode: Mode, records: AskedBooks["records"]) => {
    const books = booksOf(asked({ records, branch: { mode: { default: mode } } }));
    const first = reconcile({ ...books.state, breaks: [] }, nothingArrives, books.context).state;
    const later = { ...books.context, now: "2026-11-02T12:00:00.000Z" };
    const { state, send } = reconcile(first, nothingArrives, later);
    const writes = state.intents.map((one) => [one.kind, one.target, one.wanted, one.needsApproval, one.approved]);
    return [state.breaks.filter(({ kind }) => kind === "charge").map((one) => one.gapMinor), writes, send];
  };
  const records = asked().records;
  const write = ["write", "amount", "500.00", true, null];
  test("is a proposal where it proposes, and where it applies", () => {
    expect(after("propose", records)).toEqual([[-5_000], [write], []]);
    expect(after("apply", records)).toEqual([[-5_000], [write], []]);
  });
  test("is a break and nothing else where it observes, and while nobody has said whether the gap is tax", () => {
    expect(after("observe", records)).toEqual([[-5_000], [], []]);
    const taxed = [...charged(50_000, { tax: 5_000 }), branch(45_000)];
    expect(after("apply", taxed)).toEqual([[-5_000], [["task", "amount", "tax -50.00", false, null]], []]);
  });
});
