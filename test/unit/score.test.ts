import { describe, expect, test } from "vitest";
import { candidatesOf, contradict, proposedFrom, type Side, scoreOf, sidesOf } from "#shared/pipeline/score.ts";
import { invoice, root } from "#test/support/money-view.ts";
import { standingJob } from "#test/support/standing-job.ts";

const side = (more: Partial<Side> = {}): Side => ({
  ...{ record: "s1/jobs/1", connection: "s1", person: null, name: null, day: null, crew: [], title: null },
  ...{ charge: null, final: true },
  ...more,
});
const other = (more: Partial<Side> = {}): Side => side({ record: "s2/jobs/1", connection: "s2", ...more });
const score = (a: Partial<Side>, b: Partial<Side>) => {
  const found = scoreOf(side(a), other(b));
  expect(scoreOf(other(b), side(a))?.score).toBe(found?.score);
  return found;
};

describe("what speaks for one job", () => {
  test.each([
    [
      "the same person",
      { person: "p", name: "Ana Diaz" },
      { person: "p", name: "A. D." },
      40,
      ["the same customer Ana Diaz"],
    ],
    ["the same person, nameless", { person: "p" }, { person: "p" }, 40, ["the same customer"]],
    ["one name", { name: "Ana Diaz" }, { name: "Diaz, Ana" }, 25, ["customer names Ana Diaz and Diaz, Ana"]],
    ["an initial", { name: "J" }, { name: "John" }, 15, ["customer names J and John"]],
    ["a slip of the pen", { name: "Ana Diaz" }, { name: "Ana Diac" }, 15, ["customer names Ana Diaz and Ana Diac"]],
    [
      "other people of one name",
      { person: "p", name: "Ana Diaz" },
      { person: "q", name: "Ana Diaz" },
      25,
      ["customer names Ana Diaz and Ana Diaz"],
    ],
    ["a name that one of them lacks", { name: "Ana Diaz" }, {}, 0, []],
    ["one day", { day: "2026-11-02" }, { day: "2026-11-02" }, 25, ["the same day 2026-11-02"]],
    ["the next day", { day: "2026-11-02" }, { day: "2026-11-03" }, 18, ["days 2026-11-02 and 2026-11-03"]],
    ["two days on", { day: "2026-11-02" }, { day: "2026-10-31" }, 10, ["days 2026-11-02 and 2026-10-31"]],
    ["three days on", { day: "2026-11-02" }, { day: "2026-11-05" }, 10, ["days 2026-11-02 and 2026-11-05"]],
    ["a day that one of them lacks", { day: "2026-11-02" }, {}, 0, []],
    ["a technician", { crew: ["ana", "ben"] }, { crew: ["cy", "ben"] }, 20, ["technicians ben"]],
    ["other technicians", { crew: ["ana"] }, { crew: ["ben"] }, -5, ["other technicians"]],
    ["technicians that one of them lacks", { crew: ["ana"] }, {}, 0, []],
    ["one amount", { charge: 45_000 }, { charge: 45_000 }, 20, ["amount 450.00"]],
    ["an amount with the tax left out", { charge: 45_000 }, { charge: 40_500 }, 8, ["amounts 450.00 and 405.00"]],
    ["another amount", { charge: 45_000 }, { charge: 40_499 }, -10, ["amounts differ: 450.00 and 404.99"]],
    ["nothing charged yet", { charge: 45_000 }, { charge: 0 }, 0, []],
    ["one title", { title: "Water heater" }, { title: "water heater" }, 10, ["titles Water heater and water heater"]],
    ["a title with two letters of five amiss", { title: "Drain" }, { title: "Drxxn" }, 10, ["titles Drain and Drxxn"]],
    ["another title", { title: "Water heater" }, { title: "Blown fuse" }, 0, []],
    ["a title that one of them lacks", { title: "Water heater" }, {}, 0, []],
  ] as const)("%s", (_name, a, b, points, evidence) => expect(score(a, b)).toEqual({ score: points, evidence }));

  test("technicians they share are named", () =>
    expect(scoreOf(side({ crew: ["ana", "ben", "cy"] }), other({ crew: ["ben", "dee", "ana"] }))?.evidence).toEqual([
      "technicians ana, ben",
    ]));

  test.each([
    ["another name", { name: "Ana Diaz" }, { name: "Bob Marsh" }],
    ["four days between them", { day: "2026-11-02" }, { day: "2026-11-06" }],
  ])("%s speaks against it outright, whatever else fits", (_name, a, b) =>
    expect(score({ ...a, charge: 45_000 }, { ...b, charge: 45_000 })).toBeNull(),
  );
  test("two records of one system are never one job", () =>
    expect(scoreOf(side(), side({ record: "s1/jobs/2" }))).toBeNull());
  test("everything together is added up", () =>
    expect(
      score(
        { person: "p", day: "2026-11-02", crew: ["ana"], charge: 5, title: "Leak" },
        { person: "p", day: "2026-11-02", crew: ["ana"], charge: 5, title: "Leak" },
      )?.score,
    ).toBe(115));
});

describe("who is put before a person", () => {
  const mine = side({ person: "p", day: "2026-11-02", crew: ["ana"] });
  const of = (id: string, more: Partial<Side>, connection = "s2") =>
    side({ record: `${connection}/jobs/${id}`, connection, person: "p", ...more });
  const found = (...others: readonly Side[]) =>
    candidatesOf(mine, others).map(({ record, score: points }) => [record, points]);

  test("those with enough points, the best first", () => {
    expect(proposedFrom).toBe(60);
    expect(
      found(
        of("1", { crew: ["ana"] }),
        of("2", { day: "2026-11-03" }),
        of("1", { day: "2026-11-02", crew: ["ana"] }, "s3"),
      ),
    ).toEqual([
      ["s3/jobs/1", 85],
      ["s2/jobs/1", 60],
    ]);
  });
  test("of one system not those that another is clearly better than", () => {
    const [best, close, behind] = [
      of("1", { day: "2026-11-02" }),
      of("2", { crew: ["ana"] }),
      of("3", { day: "2026-11-02", crew: ["ana"] }),
    ];
    expect(found(best, close)).toEqual([
      ["s2/jobs/1", 65],
      ["s2/jobs/2", 60],
    ]);
    expect(found(best, behind)).toEqual([["s2/jobs/3", 85]]);
    expect(found(of("9", { day: "2026-11-02", crew: ["ana"] }, "s3"), best)).toHaveLength(2);
  });
  test("equal ones stand in the order of their records", () =>
    expect(found(of("2", { crew: ["ana"] }), of("1", { crew: ["ana"] }))).toEqual([
      ["s2/jobs/1", 60],
      ["s2/jobs/2", 60],
    ]));
  test("equal ones keep that order", () =>
    expect(found(of("1", { crew: ["ana"] }), of("2", { crew: ["ana"] })).map(([record]) => record)).toEqual([
      "s2/jobs/1",
      "s2/jobs/2",
    ]));
  test("also one that is ten points behind, and no further", () => {
    const leak = { ...mine, title: "Leak" };
    const [best, behind] = [of("1", { crew: ["ana"], title: "Leak" }), of("2", { crew: ["ana"] })];
    expect(candidatesOf(leak, [best, behind]).map((one) => one.score)).toEqual([70, 60]);
  });
  test("they carry what speaks for them", () =>
    expect(candidatesOf(mine, [of("1", { crew: ["ana"] })])).toEqual([
      { record: "s2/jobs/1", connection: "s2", score: 60, evidence: ["the same customer", "technicians ana"] },
    ]));
});

describe("what of the work speaks against one job, though people and day agree", () => {
  const work = (charge: number | null, title: string | null = null, final = true) => ({ charge, title, final });
  test.each([
    ["another amount", work(45_000), work(30_000), true],
    ["an amount within a tenth", work(45_000), work(40_500), false],
    ["an amount within a tenth, for other work", work(45_000, "Water heater"), work(40_500, "Blown fuse"), true],
    ["the same amount, for other words", work(45_000, "Water heater"), work(45_000, "Blown fuse"), false],
    ["nothing billed in one", work(0, "Water heater"), work(45_000, "Blown fuse"), false],
    ["nothing billed in the other", work(45_000), work(0), false],
    ["an estimate here", work(45_000, null, false), work(30_000), false],
    ["an estimate there", work(45_000), work(30_000, null, false), false],
    ["no amount in one, and other work", work(null, "Water heater"), work(45_000, "Blown fuse"), true],
    ["no amount in one, the same work", work(null, "Water heater"), work(45_000, "Water heater"), false],
    ["no amount in one, and no title", work(null), work(45_000, "Blown fuse"), false],
    ["no amounts, and other work", work(null, "Water heater"), work(null, "Blown fuse"), false],
    ["credits within a tenth", work(-45_000), work(-40_500), false],
    ["a credit and a charge", work(-45_000), work(45_000), true],
  ])("%s: %j", (_name, a, b, against) => {
    expect(contradict(side(a), other(b))).toBe(against);
    expect(contradict(other(b), side(a))).toBe(against);
  });
});

describe("what a record says that another system may say too", () => {
  const customer = { connection: "s1", stream: "customers", id: "7" };
  const technicians = [
    { record: null, email: "ana@x.example", name: "Ana" },
    { record: null, email: "stranger@x.example", name: "Who" },
  ];
  const people = { "s1/customers/7": "p1", "ana@x.example": "p2" };
  const s1 = { connection: "s1" };

  test("who it is for by the person that is known, the day, the crew, the work and its amount", () => {
    const facts = {
      customer,
      customerName: "Ana Diaz",
      serviceDay: "2026-11-02",
      technicians,
      title: "Leak",
      charge: 500,
    };
    expect(sidesOf(standingJob([root(facts, s1)], { people }))).toEqual([
      {
        ...{ record: "s1/jobs/1", connection: "s1", person: "p1", name: "Ana Diaz", day: "2026-11-02", crew: ["p2"] },
        ...{ title: "Leak", charge: 500, final: true },
      },
    ]);
    expect(sidesOf(standingJob([root(facts, s1)]))).toMatchObject([{ person: null, crew: [] }]);
    expect(sidesOf(standingJob([root({}, s1)]))).toMatchObject([{ person: null, charge: null }]);
  });
  test("each of a job's records by itself, and nothing of one that is gone", () => {
    const gone = root({ presence: "deleted" }, { connection: "s2" });
    const sides = sidesOf(standingJob([root({}, s1), gone, root({}, { connection: "s3" })]));
    expect(sides.map(({ record }) => record)).toEqual(["s1/jobs/1", "s3/jobs/1"]);
  });
  const billed = invoice({ total: 700 }, s1);
  const draft = invoice({ total: 700, stage: "pending" }, s1);
  test.each([
    ["printed on it, whatever the invoice says", { charge: 500 }, billed, 500, true],
    ["printed on it, an estimate while the work goes on", { charge: 500, works: ["working"] }, billed, 500, false],
    ["of its invoice, where none is printed", { works: ["working"] }, billed, 700, true],
    ["of its invoice, an estimate until that is posted", { works: ["working"] }, draft, 700, false],
    ["of its invoice, as good as posted once the work is done", {}, draft, 700, true],
    ["that cannot be read on it, of its invoice", { charge: { unreadable: "x" } }, billed, 700, true],
  ] as const)("an amount %s", (_name, facts, its, charge, final) =>
    expect(sidesOf(standingJob([root(facts, s1), its]))).toMatchObject([{ charge, final }]),
  );
});
