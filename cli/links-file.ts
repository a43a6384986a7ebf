import * as z from "#shared/domain/schema.ts";
import { type CrosswalkRow, crosswalkRowSchema } from "#shared/pipeline/crosswalk.ts";

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
  const field = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = rows.map((row) => linkColumns.map((column) => field(row[column])).join(","));
  return `${[linkColumns.join(","), ...lines].join("\n")}\n`;
}

/** Records of comma-separated text with the line each begins on (RFC 4180). */
function recordsOf(text: string): readonly { readonly fields: readonly string[]; readonly line: number }[] {
  const records: { fields: string[]; line: number }[] = [];
  let line = 1;
  let record = { fields: [""], line };
  let isQuoted = false;
  const add = (character: string): void => {
    record.fields.push(`${record.fields.pop() ?? ""}${character}`);
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === "\n") line++;
    if (isQuoted) {
      if (character !== '"') add(character);
      else if (text[at + 1] === '"') add(text[++at] ?? "");
      else isQuoted = false;
    } else if (character === '"') isQuoted = true;
    else if (character === ",") record.fields.push("");
    else if (character === "\n") {
      records.push(record);
      record = { fields: [""], line };
    } else if (character !== "\r") add(character);
  }
  if (record.fields.length > 1 || record.fields[0] !== "") records.push(record);
  return records;
}
