/** A column: its heading, and on which side its text stands. */
export interface Column {
  readonly title: string;
  readonly right?: true;
}

/** Rows under headings, columns as wide as their widest text, the last one as it is; `none` when there are no rows. */
export function tableOf(columns: readonly Column[], rows: readonly (readonly string[])[], none: string): string {
  if (rows.length === 0) return none;
  const all = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, place) => Math.max(...all.map((row) => (row[place] ?? "").length)));
  return all
    .map((row) =>
      columns
        .map(({ right }, place) => {
          const text = row[place] ?? "";
          const width = widths[place] ?? 0;
          if (right) return text.padStart(width);
          return place === columns.length - 1 ? text : text.padEnd(width);
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
