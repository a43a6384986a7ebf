import { describe, expect, test } from "vitest";
import { moneyLine } from "#shared/domain/balance.ts";
import type { JobState, SameAs } from "#shared/domain/job.ts";
import { notCounted, stands } from "#shared/domain/same-call.ts";
import { viewOf } from "#shared/domain/view.ts";
import { presenceBreaks } from "#shared/pipeline/compare.ts";
import { membershipsOf } from "#shared/pipeline/link.ts";
import { moneyOnDuplicates } from "#shared/pipeline/odd-money.ts";
import { misfitsOf, withSameCall } from "#shared/pipeline/same-call.ts";
import { contextWith, s1, s2 } from "#test/support/compared.ts";
import { jobWith, linkTo, on, visit } from "#test/support/job-with.ts";
import { companyOf, systemClasses } from "#test/support/model-systems.ts";
import { invoice, payment, root } from "#test/support/money-view.ts";

const said = (record: string, charge: number | null = 100): SameAs => ({
  ...{ record, by: "ana", at: "2026-11-02T10:00:00.000Z", why: "", charge },
  before: { breaks: [], intents: [] },
});
const call = (id: string, more: Parameters<typeof root>[0] = {}) =>
  root({ charge: 100, number: id, ...more }, { ...s2, id });
const key = (id: string) => `s2/jobs/${id}`;
/** Records and what was said: of `a` that it is the same as `b`. */
const job = (records: Parameters<typeof jobWith>[0], marks: Readonly<Record<string, string>>): JobState =>
  jobWith(records, {
    links: records.map((one) => {
      const of = marks[one.observation.record.id];
      return linkTo(one.key, "first", of === undefined || one.facts.kind !== "job" ? {} : { sameAs: said(key(of)) });
    }),
  });
const aside = (state: JobState) => [...notCounted(state).keys()].sort();
const gone = { presence: "deleted" } as const;

describe("a record that is the same call as another", () => {
  test.each([
    ["counts no more while that stands", job([call("1"), call("2")], { 2: "1" }), [key("2")]],
    ["counts where that is gone", job([call("1", gone), call("2")], { 2: "1" }), []],
    ["and where that is of another job", job([call("2")], { 2: "1" }), []],
    ["is not counted for being gone itself", job([call("1"), call("2", gone)], { 2: "1" }), []],
    [
      "is what that is the same as, too",
      job([call("1"), call("2"), call("3")], { 3: "2", 2: "1" }),
      [key("2"), key("3")],
    ],
    ["also when what is between is gone", job([call("1"), call("2", gone), call("3")], { 3: "2", 2: "1" }), [key("3")]],
    [
      "one of them counts where the first is gone",
      job([call("1", gone), call("2"), call("3")], { 3: "2", 2: "1" }),
      [key("3")],
    ],
    ["nothing was said", job([call("1"), call("2")], {}), []],
  ])("%s", (_what, state, expected) => expect(aside(state)).toEqual(expected));

  test("stands as a whole job that is there, read and not absent", () => {
    const state = jobWith([call("1"), call("2", gone), invoice({}, s2)]);
    expect(["1", "2", "3"].map((id) => stands(state, key(id)))).toEqual([true, false, false]);
    expect(stands(state, "s2/invoices/1")).toBe(false);
    const known = state.observations[key("1")];
    if (!known) throw new Error("it is there");
    const absent = { read: 9, at: "2026-11-02T10:00:00Z", how: "deleted" as const };
    expect(stands({ ...state, observations: { [key("1")]: { ...known, absent } } }, key("1"))).toBe(false);
    expect(stands({ ...state, observations: { [key("1")]: { ...known, said: null } } }, key("1"))).toBe(false);
  });

  const bill = (id: string, total: number, ...parents: readonly string[]) =>
    on(invoice({ total, number: id }, { ...s2, id }), ...parents);
  const paid = (id: string, shares: readonly (readonly [string, number])[]) =>
    on(payment(shares, {}, { ...s2, id }), ...shares.map(([of]) => `s2/invoices/${of}`));
  const records = [
    ...[call("1"), call("2")],
    bill("i1", 500, key("1")),
    bill("i2", 70, key("2")),
    bill("a2", -20, "s2/invoices/i2"),
    bill("both", 11, key("1"), key("2")),
    paid("p2", [["i2", 30]]),
    paid("p12", [
      ["i1", 5],
      ["i2", 6],
    ]),
    on(visit({}, { ...s2, id: "v2" }), key("2")),
  ];
  const state = job(records, { 2: "1" });

  test("takes along what hangs on it alone, and nothing that hangs on what counts", () => {
    expect(aside(state)).toEqual(["s2/invoices/a2", "s2/invoices/i2", key("2"), "s2/payments/p2", "s2/visits/v2"]);
    const view = viewOf(state);
    expect(moneyLine(view, "s2", "invoices")).toMatchObject({ charge: 511, payment: 5 });
    expect(view.roots.map(({ live, sameAs }) => [live, sameAs?.record])).toEqual([
      [true, undefined],
      [false, key("1")],
    ]);
  });

  test("shows all money of its own", () => {
    const context = contextWith({ graceHours: { default: 1, s2: 3 } });
    expect(moneyOnDuplicates(viewOf(state), context)).toEqual([
      {
        ...{ key: `same-call:${key("2")}`, kind: "self-contradiction", gapMinor: 0, causes: [], connections: ["s2"] },
        sentence:
          "s2 2 is the same call as s2 1, by ana on 2026-11-02, and has money of its own that is not counted: invoice a2 of -0.20, invoice i2 of 0.70, payment of 0.06, payment of 0.30",
        evidence: [key("2"), "s2/invoices/a2", "s2/invoices/i2", "s2/payments/p12", "s2/payments/p2"],
        ...{ graceHours: 3, clears: false, since: null },
      },
    ]);
  });

  test.each([
    ["a draft is no bill", [on(invoice({ total: 70, stage: "draft" }, s2), key("2"))], null],
    ["nor is one of 0.00", [on(invoice({ total: 0 }, s2), key("2"))], null],
    [
      "one that is not stated may be any",
      [on(invoice({ total: null, number: "n" }, s2), key("2"))],
      "invoice n of an amount that is not stated",
    ],
    ["a void one is none", [on(invoice({ total: 70, stage: "void" }, s2), key("2"))], null],
  ])("%s", (_what, more, expected) => {
    const found = moneyOnDuplicates(viewOf(job([call("1"), call("2"), ...more], { 2: "1" })), contextWith({}));
    expect(found.map(({ sentence }) => sentence.split("counted: ")[1])).toEqual(expected === null ? [] : [expected]);
  });

  test.each([
    ["what it had then is no news", {}, {}, null],
    ["what the kept one has now is none", { charge: 300 }, { charge: 300 }, null],
    ["nor is nothing", { charge: 0 }, {}, null],
    ["nor what is not stated", { charge: null }, {}, null],
    ["another charge is", { charge: 300 }, {}, "3.00 charged, 1.00 when that was said"],
    ["and what was received", { payment: 50 }, {}, "0.50 received"],
  ])("%s", (_what, second, first, expected) => {
    const found = moneyOnDuplicates(viewOf(job([call("1", first), call("2", second)], { 2: "1" })), contextWith({}));
    expect(found.map(({ sentence }) => sentence.split("counted: ")[1])).toEqual(expected === null ? [] : [expected]);
  });

  test("an invoice that is not counted is none that was there before", () => {
    const kept = root({ billing: "by-money" }, { ...s2, id: "1" });
    const bare = job([kept, root({ billing: "by-money" }, { ...s2, id: "2" }), bill("i2", 70, key("2"))], { 2: "1" });
    expect(moneyLine(viewOf(bare), "s2", "invoices").charge).toBeNull();
  });

  test("is not gone: no break says so, though the kept one is canceled", () => {
    const canceled = call("1", { works: ["canceled"] });
    expect(presenceBreaks(viewOf(job([root({}, s1), canceled, call("2")], { 2: "1" })))).toEqual([]);
    expect(presenceBreaks(viewOf(job([root({}, s1), canceled, call("2", gone)], { 2: "1" })))).toHaveLength(1);
  });

  test("is found by its number and by its keys, and stands on no day", () => {
    const customer = { connection: "s2", stream: "customers", id: "c1" };
    const facts = { customer, serviceDay: "2026-11-02" };
    const twice = { ...job([call("1", facts), call("2", facts)], { 2: "1" }), people: { "s2/customers/c1": "dana" } };
    const company = companyOf([systemClasses.observed, systemClasses.observed]);
    const sets = membershipsOf(twice, company).map(({ set, member }) => [set, member]);
    expect(sets).toContainEqual(["number:2", key("2")]);
    expect(sets.filter(([set]) => set?.startsWith("day:"))).toEqual([["day:dana:2026-11-02", key("1")]]);
  });
});

describe("what a person may say", () => {
  const state = jobWith([call("1"), call("2"), call("3", gone)]);
  test("is told of the records that were not marked yet", () => {
    const asked = { keep: key("1"), records: [key("2"), key("3")], by: "ana", why: "by phone" };
    const once = withSameCall(state, { ...asked, records: [key("2")], why: "" }, "2026-11-02T10:00:00.000Z");
    expect(once.lastChange).toMatchObject({
      ...{ cause: "person", records: [key("2"), key("1")] },
      lines: [`${key("2")} is the same call as ${key("1")}, says ana: not counted while that stands`],
    });
    const then = withSameCall(once, asked, "2026-11-02T11:00:00.000Z");
    expect(then.lastChange?.lines).toEqual([
      `${key("3")} is the same call as ${key("1")}, says ana (by phone): not counted while that stands`,
    ]);
    expect(then.links.map(({ sameAs }) => sameAs?.at)).toEqual([
      undefined,
      "2026-11-02T10:00:00.000Z",
      "2026-11-02T11:00:00.000Z",
    ]);
    expect(withSameCall(then, asked, "2026-11-02T12:00:00.000Z")).toBe(then);
    expect(withSameCall(state, { ...asked, records: [key("1")] }, "2026-11-02T12:00:00.000Z")).toBe(state);
    const both = withSameCall(state, asked, "2026-11-02T10:00:00.000Z");
    expect(both.lastChange?.lines[0]).toContain(`${key("2")}, ${key("3")} are the same call as`);
  });

  test("keeps no record that is gone", () => {
    expect(misfitsOf(state, { keep: key("3"), records: [key("2")] })).toEqual([
      { path: "keep", expected: `a record of a whole job that stands in its system; ${key("3")} is not` },
    ]);
    expect(misfitsOf(state, { keep: key("1"), records: [key("3")] })).toEqual([]);
  });
});
