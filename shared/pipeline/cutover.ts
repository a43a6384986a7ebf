import type { JobState } from "#shared/domain/job.ts";
import { formatMinor, type Minor } from "#shared/domain/money.ts";
import { type CompanyConfig, referenceOf } from "#shared/domain/policy.ts";
import { numberOf, viewOf } from "#shared/domain/view.ts";
import type { Context } from "./context.ts";
import { acceptedKey, type Difference, differencesOf, gapsOf, type LineName, lineNames } from "./differences.ts";

/**
 * Cutover (docs/accounting.md): what differs when a company starts is accepted as found, per job and line. From then
 * on it is subtracted: it is no break, nothing is planned for it, and what differs beyond it is news. Pure.
 */
export interface OpeningRow {
  readonly job: string;
  readonly line: LineName;
  readonly connection: string;
  /** The whole difference, the connection less the reference, what was accepted before included. */
  readonly minor: Minor;
}

export interface Opening extends OpeningRow {
  readonly number: string | null;
  /** What it adds to the open money: the widest of a job's line counts, the others beside it are 0. Not signed. */
  readonly countedMinor: Minor;
}

/** The differences of a job that stand now and were not accepted. */
export function openingsOf(state: JobState, company: CompanyConfig): readonly Opening[] {
  const differences = differencesOf(state.accepted, state.money, company);
  const number = numberOf(viewOf(state), referenceOf(company)?.id);
  return lineNames.flatMap((line) =>
    gapsOf(differences, line, company).map(({ other, minor, newsMinor }, place) => ({
      job: state.id,
      number,
      line,
      connection: other.connection,
      minor,
      countedMinor: place === 0 ? Math.abs(newsMinor) : 0,
    })),
  );
}

/** How a row stands: `new` can be accepted, `accepted` is so already, else why it cannot be. */
export function standingOf(
  row: OpeningRow,
  state: JobState,
  company: CompanyConfig,
  feeds: Context["feeds"],
): "new" | "accepted" | { readonly why: string } {
  const found = differenceOf(row, state, company);
  if (!found) return { why: "it is not compared now" };
  if (found.minor !== row.minor) return { why: `it is ${formatMinor(found.minor)} now` };
  if (found.newsMinor === 0) return "accepted";
  const unread = [found.reference, found.other].find(
    ({ connection }) => (feeds[connection]?.completeAt ?? null) === null,
  );
  if (unread) return { why: `${unread.connection} has not been read completely yet` };
  if (state.attempts.some(({ intent }) => intent.moneyMinor !== 0))
    return { why: "a write of the job's money is under way" };
  return "new";
}

/**
 * The job with those of the rows accepted that are as they were found; the job itself when there are none. A break that
 * is accepted whole is gone, not resolved: nothing was mended.
 */
export function withAccepted(
  state: JobState,
  rows: readonly OpeningRow[],
  company: CompanyConfig,
  act: { readonly feeds: Context["feeds"]; readonly by: string; readonly now: string },
): JobState {
  const taken = rows.filter((row) => standingOf(row, state, company, act.feeds) === "new");
  if (taken.length === 0) return state;
  const all = { ...state.accepted, ...Object.fromEntries(taken.map((row) => [keyOf(row), row.minor])) };
  const accepted = Object.fromEntries(Object.entries(all).filter(([, minor]) => minor !== 0));
  const differences = differencesOf(accepted, state.money, company);
  const gone = taken.map(({ line }) => line).filter((line) => gapsOf(differences, line, company).length === 0);
  const lines = taken.map(
    ({ line, connection, minor }) =>
      `opening difference of ${line} at ${connection}, ${formatMinor(minor)}, accepted as found by ${act.by}`,
  );
  return {
    ...state,
    accepted,
    breaks: state.breaks.filter((known) => known.state === "resolved" || !gone.some((line) => line === known.kind)),
    lastChange: { version: 0, at: act.now, cause: "person", records: [], lines },
  };
}

/** True when the row's difference is accepted to the cent. */
export function isAccepted(row: OpeningRow, state: JobState): boolean {
  return (state.accepted[keyOf(row)] ?? 0) === row.minor;
}

/** What rows of one job take out of the open money: the widest of each line. */
export function countedOf(rows: readonly OpeningRow[], state: JobState, company: CompanyConfig): Minor {
  const news = (line: LineName): Minor[] =>
    rows.filter((row) => row.line === line).map((row) => Math.abs(differenceOf(row, state, company)?.newsMinor ?? 0));
  return lineNames.reduce((sum, line) => sum + Math.max(0, ...news(line)), 0);
}

function differenceOf(row: OpeningRow, state: JobState, company: CompanyConfig): Difference | undefined {
  return differencesOf(state.accepted, state.money, company).find(
    (one) => one.line === row.line && one.other.connection === row.connection,
  );
}

function keyOf({ line, connection }: OpeningRow): string {
  return acceptedKey(line, connection);
}
