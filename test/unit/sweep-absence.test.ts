import { describe, expect, test } from "vitest";
import type { Page } from "#shared/connectors/connector.ts";
import { judgeMissing, type MissingFrom, provenBy } from "#shared/pipeline/sweep-absence.ts";

const page = (more: Partial<Page>): Page => ({
  ...{ records: [], unfit: [], dropped: 0, next: null, total: null, mark: null },
  ...more,
});
const unfit = [{ stream: "jobs", raw: {}, reason: "no id" }];

describe("a list is proven complete", () => {
  test.each([
    ["where no total is stated: by its end", [page({}), page({})], 5, true],
    ["where every page states how many came", [page({ total: 5 }), page({ total: 5 })], 5, true],
    [
      "where the total counts what was turned away",
      [page({ total: 5, dropped: 1 }), page({ total: 5, dropped: 1 })],
      3,
      true,
    ],
    ["where one page states it and the next does not", [page({ total: 5 }), page({})], 5, true],
    ["not where fewer came than stated", [page({ total: 5 })], 4, false],
    ["not where more came", [page({ total: 5 })], 6, false],
    ["not where the total moved meanwhile", [page({ total: 5 }), page({ total: 6 })], 5, false],
    ["not where it moved to what came", [page({ total: 6 }), page({ total: 5 })], 5, false],
    ["not where a record has no id", [page({}), page({ unfit })], 5, false],
    ["an empty list too", [page({ total: 0 })], 0, true],
    ["nothing read proves nothing wrong", [], 0, true],
  ])("%s", (_name, pages, identified, proven) => expect(provenBy(pages, identified)).toBe(proven));
});

describe("what a sweep did not find", () => {
  const from: MissingFrom = {
    ...{ absence: "lists-only", missing: ["a", "b"], known: 100, proven: true, scope: "here" },
    ...{ now: "2026-11-02T20:00:00.000Z", before: { scope: null, provenAt: null, missing: {} } },
  };
  const ago = (hours: number): string => new Date(Date.parse(from.now) - hours * 3_600_000).toISOString();
  const ids = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => String(n));
  const nothing = { missing: 2, readById: [], unseen: [], question: null, next: null };

  test.each([
    ["shows as a field of the record, where it is missed", { absence: "field" }],
    ["is missing from a list that proves nothing", { proven: false }],
    ["so too where it could be read by id", { proven: false, absence: "by-id" }],
  ] as const)("says nothing where it %s", (_name, more) => expect(judgeMissing({ ...from, ...more })).toEqual(nothing));

  test("is read by id where there is such a read, and nothing is remembered", () =>
    expect(judgeMissing({ ...from, absence: "by-id" })).toEqual({ ...nothing, readById: ["a", "b"] }));

  test("is remembered from the first list on", () =>
    expect(judgeMissing(from)).toEqual({
      ...nothing,
      next: { scope: "here", provenAt: from.now, missing: { a: from.now, b: from.now } },
    }));

  test("is concluded by the second list twelve hours later, each record for itself", () => {
    const missing = { a: ago(12), b: ago(11.99), gone: ago(50) };
    expect(judgeMissing({ ...from, before: { scope: "here", provenAt: ago(1), missing } })).toEqual({
      ...nothing,
      unseen: ["a"],
      next: { scope: "here", provenAt: from.now, missing: { a: ago(12), b: ago(11.99) } },
    });
  });

  test("begins anew where another key or address was asked", () =>
    expect(judgeMissing({ ...from, before: { scope: "there", provenAt: ago(24), missing: { a: ago(24) } } })).toEqual({
      ...nothing,
      next: { scope: "here", provenAt: from.now, missing: { a: from.now, b: from.now } },
    }));

  test("nothing: is remembered as such", () =>
    expect(
      judgeMissing({ ...from, missing: [], before: { scope: "here", provenAt: ago(1), missing: { a: ago(1) } } }),
    ).toEqual({
      ...{ ...nothing, missing: 0 },
      next: { scope: "here", provenAt: from.now, missing: {} },
    }));

  test.each([
    [0, 3, 3],
    [599, 3, 3],
    [800, 4, 4],
    [999, 4, 4],
    [1000, 5, 5],
  ])("of %i known records: %i may be concluded, one more is asked about", (known, most, cap) => {
    const judge = (count: number) => judgeMissing({ ...from, absence: "by-id", known, missing: ids(count) });
    expect(judge(most)).toMatchObject({ question: null, readById: ids(most) });
    const asks = judge(most + 1);
    expect(asks).toMatchObject({ missing: most + 1, readById: [], unseen: [], next: null });
    for (const words of [from.now, `${most + 1} of ${known} `, `the ${cap} it`]) expect(asks.question).toContain(words);
  });

  test("is not concluded while a person is asked, though it was missed before", () => {
    const missing = Object.fromEntries(ids(9).map((id) => [id, ago(24)]));
    const before = { scope: "here", provenAt: ago(24), missing };
    expect(judgeMissing({ ...from, missing: ids(9), before })).toMatchObject({ unseen: [], next: null });
  });
});
