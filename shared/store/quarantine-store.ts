import { Failure } from "#shared/domain/failure.ts";
import { digestOf, shortHash } from "#shared/domain/ids.ts";
import * as z from "#shared/domain/schema.ts";
import type { Archive, Quarantine } from "#shared/pipeline/ports.ts";
import { text } from "./attributes.ts";
import { type Dynamo, isNew, keyItem } from "./dynamo.ts";
import { countList, listAll } from "./listing.ts";
import { archiveKey, keys, listShardOf } from "./table.ts";

const rowSchema = z.strictObject({
  connection: z.string(),
  stream: z.string(),
  id: z.nullable(z.string()),
  reason: z.string(),
  at: z.string(),
  archived: z.string(),
  form: z.enum(["as-printed", "reprinted", "cut"]),
});

/** Records that do not fit: a row to list, the raw payload in the archive. The same payload twice is one entry. */
export function quarantineStore(dynamo: Dynamo, company: string, archive: Archive): Quarantine {
  const rowOf = async (key: string) => {
    const item = await dynamo.get(keys.quarantined(company, key));
    if (!item) throw new Failure("bad-input", `nothing in quarantine is called ${key}`);
    return rowSchema.parse(JSON.parse(text(item, "c")));
  };
  return {
    put: async ({ raw, ...entry }) => {
      const key = digestOf([entry.connection, entry.stream, entry.id, shortHash(raw.text)]);
      const archived = archiveKey(company, "unfit", entry.at, `${key}.json`);
      await archive.put(archived, raw.text);
      const row = { ...entry, archived, form: raw.form };
      const item = {
        ...keyItem(keys.quarantined(company, key)),
        key: { S: key },
        c: { S: JSON.stringify(row) },
        listShard: { S: listShardOf(company, "quarantine", key) },
        listKey: { S: key },
      };
      await dynamo.put(item, isNew);
    },
    list: async () => {
      const found = await dynamo.getMany(await listAll(dynamo, company, "quarantine"));
      return found
        .filter((item) => item !== undefined)
        .map((item) => ({ key: text(item, "key"), ...rowSchema.parse(JSON.parse(text(item, "c"))) }))
        .toSorted((a, b) => (a.at < b.at ? -1 : 1));
    },
    count: () => countList(dynamo, company, "quarantine"),
    read: async (key) => {
      const row = await rowOf(key);
      return { key, ...row, raw: await archive.get(row.archived) };
    },
    remove: async (key) => {
      await dynamo.remove(keys.quarantined(company, key));
    },
  };
}
