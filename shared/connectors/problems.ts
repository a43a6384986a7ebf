import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";

type Issue = z.core.$ZodIssue;

/** What a schema found, as `path: expectation` each, at most five. The small build of zod carries no sentences of its own. */
export function problemsOf(error: z.core.$ZodError): string {
  const lines = error.issues.map((issue) => `${pathOf(issue)}${expectationOf(issue)}`);
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
  throw new Failure("bad-input", `${operation}: ${problemsOf(parsed.error)}`, { operation });
}

function pathOf(issue: Issue): string {
  const path = issue.path.map(String).join(".");
  return path === "" ? "" : `${path}: `;
}

function expectationOf(issue: Issue): string {
  if (issue.message !== "Invalid input") return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? `expected ${issue.expected}, missing or undefined`
        : `expected ${issue.expected}`;
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
