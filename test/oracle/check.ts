import type { JsonRecord } from "#local/demo/demo.ts";
import type { Oracle, OracleJob } from "./oracle.ts";
import { sameValue } from "./same.ts";

/** A line of a vendor's log, as far as the oracle looks at it. */
export type LogEntry = {
  seq: number;
  account: string | null;
  kind: string;
  operation: string;
  collection?: string | undefined;
  key?: string | undefined;
  after?: JsonRecord | null | undefined;
  before?: JsonRecord | null | undefined;
  effect: boolean;
};

/** A job as the product shows it: records as `connection/stream/id`. */
export type SeenJob = {
  records: readonly string[];
  breaks: readonly {
    kind: string;
    state: string;
    gapMinor: number;
    causes: readonly { kind: string; minor: number }[];
  }[];
};

/**
 * Compares a run with the oracle: the closing numbers, the vendors' own logs, and, when given, every job. Answers the
 * differences, one sentence each; an empty list is a run that is right.
 */
export function check(
  oracle: Oracle,
  final: Readonly<Record<string, unknown>>,
  logs: readonly LogEntry[],
  jobs?: readonly SeenJob[],
): string[] {
  return [
    ...numberDifferences(oracle, final),
    ...writeDifferences(oracle, logs),
    ...(jobs ? jobDifferences(oracle, jobs) : []),
  ];
}

function numberDifferences(oracle: Oracle, final: Readonly<Record<string, unknown>>): string[] {
  const differences: string[] = [];
  const wanted: Record<string, unknown> = { ...oracle.totals, deadLettered: 0, quarantined: 0 };
  for (const [name, value] of Object.entries(wanted)) {
    if (name === "receipts" || name === "resolvedBreaks") continue;
    if (final[name] !== value) differences.push(`${name} is ${String(final[name])}, not ${String(value)}`);
  }
  const receipts = final["receipts"];
  const counted: Record<string, unknown> = typeof receipts === "object" && receipts !== null ? { ...receipts } : {};
  for (const outcome of ["applied", "rejected", "ignored"]) {
    const value = oracle.totals.receipts[outcome] ?? 0;
    if ((counted[outcome] ?? 0) !== value)
      differences.push(`receipts ${outcome}: ${String(counted[outcome])}, not ${value}`);
  }
  return differences;
}

/** Every expected write is in the vendors' logs exactly once, and no other write had an effect. */
function writeDifferences(oracle: Oracle, logs: readonly LogEntry[]): string[] {
  const written = logs.filter((entry) => entry.kind === "write" && entry.effect);
  const left = [...written];
  const differences: string[] = [];
  for (const write of oracle.writes) {
    const at = left.findIndex(
      (entry) =>
        entry.account === write.account &&
        entry.collection === write.collection &&
        (write.key === "new" || entry.key === write.key) &&
        holds(entry.after ?? {}, write.fields),
    );
    if (at < 0)
      differences.push(
        `not written: ${write.account} ${write.collection} ${write.key} ${JSON.stringify(write.fields)}`,
      );
    else left.splice(at, 1);
  }
  for (const entry of left)
    differences.push(
      `written but not expected: ${entry.account} ${entry.operation} ${entry.collection} ${entry.key} (entry ${entry.seq})`,
    );
  return differences;
}

/** The record shows the fields; of a list's members only what is named. */
function holds(after: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return Array.isArray(after) && after.length === wanted.length && wanted.every((one, at) => holds(after[at], one));
  if (typeof wanted !== "object" || wanted === null) return sameValue(after, wanted);
  const record: Record<string, unknown> = typeof after === "object" && after !== null ? { ...after } : {};
  return Object.entries(wanted).every(([name, value]) => holds(record[name], value));
}

function jobDifferences(oracle: Oracle, seen: readonly SeenJob[]): string[] {
  const byRecords = new Map(seen.map((job) => [[...job.records].toSorted().join(" "), job]));
  const differences: string[] = [];
  for (const job of oracle.jobs) {
    const name = job.truth.records
      .map(({ connection, stream, id }) => `${connection}/${stream}/${id}`)
      .toSorted()
      .join(" ");
    const found = byRecords.get(name);
    byRecords.delete(name);
    if (!found) differences.push(`no job of exactly ${name} (${job.truth.number})`);
    else differences.push(...breakDifferences(job, found));
  }
  for (const name of byRecords.keys()) differences.push(`a job nobody planted: ${name}`);
  return differences;
}

function breakDifferences(job: OracleJob, seen: SeenJob): string[] {
  const wanted = job.breaks.map((one) => [one.kind, one.state, one.minor, one.cause].join(" ")).toSorted();
  const shown = seen.breaks
    .filter((one) => one.state !== "resolved" || one.gapMinor !== 0)
    .map((one) =>
      [one.kind, stateOf(one.state), one.gapMinor, one.gapMinor === 0 ? "" : (one.causes[0]?.kind ?? "")].join(" "),
    )
    .toSorted();
  if (wanted.join("; ") === shown.join("; ")) return [];
  return [`${job.truth.number}: shows [${shown.join("; ")}], should show [${wanted.join("; ")}]`];
}

/** Explained, assigned and reopened breaks count as open. */
function stateOf(state: string): string {
  return state === "waiting" || state === "resolved" ? state : "open";
}
