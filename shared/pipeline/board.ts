import { isOpen } from "#shared/domain/break.ts";
import type { JobState, MoneyLine } from "#shared/domain/job.ts";
import type { Minor } from "#shared/domain/money.ts";
import { type CompanyConfig, type ConnectionConfig, referenceOf } from "#shared/domain/policy.ts";
import { addSeconds, compareInstants, localDay } from "#shared/domain/time.ts";
import type { Describer } from "./arrive.ts";
import type { Context } from "./context.ts";
import { isDesk } from "./desk.ts";
import { sharedOut } from "./one-deposit.ts";
import { isJob, isMoney, isStale, type JobLine, jobLine, type Totals, totalsOf } from "./overview.ts";
import type { Feed } from "./ports.ts";
import { isOfJobs } from "./reading.ts";
import { awaitsApproval } from "./standing-plan.ts";
import { titleIn } from "./titles.ts";

/** What `status` says: totals, feeds, the switch, and the jobs behind the numbers. Pure views over stored jobs. */
export interface BoardLine extends JobLine {
  /** What every system says of the job's money, minor units. */
  readonly money: readonly MoneyLine[];
}

export interface FeedLine
  extends Pick<
    Feed,
    "connection" | "stream" | "completeAt" | "lastReadAt" | "failingSince" | "lastFailure" | "counted"
  > {
  readonly everyMinutes: number;
  readonly stale: boolean;
  /** Reads of jobs and money: a stale one makes jobs incomparable. Slow reference lists do not. */
  readonly decides: boolean;
  readonly question: string | null;
}

export interface ConnectionLine {
  readonly id: string;
  readonly vendor: string;
  /** As people read it (titles.ts). */
  readonly title: string;
  /** How the company calls this system among itself, when its configuration says so. */
  readonly called: string | null;
  readonly book: ConnectionConfig["book"];
  readonly reference: boolean;
  /** Where its charges stand: on invoices, or on the record itself. */
  readonly money: "invoices" | "record";
  readonly fresh: boolean;
}

export interface Board extends Totals {
  readonly now: string;
  readonly company: { readonly id: string; readonly name: string; readonly zone: string; readonly currency: string };
  /** Local days the totals tell of: the one after first sight, and the last one that is not over. */
  readonly days: { readonly from: string; readonly to: string };
  readonly connections: readonly ConnectionLine[];
  readonly feeds: readonly FeedLine[];
  readonly quarantined: number;
  readonly parked: number;
  readonly dropped: number;
  readonly stopped: { readonly stopped: boolean; readonly why: string | null };
  /** Jobs whose money is open, widest first. */
  readonly top: readonly BoardLine[];
  /** Jobs with money that waits: in grace, or for work that is not done. */
  readonly waitingJobs: readonly BoardLine[];
  /** Jobs with open breaks, none of them about money. */
  readonly openOther: readonly BoardLine[];
}

export interface BoardParts {
  readonly company: CompanyConfig;
  readonly surroundings: Pick<Context, "now" | "feeds">;
  readonly states: readonly JobState[];
  /** What the payments hold that several jobs rest on, minor units (same-customer.ts). */
  readonly deposits?: ReadonlyMap<string, Minor>;
  readonly feeds: readonly Feed[];
  readonly describer: (vendor: string) => Describer | undefined;
  readonly titles: Readonly<Record<string, string>>;
  readonly stopped: Board["stopped"];
  readonly quarantined: number;
  readonly parked: number;
}

export function boardOf(parts: BoardParts): Board {
  const { company, surroundings, states } = parts;
  const { now } = surroundings;
  const own = states.filter((state) => isJob(state, company));
  const jobs = sharedOut(own, parts.deposits ?? new Map<string, Minor>(), company).map((state) => ({
    state,
    line: boardLine(state, company, surroundings),
  }));
  const lines = jobs.map(({ line }) => line);
  const openMoney = (line: BoardLine): boolean => line.breaks.some((known) => isMoney(known) && isOpen(known));
  const feeds = feedLines(company, parts.feeds, parts.describer, now);
  const totals = totalsOf(jobs);
  // What was called by hand belongs to no job, and waits for a person all the same.
  const calls = states.filter(({ id }) => isDesk(id)).flatMap(({ intents }) => intents.filter(awaitsApproval));
  return {
    ...totals,
    awaitingApproval: totals.awaitingApproval + calls.length,
    now,
    company: { id: company.id, name: company.name, zone: company.zone, currency: company.currency },
    days: daysOf(
      jobs.map(({ state }) => state),
      company,
      now,
    ),
    connections: company.connections.map((connection) => connectionLine(connection, feeds, parts)),
    feeds,
    quarantined: parts.quarantined,
    parked: parts.parked,
    dropped: parts.feeds.reduce((sum, feed) => sum + feed.counted.dropped, 0),
    stopped: parts.stopped,
    top: lines.filter(openMoney).sort(widestFirst),
    waitingJobs: lines
      .filter((line) => line.breaks.some((known) => isMoney(known) && known.state === "waiting"))
      .sort(widestFirst),
    openOther: lines.filter((line) => !openMoney(line) && line.breaks.some(isOpen)).sort(widestFirst),
  };
}

export function boardLine(
  state: JobState,
  company: CompanyConfig,
  surroundings: Pick<Context, "now" | "feeds">,
): BoardLine {
  return { ...jobLine(state, company, surroundings.feeds, surroundings.now), money: state.money };
}

/** Every stream of every connection, also one that was never read: its silence must show. */
export function feedLines(
  company: CompanyConfig,
  feeds: readonly Feed[],
  describer: BoardParts["describer"],
  now: string,
): readonly FeedLine[] {
  return company.connections.flatMap((connection) =>
    Object.values(describer(connection.vendor)?.streams ?? {}).map((spec): FeedLine => {
      const feed = feeds.find((known) => known.connection === connection.id && known.stream === spec.name);
      const everyMinutes =
        connection.pollMinutes?.[spec.name] ?? connection.pollMinutes?.["default"] ?? spec.everyMinutes;
      const completeAt = feed?.completeAt ?? null;
      return {
        connection: connection.id,
        stream: spec.name,
        completeAt,
        everyMinutes,
        stale: isStale({ completeAt, everyMinutes }, now),
        decides: isOfJobs(spec),
        lastReadAt: feed?.lastReadAt ?? null,
        failingSince: feed?.failingSince ?? null,
        lastFailure: feed?.lastFailure ?? null,
        counted: feed?.counted ?? { read: 0, forwarded: 0, dropped: 0, quarantined: 0 },
        question: feed?.question ?? null,
      };
    }),
  );
}

function connectionLine(connection: ConnectionConfig, feeds: readonly FeedLine[], parts: BoardParts): ConnectionLine {
  const called = connection["called"];
  const own = feeds.filter((feed) => feed.connection === connection.id && feed.decides);
  return {
    id: connection.id,
    vendor: connection.vendor,
    title: titleIn(parts.company, connection.id, parts.titles),
    called: typeof called === "string" ? called : null,
    book: connection.book,
    reference: referenceOf(parts.company)?.id === connection.id,
    money: parts.describer(connection.vendor)?.vocabulary.money ?? "record",
    fresh: own.length > 0 && own.every((feed) => !feed.stale),
  };
}

/** What is found at first sight is where things start from: the days that are told begin with the next one. */
function daysOf(states: readonly JobState[], company: CompanyConfig, now: string): Board["days"] {
  // A day that ended this very instant is still the last one told.
  const to = localDay(addSeconds(now, -1), company.zone);
  let first: string | null = null;
  for (const { links } of states)
    for (const { at } of links) if (first === null || compareInstants(at, first) < 0) first = at;
  if (first === null) return { from: to, to };
  const dayAfter = new Date(Date.parse(localDay(first, company.zone)) + 86_400_000).toISOString().slice(0, 10);
  return { from: dayAfter < to ? dayAfter : to, to };
}

function widestFirst(a: BoardLine, b: BoardLine): number {
  return b.gapMinor - a.gapMinor || ((a.number ?? a.job) < (b.number ?? b.job) ? -1 : 1);
}
