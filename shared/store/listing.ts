import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import { type Item, text } from "./attributes.ts";
import { type Dynamo, queryAll } from "./dynamo.ts";
import { allListShards, type Key, type ListName, table } from "./table.ts";

const pageSize = 100;

const cursorSchema = z.strictObject({ shard: z.int(), from: z.nullable(z.record(z.string(), z.string())) });

const where = "listShard = :shard";

/**
 * One page of the keys in these lists of a company, shard after shard. An item that moves from one list to another
 * while they are being paged may be missed or seen twice: lists are for people and sweeps, never a proof.
 */
export async function listPage(
  dynamo: Dynamo,
  company: string,
  lists: readonly ListName[],
  next: string | null,
): Promise<{ readonly keys: readonly Key[]; readonly next: string | null }> {
  const shards = lists.flatMap((list) => allListShards(company, list));
  const at = readCursor(next);
  const keys: Key[] = [];
  let from = at.from === null ? undefined : fromCursor(at.from);
  for (let shard = at.shard; shard < shards.length; shard++) {
    const values = { ":shard": { S: shards[shard] ?? "" } };
    const limit = pageSize - keys.length;
    const page = await dynamo.query({ index: table.listIndex.name, where, values, limit, from });
    keys.push(...page.items.map(keyOf));
    if (page.next) return { keys, next: writeCursor(shard, page.next) };
    if (keys.length >= pageSize) return { keys, next: shard + 1 < shards.length ? writeCursor(shard + 1, null) : null };
    from = undefined;
  }
  return { keys, next: null };
}

/** Every key of one list. */
export async function listAll(dynamo: Dynamo, company: string, list: ListName): Promise<readonly Key[]> {
  const pages = await Promise.all(
    allListShards(company, list).map((shard) =>
      queryAll(dynamo, { index: table.listIndex.name, where, values: { ":shard": { S: shard } } }),
    ),
  );
  return pages.flat().map(keyOf);
}

export async function countList(dynamo: Dynamo, company: string, list: ListName): Promise<number> {
  const counts = await Promise.all(
    allListShards(company, list).map((shard) =>
      dynamo.count({ index: table.listIndex.name, where, values: { ":shard": { S: shard } } }),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

function keyOf(item: Item): Key {
  return { pk: text(item, "pk"), sk: text(item, "sk") };
}

function writeCursor(shard: number, from: Item | null): string {
  const plain = from === null ? null : Object.fromEntries(Object.keys(from).map((name) => [name, text(from, name)]));
  return Buffer.from(JSON.stringify({ shard, from: plain })).toString("base64url");
}

/** Throws Failure `bad-input` on a cursor that no earlier page gave. */
function readCursor(next: string | null): z.infer<typeof cursorSchema> {
  if (next === null) return { shard: 0, from: null };
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(next, "base64url").toString("utf8")));
  } catch (cause) {
    throw new Failure("bad-input", "the page to go on from is not one of ours", {}, { cause });
  }
}

function fromCursor(from: Readonly<Record<string, string>>): Item {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, { S: value }]));
}
