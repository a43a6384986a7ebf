import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import type { ManifestStore } from "#shared/pipeline/ports.ts";
import { bytes, type Item, integer, text } from "./attributes.ts";
import { bodyFormat, packJson, unpackJson } from "./body.ts";
import { atVersion, type Dynamo, keyItem, queryAll } from "./dynamo.ts";
import { type Key, keys, manifestChunkOf } from "./table.ts";

/** Record id -> [digest, number of the read that saw it]. */
const chunkSchema = z.record(z.string(), z.tuple([z.string(), z.int()]));
type Chunk = z.infer<typeof chunkSchema>;

const attempts = 20;
/** Chunks written at once: enough to hide the way to DynamoDB, too few to be a burst. */
const width = 32;
/** Chunks in one page: a few hundred entries while a stream has some ten thousand. */
const pageChunks = 128;

/** Digests as last forwarded, in small chunks by hash of the record id; only chunks that change are written. */
export function manifestStore(dynamo: Dynamo, company: string): ManifestStore {
  return {
    load: async (connection, stream, ids) => {
      const items =
        ids === undefined
          ? await queryAll(dynamo, {
              where: "pk = :pk",
              values: { ":pk": { S: keys.manifestChunk(company, connection, stream, "").pk } },
            })
          : await dynamo.getMany(
              [...new Set(ids.map(manifestChunkOf))].map((chunk) =>
                keys.manifestChunk(company, connection, stream, chunk),
              ),
            );
      const wanted = ids === undefined ? null : new Set(ids);
      const digests = new Map<string, string>();
      for (const item of items) {
        for (const [id, [digest]] of Object.entries(chunkOf(item))) {
          if (wanted === null || wanted.has(id)) digests.set(id, digest);
        }
      }
      return digests;
    },
    page: async (connection, stream, next) => {
      const key = (chunk: string): Key => keys.manifestChunk(company, connection, stream, chunk);
      const page = await dynamo.query({
        where: "pk = :pk",
        values: { ":pk": { S: key("").pk } },
        limit: pageChunks,
        ...(next === null ? {} : { from: keyItem(key(next)) }),
      });
      const ids = page.items.flatMap((item) => Object.keys(chunkOf(item)));
      return { ids, next: page.next ? text(page.next, "sk") : null };
    },
    merge: async (connection, stream, entries, read = 0) => {
      const waiting = [...Map.groupBy(entries, ([id]) => manifestChunkOf(id))].map(([chunk, own]) => ({
        key: keys.manifestChunk(company, connection, stream, chunk),
        own,
      }));
      while (waiting.length > 0) {
        const some = waiting.splice(0, width);
        const items = await dynamo.getMany(some.map(({ key }) => key));
        await Promise.all(some.map(({ key, own }, index) => mergeChunk(dynamo, key, items[index], own, read)));
      }
    },
  };
}

/** Writes a chunk that was just read as `item`; when another writer was first, reads it again. */
async function mergeChunk(
  dynamo: Dynamo,
  key: Key,
  item: Item | undefined,
  entries: readonly (readonly [string, string])[],
  read: number,
): Promise<void> {
  let current = item;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = chunkOf(current);
    const newer = entries.filter(([id, digest]) => takes(before[id], digest, read));
    if (newer.length === 0) return;
    const after: Chunk = { ...before, ...Object.fromEntries(newer.map(([id, digest]) => [id, [digest, read]])) };
    const version = current ? integer(current, "v") : 0;
    const put: Item = {
      ...keyItem(key),
      v: { N: String(version + 1) },
      f: { N: String(bodyFormat) },
      b: { B: packJson(JSON.stringify(after)) },
    };
    if (await dynamo.put(put, atVersion(version))) return;
    current = await dynamo.get(key);
  }
  throw new Failure("transient", `manifest chunk ${key.pk} ${key.sk} is too busy to be written`);
}

/** A later read of the same digest changes nothing worth a write. */
function takes(known: Chunk[string] | undefined, digest: string, read: number): boolean {
  return known === undefined || (known[0] !== digest && known[1] <= read);
}

function chunkOf(item: Item | undefined): Chunk {
  return item ? chunkSchema.parse(unpackJson(integer(item, "f"), bytes(item, "b"))) : {};
}
