import { describe, expect, test } from "vitest";
import type { JobFacts } from "#shared/domain/facts.ts";
import type { KeyPair } from "#shared/domain/policy.ts";
import { viewOf } from "#shared/domain/view.ts";
import {
  besideKeys,
  byKeyPair,
  crewOf,
  dayOf,
  independentFact,
  mayJoin,
  membershipsOf,
  namesStrangers,
  sets,
} from "#shared/pipeline/link.ts";
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
const standing = (...[state, keyPairs]: [Parameters<typeof membershipsOf>[0], (readonly KeyPair[])?]) =>
  membershipsOf(state, company(keyPairs)).map(({ set, member }) => [set, member]);
const at = (state: Parameters<typeof membershipsOf>[0], set: string) =>
  membershipsOf(state, company()).find((one) => one.set === set)?.data;

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
    expect(standing(job({ ...gone, keys: { po: "A" } }), [pair])).toEqual([]);
  });
});

const pair: KeyPair = { left: "s1.jobs.po", right: "s2.jobs.external.po", and: ["customer", "day", "amount"] };

describe("a configured pair of fields", () => {
  const pairs: readonly KeyPair[] = [
    { left: "s2.orders.number", right: "s2.invoices.po", and: ["day"] },
    pair,
    { left: "s1.invoices.po", right: "s2.jobs.number", and: ["day"] },
  ];
  const sides = (records: Parameters<typeof jobWith>[0]) =>
    membershipsOf(jobWith(records), company(pairs)).map(({ set, member, data }) => [set, member, data["side"]]);

  test("is looked for in the field, stream and connection it names, dots in the field's name and all", () => {
    const keys = { po: "A-7", "external.po": "B-8", number: "C-9" };
    expect(sides([root({ keys }, s1)])).toEqual([[sets.pair(1, "A-7"), "s1/jobs/1", "left"]]);
    expect(sides([root({ keys }, s2)])).toEqual([
      [sets.pair(1, "B-8"), "s2/jobs/1", "right"],
      [sets.pair(2, "C-9"), "s2/jobs/1", "right"],
    ]);
    expect(sides([root({ keys }, s3)])).toEqual([]);
    expect(sides([invoice({ keys }, s1)])).toEqual([[sets.pair(2, "A-7"), "s1/invoices/1", "left"]]);
    expect(sides([invoice({ keys }, s2)])).toEqual([[sets.pair(0, "A-7"), "s2/invoices/1", "right"]]);
  });

  test("is none where the field is empty, the invoice void, or nothing is configured", () => {
    expect(sides([root({ keys: { po: "" } }, s1), invoice({ keys: { po: "A" }, stage: "void" }, s1)])).toEqual([]);
    const plain = companyOf([systemClasses.observed, systemClasses.observed]);
    expect(membershipsOf(jobWith([root({ keys: { po: "A" } }, s1)]), plain)).toEqual([]);
  });

  test("joins one side's record with the other side's, never two of one side", () => {
    const set = sets.pair(1, "A-7");
    const one = (member: string, side: string) => ({ set, member, data: { side } });
    const mine = one("s1/jobs/1", "left");
    expect(byKeyPair(mine, [mine, one("s1/jobs/2", "left"), one("s2/jobs/1", "right")])).toEqual([
      { other: "s2/jobs/1", pair: 1 },
    ]);
    // One record may hold both fields.
    expect(byKeyPair(mine, [mine, one("s1/jobs/1", "right")])).toEqual([]);
  });
});

describe("the fact beside a pair of keys", () => {
  const people = { "s1/customers/c1": "dana", "s2/customers/c9": "dana", "s2/customers/c8": "luis" };
  const office = (facts: Partial<JobFacts>) => jobWith([root(facts, s1)], { people });
  const branch = (facts: Partial<JobFacts>) => jobWith([root(facts, s2)], { people });
  const found = (a: Partial<JobFacts>, b: Partial<JobFacts>, and: KeyPair["and"] = ["customer", "day", "amount"]) =>
    independentFact({ ...pair, and }, office(a), branch(b));

  test.each([
    ["the customer", { customer: customer() }, { customer: customer("c9", "s2") }, "customer dana"],
    ["another customer", { customer: customer() }, { customer: customer("c8", "s2") }, null],
    ["customers nobody knows", { customer: customer("x") }, { customer: customer("x", "s2") }, null],
    ["one day", { serviceDay: day }, { serviceDay: day }, `day ${day}`],
    ["three days on", { serviceDay: day }, { serviceDay: "2026-11-05" }, `days ${day} and 2026-11-05`],
    ["three days before", { serviceDay: day }, { serviceDay: "2026-10-30" }, `days ${day} and 2026-10-30`],
    ["four days on", { serviceDay: day }, { serviceDay: "2026-11-06" }, null],
    ["a day that one of them lacks", { serviceDay: day }, {}, null],
    ["the amount", { charge: 45_000 }, { charge: 45_000 }, "amount 45000"],
    ["another amount", { charge: 45_000 }, { charge: 44_999 }, null],
    ["nothing charged in both", { charge: 0 }, { charge: 0 }, null],
    ["an amount that neither states", {}, {}, null],
    ["a customer who is gone", { customer: customer() }, { customer: customer("c9", "s2"), presence: "deleted" }, null],
    ["the day of one that is gone", { serviceDay: day, presence: "deleted" }, { serviceDay: day }, null],
    ["the amount of one that is gone", { charge: 5, presence: "deleted" }, { charge: 5 }, null],
  ] as const)("%s", (_name, a, b, expected) => expect(found(a, b)).toBe(expected));

  test("is not the amount of an invoice that hangs on a record that is gone", () => {
    const bill = on(invoice({ total: 700 }, s1), "s1/jobs/1");
    const gone = jobWith([root({ presence: "deleted" }, s1), bill]);
    expect(independentFact({ ...pair, and: ["amount"] }, gone, branch({ charge: 700 }))).toBeNull();
  });

  test("is the first of those the pair asks for, and no other", () => {
    const [a, b] = [
      { customer: customer(), serviceDay: day, charge: 5 },
      { customer: customer("c9", "s2"), serviceDay: day, charge: 5 },
    ];
    expect(found(a, b)).toBe("customer dana");
    expect(found(a, b, ["amount", "day"])).toBe("amount 5");
    expect(found(a, { ...b, charge: 6 }, ["amount"])).toBeNull();
  });

  test("may be any of several records', each system's invoices counted once", () => {
    const two = jobWith([
      root({ serviceDay: "2026-11-20" }, s1),
      root({ serviceDay: day }, { ...s1, id: "2" }),
      on(invoice({ total: 700 }, s1), "s1/jobs/1"),
    ]);
    expect(independentFact({ ...pair, and: ["day"] }, two, branch({ serviceDay: day }))).toBe(`day ${day}`);
    expect(independentFact({ ...pair, and: ["amount"] }, two, branch({ charge: 700 }))).toBe("amount 700");
  });
});

describe("what may make a pair of keys complete", () => {
  const beside = (facts: Partial<JobFacts>, people: Readonly<Record<string, string>> = known) =>
    JSON.stringify(besideKeys(job(facts, people)));
  const plain = { customer: customer(), serviceDay: day, charge: 5 };

  test.each([
    ["another day", { ...plain, serviceDay: "2026-11-03" }, known],
    ["another amount", { ...plain, charge: 6 }, known],
    ["another customer", plain, { "s1/customers/c1": "luis" }],
    ["a customer who became known", plain, {}],
    ["a record that went", { ...plain, presence: "deleted" as const }, known],
  ])("is %s", (_name, facts, people) => expect(beside(facts, people)).not.toBe(beside(plain)));

  test("is a record that went, though it stated no amount, and an invoice that came", () => {
    const [here, gone] = [root({ customer: customer() }, s1), root({ customer: customer(), presence: "deleted" }, s1)];
    const bill = on(invoice({ total: 700 }, s1), "s1/jobs/1");
    const said = [jobWith([here]), jobWith([gone]), jobWith([here, bill])].map((state) =>
      JSON.stringify(besideKeys(state)),
    );
    expect(new Set(said).size).toBe(3);
  });

  test("is no change of a title", () => expect(beside({ ...plain, title: "Leak" })).toBe(beside(plain)));
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
