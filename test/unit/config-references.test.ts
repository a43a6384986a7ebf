import { describe, expect, test } from "vitest";
import { type Config, writeTargets } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import { type ConfigProblem, checkConfig, type Known, problemSentence } from "#shared/pipeline/config-check.ts";

/** A document of two companies in two cells; the first one has an office and a branch. */
const connection = (id: string, vendor: string) => ({
  ...{ id, vendor, book: "receivable" as const, baseUrl: "https://x.example", secret: "s" },
});
const company = (id: string): Config["companies"][number] => ({
  ...{ id, name: id, zone: "America/Denver", currency: "USD", policy: { authority: {} } },
  connections: [connection("office", "big"), connection("branch", "small")],
});
const document: Config = {
  cells: [
    { id: "west", companies: ["ridge"] },
    { id: "east", companies: ["coast"] },
  ],
  companies: [company("ridge"), company("coast")],
};
const known: Known = {
  vendors: ["big", "small"],
  settingsOf: () => null,
  streamsOf: (vendor) => (vendor === "big" ? ["jobs", "invoices"] : ["orders"]),
};

/** What does not fit, a line each, when the second company is this. */
type Company = Config["companies"][number];
const check = (config: object, by: Known = known): readonly string[] => checkConfig(config, by).map(problemSentence);
const checked = (more: Partial<Company>, by: Known = known): readonly string[] =>
  check({ ...document, companies: [company("ridge"), { ...company("coast"), ...more }] }, by);
const policy = (more: object): readonly string[] => checked({ policy: { authority: {}, ...more } });
const first = (more: object): readonly string[] =>
  checked({ connections: [{ ...connection("office", "big"), ...more }, connection("branch", "small")] });

test("a document in which everything refers to something may be applied", () => {
  expect(check(document)).toEqual([]);
  expect(
    policy({
      ...{ authority: { work: ["office", "branch"], billing: ["branch"] }, editors: { reference: ["office"] } },
      expectedIn: [{ from: "office", to: "branch", withinHours: 2 }],
      keyPairs: [{ left: "office.jobs.externalData.ctc", right: "branch.orders.number", and: ["day"] }],
      graceHours: { default: 1, branch: 3 },
      rules: [{ name: "r", connection: "branch", target: "status", capMinor: 0, approvedBy: "ana" }],
    }),
  ).toEqual([]);
  expect(first({ mode: Object.fromEntries(["default", ...writeTargets].map((name) => [name, "observe"])) })).toEqual(
    [],
  );
});

test("a problem is one sentence: its place, and what was expected there", () => {
  const expected = "a list";
  expect(problemSentence({ path: "companies[0].name", expected })).toBe("companies[0].name: expected a list");
  expect(problemSentence({ path: "", expected })).toBe("the document: expected a list");
});

test("the shape comes first: what refers to what is looked at once it stands", () => {
  const wrong = {
    ...document,
    cells: [{ id: "west", companies: ["nobody"] }],
    companies: [{ ...company("coast"), zone: 7 }],
  };
  expect(check(wrong)).toEqual(["companies[0].zone: expected a text, got a number"]);
});

describe("cells and companies", () => {
  const cells = (...serve: readonly (readonly string[])[]) =>
    check({ ...document, cells: serve.map((companies, n) => ({ id: `c${n}`, companies: [...companies] })) });
  test("every company is served by one cell, and every cell serves companies of the document", () => {
    expect(cells(["ridge"])).toEqual(["companies[1].id: expected a cell that serves coast"]);
    expect(cells(["ridge", "coast"], ["coast"])).toEqual([
      "cells: expected each company in the cells once; coast stands twice",
    ]);
    expect(cells(["ridge", "coast"], ["hill"])).toEqual([
      "cells[1].companies: expected a company of this document, one of ridge, coast; not hill",
    ]);
  });
  test("an id stands once", () => {
    const twice = { cells: [...document.cells, { id: "west", companies: [] }], companies: document.companies };
    expect(check(twice)).toEqual(["cells: expected each cell once; west stands twice"]);
    expect(check({ ...document, companies: [...document.companies, company("ridge"), company("ridge")] })).toEqual([
      "companies: expected each company once; ridge stands twice",
    ]);
  });
});

describe("connections", () => {
  test("stand once each, and one of them at most is the reference", () => {
    const [office, branch] = [connection("office", "big"), connection("branch", "small")];
    expect(checked({ connections: [office, branch, branch] })).toEqual([
      "companies[1].connections: expected each connection once; branch stands twice",
    ]);
    const reference = true;
    expect(
      checked({
        connections: [
          { ...office, reference },
          { ...branch, reference },
        ],
      }),
    ).toEqual(["companies[1].connections: expected one reference connection at most"]);
    expect(
      checked({
        connections: [
          { ...office, reference },
          { ...branch, reference: false },
        ],
      }),
    ).toEqual([]);
  });
  test("are of vendors that are known, and their modes of targets", () => {
    expect(first({ vendor: "huge" })).toEqual([
      "companies[1].connections[0].vendor: expected a vendor, one of big, small; not huge",
    ]);
    expect(first({ mode: { stauts: "apply", default: "observe" } })).toEqual([
      `companies[1].connections[0].mode: expected a target, one of default, ${writeTargets.join(", ")}; not stauts`,
    ]);
  });
  test("have their vendor's own settings, which nobody checks of a vendor that is not known", () => {
    const schema = z.looseObject({ tenant: z.string() });
    const by: Known = { ...known, settingsOf: (vendor) => (vendor === "small" ? null : schema) };
    expect(checked({ connections: [connection("office", "big"), connection("branch", "small")] }, by)).toEqual([
      "companies[0].connections[0].tenant: expected a text, it is missing",
      "companies[1].connections[0].tenant: expected a text, it is missing",
    ]);
    const huge = checked({ connections: [connection("office", "huge")] }, by);
    expect(huge.filter((line) => line.startsWith("companies[1]"))).toEqual([
      "companies[1].connections[0].vendor: expected a vendor, one of big, small; not huge",
    ]);
  });
});

describe("what a number counts is the last word of its setting's name", () => {
  const settings = [
    ["openHours", "a number of hours"],
    ["everyMinutes", "a number of minutes"],
    ["lateSeconds", "a number of seconds"],
    ["feeMinor", "a number of minor units (cents)"],
    ["HoursKept", "a number"],
    ["MinutesKept", "a number"],
    ["SecondsKept", "a number"],
    ["MinorKept", "a number"],
    ["tenant", "a number"],
  ] as const;
  const schema = z.looseObject(Object.fromEntries(settings.map(([name]) => [name, z.number()])));
  test.each(settings)("%s: %s", (name, expected) =>
    expect(
      checkConfig(document, { ...known, settingsOf: () => schema }).find(
        ({ path }) => path === `companies[0].connections[0].${name}`,
      ),
    ).toEqual<ConfigProblem>({ path: `companies[0].connections[0].${name}`, expected: `${expected}, it is missing` }),
  );
  test("the nearest word counts", () => {
    const nested = z.looseObject({ openHours: z.object({ gapMinutes: z.number(), days: z.number() }) });
    const office = { ...connection("office", "big"), openHours: { gapMinutes: "x", days: "x" } };
    const by = { ...known, settingsOf: (vendor: string) => (vendor === "big" ? nested : null) };
    const found = check(
      { cells: [{ id: "c", companies: ["ridge"] }], companies: [{ ...company("ridge"), connections: [office] }] },
      by,
    );
    expect(found).toEqual([
      "companies[0].connections[0].openHours.gapMinutes: expected a number of minutes, got a text",
      "companies[0].connections[0].openHours.days: expected a number of hours, got a text",
    ]);
  });
});

test("every setting nobody knows is named by itself", () =>
  expect(policy({ grace: 1, capp: 2 })).toEqual([
    "companies[1].policy.grace: expected no setting of this name",
    "companies[1].policy.capp: expected no setting of this name",
  ]));

describe("the policy names connections of its company, and fields there are", () => {
  const at = "companies[1].policy";
  const one = "expected a connection, one of office, branch; not depot";
  const pair = (left: string, right: string) => ({ keyPairs: [{ left, right, and: ["day" as const] }] });
  test.each<[string, object, readonly string[]]>([
    ["authority", { authority: { work: ["office", "depot"] } }, [`${at}.authority.work: ${one}`]],
    ["editors", { editors: { work: ["depot"] } }, [`${at}.editors.work: ${one}`]],
    [
      "a field that is none",
      { authority: { status: ["office"] }, editors: { amount: ["office"] } },
      ["authority", "editors"].map(
        (list) =>
          `${at}.${list}: expected a field, one of work, billing, schedule, assignees, reference; not ${list === "editors" ? "amount" : "status"}`,
      ),
    ],
    [
      "twins",
      {
        expectedIn: [
          { from: "office", to: "depot", withinHours: 1 },
          { from: "depot", to: "office", withinHours: 1 },
        ],
      },
      [`${at}.expectedIn[0].to: ${one}`, `${at}.expectedIn[1].from: ${one}`],
    ],
    [
      "key pairs of no connection",
      pair("depot.jobs.number", "office.jobs.number"),
      [`${at}.keyPairs[0].left: expected connection.stream.field with a connection, one of office, branch; not depot`],
    ],
    [
      "key pairs of another vendor's stream",
      pair("office.orders.number", "branch.jobs.number"),
      [
        `${at}.keyPairs[0].left: expected connection.stream.field with a stream, one of jobs, invoices; not orders`,
        `${at}.keyPairs[0].right: expected connection.stream.field with a stream, one of orders; not jobs`,
      ],
    ],
    [
      "key pairs of no field",
      pair("office.jobs", "branch"),
      [
        `${at}.keyPairs[0].left: expected connection.stream.field, not office.jobs`,
        `${at}.keyPairs[0].right: expected connection.stream.field with a stream, one of orders; not `,
      ],
    ],
    [
      "grace",
      { graceHours: { default: 1, depot: 2 } },
      [`${at}.graceHours: expected a connection, one of default, office, branch; not depot`],
    ],
    [
      "rules",
      { rules: [{ name: "r", connection: "depot", target: "status", capMinor: 0, approvedBy: "ana" }] },
      [`${at}.rules[0].connection: ${one}`],
    ],
  ])("%s", (_name, more, lines) => expect(policy(more)).toEqual(lines));

  test("streams are not judged where nobody knows them, fields always are", () => {
    const unsaid: Known = { vendors: known.vendors, settingsOf: known.settingsOf };
    const named = (left: string) =>
      checked({ policy: { authority: {}, ...pair(left, "branch.orders.number") } }, unsaid);
    expect(named("office.cards.number")).toEqual([]);
    expect(named("office.cards")).toEqual([
      `${at}.keyPairs[0].left: expected connection.stream.field, not office.cards`,
    ]);
  });
});
