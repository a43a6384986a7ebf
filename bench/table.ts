/** One measured figure with its floor beside it. */
export interface Figure {
  readonly what: string;
  readonly measured: number;
  /** What it cannot go below: JSON.parse alone, the fewest requests, or zero of what should not be. */
  readonly floor: number;
  readonly unit: string;
  /** Measured by floor must not be above it. Null where the floor itself is the target. */
  readonly target: number | null;
  /** Where the floor is zero and no ratio says anything: measured itself must not be above it. */
  readonly most?: number;
}

/** The figures as aligned lines, ratio last. */
export function lines(title: string, figures: readonly Figure[]): readonly string[] {
  const rows = [
    ["", "measured", "floor", "ratio", "target"],
    ...figures.map((one) => [
      one.what,
      `${shown(one.measured)} ${one.unit}`,
      `${shown(one.floor)} ${one.unit}`,
      one.floor === 0 ? "" : (one.measured / one.floor).toFixed(2),
      one.most === undefined ? (one.target?.toFixed(2) ?? "") : `${shown(one.most)} ${one.unit}`,
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
  return figures.filter(({ measured, floor, target, most }) =>
    most === undefined ? target !== null && measured / floor > target : measured > most,
  );
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(3);
}
