import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";

type Issue = z.core.$ZodIssue;

/**
 * What a schema found, as `path: expectation` each, at most five; with the value that was checked, it also says what is
 * missing. The small build of zod carries no sentences of its own.
 */
export function problemsOf(error: z.core.$ZodError, checked?: unknown): string {
  const lines = error.issues.map((issue) => {
    const missing = issue.code === "invalid_type" && checked !== undefined && at(checked, issue.path) === undefined;
    return `${pathOf(issue)}${expectationOf(issue)}${missing ? ", it is missing" : ""}`;
  });
  const more = lines.length > 5 ? `; and ${lines.length - 5} more` : "";
  return lines.slice(0, 5).join("; ") + more;
}

/** The input in its schema's shape. Throws Failure `bad-input` with every path and what is expected there. */
export function checkedInput<Schema extends z.ZodMiniType>(
  operation: string,
  schema: Schema,
  input: unknown,
): z.output<Schema> {
  const parsed = z.safeParse(schema, input);
  if (parsed.success) return parsed.data;
  throw new Failure("bad-input", `${operation}: ${problemsOf(parsed.error, input)}`, { operation });
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = Reflect.get(found, key);
  }
  return found;
}

function pathOf(issue: Issue): string {
  const path = issue.path.map(String).join(".");
  return path === "" ? "" : `${path}: `;
}

function expectationOf(issue: Issue): string {
  if (issue.message !== "Invalid input") return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return `expected ${issue.expected}`;
    case "unrecognized_keys":
      return `not an input here: ${issue.keys.join(", ")}`;
    case "invalid_value":
      return `expected one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "too_small":
      return `expected at least ${issue.minimum}`;
    case "too_big":
      return `expected at most ${issue.maximum}`;
    case "invalid_format":
      return `expected ${issue.format === "regex" ? `text like ${issue.pattern ?? ""}` : issue.format}`;
    case "invalid_union":
      return `expected one of its forms (${issue.errors.flat().map(expectationOf).slice(0, 3).join(", or ")})`;
    default:
      return `does not fit (${issue.code})`;
  }
}
