import { expectationOf } from "#shared/domain/expectation.ts";
import { type Config, configSchema, mergeFields, writeTargets } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";

/** What does not fit in a configuration document: the path in it, as `companies[0].connections[1].secret`, and what was expected. */
export interface ConfigProblem {
  readonly path: string;
  readonly expected: string;
}

export interface Known {
  readonly vendors: readonly string[];
  /** The vendor's own settings of a connection; null where the caller cannot check them. */
  readonly settingsOf: (vendor: string) => z.ZodMiniType | null;
  /** Streams a vendor yields, for key pairs; absent where the caller does not know. */
  readonly streamsOf?: (vendor: string) => readonly string[];
}

/** A problem in one sentence: the path, and what was expected there. */
export function problemSentence({ path, expected }: ConfigProblem): string {
  return `${path === "" ? "the document" : path}: expected ${expected}`;
}

/** Shape first; then the vendors' settings and what refers to what. Empty when the document may be applied. */
export function checkConfig(document: unknown, known: Known): readonly ConfigProblem[] {
  const parsed = z.safeParse(configSchema, document);
  if (!parsed.success) return problemsOf(parsed.error.issues, [], document);
  const config = parsed.data;
  return [
    ...cellProblems(config),
    ...config.companies.flatMap((company, index) => companyProblems(company, index, known)),
  ];
}

type Path = readonly (string | number)[];
const at = (path: Path): string =>
  path.map((step, place) => (typeof step === "number" ? `[${step}]` : place === 0 ? step : `.${step}`)).join("");

/** What a number counts is the last word of its setting's name, here or above it: `graceHours.default` counts hours. */
const units: readonly (readonly [RegExp, string])[] = [
  [/Hours$/, "hours"],
  [/Minutes$/, "minutes"],
  [/Seconds$/, "seconds"],
  [/Minor$/, "minor units (cents)"],
];

function numberIn(path: Path): string {
  for (const step of path.toReversed()) {
    const unit = units.find(([name]) => name.test(String(step)));
    if (unit) return `a number of ${unit[1]}`;
  }
  return "a number";
}

function problemsOf(issues: readonly z.core.$ZodIssue[], below: Path, checked: unknown): readonly ConfigProblem[] {
  return issues.flatMap((issue) => {
    const here = [...below, ...issue.path.map((step) => (typeof step === "number" ? step : String(step)))];
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({ path: at([...here, key]), expected: "no setting of this name" }));
    return [{ path: at(here), expected: expectationOf(issue, checked, numberIn(here)).replace(/^expected /, "") }];
  });
}

function cellProblems({ cells, companies }: Config): readonly ConfigProblem[] {
  const ids = companies.map(({ id }) => id);
  return [
    ...twice(ids, ["companies"], "company"),
    ...twice(
      cells.map(({ id }) => id),
      ["cells"],
      "cell",
    ),
    ...twice(
      cells.flatMap((cell) => cell.companies),
      ["cells"],
      "company in the cells",
    ),
    ...cells.flatMap((cell, index) =>
      oneOf(cell.companies, ids, ["cells", index, "companies"], "a company of this document"),
    ),
    ...ids.flatMap((id, index) =>
      cells.some((cell) => cell.companies.includes(id))
        ? []
        : [{ path: at(["companies", index, "id"]), expected: `a cell that serves ${id}` }],
    ),
  ];
}

type Company = Config["companies"][number];

function companyProblems(company: Company, index: number, known: Known): readonly ConfigProblem[] {
  const here: Path = ["companies", index];
  const { connections, policy } = company;
  const ids = connections.map(({ id }) => id);
  const policyAt: Path = [...here, "policy"];
  const references = connections.filter((connection) => connection.reference === true);
  const lists = (name: "authority" | "editors"): readonly ConfigProblem[] =>
    Object.entries(policy[name] ?? {}).flatMap(([field, listed]) => [
      ...oneOf([field], mergeFields, [...policyAt, name], "a field"),
      ...oneOf(listed, ids, [...policyAt, name, field], "a connection"),
    ]);
  return [
    ...twice(ids, [...here, "connections"], "connection"),
    ...(references.length > 1
      ? [{ path: at([...here, "connections"]), expected: "one reference connection at most" }]
      : []),
    ...connections.flatMap((connection, place) => {
      const path: Path = [...here, "connections", place];
      return [
        ...oneOf([connection.vendor], known.vendors, [...path, "vendor"], "a vendor"),
        ...oneOf(Object.keys(connection.mode ?? {}), ["default", ...writeTargets], [...path, "mode"], "a target"),
        ...settingsProblems(connection, path, known),
      ];
    }),
    ...lists("authority"),
    ...lists("editors"),
    ...(policy.expectedIn ?? []).flatMap(({ from, to }, place) => [
      ...oneOf([from], ids, [...policyAt, "expectedIn", place, "from"], "a connection"),
      ...oneOf([to], ids, [...policyAt, "expectedIn", place, "to"], "a connection"),
    ]),
    ...(policy.keyPairs ?? []).flatMap((pair, place) => [
      ...keySide(pair.left, company, [...policyAt, "keyPairs", place, "left"], known),
      ...keySide(pair.right, company, [...policyAt, "keyPairs", place, "right"], known),
    ]),
    ...oneOf(Object.keys(policy.graceHours ?? {}), ["default", ...ids], [...policyAt, "graceHours"], "a connection"),
    ...(policy.rules ?? []).flatMap((rule, place) =>
      oneOf([rule.connection], ids, [...policyAt, "rules", place, "connection"], "a connection"),
    ),
  ];
}

function settingsProblems(
  connection: Company["connections"][number],
  path: Path,
  known: Known,
): readonly ConfigProblem[] {
  const schema = known.vendors.includes(connection.vendor) ? known.settingsOf(connection.vendor) : null;
  if (!schema) return [];
  const parsed = z.safeParse(schema, connection);
  return parsed.success ? [] : problemsOf(parsed.error.issues, path, connection);
}

/** `connection.stream.field`. */
function keySide(side: string, company: Company, path: Path, known: Known): readonly ConfigProblem[] {
  const [id = "", stream = "", ...field] = side.split(".");
  const connection = company.connections.find((candidate) => candidate.id === id);
  if (!connection)
    return oneOf(
      [id],
      company.connections.map((one) => one.id),
      path,
      "connection.stream.field with a connection",
    );
  const streams = known.streamsOf?.(connection.vendor);
  if (streams && !streams.includes(stream))
    return oneOf([stream], streams, path, "connection.stream.field with a stream");
  return field.length === 0 ? [{ path: at(path), expected: `connection.stream.field, not ${side}` }] : [];
}

function oneOf(
  values: readonly string[],
  choices: readonly string[],
  path: Path,
  what: string,
): readonly ConfigProblem[] {
  return values
    .filter((value) => !choices.includes(value))
    .map((value) => ({ path: at(path), expected: `${what}, one of ${choices.join(", ")}; not ${value}` }));
}

function twice(values: readonly string[], path: Path, what: string): readonly ConfigProblem[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))].map((value) => ({
    path: at(path),
    expected: `each ${what} once; ${value} stands twice`,
  }));
}
