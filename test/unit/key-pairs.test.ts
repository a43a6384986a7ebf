import { describe, expect, test } from "vitest";
import type { JobFacts } from "#shared/domain/facts.ts";
import type { KeyPair } from "#shared/domain/policy.ts";
import { besideKeys, byKeyPair, independentFact, membershipsOf, sets } from "#shared/pipeline/link.ts";
import { s1, s2, s3 } from "#test/support/compared.ts";
import { jobWith, on } from "#test/support/job-with.ts";
import { companyOf, systemClasses } from "#test/support/model-systems.ts";
import { invoice, root } from "#test/support/money-view.ts";

const day = "2026-11-02";
const customer = (id = "c1", connection = "s1") => ({ connection, stream: "customers", id });
const known = { "s1/customers/c1": "dana", "s1/technicians/t1": "ana", "ben@example.com": "ben" };
const job = (facts: Partial<JobFacts>, people: Readonly<Record<string, string>> = known) =>
  jobWith([root(facts, s1)], { people });
const company = (keyPairs: readonly KeyPair[]) =>
  companyOf([systemClasses.observed, systemClasses.observed], { keyPairs: [...keyPairs] });
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
