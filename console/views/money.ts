import type { BoardShown, LineShown } from "#shared/replies/board.ts";
import { dayAndMonth, dayByName } from "#shared/replies/days.ts";
import { toldOf, wordsOf } from "#shared/replies/money-words.ts";
import type { State } from "../state.ts";
import { type Branch, h, type Tree } from "../tree.ts";
import { type Column, chip, counted, link, part, type Telling, table, tellingOf, waitingFor } from "./parts.ts";

/** The first thing a bookkeeper wants to know: whose money disagrees, by how much, and why. */
export function moneyView(state: State): readonly (Tree | null)[] {
  const { board } = state;
  if (board === null) return [waitingFor("the board", state)];
  const telling = tellingOf(state);
  return [
    lede(board, telling),
    figures(board, telling),
    board.top.length === 0
      ? null
      : table(
          "Jobs whose money disagrees, widest first",
          [{ title: "Apart", as: "right" }, { title: "What" }, { title: "Job" }, { title: "Between" }, ...whoseColumns],
          board.top.map((line) => moneyRow(line, board, telling)),
        ),
    part("Will clear by itself", [linesTable("Jobs with money that waits", board.waitingJobs, telling)]),
    part("Open, and not about money", [linesTable("Jobs with other disagreements", board.openOther, telling)]),
  ];
}

function lede({ jobs, moneyJobs, gapMinor, notComparable }: BoardShown, { money }: Telling): Branch {
  if (jobs === 0) return h("p", { class: "lede" }, "No job yet: the first read of every feed is under way.");
  const silent =
    notComparable === 0
      ? null
      : h(
          "p",
          { class: "quiet" },
          `${counted(notComparable, "job")} cannot be compared while a feed is silent: in neither group.`,
        );
  if (moneyJobs === 0)
    return h("div", { class: "lede" }, [
      h("p", { class: "sum" }, money(0)),
      h("p", {}, `${counted(jobs, "job")}, and none disagrees about money.`),
      silent,
    ]);
  return h("div", { class: "lede" }, [
    h("p", { class: "sum" }, money(gapMinor)),
    h("p", {}, `${moneyJobs} of ${counted(jobs, "job")} ${moneyJobs === 1 ? "disagrees" : "disagree"} about money.`),
    silent,
  ]);
}

function figures(board: BoardShown, { money }: Telling): Branch {
  const { receipts, days, awaitingApproval, tasks } = board;
  const of = (outcome: string): number => receipts[outcome] ?? 0;
  const trouble = [
    of("rejected") > 0 ? `${of("rejected")} refused` : "",
    of("ignored") > 0 ? `${of("ignored")} changed nothing` : "",
    of("unresolved") > 0 ? `${of("unresolved")} of unknown outcome` : "",
  ].filter((text) => text !== "");
  const figure = (title: string, value: string, more: string): Branch =>
    h("div", {}, [h("dt", {}, title), h("dd", {}, [h("b", {}, value), h("span", {}, more)])]);
  return h("dl", { class: "figures" }, [
    figure("Will clear by itself", money(board.waitingMinor), counted(board.waitingJobs.length, "job")),
    figure(`Resolved since ${dayByName(days.from, days.to)}`, money(board.resolvedMinor), "seen to agree"),
    figure("Waiting for you", String(awaitingApproval), `approvals, and ${counted(tasks, "task")}`),
    figure("Written back", String(of("applied")), ["each read back", ...trouble].join(", ")),
  ]);
}

const whoseColumns: readonly Column[] = [{ title: "Customer" }, { title: "Day", as: "short" }];
const whose = (line: LineShown): readonly string[] => [line.customer ?? "", line.day ? dayAndMonth(line.day) : ""];

function moneyRow(line: LineShown, board: BoardShown, { money }: Telling): readonly (Tree | readonly Tree[])[] {
  const told = toldOf(line, board.connections);
  const { title, detail } = wordsOf(told);
  const { found } = told;
  const mark =
    found.state === "assigned"
      ? [" ", chip(`with ${found.assignedTo ?? "?"}`, "due")]
      : found.state === "explained"
        ? [" ", chip("explained", "calm")]
        : [];
  return [money(line.gapMinor), [title, ...mark], link(line.job, line.number), detail, ...whose(line)];
}

function linesTable(caption: string, lines: readonly LineShown[], { money }: Telling): Branch | null {
  if (lines.length === 0) return null;
  const rows = lines.map((line) => {
    const found = line.breaks.filter(({ state }) => state !== "resolved");
    const apart = found.reduce((sum, one) => sum + Math.abs(one.gapMinor), 0);
    const sentences = found.map(({ sentence }) => h("div", {}, sentence));
    return [link(line.job, line.number), apart === 0 ? "" : money(apart), sentences, ...whose(line)];
  });
  return table(caption, [{ title: "Job" }, { title: "Apart", as: "right" }, { title: "What" }, ...whoseColumns], rows);
}
