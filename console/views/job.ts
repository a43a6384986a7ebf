import type { ExplainedShown } from "#shared/replies/explained.ts";
import { explanationOf } from "#shared/replies/money-words.ts";
import type { State } from "../state.ts";
import { type Branch, h, type Tree } from "../tree.ts";
import { type Column, chip, counted, part, type Telling, table, tellingOf, waitingFor } from "./parts.ts";
import { intentCard } from "./waiting.ts";

/** One job, field by field: who said what and when, which rule won, what was written and what came back. */
export function jobView(state: State): readonly (Tree | null)[] {
  if (state.jobs === null) return [waitingFor("the job", state)];
  const telling = tellingOf(state);
  const several = state.jobs.length > 1 ? [h("p", { class: "lede" }, `${state.jobs.length} jobs are called so.`)] : [];
  return [...several, ...state.jobs.map((job) => jobArticle(job, state, telling))];
}

function jobArticle(job: ExplainedShown, state: State, telling: Telling): Branch {
  const { money, at } = telling;
  const apart = job.gapMinor === 0 ? null : h("p", { class: "sum" }, `${money(job.gapMinor)} apart`);
  const silent = job.since === null ? "" : ` since ${at(job.since)}`;
  const facts = [job.customer, job.day, `${job.standing}${silent}`].filter((text) => text !== null).join(" · ");
  return h("article", { class: "job" }, [
    h("div", { class: "lede" }, [
      apart,
      h("p", {}, facts),
      h("p", { class: "quiet" }, `${job.number ?? "no number"} (${job.job})`),
    ]),
    part("Money", [moneyTable(job, telling)]),
    part(
      "Breaks",
      job.breaks.map((found) => breakCard(found, telling)),
    ),
    part(
      "Fields",
      job.fields.map((field) => fieldCard(field, telling)),
    ),
    part("Planned", [
      ...job.intents.map((intent) => intentCard({ ...intent, job: job.job, number: job.number }, state)),
      ...job.attempts.map((one) => attemptLine(one, telling)),
    ]),
    part(
      "Written",
      job.receipts.map((one) => receiptLine(one, telling)),
    ),
    part(
      "Notices",
      job.notices.map((text) => h("p", {}, text)),
    ),
    part("Records", [recordTable(job, telling)]),
    history(job, telling),
  ]);
}

function moneyTable({ money }: ExplainedShown, telling: Telling): Branch | null {
  if (money.length === 0) return null;
  const stated = (minor: number | null): string => (minor === null ? "not stated" : telling.money(minor));
  const rows = money.map((line) => [
    [line.title, ...(line.provisional ? [h("div", { class: "quiet" }, "an estimate until the work is done")] : [])],
    stated(line.charge),
    stated(line.payment),
    stated(line.outstanding),
  ]);
  const columns: readonly Column[] = [
    { title: "System" },
    { title: "Charge", as: "right" },
    { title: "Received", as: "right" },
    { title: "Outstanding", as: "right" },
  ];
  return table("What each system says of the money", columns, rows);
}

/** Causes stand under their gap and sum to it; what nothing explains is a cause of its own. */
function breakCard(found: ExplainedShown["breaks"][number], { money, at }: Telling): Branch {
  const gap = found.gapMinor === 0 ? null : h("b", { class: "gap" }, money(found.gapMinor));
  const tone = found.state === "resolved" ? "good" : found.state === "waiting" ? "calm" : "due";
  return h("article", { class: "card" }, [
    h("p", { class: "what" }, [gap, gap === null ? null : " ", found.sentence]),
    h("p", { class: "quiet" }, [
      chip(found.putAway === undefined ? found.state : "put away", found.putAway === undefined ? tone : "calm"),
      ` ${found.kind} since ${at(found.since)}`,
    ]),
    found.assignedTo ? h("p", { class: "quiet" }, `Looked after by ${found.assignedTo}`) : null,
    found.note ? h("p", { class: "quiet" }, `Explained${found.saidCause ? "" : ":"} ${explanationOf(found)}`) : null,
    found.gapMinor === 0 || found.causes.length === 0
      ? null
      : h(
          "ul",
          { class: "causes" },
          found.causes.map((cause) =>
            h("li", {}, [
              h("span", { class: "right" }, money(cause.minor)),
              ` ${cause.kind}, ${cause.certainty}`,
              cause.records.length === 0 ? null : h("span", { class: "quiet" }, ` ${cause.records.join(", ")}`),
            ]),
          ),
        ),
  ]);
}

function fieldCard(field: ExplainedShown["fields"][number], { at }: Telling): Branch {
  const rows = field.values.map((value) => [
    `${value.title}${value.number === null ? "" : ` ${value.number}`}`,
    saidOf(value),
    at(value.asOf),
    [
      ...(value.won ? [chip("won", "good"), " "] : []),
      ...(value.agrees ? [] : [chip("disagrees", "bad"), " "]),
      ...(value.ask ? [chip("asks before a write", "due")] : []),
    ],
  ]);
  return h("article", { class: "card" }, [
    h("h3", {}, [field.field, field.frozen ? chip("frozen", "bad") : null]),
    h("p", {}, [
      h("b", {}, field.agreed ?? "nothing agreed"),
      h("span", { class: "quiet" }, `${field.since === null ? "" : ` since ${at(field.since)}`}; ${field.rule}`),
    ]),
    field.frozen
      ? h(
          "ul",
          { class: "quiet" },
          field.flips.map((flip) =>
            h("li", {}, `${at(flip.at)}: ${flip.from} -> ${flip.to}, by ${flip.by.join(" and ")}`),
          ),
        )
      : null,
    table(
      `Who says what of ${field.field}`,
      [{ title: "System" }, { title: "Says" }, { title: "As of", as: "short" }, { title: "" }],
      rows,
    ),
  ]);
}

function saidOf({ says, means }: ExplainedShown["fields"][number]["values"][number]): string {
  if (says === "") return "nothing";
  return says === means ? says : `${says} (${means})`;
}

function attemptLine(attempt: ExplainedShown["attempts"][number], { at }: Telling): Branch {
  const text = `Attempt ${attempt.number} of ${at(attempt.startedAt)} is ${attempt.state}; looked at again ${at(attempt.dueAt)}.`;
  return h("p", { class: "quiet" }, text);
}

function receiptLine(one: ExplainedShown["receipts"][number], { at, system }: Telling): Branch {
  const more = [one.approvedBy === null ? "" : `approved by ${one.approvedBy}`, ...one.flags, one.note ?? ""]
    .filter((text) => text !== "")
    .join("; ");
  return h("p", {}, [
    chip(one.outcome, one.outcome === "applied" ? "good" : one.outcome === "rejected" ? "bad" : "calm"),
    ` ${one.target} in ${system(one.record.connection)}: `,
    h("del", {}, one.before === "" ? "nothing" : one.before),
    " → ",
    h("ins", {}, one.wanted),
    h("span", { class: "quiet" }, ` ${at(one.at)}${more === "" ? "" : ` (${more})`}`),
  ]);
}

function recordTable({ records }: ExplainedShown, { at }: Telling): Branch | null {
  if (records.length === 0) return null;
  const rows = records.map((one) => [
    `${one.title}${one.number === null ? "" : ` ${one.number}`}`,
    one.live ? [one.kind, ...twice(one)].join(", ") : `${one.kind}, gone`,
    one.link === null ? "" : [one.link.rule, ...one.link.evidence].join(", "),
    at(one.readAt),
  ]);
  const columns: readonly Column[] = [
    { title: "Record" },
    { title: "Is" },
    { title: "Belongs here by" },
    { title: "Read", as: "short" },
  ];
  return table("Records of this job and why each belongs to it", columns, rows);
}

/** What a person said of a call that stands twice in one system. */
function twice({ sameAs }: ExplainedShown["records"][number]): readonly string[] {
  if (sameAs === null) return [];
  const said = `the same call as ${sameAs.record}, by ${sameAs.by} on ${sameAs.at.slice(0, 10)}`;
  return [said, sameAs.counted ? "which is gone: it counts" : "not counted"];
}

function history({ history: changes }: ExplainedShown, { at }: Telling): Branch | null {
  if (changes.length === 0) return null;
  return h("details", {}, [
    h("summary", {}, `History: ${counted(changes.length, "change")}`),
    h(
      "ol",
      {},
      changes.map((change) =>
        h("li", {}, [
          h("span", { class: "quiet" }, `${at(change.at)}, ${change.cause}`),
          ...change.lines.map((line) => h("div", {}, line)),
        ]),
      ),
    ),
  ]);
}
