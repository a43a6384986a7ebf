import type { Vocabulary } from "#shared/connectors/connector.ts";
import { type Break, isOpen } from "#shared/domain/break.ts";
import { type RecordRef, recordKey } from "#shared/domain/ids.ts";
import type { JobState, MoneyLine } from "#shared/domain/job.ts";
import { type ConnectionConfig, connectionOf, type WriteTarget } from "#shared/domain/policy.ts";
import type { View } from "#shared/domain/view.ts";
import { wayOf } from "./abilities.ts";
import type { Context } from "./context.ts";
import { differencesOf } from "./differences.ts";
import { isInDoubt } from "./doubt.ts";

/** A job's money as it stands now. */
export interface Books {
  readonly state: JobState;
  readonly view: View;
  readonly lines: readonly MoneyLine[];
  readonly breaks: readonly Break[];
  readonly context: Context;
}

/** An open gap whose other side keeps a book of ours that can be written, and stands alone against the reference. */
export interface Lone {
  readonly found: Break;
  readonly other: ConnectionConfig;
  /** Id of the reference connection. */
  readonly reference: string;
  readonly vocabulary: Vocabulary;
}

/**
 * The gap of a line that the other system may be asked to close, because the reference's book decides. Null while it is
 * not sure that the records belong together, where the API cannot, and where another system leans to the same side:
 * two against one is a question for the office, and no reason to correct either.
 */
export function loneGap(
  { state, lines, breaks, context }: Books,
  line: "charge" | "payment",
  target: WriteTarget,
): Lone | null {
  const found = breaks.find((one) => one.kind === line && isOpen(one));
  if (!found || isInDoubt(state)) return null;
  const [reference = "", id = ""] = found.connections;
  const other = connectionOf(context.company, id);
  const vocabulary = context.vocabularies[id];
  if (other?.book !== "receivable" || !vocabulary || wayOf(vocabulary, target) !== "api") return null;
  const tolerance = context.company.policy.toleranceMinor ?? 0;
  const leaning = differencesOf(state.accepted, lines, context.company).filter(
    (one) => one.line === line && one.newsMinor * Math.sign(found.gapMinor) > tolerance,
  );
  return leaning.every((one) => one.other.connection === id) ? { found, other, reference, vocabulary } : null;
}

/** What came of such changes of the record that the API took, or may have taken. */
export function sentBefore(state: JobState, record: RecordRef, target: WriteTarget): JobState["receipts"] {
  const key = recordKey(record);
  const isSuch = (one: JobState["receipts"][number]): boolean => one.target === target && recordKey(one.record) === key;
  return state.receipts.filter((one) => isSuch(one) && one.attempts > 0 && one.outcome !== "rejected");
}
