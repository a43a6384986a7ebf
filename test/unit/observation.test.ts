import { describe, expect, test } from "vitest";
import type { Facts } from "#shared/domain/facts.ts";
import { emptyJob } from "#shared/domain/job.ts";
import {
  compareVersions,
  isGone,
  type Known,
  knownFrom,
  mergeKnown,
  nothingKnown,
  type Observation,
} from "#shared/domain/observation.ts";
import { viewOf, visitsOf } from "#shared/domain/view.ts";
import { invoice, payment, root } from "#test/support/money-view.ts";

const base = root({}).observation;
const said = (modified: string | null, read: number, more: Partial<Observation> = {}): Observation => ({
  ...base,
  ...{ version: { modified, read }, ...more },
});
const gone = (read: number, how: "deleted" | "unseen" = "deleted", at = "2026-11-02T08:00:00Z"): Known => ({
  ...nothingKnown,
  absent: { read, at, how },
});
/** Merged in both orders: they must be one. */
function merged(a: Known, b: Known): Known {
  expect(mergeKnown(b, a)).toEqual(mergeKnown(a, b));
  return mergeKnown(a, b);
}

describe("which of two readings is the later", () => {
  const [early, late] = ["2026-11-02T08:00:00.0000001Z", "2026-11-02T08:00:00.0000002Z"];
  test.each([
    ["the vendor's time counts first, to its last digit", [late, 1], [early, 9]],
    ["under one vendor's time the later read", [early, 2], [early, 1]],
    ["without a vendor's time the later read", [null, 2], [null, 1]],
    ["a version counts more than none", [early, 1], [null, 9]],
  ] as const)("%s", (_name, [modified, read], [otherModified, otherRead]) => {
    const [later, sooner] = [said(modified, read), said(otherModified, otherRead)];
    expect(compareVersions(later.version, sooner.version)).toBeGreaterThan(0);
    expect(compareVersions(sooner.version, later.version)).toBeLessThan(0);
    expect(compareVersions(later.version, later.version)).toBe(0);
    expect(merged(knownFrom(later), knownFrom(sooner)).said).toEqual(later);
  });
  test("one reading delivered twice in two forms is the same whoever comes first", () => {
    const [first, second] = [said(null, 1, { digest: "a" }), said(null, 1, { digest: "b" })];
    expect(merged(knownFrom(first), knownFrom(second)).said?.digest).toBe("b");
    expect(merged(knownFrom(first), nothingKnown).said).toEqual(first);
  });
});

describe("a record is gone", () => {
  test.each([
    ["when a later read proved it gone", 3, 4, true],
    ["not when the same read found it", 4, 4, false],
    ["not when a later read found it", 5, 4, false],
  ])("%s", (_name, seen, absent, is) => expect(isGone(merged(knownFrom(said(null, seen)), gone(absent)))).toBe(is));
  test("never when nothing proved it", () => expect(isGone(knownFrom(said(null, 1)))).toBe(false));
  test("the last read that found it counts, though its text is older", () => {
    const known = merged(knownFrom(said("2026-11-02T09:00:00Z", 2)), knownFrom(said("2026-11-02T08:00:00Z", 7)));
    expect(known).toMatchObject({ seenRead: 7, said: { version: { read: 2 } } });
    expect(isGone(merged(known, gone(6)))).toBe(false);
  });
  test("of two proofs the later read stays; of one read, one and the same", () => {
    expect(merged(gone(3), gone(5)).absent?.read).toBe(5);
    expect(merged(gone(3), nothingKnown).absent?.read).toBe(3);
    expect(merged(gone(3, "deleted"), gone(3, "unseen")).absent?.how).toBe("unseen");
    expect(
      merged(gone(3, "unseen", "2026-11-02T09:00:00Z"), gone(5, "deleted", "2026-11-02T08:00:00Z")).absent?.how,
    ).toBe("deleted");
  });
});

describe("what of a job's records is live", () => {
  const known = (facts: Facts, id: string, absentRead: number | null = null): readonly [string, Known] => {
    const of = { record: { connection: "s1", stream: facts.kind, id }, hangsOn: ["s1/job/1"], facts };
    return [
      `s1/${facts.kind}/${id}`,
      {
        ...knownFrom(said(null, 5, of)),
        absent: absentRead === null ? null : { read: absentRead, at: "x", how: "unseen" },
      },
    ];
  };
  const view = (...all: readonly (readonly [string, Known])[]) =>
    viewOf({ ...emptyJob("j"), observations: Object.fromEntries(all) });
  const job = root({}).facts;

  test.each([
    ["present", null, true],
    ["present", 4, true],
    ["present", 6, false],
    ["inactive", null, false],
    ["deleted", null, false],
  ] as const)("%s, proven gone by read %j: %j", (presence, absent, live) =>
    expect(view(known({ ...job, presence }, "1", absent)).roots).toMatchObject([
      { key: "s1/job/1", connection: "s1", live },
    ]),
  );
  test("a void invoice is not, every other one is", () => {
    const stages = ["void", "draft", "pending", "posted"] as const;
    const found = view(...stages.map((stage) => known({ ...invoice({}).facts, stage }, stage))).invoices;
    expect(found.map(({ facts, live }) => [facts.stage, live])).toEqual([
      ["draft", true],
      ["pending", true],
      ["posted", true],
      ["void", false],
    ]);
    expect(view(known({ ...invoice({}).facts, presence: "deleted" }, "1")).invoices).toMatchObject([{ live: false }]);
  });
  test("each record stands where it belongs, in the order of its key; one nobody has read yet stands nowhere", () => {
    const found = view(known(job, "2"), known(job, "1"), known(payment([]).facts, "1"), ["s1/job/3", nothingKnown]);
    expect(found.roots.map(({ key }) => key)).toEqual(["s1/job/1", "s1/job/2"]);
    expect([found.payments.length, found.invoices.length, found.visits.length]).toEqual([1, 0, 0]);
  });
  test("visits that count are those of the job that are neither canceled nor unused, by their start", () => {
    const visit = (id: string, state: "scheduled" | "canceled" | "unused" | "done", start: string | null) =>
      known({ kind: "visit", presence: "present", state, word: state, schedule: null, start }, id);
    const of = view(
      visit("1", "scheduled", "b"),
      visit("2", "done", "a"),
      visit("3", "canceled", "c"),
      visit("4", "unused", "c"),
      visit("5", "done", null),
    );
    expect(visitsOf(of, "s1/job/1").map(({ key }) => key)).toEqual(["s1/visit/5", "s1/visit/2", "s1/visit/1"]);
    expect(visitsOf(of, "s1/job/2")).toEqual([]);
  });
});
