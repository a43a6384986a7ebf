import { movesMoney } from "#shared/domain/intent.ts";
import * as z from "#shared/domain/schema.ts";
import { approve, type Decided, findJobs, reject } from "#shared/pipeline/decide.ts";
import { everyJob } from "#shared/pipeline/every-job.ts";
import { awaitsApproval, standingIntents } from "#shared/pipeline/standing-plan.ts";
import { type Asked, bodyOf, type Desk, Refused } from "./request.ts";

const oneSchema = z.strictObject({
  job: z.string(),
  intent: z.string(),
  /** The hash the person saw; without it the plan is taken as it stands now. */
  bound: z.optional(z.string()),
});
const listed = { intents: z.array(oneSchema).check(z.minLength(1, "expected at least one intent")) };
const approvalSchema = z.union([
  z.strictObject(listed),
  z.strictObject({ job: z.string() }),
  z.strictObject({
    all: z.literal(true),
    connection: z.optional(z.string()),
    /** Writes that move money are approved by name, or with this said. */
    money: z.optional(z.boolean()),
  }),
]);
const rejectionSchema = z.strictObject({ ...listed, why: z.string().check(z.minLength(1, "expected a reason")) });

type Named = z.infer<typeof oneSchema>;

interface Result {
  readonly asked: Named;
  readonly came: Decided;
}

/** Approves or rejects intents; each has its own result. Refused 409 when not one of them could be decided. */
export async function decide(desk: Desk, asked: Asked): Promise<object> {
  const { company, ports } = desk;
  const by = asked.person.sub;
  const results: Result[] = [];
  if (asked.route === "reject") {
    const { intents, why } = bodyOf(asked, rejectionSchema);
    for (const one of intents)
      results.push({ asked: one, came: await reject(ports, company, decisionOf(one, by), why) });
  } else {
    for (const one of await chosen(desk, bodyOf(asked, approvalSchema)))
      results.push({ asked: one, came: await approve(ports, company, decisionOf(one, by)) });
  }
  const answer = { results: results.map(plain) };
  if (results.length > 0 && results.every(({ came }) => !came.decided))
    throw new Refused(409, `refused: ${results.map(({ came }) => (came.decided ? "" : came.why)).join("; ")}`, answer);
  return answer;
}

function decisionOf(
  { job, intent, bound }: Named,
  by: string,
): { job: string; intent: string; bound: string | null; by: string } {
  return { job, intent, bound: bound ?? null, by };
}

function plain({ asked: { job, intent }, came }: Result): object {
  return came.decided
    ? { job, intent, decided: true, sentence: came.intent.sentence }
    : { job, intent, decided: false, why: came.why };
}

async function chosen({ company, ports }: Desk, asked: z.infer<typeof approvalSchema>): Promise<readonly Named[]> {
  if ("intents" in asked) return asked.intents;
  const states = "job" in asked ? await findJobs(ports, company, asked.job) : await everyJob(ports.jobs, "open");
  if ("job" in asked && states.length === 0) throw new Refused(404, `no job is called ${asked.job}`);
  if ("job" in asked && states.length > 1)
    throw new Refused(409, `${asked.job} names ${states.length} jobs: say connection:number`);
  return standingIntents(states, company)
    .filter(awaitsApproval)
    .filter(
      (intent) => "job" in asked || asked.connection === undefined || intent.record.connection === asked.connection,
    )
    .filter((intent) => "job" in asked || asked.money === true || !movesMoney(intent))
    .map(({ job, id, bound }) => ({ job, intent: id, bound }));
}
