import { describe, expect, test } from "vitest";
import type { Vocabulary } from "#shared/connectors/connector.ts";
import type { Break, BreakKind, CauseKind } from "#shared/domain/break.ts";
import type { PaymentFacts } from "#shared/domain/facts.ts";
import { recordKey } from "#shared/domain/ids.ts";
import type { View } from "#shared/domain/view.ts";
import type { Context, Held } from "#shared/pipeline/context.ts";
import { moneyChanges } from "#shared/pipeline/plan-money.ts";
import { companyOf, contextOf, systemClasses } from "#test/support/model-systems.ts";
import { invoice, root, viewWith } from "#test/support/money-view.ts";

const now = "2026-11-02T08:00:00.000Z";
const classes = [systemClasses.readOnly, systemClasses.observed];
const plain = contextOf(companyOf(classes), classes, now);

/** The office can do what `targets` says; a payment shows as its shares. */
function contextWith(targets: Partial<Vocabulary["targets"]>, held: readonly Held[] = []): Context {
  const change = (one: Vocabulary | undefined): Vocabulary => ({ ...(one as Vocabulary), targets });
  return {
    ...plain,
    held,
    vocabularies: { s1: change(plain.vocabularies["s1"]), s2: change(plain.vocabularies["s2"]) },
    shows: (intent, records) =>
      records
        .map(({ facts }) => facts as PaymentFacts)
        .flatMap(({ shares, presence, state, credit }) =>
          shares.map(
            (one) => `${recordKey(one.invoice)}=${one.amount} ${intent.target} ${presence} ${state} ${credit}`,
          ),
        )
        .join(" "),
  };
}
const canAll = contextWith({ payment: "task", amount: "api", presence: "api", job: "api" });

const broken = (kind: BreakKind, cause: CauseKind, gapMinor: number, more: Partial<Break> = {}): Break => ({
  ...{ kind, key: kind, state: "open", gapMinor, firstSeen: now, since: now, resolvedAt: null, opensAt: null },
  causes: [{ kind: cause, certainty: "likely", minor: gapMinor, records: [] }],
  ...{ connections: ["s1", "s2"], sentence: "s2 says more", evidence: [], assignedTo: null, note: null },
  ...more,
});
const s1 = { connection: "s1" };
const s2 = { connection: "s2" };
const office = root({ number: "10268", title: "Leak" }, s1);
const hung = (one: ReturnType<typeof invoice>, on = "s1/jobs/1") => ({
  ...one,
  observation: { ...one.observation, hangsOn: [on] },
});
const billed = hung(invoice({ total: 1_000 }, { ...s1, id: "7" }));
const view = viewWith({ roots: [root({ number: "77", charge: 5 }, s2), office], invoices: [billed] });
const ask = (found: Break, of: View = view, context = canAll) => moneyChanges(of, [found], context);

describe("what no API can do is a task for the office", () => {
  test.each([
    ["missing-payment", 45_000],
    ["payment-reversed", -23_000],
    ["refund", -5_000],
    ["fee", 875],
  ] as const)("a payment break by %s of %i cents", (cause, minor) =>
    expect(ask(broken("payment", cause, minor))).toEqual([
      {
        ...{ kind: "task", target: "payment", requests: 0, ask: true, read: "", arguments: {}, moneyMinor: minor },
        record: office.observation.record,
        wanted: `${cause} ${(minor / 100).toFixed(2)}`,
        sentence: `s1 10268: set payment to ${cause} ${(minor / 100).toFixed(2)}`,
      },
    ]),
  );

  test("a payment that the office has and the crews have not asks nothing of it", () =>
    expect(ask(broken("payment", "missing-payment", -45_000))).toEqual([]));

  test("the tax to the cent is a question about the other system's amounts", () =>
    expect(ask(broken("charge", "tax", -2_450))).toEqual([
      {
        ...{ kind: "task", target: "amount", requests: 0, ask: true, read: "", arguments: {}, moneyMinor: -2_450 },
        record: { connection: "s2", stream: "jobs", id: "1" },
        wanted: "tax -24.50",
        sentence: "s2 77: the gap of -24.50 is the tax to the cent: are amounts there printed without tax?",
      },
    ]));

  test("nobody is asked where the office has no live record of the job", () => {
    const without = viewWith({ roots: [root({}, { ...s1, live: false }), root({}, s2)] });
    expect(ask(broken("payment", "fee", 875), without)).toEqual([]);
    expect(ask(broken("charge", "tax", -1), viewWith({ roots: [office, root({}, { ...s2, live: false })] }))).toEqual(
      [],
    );
  });
});

describe("a break asks for something", () => {
  test.each([
    ["waiting", 0],
    ["resolved", 0],
    ["open", 1],
    ["reopened", 1],
    ["assigned", 1],
    ["explained", 1],
  ] as const)("while it is %s: %i", (state, asked) =>
    expect(ask(broken("payment", "fee", 875, { state }))).toHaveLength(asked),
  );
  test("only by a cause that has a remedy", () => {
    expect(ask(broken("payment", "unexplained", 875))).toEqual([]);
    expect(ask(broken("charge", "fee", 875))).toEqual([]);
    expect(ask(broken("payment", "fee", 875, { causes: [] }))).toEqual([]);
  });
});

describe("done and never billed", () => {
  const found = broken("charge", "missing-charge", 68_500);

  test("the amount is proposed for the job's own invoice, on top of what is there", () =>
    expect(ask(found)).toEqual([
      {
        ...{ kind: "write", target: "amount", requests: 3, ask: true, moneyMinor: 68_500 },
        record: { connection: "s1", stream: "invoices", id: "7" },
        ...{ read: "10.00", wanted: "695.00", arguments: { addMinor: 68_500, description: "Leak" } },
        sentence: "s1 10268: put 685.00 on its invoice, because s2 says more",
      },
    ]));
  test("an invoice that states no total has nothing on it; a job without a title is a service", () =>
    expect(
      ask(found, viewWith({ roots: [root({}, s1)], invoices: [hung(invoice({ total: null }, { ...s1, id: "7" }))] })),
    ).toMatchObject([{ read: "0.00", wanted: "685.00", arguments: { description: "Service" } }]));
  test.each([
    ["an adjustment", [hung(invoice({ adjusts: billed.observation.record }, s1))]],
    ["an invoice that is gone", [hung(invoice({}, { ...s1, live: false }))]],
    ["another job's", [hung(invoice({}, s1), "s1/jobs/2")]],
    ["none", []],
  ])("%s is not its invoice: nothing is proposed", (_name, invoices) =>
    expect(ask(found, viewWith({ roots: [office], invoices }))).toEqual([]),
  );
  test("nothing is proposed where the vendor has no API for it, or where the other system charged less", () => {
    expect(ask(found, view, contextWith({ amount: "task" }))).toEqual([]);
    expect(ask(broken("charge", "missing-charge", -68_500))).toEqual([]);
  });
});

describe("a payment that lies elsewhere", () => {
  const held = (more: Partial<Held> = {}): Held => ({
    ...{ payment: "s1/payments/9", connection: "s1", customer: "s1/customers/1", unapplied: 45_000, total: 45_000 },
    shares: [["s1/invoices/other", 10]],
    losing: [],
    ...more,
  });
  const of = (all: readonly Held[], targets: Partial<Vocabulary["targets"]> = { payment: "api" }, seen = view) =>
    ask(broken("payment", "missing-payment", 45_000), seen, contextWith(targets, all));

  test("is applied to this job's invoice, read as it lies now", () =>
    expect(of([held({ payment: "s1/payments/8", total: 44_999 }), held()])).toEqual([
      {
        ...{ kind: "write", target: "payment", requests: 3, ask: true, moneyMinor: 45_000 },
        record: { connection: "s1", stream: "payments", id: "9" },
        ...{
          read: "s1/invoices/other=10 payment present received false",
          wanted: "s1/invoices/7=45000 payment present received false",
        },
        arguments: { splits: [{ invoiceId: "7", amountMinor: 45_000 }] },
        sentence:
          "s1 10268: the payment of 450.00 lies on s1/invoices/other (0.10), on no invoice (450.00); take all of it for this job's invoice",
      },
    ]));
  test.each<readonly [string, Partial<Held>, string]>([
    ["wholly on no invoice", { shares: [] }, "on no invoice (450.00)"],
    [
      "on two invoices and on none",
      {
        unapplied: 100,
        shares: [
          ["s1/invoices/10", 30_000],
          ["s1/invoices/12", 14_900],
        ],
      },
      "on s1/invoices/10 (300.00), on s1/invoices/12 (149.00), on no invoice (1.00)",
    ],
  ])("names where the money lies now: %s", (_name, lies, words) =>
    expect(of([held(lies)])[0]?.sentence).toContain(`the payment of 450.00 lies ${words}; take all of it`),
  );
  test.each([
    ["two payments fit", [held(), held({ payment: "s1/payments/10" })]],
    ["none is as large", [held({ total: 45_001 })]],
    ["it is wholly applied", [held({ unapplied: 0 })]],
    ["there is none", []],
  ])("%s: a person is asked", (_name, all) => expect(of(all)).toMatchObject([{ kind: "task", target: "payment" }]));
  test("a person is asked where the job has no invoice, or the vendor knows no payments", () => {
    expect(of([held()], { payment: "api" }, viewWith({ roots: [office] }))).toMatchObject([{ kind: "task" }]);
    expect(of([held()], {})).toMatchObject([{ kind: "task" }]);
  });
});

describe("the same call twice", () => {
  const found = (...records: readonly string[]) =>
    broken("charge", "duplicate", 37_500, {
      causes: [{ kind: "duplicate", certainty: "proven", minor: 37_500, records }],
    });
  const twin = (id: string, number: string | null) => root({ number }, { ...s2, id });
  const both = found("s2/jobs/1", "s2/jobs/2");

  test.each([
    ["JOB-0930", "JOB-0931", "2"],
    ["JOB-0931", "JOB-0930", "1"],
    [null, null, "2"],
  ])("of %s and %s the later one goes: record %s", (first, second, id) =>
    expect(ask(both, viewWith({ roots: [twin("1", first), twin("2", second), twin("3", "JOB-0999")] }))).toMatchObject([
      {
        ...{ kind: "write", target: "presence", read: "present", wanted: "deleted", ask: true, arguments: {} },
        ...{ record: { connection: "s2", id }, moneyMinor: 37_500, requests: 3 },
      },
    ]),
  );
  test("its sentence names the one that stays", () =>
    expect(ask(both, viewWith({ roots: [twin("1", "A"), twin("2", "B")] }))[0]?.sentence).toBe(
      "s2 B: delete it, it is the same call as s2/jobs/1",
    ));
  test("what has an invoice stays; an invoice that is gone holds nothing", () => {
    const roots = [twin("1", "A"), twin("2", "B")];
    const on = (key: string, live = true) => hung(invoice({}, { ...s2, live }), key);
    expect(ask(both, viewWith({ roots, invoices: [on("s2/jobs/2")] }))).toMatchObject([{ record: { id: "1" } }]);
    expect(ask(both, viewWith({ roots, invoices: [on("s2/jobs/2", false)] }))).toMatchObject([{ record: { id: "2" } }]);
    expect(ask(both, viewWith({ roots, invoices: [on("s2/jobs/1"), on("s2/jobs/2")] }))).toEqual([]);
  });
  test("where the vendor deletes nothing, nothing is proposed", () =>
    expect(ask(both, viewWith({ roots: [twin("1", "A")] }), contextWith({ presence: "task" }))).toEqual([]));
});

describe("a job the office never got", () => {
  const found = broken("missing-twin", "missing-charge", 32_000, { connections: ["s2", "s1"] });
  const crew = (facts: object) => viewWith({ roots: [root({}, { ...s2, id: "0", live: false }), root(facts, s2)] });

  test("is booked there with the other's id, its customer, its title and its day", () =>
    expect(ask(found, crew({ customerName: "Pena", title: "Leak", serviceDay: "2026-10-30" }))).toEqual([
      {
        ...{ kind: "write", target: "job", requests: 3, ask: true, read: "none", wanted: "booked", moneyMinor: 32_000 },
        record: { connection: "s1", stream: "bookings", id: "new:s2/jobs/1" },
        arguments: { externalId: "s2/jobs/1", name: "Pena", summary: "Leak", day: "2026-10-30" },
        sentence: "book s2 1 in s1, so that its 320.00 reaches the office",
      },
    ]));
  test("what is not known is said so", () => {
    expect(ask(found, crew({}))).toMatchObject([
      { arguments: { name: "unknown customer", summary: "Job of unknown day in s2", day: null } },
    ]);
    expect(ask(found, crew({ serviceDay: "2026-10-30" }))).toMatchObject([
      { arguments: { summary: "Job of 2026-10-30 in s2" } },
    ]);
  });
  test("is not booked where the vendor takes no bookings, or where its record is gone", () => {
    expect(ask(found, crew({}), contextWith({ job: "task" }))).toEqual([]);
    expect(ask(found, viewWith({ roots: [root({}, { ...s2, live: false }), office] }))).toEqual([]);
    expect(ask({ ...found, connections: ["s2"] }, crew({}))).toEqual([]);
  });
});
