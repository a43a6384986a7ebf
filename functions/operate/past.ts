import { jobIdOf } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import { stateDigest } from "#shared/domain/past.ts";
import { referenceOf } from "#shared/domain/policy.ts";
import { instantNanos } from "#shared/domain/time.ts";
import { numberOf, viewOf } from "#shared/domain/view.ts";
import { findJobs } from "#shared/pipeline/decide.ts";
import { evidenceOf } from "#shared/pipeline/evidence.ts";
import { explain } from "#shared/pipeline/explain.ts";
import { type StateThen, stateAt } from "#shared/pipeline/past-states.ts";
import { surroundingsOf } from "#shared/pipeline/surroundings.ts";
import { type Asked, choiceOf, type Desk, Refused } from "./request.ts";
import type { OperateDeps } from "./work.ts";

/**
 * A job as it was stored at an instant, with the digest of its canonical JSON. Its screen is read under the policy of
 * today, at the time of then. `evidence=yes` also looks for the vendors' own payloads in the archive. A name that several jobs had then, before they were found to be one, gives them all.
 */
export async function at(desk: Desk, asked: Asked, { titles }: OperateDeps): Promise<object> {
  const { company, ports } = desk;
  const { name, instant } = wantedOf(asked);
  const withEvidence = choiceOf(asked, "evidence", ["yes"]) === "yes";
  const found: StateThen[] = [];
  const ids = await everyIdOf(desk, name);
  for (const id of ids) {
    const then = stateAt(await ports.jobs.load(id), await ports.jobs.past(id), instant);
    // A job that was already part of another is shown by that one, unless it is asked for by its own id.
    if (then && (then.state.forwardTo === null || id === name)) found.push(then);
  }
  if (ids.length === 0) throw new Refused(404, `no job is called ${name}`);
  if (found.length === 0)
    throw new Refused(404, `no job called ${name} was there at ${instant}${await sinceWhen(desk, ids)}`);
  const surroundings = { ...(await surroundingsOf(ports, company)), now: instant };
  const reference = referenceOf(company)?.id;
  const jobs = await Promise.all(
    found.map(async ({ state, version, at: committed, until }) => {
      const history = (await ports.jobs.history(state.id)).filter((change) => change.version <= version);
      return {
        job: state.id,
        number: numberOf(viewOf(state), reference),
        version,
        at: committed,
        until,
        digest: stateDigest(state),
        state,
        ...(withEvidence ? { evidence: await evidenceOf(ports, company, state) } : {}),
        explained: explain(state, history, company, surroundings, titles),
      };
    }),
  );
  return { instant, jobs };
}

function wantedOf({ query }: Asked): { readonly name: string; readonly instant: string } {
  const { name, instant } = query;
  const problems = [
    ...(name ? [] : [{ path: "name", expected: "a job id, connection:number, or a number" }]),
    ...(instant && instantNanos(instant) !== null
      ? []
      : [{ path: "instant", expected: "an instant with its offset, as in 2026-11-02T17:00:00Z" }]),
  ];
  if (name && instant && problems.length === 0) return { name, instant };
  const [first] = problems;
  throw new Refused(400, `${first?.path}: expected ${first?.expected}`, { problems });
}

/** The jobs of this name, and those that each of their records was a job of its own in. */
async function everyIdOf({ company, ports }: Desk, name: string): Promise<readonly string[]> {
  const jobs = await findJobs(ports, company, name);
  const isId = (await ports.jobs.load(name)).version > 0;
  const own = (state: JobState): readonly string[] => [state.id, ...viewOf(state).roots.map(({ key }) => jobIdOf(key))];
  const ids = [...new Set([...(isId ? [name] : []), ...jobs.flatMap(own)])];
  const stored = await ports.jobs.loadMany(ids);
  return ids.filter((_, place) => (stored[place]?.version ?? 0) > 0);
}

async function sinceWhen({ ports }: Desk, ids: readonly string[]): Promise<string> {
  const firsts = await Promise.all(ids.map(async (id) => (await ports.jobs.history(id))[0]?.at ?? []));
  const [first] = firsts.flat().sort();
  return first ? `: it was first stored at ${first}` : "";
}
