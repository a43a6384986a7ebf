import { describe, expect, test } from "vitest";
import { moneyLine, workOf } from "#shared/domain/balance.ts";
import type { JobFacts } from "#shared/domain/facts.ts";
import type { Work } from "#shared/domain/status.ts";
import { isOfOthers, ownPart, partsOf, unitOf, unitsIn, workTogether } from "#shared/domain/unit.ts";
import { viewOf } from "#shared/domain/view.ts";
import { compareMoney, missingTwins, moneyLines } from "#shared/pipeline/compare.ts";
import { mergeAll } from "#shared/pipeline/merge-fields.ts";
import { canceledWithMoney, completedAtZero } from "#shared/pipeline/odd-money.ts";
import { completedElsewhere, isCompared } from "#shared/pipeline/words.ts";
import { contextWith, s1, s2 } from "#test/support/compared.ts";
import { jobWith, on } from "#test/support/job-with.ts";
import { companyOf, contextOf, systemClasses } from "#test/support/model-systems.ts";
import { invoice, root, viewWith } from "#test/support/money-view.ts";

const project = (id: string) => ({ connection: "s1", stream: "projects", id });
const part = (id: string, of: string | null, more: Partial<JobFacts> & { works?: readonly Work[] } = {}, live = true) =>
  root({ ...more, ...(of === null ? {} : { unit: project(of) }) }, { ...s1, id, live });
const keys = (roots: readonly { readonly key: string }[]) => roots.map((one) => one.key);

describe("the parts of a unit", () => {
  const view = viewWith({
    roots: [part("1", "7"), part("2", "7"), part("3", "8"), part("4", null), part("5", "7", {}, false), root({}, s2)],
  });
  const [one, two, other, alone, gone] = view.roots;
  test("are the live records that name it, each of them with the others", () => {
    expect([one, alone].map((root) => root && unitOf(root))).toEqual(["s1/projects/7", null]);
    expect([one, two].map((root) => root && keys(partsOf(view, root)))).toEqual([
      ["s1/jobs/1", "s1/jobs/2"],
      ["s1/jobs/1", "s1/jobs/2"],
    ]);
    for (const root of [other, alone, gone]) expect(root && partsOf(view, root)).toEqual([root]);
    expect([...unitsIn(view.roots)]).toEqual(["s1/projects/7", "s1/projects/8"]);
    expect([...unitsIn([part("5", "7", {}, false)])]).toEqual(["s1/projects/7"]);
  });

  test("bill what hangs on them, and an invoice of the unit where one of them is", () => {
    const bills = [
      on(invoice({ total: 100 }, { ...s1, id: "i1" }), "s1/jobs/1"),
      on(invoice({ total: -10 }, { ...s1, id: "a1" }), "s1/invoices/i1"),
      on(invoice({ total: 200 }, { ...s1, id: "i2" }), "s1/jobs/2"),
      on(invoice({ total: 1_000, unit: project("7") }, { ...s1, id: "p7" }), "s1/projects/7"),
      on(invoice({ total: 5_000, unit: project("9") }, { ...s1, id: "p9" }), "s1/projects/9"),
    ];
    const state = jobWith([part("1", "7"), part("2", "7"), ...bills]);
    const both = viewOf(state);
    expect(both.invoices.map((one) => one.key)).not.toContain("s1/invoices/p9");
    expect(moneyLine(both, "s1", "invoices")).toMatchObject({ charge: 1_290, provisional: false });
    const charges = both.roots.map((root) => moneyLine(ownPart(both, root), "s1", "invoices").charge);
    expect(charges).toEqual([90, 200]);
    const sole = viewOf(jobWith([part("1", "7"), root({}, s2)]));
    for (const root of sole.roots) expect(ownPart(sole, root)).toBe(sole);
    expect(isOfOthers(invoice({}), new Set())).toBe(false);
    expect(isOfOthers(invoice({ unit: project("7") }), new Set(["s1/projects/7"]))).toBe(false);
    expect(isOfOthers(invoice({ unit: project("7") }), new Set(["s1/projects/8"]))).toBe(true);
  });
});

describe("what parts mean together", () => {
  test.each([
    ["nothing", [], []],
    ["one is what it says", [["held", "completed"]], ["held", "completed"]],
    ["all completed", [["completed"], ["completed"]], ["completed"]],
    ["one is not begun", [["completed"], ["scheduled"]], ["scheduled", "working"]],
    ["none is begun", [["scheduled"], ["open"]], ["open", "scheduled"]],
    ["a canceled one is left out", [["canceled"], ["completed"]], ["completed"]],
    ["and says nothing of the others", [["canceled"], ["scheduled"]], ["scheduled"]],
    ["all canceled", [["canceled"], ["canceled"]], ["canceled"]],
    ["one may be completed", [["held", "completed"], ["completed"]], ["working", "held", "completed"]],
    ["one may be and another is not", [["held", "completed"], ["working"]], ["working", "held"]],
  ] as const)("%s", (_what, sets, together) => expect(workTogether(sets)).toEqual(together));

  test("is the work of each of them, done only when all are", () => {
    const view = viewWith({ roots: [part("1", "7"), part("2", "7", { works: ["working"] }), part("3", "8")] });
    expect(view.roots.map((one) => workOf(one, view))).toEqual([["working"], ["working"], ["completed"]]);
    expect(moneyLine(view, "s1", "record").provisional).toBe(true);
    const canceled = viewWith({ roots: [part("1", "7"), part("2", "7", { works: ["canceled"] })] });
    expect(moneyLine(canceled, "s1", "record").provisional).toBe(false);
  });

  test("is completed elsewhere when the last of them was", () => {
    const done = (id: string, completedAt: string) => part(id, "7", { completedAt });
    const both = [done("1", "2026-11-02T10:00:00Z"), done("2", "2026-11-03T10:00:00Z")];
    const at = (...roots: ReturnType<typeof part>[]) => completedElsewhere(viewWith({ roots }), "s2");
    expect(at(...both)).toBe("2026-11-03T10:00:00Z");
    expect(at(...both.toReversed())).toBe("2026-11-03T10:00:00Z");
    expect(at(...both, part("3", "7", { works: ["working"] }))).toBeNull();
    expect(at(...both, part("3", "7", { works: ["canceled"] }))).toBe("2026-11-03T10:00:00Z");
    expect(at(...both, part("3", null, { completedAt: "2026-11-01T10:00:00Z" }))).toBe("2026-11-01T10:00:00Z");
  });
});

describe("merging a unit with other systems", () => {
  const now = "2026-11-02T08:00:00.000Z";
  const classes = [systemClasses.writable, systemClasses.writable];
  const settled = { attempts: [], receipts: [], refusals: [], written: [], ask: [] };
  const merged = (
    roots: readonly ReturnType<typeof root>[],
    bases: Readonly<Record<string, Work>>,
    agreed: readonly Work[],
  ) => {
    const work = Object.fromEntries(
      Object.entries(bases).map(([key, word]) => [key, { word: { word, set: [word] }, ask: false }]),
    );
    const state = { ...jobWith(roots), bases: { work }, fields: { work: { agreed, by: ["s2/jobs/1"] } } };
    return mergeAll(state, viewWith({ roots }), settled, contextOf(companyOf(classes), classes, now));
  };
  const before = { "s1/jobs/1": "scheduled", "s1/jobs/2": "scheduled", "s2/jobs/1": "scheduled" } as const;

  test("one part that is completed does not complete the work", () => {
    const roots = [part("1", "7"), part("2", "7", { works: ["scheduled"] }), root({ works: ["scheduled"] }, s2)];
    const { work } = merged(roots, before, ["scheduled"]);
    expect(work?.agreed).toEqual(["scheduled"]);
    expect(work?.sides.map(({ agrees, ask }) => [agrees, ask])).toEqual(Array(3).fill([true, false]));
  });

  test("the last one does", () => {
    const roots = [part("1", "7"), part("2", "7"), root({ works: ["scheduled"] }, s2)];
    const { work } = merged(roots, { ...before, "s1/jobs/1": "completed" }, ["scheduled"]);
    expect(work?.agreed).toEqual(["completed"]);
    expect(work?.sides.map(({ record, agrees }) => [record, agrees])).toEqual([
      ["s1/jobs/1", true],
      ["s1/jobs/2", true],
      ["s2/jobs/1", false],
    ]);
  });

  test("a part that comes is no edit of the one that was there", () => {
    const roots = [part("1", "7"), part("2", "7", { works: ["scheduled"] }), root({}, s2)];
    const { work } = merged(roots, { "s1/jobs/1": "completed", "s2/jobs/1": "completed" }, ["completed"]);
    expect(work).toMatchObject({ agreed: ["completed"], by: ["s2/jobs/1"] });
    // Only the part that is behind disagrees; the completed one is where all should be.
    expect(work?.sides.map(({ record, agrees, ask }) => [record, agrees, ask])).toEqual([
      ["s1/jobs/1", true, false],
      ["s1/jobs/2", false, true],
      ["s2/jobs/1", true, false],
    ]);
  });

  test("day, crew and reference are not compared where there are several parts", () => {
    const fields = ["work", "billing", "schedule", "assignees", "reference"] as const;
    const compared = (...roots: ReturnType<typeof root>[]) =>
      fields.filter((field) => isCompared(field, viewWith({ roots })));
    expect(compared(part("1", "7"), part("2", "8"), root({}, s2))).toEqual(fields);
    expect(compared(part("1", "7"), part("2", "7"), root({}, s2))).toEqual(["work", "billing"]);
    const roots = [
      part("1", "7", { reference: "A" }),
      part("2", "7", { reference: "B" }),
      root({ reference: "C" }, s2),
    ];
    expect(merged(roots, before, ["completed"]).reference).toBeUndefined();
  });
});

describe("money of a unit", () => {
  const context = contextWith({ graceHours: { default: 1 }, expectedIn: [{ from: "s1", to: "s2", withinHours: 1 }] });
  const bill = (works: readonly Work[]): Partial<JobFacts> & { works: readonly Work[] } => ({
    billing: "by-money",
    works,
  });
  const line = (charge: number) => [
    { connection: "s1", charge, payment: 0, outstanding: charge, provisional: false, unreadable: [] },
  ];
  const found = (...works: readonly (readonly Work[])[]) =>
    viewWith({ roots: works.map((set, index) => part(String(index + 1), "7", bill(set))) });

  test("is odd where all of it is canceled or completed, and said once", () => {
    const canceled = (...works: readonly (readonly Work[])[]) =>
      canceledWithMoney(found(...works), line(100), context).map(({ key }) => key);
    expect(canceled(["canceled"], ["completed"])).toEqual([]);
    expect(canceled(["canceled"], ["canceled"])).toEqual(["canceled-with-money:s1/jobs/1"]);
    expect(completedAtZero(found(["completed"], ["working"]), line(0))).toEqual([]);
    expect(completedAtZero(found(["completed"], ["completed"]), line(0))).toEqual(["completed-at-zero: s1 1"]);
  });

  test("has to reach another system when the last part is done", () => {
    const missing = (...works: readonly (readonly Work[])[]) => {
      const view = found(...works);
      return missingTwins(jobWith(view.roots), view, line(100), context).map(({ key, gapMinor }) => [key, gapMinor]);
    };
    expect(missing(["completed"], ["working"])).toEqual([]);
    expect(missing(["completed"], ["completed"])).toEqual([["missing-twin:s2", 100]]);
  });

  test("is an estimate until the last part is done", () => {
    const gaps = (second: Work) => {
      const roots = [
        part("1", "7", { charge: 300 }),
        part("2", "7", { charge: 200, works: [second] }),
        root({ charge: 450 }, s2),
      ];
      const view = viewWith({ roots });
      return compareMoney(jobWith(roots), view, moneyLines(view, context), context).map(({ key, gapMinor }) => [
        key,
        gapMinor,
      ]);
    };
    expect(gaps("working")).toEqual([]);
    expect(gaps("completed")).toEqual([["charge", -50]]);
  });
});
