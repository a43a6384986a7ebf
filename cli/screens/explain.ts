import * as z from "#shared/domain/schema.ts";
import { amount, plainAmount } from "#shared/replies/amounts.ts";
import { type ExplainedShown, jobReplySchema } from "#shared/replies/explained.ts";
import { explanationOf } from "#shared/replies/money-words.ts";
import { standingOf } from "#shared/replies/plan.ts";
import { tableOf } from "./table.ts";

/** The reply of `job` as a person reads it; several jobs of one number one after the other. */
export function explainScreen(reply: unknown): string {
  const { jobs } = z.parse(jobReplySchema, reply);
  const several = jobs.length > 1 ? [`${jobs.length} jobs are called so:`, ""] : [];
  return [...several, jobs.map(jobText).join("\n\n")].join("\n");
}

function jobText(job: ExplainedShown): string {
  const title = [job.number ?? job.job, job.customer, job.day, job.standing]
    .filter((part) => part !== null)
    .join(" · ");
  const apart = job.gapMinor === 0 ? "" : `, ${amount(job.gapMinor, "USD").replace("$", "")} apart`;
  const silent = job.since ? ` since ${short(job.since)}` : "";
  return [
    `${title}${silent}${apart}   (${job.job})`,
    ...section("Money", moneyRows(job)),
    ...section("Breaks", breakRows(job)),
    ...section("Fields", fieldRows(job)),
    ...section("Planned", intentRows(job)),
    ...section("Written", receiptRows(job)),
    ...section("Notices", job.notices),
    ...section("Records", recordRows(job)),
    ...section("History", historyRows(job)),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", `${title}:`, ...lines.map((line) => `  ${line}`)];
}

const stated = (minor: number | null): string => (minor === null ? "not stated" : plainAmount(minor));

function moneyRows({ money }: ExplainedShown): readonly string[] {
  if (money.length === 0) return [];
  const right = true as const;
  const columns = [
    { title: "" },
    { title: "charge", right },
    { title: "received", right },
    { title: "outstanding", right },
    { title: "" },
  ];
  const rows = money.map((line) => [
    line.title,
    stated(line.charge),
    stated(line.payment),
    stated(line.outstanding),
    line.provisional ? "estimate until the work is done" : "",
  ]);
  return tableOf(columns, rows, "").split("\n");
}

/** Causes stand under their gap and sum to it; what nothing explains is a cause of its own. */
function breakRows({ breaks }: ExplainedShown): readonly string[] {
  return breaks.flatMap((found) => [
    `${found.kind} ${found.putAway === undefined ? found.state : "put away"}${found.gapMinor === 0 ? "" : ` ${plainAmount(found.gapMinor)}`} since ${short(found.since)}: ${found.sentence}`,
    ...(found.assignedTo ? [`  looked after by ${found.assignedTo}`] : []),
    ...(found.note ? [`  explained${found.saidCause ? "" : ":"} ${explanationOf(found)}`] : []),
    ...found.causes.map(
      (cause) =>
        `  ${plainAmount(cause.minor)} ${cause.kind}, ${cause.certainty}${cause.records.length > 0 ? `: ${cause.records.join(", ")}` : ""}`,
    ),
  ]);
}

function fieldRows({ fields }: ExplainedShown): readonly string[] {
  return fields.flatMap((field) => [
    `${field.field}: ${field.agreed ?? "nothing agreed"}${field.since ? ` since ${short(field.since)}` : ""}; ${field.rule}${field.frozen ? "; FROZEN" : ""}`,
    ...(field.frozen ? field.flips : []).map(
      (flip) => `  ${short(flip.at)}  ${flip.from} -> ${flip.to}, by ${flip.by.join(" and ")}`,
    ),
    ...field.values.map((value) => {
      const says = value.says === value.means ? value.says : `${value.says} (${value.means})`;
      const marks = [value.won ? "won" : "", value.agrees ? "" : "disagrees", value.ask ? "asks before a write" : ""];
      const said = marks.filter((mark) => mark !== "").join(", ");
      return `  ${value.title}${value.number ? ` ${value.number}` : ""}: ${says}, as of ${short(value.asOf)}${said === "" ? "" : `  [${said}]`}`;
    }),
  ]);
}

function intentRows({ intents, attempts }: ExplainedShown): readonly string[] {
  return [
    ...intents.map((intent) => `${intent.id}  ${standingOf(intent)}: ${intent.sentence}`),
    ...attempts.map(
      (attempt) =>
        `${attempt.intent.id}  attempt ${attempt.number} of ${short(attempt.startedAt)} is ${attempt.state}; looked at again ${short(attempt.dueAt)}`,
    ),
  ];
}

function receiptRows({ receipts }: ExplainedShown): readonly string[] {
  return receipts.map((one) => {
    const more = [one.approvedBy ? `approved by ${one.approvedBy}` : "", ...one.flags, one.note ?? ""].filter(
      (part) => part !== "",
    );
    return `${short(one.at)}  ${one.outcome}: ${one.target} in ${one.record.connection}, ${one.before || "nothing"} -> ${one.wanted}${more.length > 0 ? ` (${more.join("; ")})` : ""}`;
  });
}

function recordRows({ records }: ExplainedShown): readonly string[] {
  return records.map((one) => {
    const why = one.link
      ? ` by ${one.link.rule}${one.link.evidence.length > 0 ? ` (${one.link.evidence.join(", ")})` : ""}`
      : "";
    const batch = one.link?.batch ? `, batch ${one.link.batch}` : "";
    return `${one.record}${one.number ? ` ${one.number}` : ""}: ${one.kind}${one.live ? "" : ", gone"}, read ${short(one.readAt)}${why === "" ? "" : `, linked${why}`}${batch}${twice(one)}`;
  });
}

/** What a person said of a call that stands twice in one system. */
function twice({ sameAs }: ExplainedShown["records"][number]): string {
  if (sameAs === null) return "";
  const why = sameAs.why === "" ? "" : ` (${sameAs.why})`;
  const end = sameAs.counted ? "; that is gone, so it counts" : "; not counted";
  return `, the same call as ${sameAs.record}, by ${sameAs.by} on ${sameAs.at.slice(0, 10)}${why}${end}`;
}

function historyRows({ history }: ExplainedShown): readonly string[] {
  return history.flatMap((change) => [
    `${short(change.at)}  ${change.cause}`,
    ...change.lines.map((line) => `  ${line}`),
  ]);
}

/** To the minute, UTC. */
function short(instant: string): string {
  return instant.slice(0, 16).replace("T", " ");
}
