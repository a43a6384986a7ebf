import { describe, expect, test } from "vitest";
import { type Break, breakStates, isOpen } from "#shared/domain/break.ts";
import { movesMoney } from "#shared/domain/intent.ts";
import { emptyJob, isJobState } from "#shared/domain/job.ts";
import {
  formatMinor,
  isUnreadable,
  minorFromCents,
  minorFromDecimal,
  minorFromNumber,
  stated,
} from "#shared/domain/money.ts";
import { editorsOf, modeOf, referenceOf, zoneOf } from "#shared/domain/policy.ts";
import { unknownWord } from "#shared/domain/status.ts";
import { companyOf, systemClasses } from "#test/support/model-systems.ts";

test("a break counts in open money from when it opens until it is resolved", () =>
  expect(breakStates.filter((state) => isOpen({ state } as Break))).toEqual([
    "open",
    "explained",
    "assigned",
    "reopened",
  ]));

test("a word that nobody understands may mean every state, and says so", () =>
  expect(unknownWord("Misc", ["open", "held"])).toEqual({ word: "Misc", set: ["open", "held"], unknown: true }));

describe("a write moves money", () => {
  test.each([
    [1, {}, true],
    [-1, {}, true],
    [0, {}, false],
    [0, { money: true }, true],
    [0, { money: false }, false],
    [0, { money: "yes" }, false],
    [5, { money: true }, true],
  ])("of %i cents with %j: %j", (moneyMinor, words, moves) =>
    expect(movesMoney({ moneyMinor, arguments: words })).toBe(moves),
  );
});

describe("what is stored is a job", () => {
  const whole = emptyJob("j1");
  test("if every member is there and of its kind", () => {
    expect(isJobState(whole)).toBe(true);
    expect(isJobState({ ...whole, forwardTo: "j2", dueAt: "2026-11-02T08:00:00Z", lastChange: { version: 1 } })).toBe(
      true,
    );
  });
  test.each([
    ["nothing", undefined],
    ["null", null],
    ["a text", "job"],
    ["an empty object", {}],
    ["a member missing", { ...whole, breaks: undefined }],
    ["a nullable member missing", { ...whole, dueAt: undefined }],
    ["a nullable member of another kind", { ...whole, dueAt: 7 }],
    ["a list where a table belongs", { ...whole, people: [] }],
    ["a table where a list belongs", { ...whole, breaks: {} }],
    ["null where a table belongs", { ...whole, people: null }],
    ["a text where a number belongs", { ...whole, planned: "3" }],
  ])("not %s", (_name, value) => expect(isJobState(value)).toBe(false));
});

describe("who decides", () => {
  const classes = [systemClasses.writable, systemClasses.writable];
  const company = companyOf(classes);
  const [first, second] = company.connections;
  if (!first || !second) throw new Error("two connections");
  const { mode: _, ...unsaid } = first;

  test("the mode of a target is its own, else the connection's, else only observed", () => {
    expect(modeOf({ ...first, mode: { default: "apply", status: "propose" } }, "status")).toBe("propose");
    expect(modeOf({ ...first, mode: { default: "apply", status: "propose" } }, "payment")).toBe("apply");
    expect(modeOf({ ...first, mode: { status: "propose" } }, "payment")).toBe("observe");
    expect(modeOf(unsaid, "status")).toBe("observe");
  });
  test("the reference of money is the configured one, else the first receivable", () => {
    const of = (...books: readonly ("payable" | "receivable" | "cost")[]) =>
      referenceOf({
        ...company,
        connections: books.map((book, place) => ({ ...second, id: `c${place}`, book, reference: undefined })),
      })?.id;
    expect(referenceOf({ ...company, connections: [{ ...second, reference: undefined }, first] })?.id).toBe(first.id);
    expect(of("cost", "payable", "receivable", "receivable")).toBe("c2");
    expect(of("cost", "payable")).toBeUndefined();
  });
  test("a connection's zone is its own, else the company's", () => {
    expect(zoneOf(company, { ...first, zone: "America/Boise" })).toBe("America/Boise");
    expect(zoneOf(company, first)).toBe("America/Denver");
  });
  test("editors are those named, else who has authority; of a field nobody names, none", () => {
    const policy = { authority: { work: ["a", "b"] } };
    expect(editorsOf(policy, "work")).toEqual(["a", "b"]);
    expect(editorsOf({ ...policy, editors: { work: ["b"] } }, "work")).toEqual(["b"]);
    expect(editorsOf(policy, "billing")).toEqual([]);
  });
});

describe("amounts at their borders", () => {
  test.each([
    [" 5.00 ", 500],
    ["+5", 500],
    ["0.009999999", 1],
    ["5.0000001", 500],
    ["-0.0000001", 0],
    ["90071992547409.91", Number.MAX_SAFE_INTEGER],
  ])("%j is %i cents", (text, minor) => expect(Object.is(minorFromDecimal(text), minor)).toBe(true));
  test.each([
    ["5.009"],
    ["5.0040001"],
    ["0.009999"],
    ["0.00990001"],
    ["5.004"],
    ["0.00999"],
    ["0.000001"],
    ["90071992547409.92"],
    ["5."],
    [".5"],
    ["--5"],
  ])("%j is unreadable, as it is printed", (text) => expect(minorFromDecimal(text)).toEqual({ unreadable: text }));
  test.each([
    [1e21, { unreadable: "1e+21" }],
    [5e-7, 0],
    [5e-6, { unreadable: "0.000005" }],
    [Number.POSITIVE_INFINITY, { unreadable: "Infinity" }],
  ])("the number %d is %j", (dollars, read) => expect(minorFromNumber(dollars)).toEqual(read));
  test("whole cents are taken as they are, and nothing else is", () => {
    expect(minorFromCents(-5)).toBe(-5);
    expect(minorFromCents(1.5)).toEqual({ unreadable: "1.5" });
    expect(minorFromCents(2 ** 53)).toEqual({ unreadable: "9007199254740992" });
  });
  test.each([
    [0, "0.00"],
    [5, "0.05"],
    [-5, "-0.05"],
    [-1_255, "-12.55"],
    [100, "1.00"],
  ])("%i cents are printed %s", (minor, text) => expect(formatMinor(minor)).toBe(text));
  test("an amount is stated, not stated or unreadable", () => {
    expect([stated(5), stated(0), stated(null), stated(undefined), stated({ unreadable: "x" })]).toEqual([
      5,
      0,
      null,
      null,
      null,
    ]);
    expect([isUnreadable({ unreadable: "x" }), isUnreadable(null), isUnreadable(undefined), isUnreadable(0)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
