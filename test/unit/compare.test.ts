import { describe, expect, test } from "vitest";
import type { Break } from "#shared/domain/break.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { View } from "#shared/domain/view.ts";
import { compareMoney, graceOf, moneyLines } from "#shared/pipeline/compare.ts";
import { differencesOf } from "#shared/pipeline/differences.ts";
import { contextWith, empty, now, s1, s2, s3 } from "#test/support/compared.ts";
import { feedView } from "#test/support/model-systems.ts";
import { invoice, payment, root, viewWith } from "#test/support/money-view.ts";

const context = contextWith({});

const compare = (view: View, of = context, state: Partial<JobState> = {}) =>
  compareMoney({ ...empty, ...state }, view, moneyLines(view, of), of);
const charges = (office: number, crews: number, branch: number): View =>
  viewWith({
    roots: [
      root({ charge: office, payment: 0 }, s1),
      root({ charge: crews, payment: 0 }, s2),
      root({ charge: branch, payment: 0 }, s3),
    ],
  });

test("a system is not compared with itself, and those that agree stand in the list too", () => {
  const view = charges(500, 500, 700);
  const found = differencesOf({}, moneyLines(view, context), context.company).filter(({ line }) => line === "charge");
  expect(found.map(({ other, minor }) => [other.connection, minor])).toEqual([
    ["s2", 0],
    ["s3", 200],
  ]);
});

describe("which systems have money lines", () => {
  const view = viewWith({
    roots: [root({}, s1), root({}, { ...s2, live: false })],
    invoices: [invoice({}, { ...s3, live: false })],
  });
  test("those with a live record or any invoice, in the configured order; our own fleet's cost is not compared", () => {
    expect(moneyLines(view, context).map((one) => one.connection)).toEqual(["s1", "s3"]);
    expect(moneyLines(view, contextWith({}, { s1: { book: "cost" } })).map((one) => one.connection)).toEqual(["s3"]);
  });
});

describe("a star around the reference", () => {
  test("nothing differs: no break", () => expect(compare(charges(500, 500, 500))).toEqual([]));

  test("of several gaps on one line the widest is the job's, and the others are named", () => {
    expect(compare(charges(500, 400, 900))).toMatchObject([
      { key: "charge", kind: "charge", gapMinor: 400, connections: ["s1", "s3", "s2"], clears: false, since: null },
    ]);
    expect(compare(charges(500, 100, 600))).toMatchObject([{ gapMinor: -400, connections: ["s1", "s2", "s3"] }]);
  });

  test("it says in words and amounts who says what, and names the records of both", () => {
    const [found] = compare(charges(500, 500, 900));
    expect(found?.sentence).toBe("s3 says 9.00 charged, s1 says 5.00");
    expect(found?.evidence).toEqual(["s1/jobs/1", "s3/jobs/1"]);
    const paid = viewWith({
      roots: [root({ charge: 5, payment: 5 }, s1), root({ charge: 5, payment: 105 }, s2)],
      invoices: [invoice({}, { ...s2, id: "7" }), invoice({}, { ...s2, id: "8", live: false })],
      payments: [payment([], {}, { ...s1, id: "9" })],
    });
    const [other] = compare(paid);
    expect(other?.sentence).toBe("s2 says 1.05 received, s1 says 0.05");
    expect(other?.evidence).toEqual(["s1/jobs/1", "s1/payments/9", "s2/jobs/1", "s2/invoices/7"]);
  });

  test("both lines are compared, each on its own", () => {
    const view = viewWith({
      roots: [root({ charge: 500, payment: 500 }, s1), root({ charge: 400, payment: 100 }, s2)],
    });
    expect(compare(view).map(({ key, gapMinor }) => [key, gapMinor])).toEqual([
      ["charge", -100],
      ["payment", -400],
    ]);
  });

  test("a charge is an estimate until the work is done; a payment is not", () => {
    const view = viewWith({
      roots: [root({ works: ["working"], charge: 500, payment: 0 }, s1), root({ charge: 400, payment: 100 }, s2)],
    });
    expect(compare(view).map(({ key }) => key)).toEqual(["payment"]);
  });

  test("what one system does not state is no difference, and neither is a job without the reference", () => {
    const silent = viewWith({ roots: [root({ charge: 500 }, s1), root({}, s2)] });
    expect(compare(silent)).toEqual([]);
    const mute = viewWith({ roots: [root({}, s1), root({ charge: 500 }, s2)] });
    expect(compare(mute)).toEqual([]);
    const without = viewWith({ roots: [root({ charge: 1, payment: 0 }, s2), root({ charge: 500, payment: 0 }, s3)] });
    expect(compare(without)).toEqual([]);
  });

  test.each([
    [100, 0],
    [99, 1],
  ])("with a tolerance of %i cents a gap of one dollar makes %i breaks", (toleranceMinor, breaks) => {
    expect(compare(charges(500, 600, 500), contextWith({ toleranceMinor }))).toHaveLength(breaks);
    expect(compare(charges(500, 400, 500), contextWith({ toleranceMinor }))).toHaveLength(breaks);
  });

  test("what was accepted at cutover is subtracted: only the news counts", () => {
    const accepted = { "charge:s2": 300 };
    expect(compare(charges(500, 800, 500), context, { accepted })).toEqual([]);
    expect(compare(charges(500, 850, 500), context, { accepted })).toMatchObject([{ gapMinor: 50 }]);
    expect(compare(charges(500, 500, 500), context, { accepted })).toMatchObject([{ gapMinor: -300 }]);
    expect(compare(charges(500, 800, 501), context, { accepted })).toMatchObject([
      { gapMinor: 1, connections: ["s1", "s3"] },
    ]);
  });

  test("an amount that cannot be read is a break of its own without an amount, and hides only its line", () => {
    const view = viewWith({
      roots: [root({ charge: { unreadable: "x" }, payment: 0 }, s1), root({ charge: 500, payment: 70 }, s2)],
    });
    expect(compare(view)).toMatchObject([
      {
        ...{ key: "unreadable:s1", kind: "unreadable", gapMinor: 0, causes: [], connections: ["s1"] },
        ...{ evidence: ["s1/jobs/1"], graceHours: 0, clears: false },
      },
      { key: "payment", gapMinor: 70 },
    ]);
  });
});

describe("tax that the other system's amounts may not hold", () => {
  const office = invoice({ total: 124_200, tax: 9_200 }, s1);
  const of = (includesTax: "yes" | "no" | "unknown", charge: number, more: Partial<View> = {}) => {
    const told = contextWith({}, { s2: { actualAmount: { includesTax } } });
    const invoices = { ...told.vocabularies["s1"]!, money: "invoices" as const };
    const of = { ...told, vocabularies: { ...told.vocabularies, s1: invoices, s2: invoices } };
    const view = viewWith({ roots: [root({}, s1), root({ charge }, s2)], invoices: [office], ...more });
    return compare(view, of).map(({ gapMinor, causes }) => [gapMinor, causes[0]?.kind, causes[0]?.certainty]);
  };
  test.each([
    ["no", "the amount without it agrees", 115_000, []],
    ["no", "a cent less is a gap of a cent", 114_999, [[-1, "rounding", "likely"]]],
    ["no", "the amount with it has it twice", 124_200, [[9_200, "unexplained", "likely"]]],
    ["no", "what lacks as much once more is no tax", 105_800, [[-9_200, "unexplained", "likely"]]],
    ["yes", "the amount with it agrees", 124_200, []],
    ["yes", "the amount without it lacks something else", 115_000, [[-9_200, "unexplained", "likely"]]],
    ["unknown", "the amount with it agrees", 124_200, []],
    ["unknown", "the amount without it is likely without it", 115_000, [[-9_200, "tax", "likely"]]],
  ] as const)("where it is said %s: %s", (includesTax, _name, charge, expected) =>
    expect(of(includesTax, charge)).toEqual(expected),
  );
  test("is on its own invoices, whatever is said of the amount on the job", () => {
    const own = (stage: "posted" | "draft") => ({ invoices: [office, invoice({ total: 115_000, stage }, s2)] });
    expect(of("no", 115_000, own("posted"))).toEqual([[-9_200, "tax", "likely"]]);
    expect(of("no", 115_000, own("draft"))).toEqual([]);
  });
  test("of an invoice that is gone, of a draft and of another system is none", () => {
    const tax = (one: ReturnType<typeof invoice>) => ({ invoices: [invoice({ total: 115_000 }, s1), one] });
    const placed = { ...s1, id: "2" };
    expect(of("no", 115_000, tax(invoice({ tax: 9_200 }, { ...placed, live: false })))).toEqual([]);
    expect(of("no", 115_000, tax(invoice({ tax: 9_200, stage: "draft" }, placed)))).toEqual([]);
    expect(of("no", 115_000, tax(invoice({ tax: 9_200 }, { ...s3, id: "2" })))).toEqual([]);
  });
  test("is of the charge, never of what was received", () => {
    const paid = payment([["1", 115_000]], {}, s1);
    const roots = [root({}, s1), root({ charge: 115_000, payment: 115_000 }, s2)];
    expect(of("no", 0, { roots, payments: [paid] })).toEqual([]);
  });
});

describe("a deposit", () => {
  const held = [
    { payment: "s1/payments/4", connection: "s1", customer: "c", unapplied: 300, total: 300, shares: [], losing: [] },
  ];
  const of = (works: readonly ["working"] | readonly ["completed"], at = s1) =>
    compare(
      viewWith({
        roots: [
          root({ works: at === s1 ? works : ["completed"], payment: 0 }, s1),
          root({ works: at === s1 ? ["completed"] : works, payment: 300 }, s2),
        ],
      }),
      { ...context, held },
    );
  test("clears by itself while the office's work is unfinished, and is a break once it is done", () => {
    expect(of(["working"])).toMatchObject([{ key: "payment", clears: true }]);
    expect(of(["completed"])).toMatchObject([{ key: "payment", clears: false }]);
    expect(of(["working"], s2)).toMatchObject([{ clears: false }]);
  });
  test("names the payment that makes it", () => expect(of(["working"])[0]?.evidence).toContain("s1/payments/4"));
  test("of several payments clears by itself too, beside another cause it does not", () => {
    const two = [...held, { ...held[0]!, payment: "s1/payments/5", unapplied: 200 }];
    const view = (paid: number, ...payments: ReturnType<typeof payment>[]) =>
      viewWith({ roots: [root({ works: ["working"], payment: 0 }, s1), root({ payment: paid }, s2)], payments });
    const unapplied = (minor: number) => ({ kind: "unapplied", certainty: "proven", minor });
    expect(compare(view(500), { ...context, held: two })).toMatchObject([
      { causes: [unapplied(300), unapplied(200)], clears: true },
    ]);
    expect(compare(view(340, payment([], { fee: 40 }, s2)), { ...context, held: two })).toMatchObject([
      { causes: [{ kind: "fee", minor: 40 }, unapplied(300)], clears: false },
    ]);
  });
  test("any other cause does not clear by itself", () => {
    const fee = viewWith({
      roots: [root({ works: ["working"], payment: 0 }, s1), root({ payment: 300 }, s2)],
      payments: [payment([], { fee: 300 }, s2)],
    });
    expect(compare(fee)).toMatchObject([{ causes: [{ kind: "fee", certainty: "proven" }], clears: false }]);
    const view = viewWith({ roots: [root({ works: ["working"], payment: 0 }, s1), root({ payment: 300 }, s2)] });
    expect(compare(view)).toMatchObject([{ causes: [{ kind: "missing-payment" }], clears: false }]);
  });
});

describe("a payment that was taken back", () => {
  const line = (connection: string, paid: number) => ({
    ...{ connection, charge: null, payment: paid, outstanding: null, provisional: false, unreadable: [] },
  });
  const view = viewWith({ roots: [root({ payment: 230 }, s1), root({ payment: 0 }, s2)] });
  const money = [line("s1", 230), line("s2", 230)];
  const before = () => compare(view, context, { money })[0]?.causes ?? [];
  const standing = (more: Partial<Break>): Break => ({
    ...{ kind: "payment", key: "payment", state: "open", gapMinor: -230, causes: before() },
    ...{ firstSeen: now, since: now, resolvedAt: null, opensAt: null, connections: [], sentence: "", evidence: [] },
    ...{ assignedTo: null, note: null, ...more },
  });

  test("is told from one that was never made by what the system said before", () => {
    expect(before()).toMatchObject([{ kind: "payment-reversed" }]);
    expect(compare(view)[0]?.causes).toMatchObject([{ kind: "missing-payment" }]);
  });
  test("stays called so while its break stands, when what was said before is forgotten", () => {
    const causeOf = (known: Break) => compare(view, context, { breaks: [known] })[0]?.causes[0]?.kind;
    expect(causeOf(standing({}))).toBe("payment-reversed");
    expect(causeOf(standing({ state: "waiting" }))).toBe("payment-reversed");
    expect(causeOf(standing({ state: "resolved" }))).toBe("missing-payment");
    expect(causeOf(standing({ gapMinor: -229 }))).toBe("missing-payment");
    expect(causeOf(standing({ key: "charge" }))).toBe("missing-payment");
    const tax = { kind: "tax", certainty: "likely", minor: -230, records: [] } as const;
    expect(causeOf(standing({ causes: [tax] }))).toBe("missing-payment");
    const taken = { kind: "payment-reversed", certainty: "proven", minor: -230, records: ["r"] } as const;
    expect(causeOf(standing({ causes: [taken] }))).toBe("missing-payment");
  });
});

describe("a link in doubt", () => {
  const link = (record: string, doubt?: string) => ({
    ...{ record, rule: "people-and-day" as const, evidence: [], at: now, batch: null },
    ...(doubt === undefined ? {} : { doubt }),
  });
  const kinds = (...links: readonly ReturnType<typeof link>[]) =>
    compare(charges(500, 400, 500), context, { links })[0]?.causes.map(({ kind }) => kind);
  test("of one of the two systems makes it likely that the records are not one job", () => {
    expect(kinds(link("s2/jobs/1", "two calls"))).toEqual(["wrong-link"]);
    expect(kinds(link("s1/jobs/1", "two calls"))).toEqual(["wrong-link"]);
  });
  test("of a third, or none, says nothing", () => {
    expect(kinds(link("s3/jobs/1", "two calls"), link("s2/jobs/1"))).toEqual(["unexplained"]);
    expect(kinds(link("s1/jobs/1"))).toEqual(["unexplained"]);
  });
});

describe("how long a gap may stand", () => {
  const feeds = { s1: feedView(null, 30), s2: feedView(null, 150) };
  test.each([
    ["two hours where nothing is said", {}, {}, 2],
    ["what the policy says for all", { default: 1 }, {}, 1],
    ["the longest of what it says for each", { default: 1, s1: 3 }, {}, 3],
    ["twice the slower feed's interval, if that is longer", { default: 1 }, feeds, 5],
    ["none at all", { default: 0 }, {}, 0],
  ])("%s", (_name, graceHours, seen, hours) =>
    expect(graceOf(["s1", "s2"], { ...contextWith({ graceHours }), feeds: seen })).toBe(hours),
  );
  test("nothing said and no policy: two hours", () => {
    const { graceHours: _, ...policy } = context.company.policy;
    expect(graceOf(["s1"], { ...context, company: { ...context.company, policy } })).toBe(2);
  });
  test("a break counts the grace of every system it is about", () =>
    expect(compare(charges(500, 400, 900), contextWith({ graceHours: { default: 1, s2: 7 } }))[0]?.graceHours).toBe(7));
});
