import type { Break } from "#shared/domain/break.ts";
import type { MoneyLine } from "#shared/domain/job.ts";

/**
 * Why nobody can say whether a money break's gap has closed, though it is not found any more: one of its systems states
 * no amount now, or none that can be read, or calls the charge an estimate again. Null: all of them state theirs, and so
 * it has closed.
 */
export function whyUnknown({ kind, connections }: Break, money: readonly MoneyLine[]): string | null {
  if (kind !== "charge" && kind !== "payment") return null;
  for (const [place, connection] of connections.entries()) {
    const line = money.find((known) => known.connection === connection);
    if (line === undefined) return `${connection} has no record of it any more`;
    if (line[kind] === null)
      return line.unreadable.length > 0
        ? `an amount of ${connection} cannot be read any more`
        : `${connection} no longer states what it ${kind === "charge" ? "charged" : "received"}`;
    if (kind === "charge" && place === 0 && line.provisional) return `${connection} calls its charge an estimate again`;
  }
  return null;
}
