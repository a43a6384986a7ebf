import * as z from "#shared/domain/schema.ts";
import { plainAmount } from "#shared/replies/amounts.ts";
import { intentSchema } from "#shared/replies/plan.ts";
import { type Command, needed } from "../command.ts";
import { readConfig, refused } from "./config.ts";

const wouldSchema = z.object({ intent: intentSchema, since: z.string(), stands: z.boolean() });
const jobSchema = z.object({
  job: z.string(),
  number: z.nullable(z.string()),
  onlyInForce: z.array(wouldSchema),
  onlyTried: z.array(wouldSchema),
  changed: z.array(z.object({ inForce: wouldSchema, tried: wouldSchema })),
});
const sumSchema = z.object({ writes: z.number(), tasks: z.number(), moneyMinor: z.number(), requests: z.number() });
const pageSchema = z.object({
  from: z.string(),
  to: z.string(),
  jobs: z.array(jobSchema),
  replayed: z.number(),
  asPlanned: z.number(),
  inForce: sumSchema,
  tried: sumSchema,
  next: z.nullable(z.string()),
});
type Page = z.infer<typeof pageSchema>;
type Would = z.infer<typeof wouldSchema>;

export const replay: Command = {
  name: "replay",
  about: "a period again under another policy: which plans it would have made, and which not; writes nothing",
  takes: "",
  options: [
    { name: "policy", value: "FILE", about: "a configuration document with the policy to try" },
    { name: "from", value: "WHEN", about: "a day (its beginning, in the company's zone) or an instant" },
    { name: "to", value: "WHEN", about: "the same; the period ends there" },
  ],
  async run(call) {
    const [file, from, to] = [needed(call, "policy"), needed(call, "from"), needed(call, "to")];
    const { config, problems } = readConfig(file);
    if (config === null) return refused(file, problems);
    const api = await call.api();
    const pages: Page[] = [];
    let next: string | null = null;
    do {
      const page: Page = z.parse(pageSchema, await api.post("replay", { document: config, from, to, next }));
      pages.push(page);
      next = page.next;
    } while (next !== null);
    const whole = joined(pages);
    return { json: whole, text: replayText(whole, file) };
  },
};

/** A job that moved between two pages counts once. */
function joined(pages: readonly Page[]): Page {
  const [first, ...rest] = pages;
  if (!first) throw new Error("the API answered no page");
  return rest.reduce(
    (whole, page) => ({
      ...whole,
      jobs: [...whole.jobs, ...page.jobs.filter(({ job }) => whole.jobs.every((known) => known.job !== job))],
      replayed: whole.replayed + page.replayed,
      asPlanned: whole.asPlanned + page.asPlanned,
      inForce: added(whole.inForce, page.inForce),
      tried: added(whole.tried, page.tried),
      next: null,
    }),
    first,
  );
}

function added(a: Page["inForce"], b: Page["inForce"]): Page["inForce"] {
  return {
    writes: a.writes + b.writes,
    tasks: a.tasks + b.tasks,
    moneyMinor: a.moneyMinor + b.moneyMinor,
    requests: a.requests + b.requests,
  };
}

/** What both policies come to, then each job that differs: `-` only in force, `+` only tried, `~` somebody else agrees. */
function replayText(page: Page, file: string): string {
  const jobs = page.jobs.flatMap(({ job, number, onlyInForce, onlyTried, changed }) => [
    `${number ?? job}:`,
    ...onlyInForce.map((plan) => `  - ${wouldText(plan)}`),
    ...onlyTried.map((plan) => `  + ${wouldText(plan)}`),
    ...changed.map(
      (pair) => `  ~ ${wouldText(pair.tried)}: ${agreesText(pair.inForce)}, then ${agreesText(pair.tried)}`,
    ),
  ]);
  return [
    `${page.replayed} jobs from ${page.from} to ${page.to}; nothing was written.`,
    `in force:  ${sumText(page.inForce)}`,
    `${file}:  ${sumText(page.tried)}`,
    "",
    ...(jobs.length === 0 ? ["No plan differs."] : jobs),
    "",
    `In ${page.asPlanned} of ${page.replayed} jobs the replay under the policy in force plans exactly what was planned then.`,
  ].join("\n");
}

const sumText = ({ writes, tasks, moneyMinor, requests }: Page["inForce"]): string =>
  `${writes} writes, ${tasks} tasks, ${plainAmount(moneyMinor)} at stake, ${requests} requests`;

function wouldText({ intent, since, stands }: Would): string {
  const money = intent.moneyMinor === 0 ? "" : `  [${plainAmount(intent.moneyMinor)}]`;
  return `${intent.sentence}${money}  (${stands ? "stands since" : "planned"} ${since.slice(0, 16).replace("T", " ")})`;
}

function agreesText({ intent }: Would): string {
  if (!intent.needsApproval) return "goes by itself";
  return intent.approved?.rule === undefined ? "a person agrees" : `rule ${intent.approved.rule} agrees`;
}
