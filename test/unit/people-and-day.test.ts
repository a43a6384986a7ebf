import { describe, expect, test } from "vitest";
import type { Neighbour } from "#shared/pipeline/link.ts";
import {
  amountSaid,
  amountsSaid,
  byDuplicate,
  byPeopleAndDay,
  isCrowded,
  isOnlyOurs,
} from "#shared/pipeline/people-and-day.ts";
import { call, daySet as set } from "#test/support/calls.ts";

const joined = (mine: Neighbour, ...others: readonly Neighbour[]) =>
  byPeopleAndDay(mine, [mine, ...others]).map(({ other }) => other);

describe("calls of one customer and day", () => {
  test("are one job where each system has one and they share a technician, which is the evidence", () => {
    const mine = call("s1/10", { crew: ["ana", "ben", "cy"] });
    expect(byPeopleAndDay(mine, [mine, call("s2/20", { crew: ["cy", "ana", "dee"] })])).toEqual([
      {
        ...{ mine: "s1/jobs/10", other: "s2/jobs/20", rule: "people-and-day" },
        evidence: [set, "technicians cy, ana"],
      },
    ]);
    // Whether the day lists the record itself or not.
    expect(byPeopleAndDay(mine, [call("s2/20")])).toHaveLength(1);
    expect(joined(mine, call("s2/20"), call("s3/30"))).toEqual(["s2/jobs/20", "s3/jobs/30"]);
  });

  test.each([
    ["another technician went", call("s2/20", { crew: ["ben"] })],
    ["nobody is said to have gone", call("s2/20", { crew: [] })],
    ["who went is not a list of names", call("s2/20", { crew: "ana" })],
    ["what went is no person", call("s2/20", { crew: [7] })],
    ["it is of the same system", call("s1/11", { charge: 5 })],
  ])("are not when %s", (_name, other) => {
    expect(joined(call("s1/10", { charge: 5, crew: ["ana", 7] }), other)).toEqual([]);
  });

  test("are not when neither says who went", () => {
    expect(joined(call("s1/10", { crew: null }), call("s2/20", { crew: null }))).toEqual([]);
  });

  test("are read as they are now, whatever the day still says of the one that looks", () => {
    const now = call("s1/10", { charge: 45_000 });
    expect(byPeopleAndDay(now, [call("s1/10", { charge: 9_900 }), call("s2/20")])).toHaveLength(1);
  });
});

describe("on a day on which a system has several calls", () => {
  const mine = call("s1/10", { charge: 45_000 });
  const second = call("s1/11", { charge: 9_900 });

  test("only an amount that each of the two has once makes two calls one, and it is said of those two", () => {
    const [proposal, ...others] = byPeopleAndDay(mine, [mine, second, call("s2/20", { charge: 45_000 })]);
    expect(others).toEqual([]);
    expect(proposal?.evidence).toEqual([set, "technicians ana", "amount 45000 of s1/jobs/10 and s2/jobs/20"]);
  });

  test.each([
    ["the other has another amount", [second, call("s2/20", { charge: 44_999 })]],
    ["the other states none", [second, call("s2/20")]],
    [
      "its own system has it twice",
      [call("s1/11", { charge: 45_000, title: "Pump" }), call("s2/20", { charge: 45_000 })],
    ],
    [
      "the other system has it twice",
      [call("s2/20", { charge: 45_000 }), call("s2/21", { charge: 45_000, title: "Pump" })],
    ],
    ["the other was somebody else's", [second, call("s2/20", { charge: 45_000, crew: ["ben"] })]],
  ])("they are not when %s", (_name, others) => expect(joined(mine, ...others)).toEqual([]));

  test.each([0, null])("an amount of %s tells nothing apart", (charge) => {
    expect(joined(call("s1/10", { charge }), second, call("s2/20", { charge }))).toEqual([]);
  });

  test("what a third system has of that amount is no matter", () => {
    const third = [
      call("s3/30", { charge: 45_000, crew: [] }),
      call("s3/31", { charge: 45_000, crew: [], title: "Pump" }),
    ];
    expect(joined(mine, second, call("s2/20", { charge: 45_000 }), ...third)).toEqual(["s2/jobs/20"]);
  });

  test("a call that was entered twice is one call", () => {
    const twice = [call("s2/20", { charge: 45_000 }), call("s2/21", { charge: 45_000 })];
    expect(joined(call("s1/10"), ...twice)).toEqual(["s2/jobs/20", "s2/jobs/21"]);
    // Two systems' equal titles and amounts are not one call entered twice.
    expect(isCrowded([call("s1/10", { charge: 5 }), call("s2/20", { charge: 5 })], new Set())).toBe(false);
  });
});

describe("a call entered twice in one system", () => {
  const mine = call("s1/10", { charge: 45_000 });
  const twins = (one: Neighbour, ...others: readonly Neighbour[]) =>
    byDuplicate(one, [one, ...others]).map(({ other }) => other);

  test("has the same customer, day, title and amount, and says so", () => {
    expect(byDuplicate(mine, [mine, call("s1/11", { charge: 45_000 })])).toEqual([
      {
        ...{ mine: "s1/jobs/10", other: "s1/jobs/11", rule: "duplicate" },
        evidence: [set, "title Leak", "amount 45000"],
      },
    ]);
    expect(twins(mine, call("s1/11", { charge: 45_000, crew: ["ben"] }))).toEqual(["s1/jobs/11"]);
  });

  test.each([
    ["another amount", {}, { charge: 45_001 }],
    ["another title", {}, { title: "Pump" }],
    ["no title", { title: "" }, { title: "" }],
    ["a title that neither states", { title: null }, { title: null }],
    ["no amount", { charge: 0 }, { charge: 0 }],
    ["an amount that neither states", { charge: null }, { charge: null }],
    ["a credit", { charge: -5 }, { charge: -5 }],
    ["an amount that is no number", { charge: "5" }, { charge: "5" }],
  ])("not with %s", (_name, a, b) => {
    expect(twins(call("s1/10", { charge: 45_000, ...a }), call("s1/11", { charge: 45_000, ...b }))).toEqual([]);
  });

  test("never in two systems", () => expect(twins(mine, call("s2/20", { charge: 45_000 }))).toEqual([]));
});

describe("whether a day is crowded for a job", () => {
  const [ours, theirs, other] = [call("s1/10"), call("s2/20"), call("s1/11")];
  const mates = (...members: readonly string[]) => new Set(members);
  const charged = (name: string, charge: number) => call(name, { charge });

  test.each([
    ["each system has one call", [ours, theirs], mates(), false],
    ["a system has two", [ours, theirs, other], mates(), true],
    ["two of one system, both of this job", [ours, theirs, other], mates("s1/jobs/10", "s1/jobs/11"), false],
    ["two of one system, one of this job", [ours, theirs, other], mates("s1/jobs/10"), true],
    ["a second entry of the job's own call", [charged("s1/10", 5), charged("s1/11", 5)], mates("s1/jobs/10"), false],
    ["another amount beside its own", [charged("s1/10", 5), charged("s1/11", 6)], mates("s1/jobs/10"), true],
    ["an empty day", [], mates(), false],
  ])("%s", (_name, day, of, expected) => expect(isCrowded(day, of)).toBe(expected));

  test.each([
    ["only the job has it", [charged("s1/10", 5), charged("s1/11", 6), charged("s2/20", 5)], 5, true],
    [
      "somebody else of the two systems has it too",
      [charged("s1/10", 5), call("s1/11", { charge: 5, title: "" })],
      5,
      false,
    ],
    ["somebody else has it, in a third system", [charged("s1/10", 5), charged("s3/30", 5)], 5, true],
    ["it is nothing", [charged("s1/10", 0)], 0, false],
    ["it is not stated", [call("s1/10")], null, false],
    ["it is the job's call, entered twice", [charged("s1/10", 5), charged("s1/11", 5)], 5, true],
  ])("an amount is its own when %s: %s", (_name, day, charge, expected) => {
    expect(isOnlyOurs(day, ["s1", "s2"], charge, mates("s1/jobs/10", "s2/jobs/20"))).toBe(expected);
  });
});

test("the amount that a link rests on is read from its evidence again, of these two records and no others", () => {
  const [a, b, c] = ["s1/jobs/10", "s2/jobs/20", "s2/jobs/2"];
  const evidence = [set, amountSaid(45_000, b, a), "amount 450.00", amountSaid(-50, a, b), amountSaid(7, a, c)];
  expect(amountSaid(45_000, b, a)).toBe(amountSaid(45_000, a, b));
  expect(amountsSaid(evidence, a, b)).toEqual([45_000, -50]);
  expect(amountsSaid(evidence, c, a)).toEqual([7]);
  expect(amountsSaid([`to the amount 5 of ${a} and ${b}`, `amount 5 of ${a} and ${b}, once`], a, b)).toEqual([]);
});
