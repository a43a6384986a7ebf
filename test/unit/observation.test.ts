import { describe, expect, test } from "vitest";
import type { Facts, InvoiceFacts } from "#shared/domain/facts.ts";
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
import { assignmentsOf, numberOf, viewOf, visitsOf, worksOf } from "#shared/domain/view.ts";
import { invoice, payment, root, viewWith } from "#test/support/money-view.ts";

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
      visit("1", "scheduled", "2026-11-02T09:00:00Z"),
      visit("2", "done", "2026-11-02T08:00:00Z"),
      visit("3", "canceled", "2026-11-02T10:00:00Z"),
      visit("4", "unused", "2026-11-02T10:00:00Z"),
      visit("5", "done", null),
      visit("6", "done", "2026-11-02T08:00:00Z"),
      visit("7", "scheduled", null),
    );
    expect(visitsOf(of, "s1/job/1").map(({ key }) => key.slice(-1))).toEqual(["5", "7", "2", "6", "1"]);
    expect(visitsOf(of, "s1/job/2")).toEqual([]);
  });
  test("technicians put on a job are those of its live records", () => {
    const technician = { record: null, email: "ana@example.com", name: "Ana" };
    const put = (id: string, presence: "present" | "deleted") =>
      known({ kind: "assignment", presence, technician, visit: null }, id);
    const of = view(put("1", "present"), put("2", "deleted"));
    expect(of.assignments.map(({ live }) => live)).toEqual([true, false]);
    expect(assignmentsOf(of, "s1/job/1")).toMatchObject([{ key: "s1/assignment/1", facts: { technician } }]);
    expect(assignmentsOf(of, "s1/job/2")).toEqual([]);
  });
  test("people and places stand nowhere in it", () => {
    const person = {
      kind: "person",
      role: "customer",
      presence: "present",
      name: "Dana",
      phones: [],
      emails: [],
      mergedTo: null,
    } as const;
    const place = { kind: "reference", presence: "present", name: "North", values: {} } as const;
    expect(view(known(person, "1"), known(place, "1"))).toEqual(view());
  });
});

describe("what a view says of a whole job", () => {
  const hung = (more: Partial<InvoiceFacts>, live = true, on = "s1/jobs/1") => {
    const one = invoice(more, { connection: "s1", live });
    return { ...one, observation: { ...one.observation, hangsOn: [on] } };
  };
  const work = { word: "Invoiced", set: ["completed"], partly: ["working"] } as const;
  test.each([
    ["a part of it is billed", [hung({ partial: true })], ["completed", "working"]],
    ["a part of it among others", [hung({}), hung({ partial: true })], ["completed", "working"]],
    ["all of it is billed", [hung({})], ["completed"]],
    ["the bill for a part is a draft", [hung({ partial: true, stage: "draft" })], ["completed"]],
    ["the bill for a part is gone", [hung({ partial: true }, false)], ["completed"]],
    ["the bill for a part is another job's", [hung({ partial: true }, true, "s1/jobs/2")], ["completed"]],
    ["nothing is billed", [], ["completed"]],
  ])("its word means more while %s", (_name, invoices, works) =>
    expect(worksOf(root({ work }, { connection: "s1" }), viewWith({ invoices }))).toEqual(works),
  );
  test("a word that means no more stays, whatever is billed", () =>
    expect(worksOf(root({}, { connection: "s1" }), viewWith({ invoices: [hung({ partial: true })] }))).toEqual([
      "completed",
    ]));

  const numbered = (connection: string, number: string | null) => root({ number }, { connection });
  test.each([
    [
      "the reference's first, wherever it stands",
      [numbered("s1", "A"), numbered("s2", "B"), numbered("s3", "C")],
      "s2",
      "B",
    ],
    ["another's where it has none", [numbered("s1", null), numbered("s2", ""), numbered("s3", "C")], "s2", "C"],
    ["the first of the others in their order", [numbered("s1", "A"), numbered("s3", "C")], "s2", "A"],
    ["the first of all without a reference", [numbered("s1", "A"), numbered("s2", "B")], undefined, "A"],
    ["none where nobody has one", [numbered("s1", null)], "s1", null],
  ])("its number is %s", (_name, roots, reference, number) =>
    expect(numberOf(viewWith({ roots }), reference)).toBe(number),
  );
});
