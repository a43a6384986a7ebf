import type * as z from "./schema.ts";

type Issue = z.core.$ZodIssue;

/** How a reader calls the kinds of JSON that a schema asks for or was handed. */
const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
  null: "null",
};

/**
 * What a schema expected where an issue stands, and what it got: `expected a number, got a text`. The small build of zod
 * carries no sentences of its own. Kinds are named and never values: what was handed in may be somebody's secret.
 *
 * `checked` is the whole value the issue's path starts from; without it nothing is said of what was got. `number` says
 * what a number stands for where the caller knows it, as `a number of hours`.
 */
export function expectationOf(issue: Issue, checked?: unknown, number = "a number"): string {
  if (issue.message !== "Invalid input") return issue.message;
  const found = checked === undefined ? "" : foundAt(checked, issue.path);
  switch (issue.code) {
    case "invalid_type":
      return `expected ${issue.expected === "number" ? number : (kinds[issue.expected] ?? issue.expected)}${found}`;
    case "unrecognized_keys":
      return `not an input here: ${issue.keys.join(", ")}`;
    case "invalid_value":
      return `expected one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}${found === ", got a text" ? "" : found}`;
    case "too_small":
      return `expected ${amount(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum)}`;
    case "too_big":
      return `expected ${amount(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum)}`;
    case "invalid_format":
      return `expected ${issue.format === "regex" ? `text like ${issue.pattern ?? ""}` : issue.format}`;
    case "invalid_key":
      // The path ends with the name that does not fit.
      return issue.issues.map((one) => expectationOf(one)).join(", ");
    case "invalid_union":
      return `expected one of its forms (${issue.errors
        .flat()
        .map((form) => expectationOf(form))
        .slice(0, 3)
        .join(", or ")})`;
    default:
      return `does not fit (${issue.code})`;
  }
}

/** A bound of a number stands alone; that of a list or a text is a count of what it holds. */
function amount(origin: string, bound: string, limit: number | bigint): string {
  const held = origin === "array" ? "a list of " : origin === "string" ? "a text with a length of " : "";
  return `${held}${bound} ${limit}`;
}

function foundAt(checked: unknown, path: readonly PropertyKey[]): string {
  let found = checked;
  for (const key of path) {
    if (typeof found !== "object" || found === null) return ", it is missing";
    found = Reflect.get(found, key);
  }
  if (found === undefined) return ", it is missing";
  return `, got ${kinds[found === null ? "null" : Array.isArray(found) ? "array" : typeof found] ?? typeof found}`;
}
