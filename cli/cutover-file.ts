import { formatMinor, isUnreadable, type Minor, minorFromDecimal } from "#shared/domain/money.ts";
import * as z from "#shared/domain/schema.ts";
import { lineNames } from "#shared/pipeline/differences.ts";
import { amount } from "#shared/replies/amounts.ts";
import { recordsOf, recordText } from "./comma-separated.ts";

/**
 * The cutover file: its first line says what a person signs for, "$12,340.55 on 311 jobs", then a heading and one row a
 * job, line and connection. `difference` is what is accepted; `counted` adds up to the first line (of several systems
 * that differ on one line the widest counts, the others are 0.00).
 */
const columns = ["job", "number", "line", "connection", "difference", "counted"] as const;

const readable = (text: string): Minor => {
  const minor = minorFromDecimal(text);
  return isUnreadable(minor) ? Number.NaN : minor;
};
const decimal = z.pipe(
  z.string().check(z.refine((text) => !Number.isNaN(readable(text)), "expected an amount like -150.00")),
  z.transform(readable),
);
const rowSchema = z.object({
  job: z.string().check(z.minLength(1, "expected a job's id")),
  number: z.string(),
  line: z.enum(lineNames),
  connection: z.string().check(z.minLength(1, "expected a connection")),
  difference: decimal,
  counted: decimal,
});

export interface CutoverRow {
  readonly job: string;
  readonly number: string | null;
  readonly line: (typeof lineNames)[number];
  readonly connection: string;
  readonly minor: Minor;
  readonly countedMinor: Minor;
}

/** "$12,340.55 on 311 jobs". */
export function signedFor(countedMinor: Minor, jobs: number, currency: string): string {
  return `${amount(countedMinor, currency)} on ${jobs} ${jobs === 1 ? "job" : "jobs"}`;
}

/** What the rows come to, as the first line must say it. */
export function sayOf(rows: readonly CutoverRow[], currency: string): string {
  const countedMinor = rows.reduce((sum, row) => sum + row.countedMinor, 0);
  return signedFor(countedMinor, new Set(rows.map(({ job }) => job)).size, currency);
}

export function writeCutover(rows: readonly CutoverRow[], currency: string): string {
  const lines = rows.map(({ job, number, line, connection, minor, countedMinor }) =>
    recordText([job, number ?? "", line, connection, formatMinor(minor), formatMinor(countedMinor)]),
  );
  return `${[recordText([sayOf(rows, currency)]), columns.join(","), ...lines].join("\n")}\n`;
}

/** The rows and the first line of a file, or what in it does not fit, each with its line from 1. */
export function readCutover(text: string): {
  readonly says: string;
  readonly rows: readonly CutoverRow[];
  readonly misfits: readonly string[];
} {
  const [first, heading, ...records] = recordsOf(text);
  const says = first?.fields[0] ?? "";
  const named = heading?.fields ?? [];
  if (columns.some((column) => !named.includes(column)))
    return { says, rows: [], misfits: [`line 2: expected a heading ${columns.join(",")}`] };
  const rows: CutoverRow[] = [];
  const misfits: string[] = [];
  for (const { fields, line } of records) {
    if (fields.length === 1 && fields[0] === "") continue;
    const parsed = z.safeParse(
      rowSchema,
      Object.fromEntries(named.map((column, place) => [column, fields[place] ?? ""])),
    );
    if (parsed.success) {
      const { number, difference, counted, ...rest } = parsed.data;
      rows.push({ ...rest, number: number === "" ? null : number, minor: difference, countedMinor: counted });
    } else
      misfits.push(
        ...parsed.error.issues.map(({ path, message }) => `line ${line}, ${path.map(String).join(".")}: ${message}`),
      );
  }
  return { says, rows, misfits };
}
