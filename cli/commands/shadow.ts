import { writeTargets } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import { type ShadowScore, shadowScore, shadowVerdicts } from "#shared/pipeline/shadow.ts";
import { type Command, queryOf } from "../command.ts";
import { tableOf } from "../screens/table.ts";

const lineSchema = z.object({
  job: z.string(),
  number: z.nullable(z.string()),
  connection: z.string(),
  target: z.enum(writeTargets),
  sentence: z.string(),
  read: z.string(),
  wanted: z.string(),
  did: z.array(z.string()),
  verdict: z.enum(shadowVerdicts),
  plannedAt: z.string(),
  at: z.nullable(z.string()),
  moneyMinor: z.number(),
});
const pageSchema = z.object({
  from: z.string(),
  to: z.string(),
  plans: z.array(lineSchema),
  next: z.nullable(z.string()),
});
type Line = z.infer<typeof lineSchema>;

export const shadow: Command = {
  name: "shadow",
  about: "where the mode is observe: which plans people then did by hand the same way, and which not; writes nothing",
  takes: "",
  options: [
    { name: "from", value: "WHEN", about: "a day (its beginning, in the company's zone) or an instant; ever" },
    { name: "to", value: "WHEN", about: "the same; now" },
  ],
  async run(call) {
    const api = await call.api();
    const plans: Line[] = [];
    let [next, from, to]: (string | undefined)[] = [undefined, call.values["from"], call.values["to"]];
    do {
      const page: z.infer<typeof pageSchema> = z.parse(
        pageSchema,
        await api.get(`shadow${queryOf({ from, to, next })}`),
      );
      plans.push(...page.plans);
      // All pages are of the same period, however long they take.
      [next, from, to] = [page.next ?? undefined, page.from, page.to];
    } while (next !== undefined);
    const score = shadowScore(plans.map(({ verdict }) => verdict));
    const targets = targetScores(plans);
    return { json: { from, to, score, targets, plans }, text: shadowText(plans, score, targets) };
  },
};

interface TargetScore extends ShadowScore {
  readonly connection: string;
  readonly target: string;
}

function targetScores(plans: readonly Line[]): readonly TargetScore[] {
  const groups = Map.groupBy(plans, ({ connection, target }) => `${connection} ${target}`);
  return [...groups.values()].flatMap((its) =>
    its[0]
      ? [{ connection: its[0].connection, target: its[0].target, ...shadowScore(its.map(({ verdict }) => verdict)) }]
      : [],
  );
}

/** The share that agreed, by connection and target, then each plan that people did otherwise. */
function shadowText(plans: readonly Line[], score: ShadowScore, targets: readonly TargetScore[]): string {
  if (plans.length === 0) return "Nothing would have been planned where the mode is observe.";
  const right = true as const;
  const columns = [
    { title: "connection" },
    { title: "what" },
    { title: "agreed", right },
    { title: "differed", right },
    { title: "superseded", right },
    { title: "open", right },
    { title: "share", right },
  ];
  const rows = targets.map((one) => [
    one.connection,
    one.target,
    ...[one.agreed, one.differed, one.superseded, one.open].map(String),
    shareText(one.share),
  ]);
  const differed = plans
    .filter(({ verdict }) => verdict === "differed")
    .map(
      ({ number, job, sentence, did, plannedAt }) =>
        `  ${number ?? job}  ${plannedAt.slice(0, 16).replace("T", " ")}  ${sentence}; people made it ${did.map((word) => word || "nothing").join(", then ")}`,
    );
  return [
    score.share === null
      ? "Nothing can be compared yet: nobody has touched what would have been written."
      : `People did ${score.agreed} of ${score.agreed + score.differed} plans the same way: ${shareText(score.share)}.`,
    "",
    tableOf(columns, rows, ""),
    ...(differed.length > 0 ? ["", "Done otherwise:", ...differed] : []),
  ].join("\n");
}

const shareText = (share: number | null): string => (share === null ? "-" : `${Math.floor(share * 100)} %`);
