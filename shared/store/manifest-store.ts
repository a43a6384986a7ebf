import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import type { ManifestStore } from "#shared/pipeline/ports.ts";
import { bytes, type Item, integer } from "./attributes.ts";
import { bodyFormat, packJson, unpackJson } from "./body.ts";
import { atVersion, type Dynamo, keyItem, queryAll } from "./dynamo.ts";
import { keys, manifestChunkOf } from "./table.ts";

/** Record id -> [digest, number of the read that saw it]. */
const chunkSchema = z.record(z.string(), z.tuple([z.string(), z.int()]));
type Chunk = z.infer<typeof chunkSchema>;

const attempts = 20;
/** Chunks written at once: enough to hide the way to DynamoDB, too few to be a burst. */
const width = 16;

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
    merge: async (connection, stream, entries, read = 0) => {
      const byChunk = Map.groupBy(entries, ([id]) => manifestChunkOf(id));
      const waiting = [...byChunk];
      while (waiting.length > 0) {
        await Promise.all(
          waiting
            .splice(0, width)
            .map(([chunk, own]) => mergeChunk(dynamo, company, connection, stream, chunk, own, read)),
        );
      }
    },
  };
}

async function mergeChunk(
  dynamo: Dynamo,
  company: string,
  connection: string,
  stream: string,
  chunk: string,
  entries: readonly (readonly [string, string])[],
  read: number,
): Promise<void> {
  const key = keys.manifestChunk(company, connection, stream, chunk);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const item = await dynamo.get(key);
    const before = chunkOf(item);
    const newer = entries.filter(([id, digest]) => takes(before[id], digest, read));
    if (newer.length === 0) return;
    const after: Chunk = { ...before, ...Object.fromEntries(newer.map(([id, digest]) => [id, [digest, read]])) };
    const version = item ? integer(item, "v") : 0;
    const put: Item = {
      ...keyItem(key),
      v: { N: String(version + 1) },
      f: { N: String(bodyFormat) },
      b: { B: packJson(JSON.stringify(after)) },
    };
    if (await dynamo.put(put, atVersion(version))) return;
  }
  throw new Failure("transient", `manifest chunk ${chunk} of ${connection}/${stream} is too busy to be written`);
}

/** A later read of the same digest changes nothing worth a write. */
function takes(known: Chunk[string] | undefined, digest: string, read: number): boolean {
  return known === undefined || (known[0] !== digest && known[1] <= read);
}

function chunkOf(item: Item | undefined): Chunk {
  return item ? chunkSchema.parse(unpackJson(integer(item, "f"), bytes(item, "b"))) : {};
}
