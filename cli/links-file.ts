import * as z from "#shared/domain/schema.ts";
import { type CrosswalkRow, crosswalkRowSchema } from "#shared/pipeline/crosswalk.ts";
import { recordsOf, recordText } from "./comma-separated.ts";

/** The links file: comma-separated, with this heading; fields with commas, quotes or line ends stand in double quotes. */
export const linkColumns = ["kind", "key", "connection", "stream", "id", "note"] as const;

export interface Misfit {
  /** Counts from 1, the heading included. */
  readonly line: number;
  readonly column: string;
  readonly expected: string;
}

/** The rows of a links file, or what in it does not fit. */
export function readLinks(text: string): {
  readonly rows: readonly CrosswalkRow[];
  readonly misfits: readonly Misfit[];
} {
  const [heading, ...records] = recordsOf(text);
  const columns = heading?.fields ?? [];
  const missing = linkColumns.filter((name) => name !== "note" && !columns.includes(name));
  if (missing.length > 0)
    return {
      rows: [],
      misfits: [{ line: 1, column: missing.join(","), expected: `a heading ${linkColumns.join(",")}` }],
    };
  const rows: CrosswalkRow[] = [];
  const misfits: Misfit[] = [];
  for (const { fields, line } of records) {
    if (fields.length === 1 && fields[0] === "") continue;
    const named = Object.fromEntries(columns.map((column, place) => [column, fields[place] ?? ""]));
    const parsed = z.safeParse(crosswalkRowSchema, named);
    if (parsed.success) rows.push(parsed.data);
    else
      misfits.push(
        ...parsed.error.issues.map(({ path, message }) => ({
          line,
          column: path.map(String).join("."),
          expected: message,
        })),
      );
  }
  return { rows, misfits };
}

export function writeLinks(rows: readonly CrosswalkRow[]): string {
  const lines = rows.map((row) => recordText(linkColumns.map((column) => row[column])));
  return `${[linkColumns.join(","), ...lines].join("\n")}\n`;
}
