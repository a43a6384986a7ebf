import * as z from "#shared/domain/schema.ts";
import { breakSchema, moneySchema } from "./board-schema.ts";
import { amount, plainAmount } from "./money.ts";
import { intentSchema, standingOf } from "./plan-schema.ts";
import { tableOf } from "./table.ts";

const receiptSchema = z.object({
  target: z.string(),
  record: z.object({ connection: z.string() }),
  outcome: z.string(),
  at: z.string(),
  attempts: z.number(),
  before: z.string(),
  wanted: z.string(),
  after: z.nullable(z.string()),
  approvedBy: z.nullable(z.string()),
  flags: z.array(z.string()),
  note: z.nullable(z.string()),
});

const explainedSchema = z.object({
  job: z.string(),
  number: z.nullable(z.string()),
  customer: z.nullable(z.string()),
  day: z.nullable(z.string()),
  standing: z.string(),
  since: z.nullable(z.string()),
  gapMinor: z.number(),
  breaks: z.array(breakSchema),
  records: z.array(
    z.object({
      record: z.string(),
      title: z.string(),
      kind: z.string(),
      number: z.nullable(z.string()),
      live: z.boolean(),
      modified: z.nullable(z.string()),
      readAt: z.string(),
      link: z.nullable(
        z.object({ rule: z.string(), evidence: z.array(z.string()), at: z.string(), batch: z.nullable(z.string()) }),
      ),
    }),
  ),
  fields: z.array(
    z.object({
      field: z.string(),
      agreed: z.nullable(z.string()),
      since: z.nullable(z.string()),
      rule: z.string(),
      frozen: z.boolean(),
      values: z.array(
        z.object({
          title: z.string(),
          number: z.nullable(z.string()),
          says: z.string(),
          means: z.string(),
          asOf: z.string(),
          agrees: z.boolean(),
          won: z.boolean(),
          ask: z.boolean(),
        }),
      ),
    }),
  ),
  money: z.array(z.object({ title: z.string(), ...moneySchema.shape })),
  intents: z.array(intentSchema),
  attempts: z.array(
    z.object({ number: z.number(), state: z.string(), startedAt: z.string(), dueAt: z.string(), intent: intentSchema }),
  ),
  receipts: z.array(receiptSchema),
  notices: z.array(z.string()),
  history: z.array(z.object({ version: z.number(), at: z.string(), cause: z.string(), lines: z.array(z.string()) })),
});
type ExplainedShown = z.infer<typeof explainedSchema>;

/** The reply of `job` as a person reads it; several jobs of one number one after the other. */
export function explainScreen(reply: unknown): string {
  const { jobs } = z.parse(z.object({ jobs: z.array(explainedSchema) }), reply);
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
    `${found.kind} ${found.state}${found.gapMinor === 0 ? "" : ` ${plainAmount(found.gapMinor)}`} since ${short(found.since)}: ${found.sentence}`,
    ...(found.assignedTo ? [`  looked after by ${found.assignedTo}`] : []),
    ...(found.note ? [`  explained: ${found.note}`] : []),
    ...found.causes.map(
      (cause) =>
        `  ${plainAmount(cause.minor)} ${cause.kind}, ${cause.certainty}${cause.records.length > 0 ? `: ${cause.records.join(", ")}` : ""}`,
    ),
  ]);
}

function fieldRows({ fields }: ExplainedShown): readonly string[] {
  return fields.flatMap((field) => [
    `${field.field}: ${field.agreed ?? "nothing agreed"}${field.since ? ` since ${short(field.since)}` : ""}; ${field.rule}${field.frozen ? "; FROZEN" : ""}`,
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
    return `${one.record}${one.number ? ` ${one.number}` : ""}: ${one.kind}${one.live ? "" : ", gone"}, read ${short(one.readAt)}${why === "" ? "" : `, linked${why}`}${batch}`;
  });
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
