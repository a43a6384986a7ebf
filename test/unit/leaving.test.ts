import { describe, expect, test } from "vitest";
import type { JobState } from "#shared/domain/job.ts";
import { namedIn, recordsBelow, recordsStaying, withOnly } from "#shared/pipeline/leaving.ts";
import { receiptOf, refusalOf } from "#test/support/acts.ts";
import { s1, s2 } from "#test/support/compared.ts";
import { assignment, jobWith, linkTo, on } from "#test/support/job-with.ts";
import { invoice, payment, root } from "#test/support/money-view.ts";

const [office, crew] = ["s1/jobs/1", "s2/jobs/1"];
const records = [
  root({}, s1),
  root({}, s2),
  on(invoice({}, s1), office),
  on(payment([["1", 5]], {}, s1), "s1/invoices/1"),
  on(invoice({}, s2), crew),
];
const state = jobWith(records);

describe("what leaves with a record", () => {
  test("is all that hangs on it, however deep, and nothing else", () => {
    expect([...recordsBelow(state, [office])]).toEqual([office, "s1/invoices/1", "s1/payments/1"]);
    expect([...recordsBelow(state, [crew])]).toEqual([crew, "s2/invoices/1"]);
    expect([...recordsBelow(state, ["s1/payments/1"])]).toEqual(["s1/payments/1"]);
  });

  test("is found in whatever order the records came", () => {
    const backwards = { ...state, observations: Object.fromEntries(Object.entries(state.observations).toReversed()) };
    expect([...recordsBelow(backwards, [office])]).toEqual([office, "s1/invoices/1", "s1/payments/1"]);
  });

  test("is not a record that said nothing but that it is gone", () => {
    const gone = { said: null, seenRead: 0, absent: { read: 1, at: "", how: "deleted" as const } };
    const more = { ...state, observations: { ...state.observations, "s1/invoices/9": gone } };
    expect(recordsBelow(more, [office]).has("s1/invoices/9")).toBe(false);
    expect(recordsStaying(more, recordsBelow(more, [office])).has("s1/invoices/9")).toBe(true);
    expect(recordsStaying(more, new Set(["s1/invoices/9"])).has("s1/invoices/9")).toBe(false);
  });
});

describe("what stays", () => {
  test("is the rest", () => {
    expect([...recordsStaying(state, recordsBelow(state, [office]))]).toEqual([crew, "s2/invoices/1"]);
  });

  test("and a payment over invoices of both, which belongs to both", () => {
    const shared = on(payment([["1", 5]], {}, { ...s2, id: "7" }), "s1/invoices/1", "s2/invoices/1");
    const both = jobWith([...records, shared]);
    const leaving = recordsBelow(both, [crew]);
    expect([...leaving]).toEqual([crew, "s2/invoices/1", "s2/payments/7"]);
    expect([...recordsStaying(both, leaving)]).toEqual([office, "s1/invoices/1", "s1/payments/1", "s2/payments/7"]);
  });
});

describe("the people whom records name", () => {
  const of = (id: string) => ({ connection: "s1", stream: "technicians", id });
  const technicians = [
    { record: of("t1"), email: "ana@example.com", name: "Ana" },
    { record: null, email: "ben@example.com", name: null },
    { record: null, email: null, name: "Cy" },
  ];
  const customer = { connection: "s1", stream: "customers", id: "c1" };
  const named = (...some: Parameters<typeof jobWith>[0]) => namedIn(jobWith(some), () => true);

  test("are a job's customer and technicians, by record and by e-mail, and an assignment's technician", () => {
    expect(named(root({ customer, technicians }, s1))).toEqual([
      ...["s1/customers/c1", "s1/technicians/t1", "ana@example.com", "ben@example.com"],
    ]);
    expect(named(root({ customer, technicians: null }, s1))).toEqual(["s1/customers/c1"]);
    expect(named(assignment({ record: of("t2") }, s1))).toEqual(["s1/technicians/t2"]);
  });

  test("are not those of an invoice, of other records, or of one that said nothing", () => {
    expect(named(invoice({ customer }, s1))).toEqual([]);
    expect(namedIn(jobWith([root({ customer }, s1)]), (key) => key !== office)).toEqual([]);
    expect(
      namedIn({ ...state, observations: { [office]: { said: null, seenRead: 0, absent: null } } }, () => true),
    ).toEqual([]);
  });
});

describe("a job with some of its records only", () => {
  const customer = (connection: string) => ({ connection, stream: "customers", id: "c1" });
  const shared = [{ record: null, email: "ana@example.com", name: null }];
  const base = { word: ["completed"], ask: false };
  const ref = (connection: string) => ({ connection, stream: "jobs", id: "1" });
  const whole: JobState = jobWith(
    [
      root({ customer: customer("s1"), technicians: shared }, s1),
      root({ customer: customer("s2"), technicians: shared }, s2),
    ],
    {
      people: {
        "s1/customers/c1": "dana",
        "s2/customers/c1": "dana",
        "ana@example.com": "ana",
        "s3/technicians/7": "ana",
      },
      fields: { work: { agreed: ["completed"], by: [office, crew] } },
      bases: { work: { [office]: base, [crew]: base } },
      receipts: [receiptOf({ record: ref("s1") }), receiptOf({ record: ref("s2") })],
      refusals: [refusalOf(office), refusalOf(crew)],
    },
  );
  const left = (): JobState => withOnly(whole, (key) => key === office);

  test("keeps of observations, links, bases, editors, receipts and refusals what is of those records", () => {
    expect(left()).toEqual({
      ...whole,
      observations: { [office]: whole.observations[office] },
      links: [whole.links[0]],
      people: { "s1/customers/c1": "dana", "ana@example.com": "ana", "s3/technicians/7": "ana" },
      fields: { work: { agreed: ["completed"], by: [office] } },
      bases: { work: { [office]: base } },
      receipts: [receiptOf({ record: ref("s1") })],
      refusals: [refusalOf(office)],
    });
  });

  test("is the very job when it has no others, by observation or by link", () => {
    const alone = left();
    expect(withOnly(alone, (key) => key === office)).toBe(alone);
    const linked = { ...alone, links: [...alone.links, linkTo(crew, "first")] };
    expect(withOnly(linked, (key) => key === office).links).toEqual(alone.links);
  });
});
