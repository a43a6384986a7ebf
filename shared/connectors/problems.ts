import { expectationOf } from "#shared/domain/expectation.ts";
import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";

type Issue = z.core.$ZodIssue;

/** What a schema found, as `path: expectation` each, at most five; with the value that was checked, also what stands there. */
export function problemsOf(error: z.core.$ZodError, checked?: unknown): string {
  const lines = error.issues.map((issue) => `${pathOf(issue)}${expectationOf(issue, checked)}`);
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

function pathOf(issue: Issue): string {
  const path = issue.path.map(String).join(".");
  return path === "" ? "" : `${path}: `;
}
