import { describe, expect, test } from "vitest";
import { type Break, breakStates, causeKinds } from "#shared/domain/break.ts";
import type { PaymentFacts } from "#shared/domain/facts.ts";
import type { Receipt } from "#shared/domain/intent.ts";
import { emptyJob } from "#shared/domain/job.ts";
import type { Mode, Rule } from "#shared/domain/policy.ts";
import { planIntents } from "#shared/pipeline/intents.ts";
import { moneyChanges } from "#shared/pipeline/plan-money.ts";
import { paymentsRecorded } from "#shared/pipeline/plan-payment.ts";
import { linkTo, on } from "#test/support/job-with.ts";
import { invoice, payment, root } from "#test/support/money-view.ts";
import { type AskedBooks, booksOf, cause } from "#test/support/planned-books.ts";

const [s1, s2, s3] = [{ connection: "s1" }, { connection: "s2" }, { connection: "s3" }];
const billed = (connection: string, id = "1", facts: object = {}) =>
  on(invoice({ total: 50_000, ...facts }, { connection, id }), `${connection}/jobs/1`);
const paid = (connection: string, minor: number | null, facts: Partial<PaymentFacts> = {}, id = "9", of = "1") =>
  payment([[of, minor]], { total: minor, day: "2026-11-01", method: "Check", ...facts }, { connection, id });
const roots = [root({ number: "10263" }, s1), root({ number: "B-7" }, s2)];
const books = [...roots, billed("s1"), billed("s2", "1", { number: "INV-1" })];

/** The office has 450.00 that the branch's invoice lacks, unless said otherwise. */
const asked = (more: Partial<AskedBooks> = {}): AskedBooks => ({
  line: "payment",
  records: [...books, paid("s1", 45_000)],
  causes: [cause("missing-payment", -45_000)],
  shows: (intent, records) => `${intent.target} of ${records.map(({ record }) => record.id).join("+")}`,
  ...more,
});
const planned = (more: Partial<AskedBooks> = {}) => paymentsRecorded(booksOf(asked(more)));
const recorded = (more: Partial<AskedBooks> = {}) => planned(more).map(({ record }) => record.id);
const ours = ["new:s1/payments/9"];

test("a payment that the office has is recorded on the branch's invoice, once, as the office has it", () =>
  expect(planned({ records: [...books, paid("s1", 45_000), paid("s2", 100, {}, "7")] })).toEqual([
    {
      ...{
        kind: "write",
        target: "payment",
        record: { connection: "s2", stream: "payments", id: "new:s1/payments/9" },
      },
      ...{ read: "payment of 7", wanted: "recorded 450.00", moneyMinor: 45_000, requests: 4, ask: true },
      arguments: {
        ...{ invoiceId: "1", amountMinor: 45_000, day: "2026-11-01", method: "Check" },
        marker: "plumbline:s1/payments/9",
      },
      sentence:
        "s2 B-7: record the payment of 450.00 of 2026-11-01 (Check) on its invoice INV-1, as s1 has it (s1/payments/9)",
    },
  ]));
test("what is not said of it is left out, and its invoice goes by its id where it has no number", () =>
  expect(
    planned({ records: [...roots, billed("s1"), billed("s2"), paid("s1", 45_000, { method: null })] }),
  ).toMatchObject([
    {
      arguments: { method: null },
      sentence: "s2 B-7: record the payment of 450.00 of 2026-11-01 on its invoice 1, as s1 has it (s1/payments/9)",
    },
  ]));

describe("by the causes of the gap", () => {
  test.each(causeKinds)("%s, of a branch that has less and of one that has more", (kind) => {
    const does = kind === "missing-payment" || kind === "unexplained" ? ours : [];
    expect(recorded({ causes: [cause(kind, -45_000)] })).toEqual(does);
    expect(recorded({ causes: [cause(kind, 45_000)] })).toEqual([]);
  });
  test("a part of it that is one payment to the cent is recorded, and no other part", () => {
    const records = [...books, paid("s1", 30_000), paid("s1", 15_000, {}, "10")];
    const of = (...causes: AskedBooks["causes"]) => recorded({ records, causes });
    const [first, second] = ["new:s1/payments/9", "new:s1/payments/10"];
    expect(of(cause("missing-payment", -30_000), cause("timing", -15_000))).toEqual([first]);
    expect(of(cause("timing", -30_000), cause("unexplained", -15_000))).toEqual([second]);
    expect(of(cause("missing-payment", -30_000), cause("missing-payment", -15_000))).toEqual([first, second]);
    expect(of(cause("missing-payment", -45_000))).toEqual([]);
    expect(of(cause("missing-payment", -29_999), cause("unexplained", -15_001))).toEqual([]);
  });
  test("two payments of one amount are told apart only by a cause that names one", () => {
    const records = [...books, paid("s1", 20_000), paid("s1", 20_000, {}, "10")];
    const of = (named: readonly string[] | null) =>
      recorded({ records, causes: [cause("missing-payment", -20_000, named)] });
    expect([of(null), of(["s1/payments/10"]), of(["s1/payments/11"])]).toEqual([[], ["new:s1/payments/10"], []]);
    expect(of(["s1/payments/9", "s1/payments/10"])).toEqual([]);
  });
});

describe("which payment of the office it is", () => {
  const without = (more: Partial<PaymentFacts>) => recorded({ records: [...books, paid("s1", 45_000, more)] });
  test.each<readonly [string, Partial<PaymentFacts>]>([
    ["a credit memo", { credit: true }],
    ["one that is expected", { state: "expected" }],
    ["one that failed", { state: "failed" }],
    ["one that was taken back", { state: "refunded" }],
    ["one that is gone", { presence: "deleted" }],
    ["one of no day", { day: null }],
  ])("not %s", (_name, more) => expect(without(more)).toEqual([]));

  test("not one that takes back", () => {
    const records = [...books, paid("s1", -45_000)];
    expect(recorded({ records, causes: [cause("missing-payment", 45_000)] })).toEqual([]);
  });
  test("what of it lies on this job's invoices counts, and nothing else of it", () => {
    const shares = (all: readonly (readonly [string, number])[]) =>
      recorded({
        records: [...books, billed("s1", "2"), payment(all, { total: 90_000, day: "2026-11-01" }, { ...s1, id: "9" })],
      });
    expect(
      shares([
        ["1", 30_000],
        ["2", 15_000],
        ["77", 45_000],
      ]),
    ).toEqual(ours);
    expect(
      shares([
        ["1", 44_999],
        ["77", 1],
      ]),
    ).toEqual([]);
  });
  test("not one of another system's, nor one on an invoice that is gone", () => {
    const third = [root({}, s3), billed("s3"), paid("s3", 45_000)];
    expect(recorded({ records: [...books, ...third] })).toEqual([]);
    const gone = [...roots, billed("s1", "1", { presence: "deleted" }), billed("s2"), paid("s1", 45_000)];
    expect(recorded({ records: gone })).toEqual([]);
  });
});

describe("where it goes", () => {
  const on2 = (...invoices: ReturnType<typeof billed>[]) =>
    planned({ records: [...roots, billed("s1"), ...invoices, paid("s1", 45_000)] }).map(
      (one) => one.arguments["invoiceId"],
    );
  test("to the branch's one invoice that has room for it", () => {
    expect(on2(billed("s2", "1", { total: 45_000 }))).toEqual(["1"]);
    expect(on2(billed("s2", "1", { total: 44_999 }))).toEqual([]);
    expect(on2(billed("s2", "1", { total: 44_999 }), billed("s2", "2"))).toEqual(["2"]);
    expect(on2(billed("s2"), billed("s2", "2"))).toEqual([]);
    expect(on2(billed("s2", "1", { total: null }))).toEqual([]);
    expect(on2()).toEqual([]);
  });
  test("an invoice of the office that has room is none of them", () =>
    expect(
      recorded({ records: [...roots, billed("s1", "1", { total: 99_000 }), billed("s2"), paid("s1", 45_000)] }),
    ).toEqual(ours));
  test.each(["draft", "pending", "void"] as const)("not to one that is %s", (stage) =>
    expect(on2(billed("s2", "1", { stage }))).toEqual([]),
  );
  test("not to one that is gone, nor to one of a record that the job does not hold", () => {
    expect(on2(billed("s2", "1", { presence: "deleted" }))).toEqual([]);
    expect(on2(on(invoice({ total: 50_000 }, s2), "s2/jobs/5"))).toEqual([]);
  });
  test("room is what no payment that came in takes", () => {
    const beside = (minor: number, facts: Partial<PaymentFacts> = {}) =>
      recorded({ records: [...books, paid("s1", 45_000), paid("s2", minor, facts, "7")] });
    expect([beside(5_000), beside(5_001)]).toEqual([ours, []]);
    expect(beside(5_001, { state: "failed" })).toEqual(ours);
    expect(beside(5_001, { presence: "deleted" })).toEqual(ours);
  });
});

describe("never where it may be there already", () => {
  test.each<readonly [string, Partial<PaymentFacts>]>([
    ["received", {}],
    ["expected", { state: "expected" }],
    ["failed", { state: "failed" }],
    ["taken back", { state: "refunded" }],
    ["deleted", { presence: "deleted" }],
  ])("as a payment of that amount that is %s", (_name, facts) => {
    const twice = billed("s2", "1", { total: 99_000 });
    const records = [...roots, billed("s1"), twice, paid("s1", 45_000), paid("s2", 45_000, facts, "7")];
    expect(recorded({ records })).toEqual([]);
    expect(recorded({ records: [...records.slice(0, -1), paid("s2", 44_999, facts, "7")] })).toEqual(ours);
  });

  const receipt: Omit<Receipt, "outcome"> = {
    ...{ intent: "i1", target: "payment", record: { connection: "s2", stream: "payments", id: "new:s1/payments/9" } },
    ...{ at: "", attempts: 1, before: "none", wanted: "recorded 450.00", after: "none", requestId: null },
    ...{ moneyMinor: 45_000, approvedBy: "Dana", flags: [], note: null },
  };
  test("as one that was sent and seen", () =>
    expect(recorded({ state: { receipts: [{ ...receipt, outcome: "applied" }] } })).toEqual([]));
  test.each(["ignored", "unresolved", "superseded"] as const)(
    "as one that was sent and is %s: a person looks for it",
    (outcome) =>
      expect(planned({ state: { receipts: [{ ...receipt, outcome }] } })).toMatchObject([
        {
          ...{ kind: "task", target: "payment", requests: 0, ask: true, moneyMinor: 45_000 },
          sentence:
            "s2 B-7: record the payment of 450.00 of 2026-11-01 (Check) on its invoice INV-1, as s1 has it (s1/payments/9): set payment to recorded 450.00 (it was sent before; look there for plumbline:s1/payments/9 first)",
        },
      ]),
  );
  test("what the vendor refused was never made, and planning says what comes of that", () =>
    expect(planned({ state: { receipts: [{ ...receipt, outcome: "rejected" }] } })).toMatchObject([
      { kind: "write", record: { id: ours[0] } },
    ]));
  test("what was looked for and never sent, and what was sent of another payment, is planned", () => {
    const superseded = { ...receipt, outcome: "superseded", attempts: 0 } as const;
    expect(recorded({ state: { receipts: [superseded] } })).toEqual(ours);
    const other = { ...receipt, outcome: "applied", record: { ...receipt.record, id: "new:s1/payments/8" } } as const;
    expect(recorded({ state: { receipts: [other] } })).toEqual(ours);
  });
});

describe("nothing is planned", () => {
  test.each<readonly [string, Partial<AskedBooks>]>([
    [
      "while its records may not belong together",
      { state: { links: [linkTo("s2/jobs/1", "people-and-day", { doubt: "two" })] } },
    ],
    ["where a person is asked for payments", { way: "task" }],
    ["where the API moves payments and makes none", { makes: null }],
    ["in a client's own book", { branch: { book: "payable" } }],
    ["where the gap is another system's", { found: { connections: ["s1", "s3"] } }],
    ["of a charge", { line: "charge" }],
  ])("%s", (_name, more) => expect(recorded(more)).toEqual([]));

  test.each(breakStates)("in state %s: only an open break asks for something", (state) =>
    expect(recorded({ found: { state } as Partial<Break> })).toHaveLength(
      state === "waiting" || state === "resolved" ? 0 : 1,
    ),
  );
  test("where another system has not got the money either", () => {
    const crews = (minor: number) => [root({ charge: 50_000, payment: minor }, s3)];
    const beside = (minor: number) => recorded({ records: [...books, paid("s1", 45_000), ...crews(minor)] });
    expect([beside(0), beside(44_999), beside(45_000)]).toEqual([[], [], ours]);
    const billedLess = [...books, paid("s1", 45_000), root({ charge: 40_000, payment: 45_000 }, s3)];
    expect(recorded({ records: billedLess })).toEqual(ours);
  });
});

describe("who may approve it", () => {
  const rule: Rule = { name: "small", connection: "s2", target: "payment", capMinor: 45_000, approvedBy: "Dana" };
  const proven = [cause("missing-payment", -45_000, ["s1/payments/9"])];
  test.each<readonly [Mode, AskedBooks["causes"], number, string | null]>([
    ["propose", proven, 45_000, "small"],
    ["apply", proven, 45_000, "small"],
    ["apply", proven, 44_999, null],
    ["apply", [cause("missing-payment", -45_000)], 45_000, null],
    ["observe", proven, 45_000, null],
  ])("in mode %s by %j under a cap of %i: rule %s", (mode, causes, capMinor, by) => {
    const { context, ...given } = booksOf(asked({ causes, branch: { mode: { default: mode } } }));
    const policy = { ...context.company.policy, rules: [{ ...rule, capMinor }] };
    const whole = { ...context, company: { ...context.company, policy } };
    const intents = planIntents(emptyJob("j"), paymentsRecorded({ ...given, context: whole }), new Set(), whole);
    expect(intents).toMatchObject([{ needsApproval: true, approved: by === null ? null : { rule: by } }]);
  });
});

test("where the office's API records payments and moves none, a person is asked to apply one that lies elsewhere", () => {
  const { context, view } = booksOf(asked());
  const held = { payment: "s1/payments/8", connection: "s1", customer: "s1/customers/1", unapplied: 45_000 };
  const whole = { ...context, held: [{ ...held, total: 45_000, shares: [], losing: [] }] };
  const office = { ...whole.vocabularies["s1"]!, targets: { payment: "api" as const } };
  const found = { ...booksOf(asked({ causes: [cause("missing-payment", 45_000)] })).breaks[0]! };
  const planFor = (makes: object) =>
    moneyChanges(view, [found], { ...whole, vocabularies: { ...whole.vocabularies, s1: { ...office, ...makes } } });
  expect(planFor({}).map(({ kind }) => kind)).toEqual(["write"]);
  expect(planFor({ makes: { job: "bookings" } }).map(({ kind }) => kind)).toEqual(["write"]);
  expect(planFor({ makes: { payment: "payments" } }).map(({ kind }) => kind)).toEqual(["task"]);
});
