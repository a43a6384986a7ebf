import { saidCauses } from "#shared/domain/break.ts";
import * as z from "#shared/domain/schema.ts";
import { findJobs } from "#shared/pipeline/decide.ts";
import { type Mark, markBreak } from "#shared/pipeline/mark-break.ts";
import { type Asked, bodyOf, type Desk, Refused } from "./request.ts";

const named = { job: z.string(), key: z.string().check(z.minLength(1, "expected the key of a break")) };
const explainSchema = z.strictObject({
  ...named,
  note: z.string().check(z.minLength(1, "expected an explanation")),
  cause: z.optional(z.enum(saidCauses)),
});
const assignSchema = z.strictObject({ ...named, to: z.string().check(z.minLength(1, "expected a person")) });

/** A person knows why the gap is there. Refused 404 without such a job, 409 with the reason. */
export async function explainBreak(desk: Desk, asked: Asked): Promise<object> {
  const { job, key, note, cause } = bodyOf(asked, explainSchema);
  return mark(desk, asked, { job, key, mark: { kind: "explained", note, ...(cause ? { cause } : {}) } });
}

/** Somebody looks after the break. Refused 404 without such a job, 409 with the reason. */
export async function assignBreak(desk: Desk, asked: Asked): Promise<object> {
  const { job, key, to } = bodyOf(asked, assignSchema);
  return mark(desk, asked, { job, key, mark: { kind: "assigned", to } });
}

async function mark(
  { company, ports }: Desk,
  asked: Asked,
  wanted: { readonly job: string; readonly key: string; readonly mark: Mark },
): Promise<object> {
  const [found, ...others] = await findJobs(ports, company, wanted.job);
  if (!found) throw new Refused(404, `no job is called ${wanted.job}`);
  if (others.length > 0) throw new Refused(409, `${wanted.job} names ${others.length + 1} jobs: say connection:number`);
  const marked = await markBreak(ports, company, { ...wanted, job: found.id, by: asked.person.sub });
  if (!marked.marked) throw new Refused(409, `refused: ${marked.why}`);
  return { job: marked.job, break: marked.break };
}
