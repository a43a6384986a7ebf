import { describe, expect, test } from "vitest";
import type { Vocabulary } from "#shared/connectors/connector.ts";
import type { StatusWord, Work } from "#shared/domain/status.ts";
import type { MergedSide } from "#shared/pipeline/merge.ts";
import { windowText } from "#shared/pipeline/plan.ts";
import { companyOf, contextOf } from "#test/support/model-systems.ts";
import { root } from "#test/support/money-view.ts";
import { branchRoot, classes, done, now, plan, record } from "#test/support/planned.ts";

describe("a status", () => {
  test("that differs is written in the vendor's own word, with what the job is as the reason", () =>
    expect(plan({ work: {} }, { ...done, billing: ["paid"] })).toEqual([
      {
        ...{
          kind: "write",
          target: "status",
          record,
          read: "Working",
          wanted: "Completed",
          requests: 3,
          moneyMinor: 0,
        },
        arguments: { completedAt: null },
        ask: false,
        sentence: "s2 B-7: Working becomes Completed, because the job is completed, paid",
      },
    ]));

  test.each([
    ["agrees", { agrees: true }],
    ["says nothing", { silent: true }],
    ["has an attempt open", { held: true }],
    ["is another's", { record: "s2/jobs/2" }],
  ])("of a record that %s is left alone", (_name, side) => expect(plan({ work: side }, done)).toEqual([]));

  test("with an attempt open on one field, nothing is planned for the other it is written with", () =>
    expect(plan({ work: {}, billing: { held: true } }, done)).toEqual([]));
  test("of a frozen field is left alone", () =>
    expect(plan({ work: {} }, done, { standing: { frozen: ["work"] } })).toEqual([]));
  test("of a record that is gone, or of a system without a vocabulary, is left alone", () => {
    expect(plan({ work: {} }, done, { roots: [branchRoot({}, false)] })).toEqual([]);
    expect(plan({ work: { record: "s9/jobs/1" } }, done, { roots: [root({}, { connection: "s9" })] })).toEqual([]);
  });
  test("where the vendor takes none, or is only observed, is left alone; proposed, it is planned", () => {
    expect(plan({ work: {} }, done, { targets: { status: "none" } })).toEqual([]);
    expect(plan({ work: {} }, done, { targets: {} })).toEqual([]);
    expect(plan({ work: {} }, done, { mode: "observe" })).toEqual([]);
    expect(plan({ work: {} }, done, { mode: "propose" })).toHaveLength(1);
  });
  test("that is there already, or has no word, is not written", () => {
    const there = branchRoot({ work: { word: "Completed", set: ["completed"] } });
    expect(plan({ work: {} }, done, { roots: [there] })).toEqual([]);
    expect(plan({ work: {} }, { work: ["dispatched"] })).toEqual([]);
  });
  test("of a record that prints no word is said so", () =>
    expect(plan({ work: {} }, done, { roots: [branchRoot({ work: { word: null, set: [] } })] })[0]?.sentence).toBe(
      "s2 B-7: no word becomes Completed, because the job is completed",
    ));

  describe("is asked about first", () => {
    const asks = (work: Work, side: Partial<MergedSide> = {}, words: Partial<Vocabulary> = {}) =>
      plan({ work: side }, { work: [work] }, { vocabulary: words }).map((one) => one.ask);
    const words = (pinned: boolean): readonly StatusWord[] =>
      (contextOf(companyOf(classes), classes, now).vocabularies["s2"]?.statusWords ?? []).map((row) => ({
        ...row,
        ...(pinned && row.word === "Working" ? { pinned: true as const } : {}),
      }));
    test("where somebody's edit lost", () => expect(asks("completed", { ask: true })).toEqual([true]));
    test("where it goes back in the vendor's order", () => expect(asks("scheduled")).toEqual([true]));
    test("where a person pinned the word", () =>
      expect(asks("completed", {}, { statusWords: words(true) })).toEqual([true]));
    test("and else not", () => expect(asks("completed", {}, { statusWords: words(false) })).toEqual([false]));
  });

  test("carries the agreed time where the word is one of scheduling, and only there", () => {
    const schedule = { day: "2026-11-04", start: "09:00", end: "11:00" };
    const argumentsOf = (work: string) => plan({ work: {} }, { work: [work], schedule })[0]?.arguments;
    expect(argumentsOf("scheduled")).toEqual({ completedAt: null, schedule });
    expect(argumentsOf("completed")).toEqual({ completedAt: null });
  });
  test("carries when it was completed elsewhere", () => {
    const office = root({ completedAt: "2026-11-02T07:00:00Z" }, { connection: "s1" });
    const [first] = plan({ work: { agrees: false } }, done, { roots: [branchRoot(), office] }).filter(
      (one) => one.record.connection === "s2",
    );
    expect(first?.arguments).toEqual({ completedAt: "2026-11-02T07:00:00Z" });
  });

  test("of the bill is not planned while the job's money is open", () => {
    const words: readonly StatusWord[] = [
      {
        word: "Paid",
        order: 9,
        work: ["completed"],
        billing: ["paid"],
        write: { work: ["completed"], billing: ["paid"] },
      },
      {
        word: "Done",
        order: 5,
        work: ["completed"],
        billing: [],
        write: { work: ["completed"], billing: ["unbilled"] },
      },
    ];
    const wanted = (moneyOpen: boolean) =>
      plan(
        { billing: {} },
        { ...done, billing: ["paid"] },
        { vocabulary: { statusWords: words }, standing: { moneyOpen } },
      );
    expect(wanted(false)).toMatchObject([{ wanted: "Paid" }]);
    expect(wanted(true)).toMatchObject([{ wanted: "Done" }]);
  });

  describe("that no API sets is a task", () => {
    const task = { targets: { status: "task" } } as const;
    test("in the vendor's own words, asked whatever the mode", () =>
      expect(plan({ work: {} }, { work: ["completed", "held"] }, { ...task, mode: "observe" })).toEqual([
        {
          ...{ kind: "task", target: "status", record, read: "Working", wanted: "completed or held", requests: 0 },
          ...{ moneyMinor: 0, arguments: {}, ask: true },
          sentence: "s2 B-7: set status to completed or held",
        },
      ]));
    test("and so is a state that the vendor has no word for", () => {
      expect(plan({ work: {} }, { work: ["canceled"] })).toMatchObject([
        { kind: "task", wanted: "canceled", requests: 0 },
      ]);
      expect(plan({ work: {} }, { work: ["canceled", "completed"] })).toMatchObject([
        { kind: "write", wanted: "Completed" },
      ]);
    });
    test("only about the work, and only where there is something to say", () => {
      expect(plan({ billing: {} }, { ...done, billing: ["paid"] }, task)).toEqual([]);
      expect(plan({ work: {} }, {}, task)).toEqual([]);
      expect(plan({ work: {} }, done, { ...task, vocabulary: { task: () => "" } })).toEqual([]);
    });
  });
});

describe("a time", () => {
  const schedule = { day: "2026-11-04", start: "09:00", end: "11:00" };
  test("that differs is moved, from what the vendor shows", () =>
    expect(plan({ schedule: { ask: true } }, { schedule })).toEqual([
      {
        ...{ kind: "write", target: "schedule", record, read: "as it shows", wanted: "2026-11-04 09:00-11:00" },
        ...{ arguments: { schedule }, ask: true, moneyMinor: 0, requests: 3 },
        sentence: "s2 B-7: moves from as it shows to 2026-11-04 09:00-11:00",
      },
    ]));
  test("is a task where a person has to do it, and nothing where nobody can or may", () => {
    expect(plan({ schedule: {} }, { schedule }, { targets: { schedule: "task" } })).toMatchObject([
      { kind: "task", requests: 0 },
    ]);
    expect(plan({ schedule: {} }, { schedule }, { targets: { schedule: "none" } })).toEqual([]);
    expect(plan({ schedule: {} }, { schedule }, { targets: {} })).toEqual([]);
    expect(plan({ schedule: {} }, { schedule }, { mode: "observe" })).toEqual([]);
    expect(plan({ schedule: {} }, {})).toEqual([]);
    expect(plan({ schedule: { agrees: true } }, { schedule })).toEqual([]);
  });
  test.each([
    [{ day: "2026-11-04", start: "09:00", end: "11:00" }, "2026-11-04 09:00-11:00"],
    [{ day: "2026-11-04", start: "09:00", end: null }, "2026-11-04 09:00"],
    [{ day: "2026-11-04", start: null, end: "11:00" }, "2026-11-04"],
    [{ day: null, start: "09:00", end: "11:00" }, " 09:00-11:00"],
  ])("%j is printed %j: what is not known is left out", (window, text) => expect(windowText(window)).toBe(text));
});

describe("a customer's reference", () => {
  test("that differs is written; an empty one is filled", () => {
    const [first] = plan({ reference: {} }, { reference: "PO-9" }, { roots: [branchRoot({ reference: "PO-1" })] });
    expect(first).toEqual({
      ...{ kind: "write", target: "reference", record, read: "PO-1", wanted: "PO-9", arguments: {}, ask: false },
      ...{ moneyMinor: 0, requests: 3, sentence: "s2 B-7: customer reference becomes PO-9" },
    });
    expect(plan({ reference: { ask: true } }, { reference: "PO-9" })).toMatchObject([{ read: "", ask: true }]);
  });
  test("is not written where no API does, where it is only observed, or where none is agreed", () => {
    expect(plan({ reference: {} }, { reference: "PO-9" }, { targets: { reference: "task" } })).toEqual([]);
    expect(plan({ reference: {} }, { reference: "PO-9" }, { mode: "observe" })).toEqual([]);
    expect(plan({ reference: {} }, { reference: "" })).toEqual([]);
    expect(plan({ reference: { agrees: true } }, { reference: "PO-9" })).toEqual([]);
  });
});
