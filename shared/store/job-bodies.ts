import { shortHash } from "#shared/domain/ids.ts";
import type { JobState } from "#shared/domain/job.ts";
import type { StoredJob } from "#shared/pipeline/ports.ts";
import { bytes, type Item, integer, text } from "./attributes.ts";
import { bodyFormat, packJson, unpackJson } from "./body.ts";
import { type Dynamo, keyItem } from "./dynamo.ts";
import { jobFromItem, jobItem, partsOf } from "./job-item.ts";
import { type PartRef, partCount, splitJob } from "./job-parts.ts";
import { jobOfKey, type Key, keys } from "./table.ts";

/** Above this much, packed, a job's records move out of its item, which may hold 400 KB and is paid by its size. */
const wholeBytes = 64 * 1024;
/** JSON above this is not even packed whole to see: no job of this size packs below `wholeBytes`. */
const certainlyLargeChars = 2 * 1024 * 1024;
const loads = 4;
const putsAtOnce = 8;

export interface PreparedJob {
  readonly item: Item;
  /** Parts that the item, once committed, names no more. */
  readonly orphans: readonly Key[];
}

export interface JobBodies {
  /** The jobs of these items; an item that is not there gives undefined. */
  read(items: readonly (Item | undefined)[]): Promise<readonly (StoredJob | undefined)[]>;
  /** The item to commit for `next`, its changed parts already put. */
  prepare(stored: StoredJob, next: JobState): Promise<PreparedJob>;
  /** After the commit. A crash before leaves parts that nothing names: a few KB, and never a wrong word. */
  clear(prepared: readonly PreparedJob[]): Promise<void>;
}

/** Jobs in and out of items, and of parts where they are too large for one. */
export function jobBodies(dynamo: Dynamo, company: string): JobBodies {
  // Which parts a job that this process loaded stands in, so that its commit needs no second read.
  const known = new WeakMap<StoredJob, readonly PartRef[]>();
  const keysOf = (job: string, refs: readonly PartRef[]): readonly Key[] =>
    refs.map(({ version, digest }, part) => keys.jobPart(company, job, version, part, digest));
  const refsOf = async (stored: StoredJob): Promise<readonly PartRef[]> => {
    const refs = known.get(stored);
    if (refs || stored.version === 0) return refs ?? [];
    const item = await dynamo.get(keys.job(company, stored.state.id));
    return item && integer(item, "v") === stored.version ? partsOf(item) : [];
  };
  const readOne = async (first: Item): Promise<StoredJob> => {
    const key = { pk: text(first, "pk"), sk: text(first, "sk") };
    let item: Item | undefined = first;
    for (let load = 0; item && load < loads; load++) {
      const refs = partsOf(item);
      const parts = refs.length === 0 ? [] : await dynamo.getMany(keysOf(jobOfKey(key), refs));
      const there = parts.filter((part) => part !== undefined);
      if (there.length === refs.length) {
        const stored = jobFromItem(
          item,
          there.map((part) => unpackJson(integer(part, "f"), bytes(part, "b"))),
        );
        if (refs.length > 0) known.set(stored, refs);
        return stored;
      }
      // A commit since has taken parts away that this item names; the item of that commit names the new ones.
      item = await dynamo.get(key);
    }
    throw new Error(`job ${jobOfKey(key)} names parts that are not there`);
  };
  return {
    read: (items) => Promise.all(items.map(async (item) => (item ? readOne(item) : undefined))),
    prepare: async (stored, next) => {
      const version = stored.version + 1;
      const json = JSON.stringify(next);
      const whole = json.length < certainlyLargeChars ? packJson(json) : null;
      if (whole !== null && whole.byteLength <= wholeBytes) {
        const orphans = keysOf(next.id, known.get(stored) ?? []);
        return { item: jobItem(company, next, version, whole, []), orphans };
      }
      const before = await refsOf(stored);
      const { rest, parts } = splitJob(next, partCount(json.length, before.length));
      const digests = parts.map(shortHash);
      const same = before.length === parts.length;
      const stays = (part: number): boolean => same && before[part]?.digest === digests[part];
      const refs = digests.map((digest, part) => (stays(part) && before[part]) || { version, digest });
      // The item first in memory: one that is too large even so is refused before anything is put.
      const item = jobItem(company, next, version, packJson(JSON.stringify(rest)), refs);
      const partKeys = keysOf(next.id, refs);
      await putParts(
        dynamo,
        partKeys.flatMap((key, part) => (stays(part) ? [] : [{ key, json: parts[part] ?? "" }])),
      );
      return { item, orphans: keysOf(next.id, before).filter((_, part) => !stays(part)) };
    },
    clear: async (prepared) => {
      for (const { orphans } of prepared) await Promise.all(orphans.map((key) => dynamo.remove(key)));
    },
  };
}

async function putParts(dynamo: Dynamo, parts: readonly { readonly key: Key; readonly json: string }[]): Promise<void> {
  const waiting = [...parts];
  while (waiting.length > 0) {
    const some = waiting.splice(0, putsAtOnce);
    await Promise.all(
      some.map(({ key, json }) =>
        dynamo.put({ ...keyItem(key), f: { N: String(bodyFormat) }, b: { B: packJson(json) } }),
      ),
    );
  }
}
