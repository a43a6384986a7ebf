import { canonicalJson } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { Minor } from "#shared/domain/money.ts";
import { type CompanyConfig, referenceOf } from "#shared/domain/policy.ts";
import { numberOf, viewOf } from "#shared/domain/view.ts";
import {
  countedOf,
  isAccepted,
  type Opening,
  type OpeningRow,
  openingsOf,
  standingOf,
  withAccepted,
} from "./cutover.ts";
import { everyJob } from "./every-job.ts";
import { loadJob } from "./join.ts";
import { isJob } from "./overview.ts";
import { nothingArrives } from "./reconcile.ts";
import { surroundingsOf } from "./surroundings.ts";
import { sendIntents, type TakeInPorts, updateJob } from "./take-in.ts";

export interface Openings {
  readonly rows: readonly Opening[];
  /** Jobs in the rows. */
  readonly jobs: number;
  /** Sum of what the rows count, minor units. */
  readonly countedMinor: Minor;
}

export interface AcceptedOpenings {
  /** Rows accepted now, and rows that were so already. */
  readonly accepted: number;
  readonly already: number;
  /** Jobs of the rows accepted now, and what they take out of the open money. */
  readonly jobs: number;
  readonly countedMinor: Minor;
  readonly at: string;
  readonly refused: readonly (OpeningRow & { readonly number: string | null; readonly why: string })[];
}

/** Every difference that stands now, by job and line. */
export async function listOpenings(ports: TakeInPorts, company: CompanyConfig): Promise<Openings> {
  const states = (await everyJob(ports.jobs, "open")).filter((state) => isJob(state, company));
  const rows = states.flatMap((state) => openingsOf(state, company));
  return {
    rows,
    jobs: new Set(rows.map(({ job }) => job)).size,
    countedMinor: rows.reduce((sum, row) => sum + row.countedMinor, 0),
  };
}

interface JobRows {
  readonly state: JobState;
  readonly exists: boolean;
  readonly rows: readonly OpeningRow[];
}

/**
 * Accepts rows as they were found. All are looked at first: when one is no longer so, none is accepted. Accepting what
 * is accepted changes nothing, so that a request whose answer was lost can be made again.
 */
export async function acceptOpenings(
  ports: TakeInPorts,
  company: CompanyConfig,
  asked: { readonly rows: readonly OpeningRow[]; readonly by: string },
): Promise<AcceptedOpenings> {
  const surroundings = await surroundingsOf(ports, company);
  const { now, feeds } = surroundings;
  const jobs = await jobsOf(ports, asked.rows);
  const looked = jobs.flatMap((job) =>
    job.rows.map((row) => ({
      job,
      row,
      stands: job.exists ? standingOf(row, job.state, company, feeds) : { why: "there is no such job" },
    })),
  );
  const refused = looked.flatMap(({ job, row, stands }) =>
    typeof stands === "string" ? [] : [refusal(row, job.state, company, stands.why)],
  );
  const already = looked.filter(({ stands }) => stands === "accepted").length;
  if (refused.length > 0) return { accepted: 0, already, jobs: 0, countedMinor: 0, at: now, refused };
  const fresh = jobs.flatMap((job) => {
    const rows = looked.flatMap((one) => (one.job === job && one.stands === "new" ? [one.row] : []));
    return rows.length === 0 ? [] : [{ ...job, rows }];
  });
  const done = await someAtOnce(fresh, async ({ state, rows }) => {
    const act = { feeds, by: asked.by, now };
    const edit = (current: JobState): JobState => withAccepted(current, rows, company, act);
    const { stored, send } = await updateJob(ports, company, surroundings, state.id, nothingArrives, edit);
    await sendIntents(ports, company, stored, send, now);
    const taken = rows.filter((row) => isAccepted(row, stored.state));
    const moved = rows
      .filter((row) => !taken.includes(row))
      .map((row) => refusal(row, stored.state, company, "it changed while it was being accepted"));
    return { taken: taken.length, countedMinor: countedOf(taken, state, company), moved };
  });
  return {
    accepted: done.reduce((sum, { taken }) => sum + taken, 0),
    already,
    jobs: done.filter(({ taken }) => taken > 0).length,
    countedMinor: done.reduce((sum, one) => sum + one.countedMinor, 0),
    at: now,
    refused: done.flatMap(({ moved }) => moved),
  };
}

/** The rows, each once, by the job that holds them now: one that was joined since is looked for where it went. */
async function jobsOf(ports: TakeInPorts, rows: readonly OpeningRow[]): Promise<readonly JobRows[]> {
  const named = new Map(rows.map((row) => [canonicalJson(row), row]));
  const loaded = await someAtOnce([...Map.groupBy(named.values(), ({ job }) => job)], async ([id, its]) => ({
    stored: await loadJob(ports.jobs, id),
    its,
  }));
  const found = new Map<string, JobRows>();
  for (const { stored, its } of loaded) {
    const { state, version } = stored;
    const known = found.get(state.id)?.rows ?? [];
    found.set(state.id, { state, exists: version > 0, rows: [...known, ...its] });
  }
  return [...found.values()];
}

function refusal(
  row: OpeningRow,
  state: JobState,
  company: CompanyConfig,
  why: string,
): AcceptedOpenings["refused"][number] {
  return { ...row, number: numberOf(viewOf(state), referenceOf(company)?.id), why };
}

/** Eight at once: a few hundred jobs are done well within one request's time. */
async function someAtOnce<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += 8)
    results.push(...(await Promise.all(items.slice(from, from + 8).map(work))));
  return results;
}
