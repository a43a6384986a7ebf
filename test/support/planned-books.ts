import type { Break, Cause, CauseKind } from "#shared/domain/break.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { ConnectionConfig } from "#shared/domain/policy.ts";
import type { Seen } from "#shared/domain/view.ts";
import { viewOf } from "#shared/domain/view.ts";
import { moneyLines } from "#shared/pipeline/compare.ts";
import type { Context } from "#shared/pipeline/context.ts";
import type { Books } from "#shared/pipeline/plan-books.ts";
import { jobWith } from "./job-with.ts";
import { companyOf, contextOf, systemClasses } from "./model-systems.ts";

const now = "2026-11-02T08:00:00.000Z";
const classes = [systemClasses.readOnly, systemClasses.proposing, systemClasses.observed];

export const cause = (kind: CauseKind, minor: number, records: readonly string[] | null = null): Cause => ({
  ...{ kind, minor, certainty: records === null ? "likely" : "proven" },
  records: records ?? [],
});

/** What stands between an office (s1), a branch (s2) whose own figures can be written, and crews (s3). */
export interface AskedBooks {
  readonly records: readonly Seen[];
  /** The causes of the gap between the branch and the office, which is their sum. */
  readonly causes: readonly Cause[];
  readonly line?: "charge" | "payment";
  readonly found?: Partial<Break>;
  readonly state?: Partial<JobState>;
  /** Of the branch's connection. */
  readonly branch?: Partial<ConnectionConfig>;
  readonly toleranceMinor?: number;
  readonly way?: "api" | "task" | "none";
  readonly makes?: "payments" | null;
  readonly shows?: Context["shows"];
}

export function booksOf(asked: AskedBooks): Books {
  const { records, causes, line = "charge", way = "api", makes = "payments" } = asked;
  const plain = companyOf(classes, { toleranceMinor: asked.toleranceMinor ?? 0 });
  const connections = plain.connections.map((one) => (one.id === "s2" ? { ...one, ...asked.branch } : one));
  const context = contextOf({ ...plain, connections }, classes, now);
  const vocabularies = Object.fromEntries(
    Object.entries(context.vocabularies).map(([id, one]) => {
      const targets = { ...one.targets, amount: way, payment: way };
      const made = makes === null ? {} : { makes: { payment: makes } };
      return [
        id,
        id === "s2" ? { ...one, targets, ...made, money: "invoices" as const } : { ...one, money: "invoices" as const },
      ];
    }),
  );
  const state = jobWith(records, asked.state);
  const view = viewOf(state);
  const whole = { ...context, vocabularies, shows: asked.shows ?? context.shows };
  const found: Break = {
    ...{ kind: line, key: line, state: "open", causes, firstSeen: now, since: now, resolvedAt: null, opensAt: null },
    gapMinor: causes.reduce((sum, { minor }) => sum + minor, 0),
    ...{ connections: ["s1", "s2"], sentence: "they differ", evidence: [], assignedTo: null, note: null },
    ...asked.found,
  };
  return { state, view, lines: moneyLines(view, whole), breaks: [found], context: whole };
}
