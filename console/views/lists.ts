import { causesText, explanationOf } from "#shared/replies/money-words.ts";
import type { State } from "../state.ts";
import { type Branch, h, type Tree } from "../tree.ts";
import { type Column, chip, link, table, tellingOf, waitingFor } from "./parts.ts";

/** Every disagreement that stands, widest first, in its own sentence. */
export function breaksView(state: State): readonly Tree[] {
  if (state.breaks === null) return [waitingFor("the breaks", state)];
  if (state.breaks.length === 0) return [h("p", { class: "lede" }, "No break stands: every system agrees.")];
  const { money, at } = tellingOf(state);
  const columns: readonly Column[] = [
    { title: "Job" },
    { title: "Apart", as: "right" },
    { title: "What" },
    { title: "Cause" },
    { title: "State" },
    { title: "Since", as: "short" },
  ];
  const rows = state.breaks.map((found) => [
    link(found.job, found.number),
    found.gapMinor === 0 ? "" : money(found.gapMinor),
    [found.sentence, ...(found.note ? [h("div", { class: "quiet" }, explanationOf(found))] : [])],
    causesText(found),
    found.state === "assigned" ? `with ${found.assignedTo ?? "?"}` : found.state,
    at(found.since),
  ]);
  return [table("Disagreements that stand, widest first", columns, rows)];
}

const outcomes: Readonly<Record<string, "good" | "bad" | "calm">> = {
  applied: "good",
  rejected: "bad",
  ignored: "bad",
  unresolved: "bad",
};

/** What came of every write, newest first. */
export function writtenView(state: State): readonly Tree[] {
  if (state.receipts === null) return [waitingFor("the receipts", state)];
  if (state.receipts.length === 0) return [h("p", { class: "lede" }, "Nothing was written yet.")];
  const { money, at, system } = tellingOf(state);
  const columns: readonly Column[] = [
    { title: "Job" },
    { title: "Outcome" },
    { title: "Where" },
    { title: "Change" },
    { title: "Money", as: "right" },
    { title: "Approved by" },
    { title: "When", as: "short" },
  ];
  const rows = state.receipts.map((one) => [
    link(one.job, one.number),
    chip(one.outcome, outcomes[one.outcome] ?? "calm"),
    `${system(one.record.connection)}, ${one.target}`,
    [
      h("del", {}, one.before === "" ? "nothing" : one.before),
      " → ",
      h("ins", {}, one.wanted),
      ...(one.note === null ? [] : [h("div", { class: "quiet" }, one.note)]),
    ],
    one.moneyMinor === 0 ? "" : money(one.moneyMinor),
    one.approvedBy ?? "policy",
    at(one.at),
  ]);
  return [table("Writes and what came of them, newest first", columns, rows)];
}

/** Whether every stream of every connection is still read. */
export function feedsView(state: State): readonly Tree[] {
  if (state.feeds === null) return [waitingFor("the feeds", state)];
  const { at, system } = tellingOf(state);
  const { feeds } = state.feeds;
  const columns: readonly Column[] = [
    { title: "System" },
    { title: "Stream" },
    { title: "Is" },
    { title: "Read to the end", as: "short" },
    { title: "Every", as: "right" },
    { title: "Read", as: "right" },
    { title: "Forwarded", as: "right" },
    { title: "Dropped", as: "right" },
    { title: "Unfit", as: "right" },
  ];
  const rows = feeds.map((feed) => [
    `${system(feed.connection)} (${feed.connection})`,
    feed.stream,
    standing(feed),
    at(feed.completeAt),
    `${feed.everyMinutes} min`,
    ...[feed.counted.read, feed.counted.forwarded, feed.counted.dropped, feed.counted.quarantined].map(String),
  ]);
  return [table("Feeds and when each was last read to its end", columns, rows)];
}

function standing(feed: NonNullable<State["feeds"]>["feeds"][number]): readonly (Branch | string)[] {
  const word = feed.stale
    ? chip("silent", "bad")
    : feed.failingSince === null
      ? chip("fresh", "good")
      : chip("failing", "due");
  const why = feed.question ?? (feed.failingSince === null ? null : (feed.lastFailure?.message ?? null));
  return why === null ? [word] : [word, h("div", { class: "quiet" }, why)];
}
