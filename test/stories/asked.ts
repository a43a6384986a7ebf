import { findApi } from "#cli/stack.ts";
import type { RecordName } from "#local/demo/demo.ts";
import * as z from "#shared/domain/schema.ts";
import type { Api } from "#shared/replies/api.ts";
import type { SeenJob } from "#test/oracle/check.ts";

/** What the HTTP API tells of a job, as far as the stories look at it. */
const jobSchema = z.looseObject({
  job: z.string(),
  number: z.nullable(z.string()),
  day: z.nullable(z.string()),
  standing: z.string(),
  gapMinor: z.number(),
  breaks: z.array(
    z.looseObject({
      kind: z.string(),
      state: z.string(),
      gapMinor: z.number(),
      causes: z.array(z.looseObject({ kind: z.string(), certainty: z.string(), minor: z.number() })),
    }),
  ),
  records: z.array(z.looseObject({ record: z.string(), kind: z.string(), link: z.nullable(z.looseObject({})) })),
  intents: z.array(
    z.looseObject({
      kind: z.string(),
      target: z.string(),
      record: z.looseObject({ connection: z.string(), id: z.string() }),
      needsApproval: z.boolean(),
      sentence: z.string(),
    }),
  ),
  attempts: z.array(z.unknown()),
  receipts: z.array(
    z.looseObject({
      target: z.string(),
      outcome: z.string(),
      record: z.looseObject({ connection: z.string(), id: z.string() }),
    }),
  ),
  notices: z.array(z.string()),
  money: z.array(z.looseObject({ connection: z.string() })),
  history: z.array(z.looseObject({ at: z.nullable(z.string()), cause: z.string(), lines: z.array(z.string()) })),
});
export type AskedJob = z.infer<typeof jobSchema>;
/** A job as it was stored at an instant. */
export const thenSchema = z.looseObject({
  jobs: z.array(z.looseObject({ explained: z.looseObject({ standing: z.string() }) })),
});

const jobsSchema = z.looseObject({ jobs: z.array(z.looseObject({ job: z.string() })), next: z.nullable(z.string()) });
const oneSchema = z.looseObject({ jobs: z.array(jobSchema) });

/** Every job of the running stack, each asked for by itself, as a person at the terminal would. */
export async function everyJob(api: Api): Promise<AskedJob[]> {
  const ids: string[] = [];
  for (let next: string | null = ""; next !== null; ) {
    const page: z.infer<typeof jobsSchema> = z.parse(
      jobsSchema,
      await api.get(`jobs${next === "" ? "" : `?next=${encodeURIComponent(next)}`}`),
    );
    ids.push(...page.jobs.map(({ job }) => job));
    next = page.next;
  }
  const jobs: AskedJob[] = [];
  for (let at = 0; at < ids.length; at += 4)
    jobs.push(...(await Promise.all(ids.slice(at, at + 4).map((id) => oneJob(api, id)))));
  return jobs;
}

/** The one job of this name. Throws when there are several. */
export async function oneJob(api: Api, name: string): Promise<AskedJob> {
  const { jobs } = z.parse(oneSchema, await api.get(`job?name=${encodeURIComponent(name)}`));
  const [job, ...others] = jobs;
  if (!job || others.length > 0) throw new Error(`${jobs.length} jobs are called ${name}`);
  return job;
}

/** The API of the stack that runs on this data folder, as the command line finds it. */
export function apiOn(dataDir: string, company?: string): Api {
  return findApi({ data: dataDir, api: undefined, token: undefined, company });
}

export const keyOf = ({ connection, stream, id }: RecordName): string => `${connection}/${stream}/${id}`;

/** The jobs as the oracle looks at them: the records that are work, and the breaks. */
export function seenJobs(jobs: readonly AskedJob[]): SeenJob[] {
  return jobs.map(({ records, breaks }) => ({
    records: records.filter(({ kind }) => kind === "job").map(({ record }) => record),
    breaks,
  }));
}
