/** One measured figure with its floor beside it. */
export interface Figure {
  readonly what: string;
  readonly measured: number;
  /** What it cannot go below: JSON.parse alone, or the fewest requests. */
  readonly floor: number;
  readonly unit: string;
  /** Measured by floor must not be above it. Null where the floor itself is the target. */
  readonly target: number | null;
}

/** The figures as aligned lines, ratio last. */
export function lines(title: string, figures: readonly Figure[]): readonly string[] {
  const rows = [
    ["", "measured", "floor", "ratio", "target"],
    ...figures.map((one) => [
      one.what,
      `${shown(one.measured)} ${one.unit}`,
      `${shown(one.floor)} ${one.unit}`,
      (one.measured / one.floor).toFixed(2),
      one.target === null ? "" : one.target.toFixed(2),
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const padded = rows.map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[at] ?? 0))),
  );
  return [title, ...padded.map((row) => `  ${row.join("  ")}`.trimEnd()), ""];
}

/** Figures that miss their target. */
export function missed(figures: readonly Figure[]): readonly Figure[] {
  return figures.filter((one) => one.target !== null && one.measured / one.floor > one.target);
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(3);
}
