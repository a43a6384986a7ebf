import { counted } from "#cli/counted.ts";
import { amount } from "#shared/replies/amounts.ts";
import type { BoardShown } from "#shared/replies/board.ts";
import { boardSchema } from "#shared/replies/board.ts";
import { dayByName, dayRange, moment } from "#shared/replies/days.ts";
import { isDeposit, toldOf, wordsOf } from "#shared/replies/money-words.ts";

const shown = 5;
const titleWidth = 30;

/** What a person sees first: whose money disagrees, by how much and why. Pure over the reply of `status`; throws where that is none. */
export function firstScreen(status: unknown): string {
  const board = boardSchema.parse(status);
  return [
    heading(board),
    totals(board),
    ...moneyLines(board),
    ...trouble(board),
    clearing(board),
    written(board),
    looks(board),
  ].join("\n");
}

function heading({ company, days, connections, now }: BoardShown): string {
  const place = (company.zone.split("/").at(-1) ?? company.zone).replaceAll("_", " ");
  const silent = connections.filter((connection) => !connection.fresh).map(({ id }) => id);
  const fresh = silent.length === 0 ? "all fresh" : `not fresh at ${moment(now, company.zone)}: ${silent.join(", ")}`;
  return [
    company.name,
    place,
    dayRange(days.from, days.to),
    `${counted(connections.length, "connection")}, ${fresh}`,
  ].join(" · ");
}

function totals({ jobs, moneyJobs, gapMinor, notComparable, company }: BoardShown): string {
  if (jobs === 0) return "No job yet: the first read of every feed is under way";
  const money =
    moneyJobs === 0
      ? "none disagrees about money"
      : `${moneyJobs} ${moneyJobs === 1 ? "disagrees" : "disagree"} about money, ${amount(gapMinor, company.currency)} in all`;
  const rest = notComparable === 0 ? "" : `; ${notComparable} not comparable while a feed is silent`;
  return `${counted(jobs, "job")}: ${money}${rest}`;
}

function moneyLines(board: BoardShown): readonly string[] {
  const first = board.top.slice(0, shown);
  const rest = board.top.slice(shown);
  const amounts = first.map((line) => amount(line.gapMinor, board.company.currency));
  const amountWidth = Math.max(0, ...amounts.map((text) => text.length));
  const numberWidth = Math.max(1, ...first.map((line) => (line.number ?? "-").length));
  const lines = first.map((line, index) => {
    const { title, detail } = wordsOf(toldOf(line, board.connections));
    const columns = [
      (amounts[index] ?? "").padStart(amountWidth),
      title.padEnd(titleWidth - 2),
      (line.number ?? "-").padEnd(numberWidth),
    ];
    return `  ${columns.join("  ")}  ${detail}`;
  });
  const left = rest.reduce((sum, line) => sum + line.gapMinor, 0);
  return rest.length === 0 ? lines : [...lines, `  ... ${rest.length} more, ${amount(left, board.company.currency)}`];
}

/** Lines that stand only when something is wrong. */
function trouble({ stopped, quarantined }: BoardShown): readonly string[] {
  return [
    ...(stopped.stopped ? [`Writes are stopped: ${stopped.why ?? "no reason given"}.`] : []),
    ...(quarantined > 0
      ? [
          `${counted(quarantined, "record")} could not be read and ${quarantined === 1 ? "waits" : "wait"} in quarantine.`,
        ]
      : []),
  ];
}

function clearing({ waitingMinor, waitingJobs, resolvedMinor, company, days }: BoardShown): string {
  const waiting = waitingJobs
    .flatMap((line) => line.breaks)
    .filter((found) => found.state === "waiting" && found.gapMinor !== 0);
  const deposits = waiting.filter(isDeposit).length;
  const young = waiting.length - deposits;
  const why = [
    ...(deposits > 0 ? [counted(deposits, "deposit")] : []),
    ...(young > 0 ? [`${young} too young to count`] : []),
  ];
  const resolved = amount(resolvedMinor, company.currency);
  return `Will clear by itself: ${amount(waitingMinor, company.currency)}${why.length > 0 ? ` (${why.join(", ")})` : ""}. Resolved since ${dayByName(days.from, days.to)}: ${resolved}.`;
}

/** Outcomes that are named only when there are any. */
const rareOutcomes = [
  { outcome: "superseded", says: "Overtaken by a newer change" },
  { outcome: "unresolved", says: "Outcome unknown, ask the vendor" },
  { outcome: "void", says: "Void after a restore" },
] as const;

function written({ receipts, awaitingApproval, tasks }: BoardShown): string {
  const of = (outcome: string): number => receipts[outcome] ?? 0;
  return [
    `Written back: ${of("applied")}, each read back and confirmed.`,
    `Refused by vendor: ${of("rejected")}.`,
    `Changed nothing: ${of("ignored")}.`,
    ...rareOutcomes.filter(({ outcome }) => of(outcome) > 0).map(({ outcome, says }) => `${says}: ${of(outcome)}.`),
    `Waiting for you: ${counted(awaitingApproval, "approval")}, ${counted(tasks, "task")}.`,
  ].join(" ");
}

function looks({ top, openOther }: BoardShown): string {
  const line = top[0] ?? openOther[0];
  const explain = line ? [`plumbline explain ${line.number ?? line.job}`] : [];
  return `Look:  ${[...explain, "plumbline plan", "plumbline breaks"].join("   ·   ")}`;
}
