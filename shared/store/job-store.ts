import { canonicalJson } from "#shared/domain/ids.ts";
import { type Change, emptyJob, type JobState } from "#shared/domain/job.ts";
import * as z from "#shared/domain/schema.ts";
import type { JobStore, StoredJob } from "#shared/pipeline/ports.ts";
import { bytes, type Item, integer } from "./attributes.ts";
import { bodyFormat, packJson, unpackJson } from "./body.ts";
import { claimItem } from "./claim-store.ts";
import { atVersion, type Dynamo, keyItem, queryAll, type TransactPut } from "./dynamo.ts";
import { jobBodies, type PreparedJob } from "./job-bodies.ts";
import { listPage } from "./listing.ts";
import { historyRange, keys, type ListName } from "./table.ts";

const changeSchema: z.ZodMiniType<Change> = z.object({
  version: z.int(),
  at: z.string(),
  cause: z.string(),
  records: z.array(z.string()),
  lines: z.array(z.string()),
});

/** Jobs of one company, each one item committed on its version (design section 6). */
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
  const prepare = async (stored: StoredJob, next: JobState): Promise<PreparedJob> => {
    await keepLastChange(dynamo, company, stored, next);
    return bodies.prepare(stored, numbered(stored, next));
  };
  return {
    load,
    loadMany,
    commit: async (stored, next) => {
      if (JSON.stringify(stored.state) === JSON.stringify(next)) return "committed";
      const prepared = await prepare(stored, next);
      if (!(await dynamo.put(prepared.item, atVersion(stored.version)))) return "conflict";
      await bodies.clear([prepared]);
      return "committed";
    },
    commitTogether: async (changes, claims) => {
      const prepared: PreparedJob[] = [];
      const puts: TransactPut[] = [];
      for (const { stored, next } of changes) {
        const one = await prepare(stored, next);
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
    history: (job) => history(dynamo, company, job, load),
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

/**
 * Puts the change that the item still carries at (job, version), before the item is overwritten. The entry is what that
 * version committed, so it never changes and may be put again by whoever commits next; a crash in between loses nothing.
 */
async function keepLastChange(dynamo: Dynamo, company: string, stored: StoredJob, next: JobState): Promise<void> {
  const change = stored.state.lastChange;
  if (change === null || same(change, next.lastChange)) return;
  const body = packJson(canonicalJson(change));
  const key = keys.history(company, stored.state.id, change.version);
  const item: Item = { ...keyItem(key), f: { N: String(bodyFormat) }, b: { B: body } };
  const expression = "attribute_not_exists(pk) OR b = :b";
  if (await dynamo.put(item, { expression, values: { ":b": { B: body } } })) return;
  throw new Error(`history of job ${stored.state.id} already tells another version ${change.version}`);
}

async function history(
  dynamo: Dynamo,
  company: string,
  job: string,
  load: JobStore["load"],
): Promise<readonly Change[]> {
  const { pk } = keys.job(company, job);
  const past = await queryAll(dynamo, {
    where: "pk = :pk AND sk BETWEEN :from AND :to",
    values: { ":pk": { S: pk }, ":from": { S: historyRange.from }, ":to": { S: historyRange.to } },
  });
  const changes = past.map((item) => changeSchema.parse(unpackJson(integer(item, "f"), bytes(item, "b"))));
  const last = (await load(job)).state.lastChange;
  // A writer that put its entry and was then beaten to the item leaves the last change in both places.
  return last === null || changes.some((change) => change.version === last.version) ? changes : [...changes, last];
}
