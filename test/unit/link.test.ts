import { describe, expect, test } from "vitest";
import type { JobFacts } from "#shared/domain/facts.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { KeyPair } from "#shared/domain/policy.ts";
import { viewOf } from "#shared/domain/view.ts";
import { crewOf, dayOf, mayJoin, membershipsOf, namesStrangers, sets } from "#shared/pipeline/link.ts";
import { s1, s2, s3 } from "#test/support/compared.ts";
import { assignment, jobWith, linkTo, on, visit } from "#test/support/job-with.ts";
import { companyOf, systemClasses } from "#test/support/model-systems.ts";
import { invoice, root } from "#test/support/money-view.ts";

const day = "2026-11-02";
const customer = (id = "c1", connection = "s1") => ({ connection, stream: "customers", id });
const technician = (id: string, connection = "s1") => ({
  ...{ record: { connection, stream: "technicians", id }, email: null, name: null },
});
const known = { "s1/customers/c1": "dana", "s1/technicians/t1": "ana", "ben@example.com": "ben" };
const job = (facts: Partial<JobFacts>, people: Readonly<Record<string, string>> = known) =>
  jobWith([root(facts, s1)], { people });
const company = (keyPairs: readonly KeyPair[] = []) =>
  companyOf([systemClasses.observed, systemClasses.observed], { keyPairs: [...keyPairs] });
const standing = (state: JobState, keyPairs?: readonly KeyPair[]) =>
  membershipsOf(state, company(keyPairs)).map(({ set, member }) => [set, member]);
const at = (state: JobState, set: string) => membershipsOf(state, company()).find((one) => one.set === set)?.data;

test("no two sets of another kind or of another thing have one name", () => {
  const names = ["1", "2"].flatMap((one) => [
    ...[sets.names(one), sets.held(one), sets.waits(one), sets.person(one), sets.number(one), sets.apart(one)],
    ...[sets.contact("phone", one), sets.contact("email", one), sets.pair(0, one), sets.pair(1, one)],
    ...[sets.day(one, day), sets.day(one, "2026-11-03"), sets.crew(one, day), sets.crew(one, "2026-11-03")],
  ]);
  expect(new Set(names).size).toBe(28);
});

describe("the day of a job", () => {
  const on2 = { day, start: null, end: null };
  const facts = { serviceDay: "2026-11-05", schedule: { ...on2, day: "2026-11-06" } };
  const visitOn = (on: string | null, start: string, state: "scheduled" | "canceled" = "scheduled") => ({
    ...{ schedule: on === null ? null : { ...on2, day: on }, start, state },
  });
  const dayWith = (own: Partial<JobFacts>, ...visits: readonly Parameters<typeof visit>[0][]) => {
    const one = root(own, s1);
    const parts = visits.map((its, index) => on(visit(its, { ...s1, id: String(index) }), one.key));
    return dayOf(one, viewOf(jobWith([one, ...parts])));
  };

  test.each([
    ["its first visit's that has one", facts, [visitOn(null, "1"), visitOn("2026-11-04", "3"), visitOn(day, "2")], day],
    ["not that of a visit that was cancelled", facts, [visitOn(day, "1", "canceled")], "2026-11-05"],
    ["else its own service day", facts, [], "2026-11-05"],
    ["else the day it is scheduled for", { ...facts, serviceDay: null }, [], "2026-11-06"],
    ["else none", {}, [], null],
  ] as const)("is %s", (_name, own, visits, expected) => expect(dayWith(own, ...visits)).toBe(expected));

  const zone = "America/Phoenix";
  test.each([
    [
      "in the zone of its part of the company",
      { ...facts, zone },
      [visitOn("2026-07-02", "2026-07-02T06:30:00Z")],
      "2026-07-01",
    ],
    [
      "of its first there",
      { zone },
      [visitOn("2026-07-03", "2026-07-04T06:30:00Z"), visitOn("2026-07-02", "2026-07-02T06:30:00Z")],
      "2026-07-01",
    ],
    [
      "of its connection's clock where it names none",
      facts,
      [visitOn("2026-07-02", "2026-07-02T06:30:00Z")],
      "2026-07-02",
    ],
    ["its own where there is no visit", { ...facts, zone }, [], "2026-11-05"],
  ] as const)("is that of a visit %s", (_name, own, visits, expected) =>
    expect(dayWith(own, ...visits)).toBe(expected),
  );
});

describe("the technicians of a job", () => {
  const people = { ...known, "s1/technicians/t2": "cy", "ana@example.com": "somebody else" };
  const crew = (facts: Partial<JobFacts>, ...parts: readonly ReturnType<typeof assignment>[]) => {
    const one = root(facts, s1);
    const state = jobWith([one, ...parts], { people });
    return crewOf(one, state, viewOf(state));
  };

  test("are whom it names, by record before e-mail, and whom an assignment puts on it, each once and in one order", () => {
    const ana = { ...technician("t1"), email: "ana@example.com" };
    const ben = { record: null, email: "ben@example.com", name: null };
    expect(crew({ technicians: [ben, ana] })).toEqual(["ana", "ben"]);
    expect(crew({ technicians: [technician("t1")] }, on(assignment(technician("t2"), s1), "s1/jobs/1"))).toEqual([
      "ana",
      "cy",
    ]);
    expect(crew({ technicians: [ana, technician("t1")] })).toEqual(["ana"]);
    expect(crew({ technicians: [{ ...technician("t9"), email: "ben@example.com" }] })).toEqual(["ben"]);
  });

  test("are none whom nobody knows, who is nobody, or whose assignment is another job's or is gone", () => {
    expect(crew({ technicians: [technician("t9"), { record: null, email: null, name: "Ana" }] })).toEqual([]);
    expect(crew({}, on(assignment(technician("t2"), s1), "s1/jobs/2"))).toEqual([]);
    expect(crew({}, on(assignment(technician("t2"), s1, { presence: "deleted" }), "s1/jobs/1"))).toEqual([]);
    expect(crew({})).toEqual([]);
  });
});

describe("where a job's records can be found", () => {
  test("under its number and its customer, whom it may be found by even when everybody is known", () => {
    expect(standing(job({ number: "10", customer: customer() }))).toEqual([
      [sets.number("10"), "s1/jobs/1"],
      [sets.names("s1/customers/c1"), "s1/jobs/1"],
    ]);
    expect(standing(job({ number: "" }))).toEqual([]);
    expect(standing(job({ number: null }))).toEqual([]);
  });

  test("under everybody it names of whom nobody has yet said who they are, once", () => {
    const named = { customer: customer("c2"), technicians: [technician("t1"), technician("t9"), technician("t9")] };
    expect(standing(job(named))).toEqual([
      [sets.names("s1/customers/c2"), "s1/jobs/1"],
      [sets.names("s1/technicians/t9"), "s1/jobs/1"],
    ]);
    const byName = { record: null, email: "new@example.com", name: "Newman" };
    expect(standing(job({ technicians: [byName] }))).toEqual([]);
  });

  test("on the day, under its customer and under each technician, with what tells it from another there", () => {
    const facts: Partial<JobFacts> = {
      ...{ customer: customer(), customerName: "Dana", serviceDay: day, title: "Leak", charge: 45_000 },
      technicians: [technician("t1"), { record: null, email: "ben@example.com", name: null }],
    };
    const state = job(facts);
    expect(standing(state).map(([set]) => set)).toEqual([
      sets.names("s1/customers/c1"),
      sets.crew("ana", day),
      sets.crew("ben", day),
      sets.day("dana", day),
    ]);
    expect(at(state, sets.crew("ben", day))).toEqual({ connection: "s1", person: "dana", name: "Dana" });
    expect(at(state, sets.day("dana", day))).toEqual({
      ...{ connection: "s1", crew: ["ana", "ben"], title: "Leak", charge: 45_000 },
    });
  });

  test("on no day without one, and under technicians only while nobody knows who the customer is", () => {
    const facts = { customer: customer("c2"), technicians: [technician("t1")] };
    expect(standing(job({ ...facts, customer: customer() })).map(([set]) => set)).toEqual([
      sets.names("s1/customers/c1"),
    ]);
    const state = job({ ...facts, serviceDay: day });
    expect(standing(state).map(([set]) => set)).toEqual([sets.names("s1/customers/c2"), sets.crew("ana", day)]);
    expect(at(state, sets.crew("ana", day))).toMatchObject({ person: null });
    expect(standing(job({ technicians: [technician("t1")], serviceDay: day }))).toEqual([]);
  });

  test("with the amount of its invoices where it prints none, once that is no estimate", () => {
    const facts: Partial<JobFacts> = { customer: customer(), serviceDay: day };
    const billed = (own: Parameters<typeof root>[0], stage: "posted" | "pending") => {
      const records = [root({ ...facts, ...own }, s1), on(invoice({ total: 9_900, stage }, s1), "s1/jobs/1")];
      return at(jobWith(records, { people: known }), sets.day("dana", day))?.["charge"];
    };
    expect(billed({ works: ["working"] }, "posted")).toBe(9_900);
    expect(billed({ works: ["working"] }, "pending")).toBeNull();
    expect(billed({ charge: 45_000 }, "posted")).toBe(45_000);
    expect(billed({ charge: 0 }, "posted")).toBe(0);
  });

  test("nowhere once it is gone", () => {
    const gone: Partial<JobFacts> = { presence: "deleted", number: "10", customer: customer(), serviceDay: day };
    const pair: KeyPair = { left: "s1.jobs.po", right: "s2.jobs.po", and: ["day"] };
    expect(standing(job({ ...gone, keys: { po: "A" } }), [pair])).toEqual([]);
  });
});

describe("whether a job names somebody whose record has not been read", () => {
  const gone = { presence: "deleted", customer: customer("c2") } as const;
  test.each([
    ["a customer", [root({ customer: customer("c2") }, s1)], true],
    ["a technician", [root({ technicians: [technician("t9")] }, s1)], true],
    ["nobody else than is known", [root({ customer: customer(), technicians: [technician("t1")] }, s1)], false],
    ["nobody", [root({}, s1)], false],
    ["somebody in a record that is gone", [root(gone, s1)], false],
    ["somebody in one of two records", [root({}, s1), root({ customer: customer("c2") }, { ...s1, id: "2" })], true],
  ])("%s", (_name, records, expected) => {
    expect(namesStrangers(jobWith(records, { people: known }))).toBe(expected);
  });
});

describe("whether a rule may join two jobs", () => {
  const one = (...placed: readonly Parameters<typeof root>[1][]) => jobWith(placed.map((at) => root({}, at)));
  const gone = jobWith([root({ presence: "deleted" }, s2), root({}, s1)]);
  const doubted = { ...one(s1), links: [linkTo("s1/jobs/1", "people-and-day", { doubt: "s1 has two" })] };

  test("people and day join no two jobs with a record of one system each, unless that is gone", () => {
    expect(mayJoin(one(s1), one(s2), "people-and-day")).toBe(true);
    expect(mayJoin(one(s1, s2), one(s3, s2), "people-and-day")).toBe(false);
    expect(mayJoin(one(s2), gone, "people-and-day")).toBe(true);
    const past = jobWith([root({ presence: "deleted" }, s1), root({}, s3)]);
    expect(mayJoin(jobWith([root({ presence: "deleted" }, s1), root({}, s2)]), past, "people-and-day")).toBe(true);
  });

  test("nor one whose links wait for a person", () => {
    expect(mayJoin(doubted, one(s2), "people-and-day")).toBe(false);
    expect(mayJoin(one(s2), doubted, "people-and-day")).toBe(false);
  });

  test("a configured key joins several of one system, and so does a call entered twice", () => {
    expect(mayJoin(one(s1), one(s1), "key-pair")).toBe(true);
    expect(mayJoin(doubted, one(s1), "duplicate")).toBe(true);
  });
});
