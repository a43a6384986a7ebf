import { hintSchema } from "#shared/messages/hint.ts";
import type { DueItem, DueStore } from "#shared/pipeline/ports.ts";
import { type Item, maybeText, text } from "./attributes.ts";
import { type Dynamo, isNew, keyItem } from "./dynamo.ts";
import { allDueShards, dueOfKey, dueShardOf, type Key, keys, table } from "./table.ts";

const kinds = ["stream", "sweep", "job", "intent", "hint"] as const;

/**
 * What is due by time, over all companies of the table: small items for streams, sweeps, intents and waiting hints; a
 * job is due through its own item. The index is sharded, so that a tick's queries meet no hot partition.
 */
export function dueStore(dynamo: Dynamo): DueStore {
  return {
    due: async (now, limit) => {
      const pages = await Promise.all(
        allDueShards.map((shard) =>
          dynamo.query({
            index: table.dueIndex.name,
            where: "dueShard = :shard AND dueAt <= :now",
            values: { ":shard": { S: shard }, ":now": { S: now } },
            limit,
          }),
        ),
      );
      const oldest = pages
        .flatMap((page) => page.items)
        .toSorted(byDueAt)
        .slice(0, limit);
      return withHints(dynamo, oldest);
    },
    next: async () => {
      const firsts = await Promise.all(
        allDueShards.map((shard) =>
          dynamo.query({
            index: table.dueIndex.name,
            where: "dueShard = :shard",
            values: { ":shard": { S: shard } },
            limit: 1,
          }),
        ),
      );
      const first = firsts.flatMap((page) => page.items).toSorted(byDueAt)[0];
      return first ? text(first, "dueAt") : null;
    },
    schedule: async (item) => {
      if (item.kind !== "job") {
        await dynamo.putMany([dueItem(item)]);
        return;
      }
      const key = keyOf(item);
      await dynamo.update(key, {
        update: "SET dueAt = :at, dueShard = :shard",
        expression: "attribute_exists(pk)",
        values: { ":at": { S: item.dueAt }, ":shard": { S: dueShardOf(key) } },
      });
    },
    scheduleOnce: async (item) => {
      await dynamo.put(dueItem(item), isNew);
    },
    handOut: async (item, until) => {
      const after = await dynamo.update(keyOf(item), {
        update: "SET dueAt = :until",
        expression: "dueAt = :seen",
        values: { ":until": { S: until }, ":seen": { S: item.dueAt } },
      });
      return after !== null;
    },
    cancel: async (item) => {
      const key = keyOf(item);
      if (item.kind === "job")
        await dynamo.update(key, { update: "REMOVE dueAt, dueShard", expression: "attribute_exists(pk)" });
      else await dynamo.remove(key);
    },
  };
}

function keyOf(item: Pick<DueItem, "company" | "kind" | "name">): Key {
  return item.kind === "job" ? keys.job(item.company, item.name) : keys.due(item.company, item.kind, item.name);
}

function dueItem(item: DueItem): Item {
  const key = keyOf(item);
  return {
    ...keyItem(key),
    dueShard: { S: dueShardOf(key) },
    dueAt: { S: item.dueAt },
    ...(item.hint ? { c: { S: JSON.stringify(item.hint) } } : {}),
  };
}

function byDueAt(a: Item, b: Item): number {
  return text(a, "dueAt") < text(b, "dueAt") ? -1 : 1;
}

/** The index holds keys only; what a waiting hint reads stands in its item. */
async function withHints(dynamo: Dynamo, found: readonly Item[]): Promise<readonly DueItem[]> {
  const due = found.map((item) => ({ ...named(item), dueAt: text(item, "dueAt") }));
  const hints = due.filter((item) => item.kind === "hint");
  if (hints.length === 0) return due;
  const items = await dynamo.getMany(hints.map(keyOf));
  const byName = new Map(hints.map((item, index) => [`${item.company}#${item.name}`, items[index]]));
  return due.flatMap((item): readonly DueItem[] => {
    if (item.kind !== "hint") return [item];
    const stored = byName.get(`${item.company}#${item.name}`);
    const hint = stored ? maybeText(stored, "c") : null;
    // Another tick has handed it out and taken it away since the index was asked.
    return hint === null ? [] : [{ ...item, hint: hintSchema.parse(JSON.parse(hint)) }];
  });
}

function named(item: Item): Omit<DueItem, "dueAt" | "hint"> {
  const key = { pk: text(item, "pk"), sk: text(item, "sk") };
  const due = dueOfKey(key);
  const kind = kinds.find((known) => known === due?.kind);
  if (!due || !kind) throw new Error(`the due index holds ${key.pk}, which is no due item`);
  return { company: due.company, kind, name: due.name };
}
