import { canonicalJson } from "#shared/domain/ids.ts";
import { type Change, emptyJob, type JobState } from "#shared/domain/job.ts";
import { pastStepOf } from "#shared/domain/past.ts";
import type { JobStore, StoredJob } from "#shared/pipeline/ports.ts";
import { claimItem } from "./claim-store.ts";
import { atVersion, type Dynamo, type TransactPut } from "./dynamo.ts";
import { jobBodies, type PreparedJob } from "./job-bodies.ts";
import { listPage } from "./listing.ts";
import { changesOf, keepPast, readPast } from "./past-store.ts";
import { keys, type ListName } from "./table.ts";

/** Jobs of one company, each one item committed on its version: of two writers one loses and looks again. */
export function jobStore(dynamo: Dynamo, company: string): JobStore {
  const bodies = jobBodies(dynamo, company);
  const loadMany = async (jobs: readonly string[]): Promise<readonly StoredJob[]> => {
    const found = await bodies.read(await dynamo.getMany(jobs.map((job) => keys.job(company, job))));
    return jobs.map((job, index) => found[index] ?? { state: emptyJob(job), version: 0 });
  };
  const load = async (job: string): Promise<StoredJob> => {
    const [found] = await bodies.read([await dynamo.get(keys.job(company, job))]);
    return found ?? { state: emptyJob(job), version: 0 };
  };
  const page = async (lists: readonly ListName[], next: string | null) => {
    const listed = await listPage(dynamo, company, lists, next);
    const jobs = await bodies.read(await dynamo.getMany(listed.keys));
    return { jobs: jobs.filter((job) => job !== undefined), next: listed.next };
  };
  const prepare = async (stored: StoredJob, wanted: JobState, at: string): Promise<PreparedJob> => {
    const next = numbered(stored, wanted);
    // The item first in memory: one that is too large is refused before anything is put.
    const prepared = await bodies.prepare(stored, next);
    if (stored.version > 0) await keepPast(dynamo, company, next.id, pastStepOf(stored, next, at));
    return prepared;
  };
  return {
    load,
    loadMany,
    commit: async (stored, next, at) => {
      if (JSON.stringify(stored.state) === JSON.stringify(next)) return "committed";
      const prepared = await prepare(stored, next, at);
      if (!(await dynamo.put(prepared.item, atVersion(stored.version)))) return "conflict";
      await bodies.clear([prepared]);
      return "committed";
    },
    commitTogether: async (changes, claims, at) => {
      const prepared: PreparedJob[] = [];
      const puts: TransactPut[] = [];
      for (const { stored, next } of changes) {
        const one = await prepare(stored, next, at);
        prepared.push(one);
        puts.push({ item: one.item, condition: atVersion(stored.version) });
      }
      for (const change of claims) {
        puts.push({ item: claimItem(company, change), condition: atVersion(change.stored.version) });
      }
      if (puts.length === 0) return "committed";
      if (!(await dynamo.transact(puts))) return "conflict";
      await bodies.clear(prepared);
      return "committed";
    },
    list: (next) => page(["quiet", "open"], next),
    listOpen: (next) => page(["open"], next),
    history: async (job) => changesOf(job, await readPast(dynamo, company, job), (await load(job)).state.lastChange),
    past: (job) => readPast(dynamo, company, job),
  };
}

/** A change that is new with this commit bears the version that commits it. */
function numbered(stored: StoredJob, next: JobState): JobState {
  const change = next.lastChange;
  if (change === null || same(change, stored.state.lastChange)) return next;
  return { ...next, lastChange: { ...change, version: stored.version + 1 } };
}

function same(a: Change, b: Change | null): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
