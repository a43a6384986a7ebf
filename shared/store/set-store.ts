import * as z from "#shared/domain/schema.ts";
import type { SetStore } from "#shared/pipeline/ports.ts";
import { type Item, text } from "./attributes.ts";
import { type Dynamo, keyItem, queryAll } from "./dynamo.ts";
import { keys } from "./table.ts";

const dataSchema = z.record(z.string(), z.unknown());

/** Named sets of one company: one item a member, so that members come and go without a race. */
export function setStore(dynamo: Dynamo, company: string): SetStore {
  const additions = together(dynamo);
  return {
    add: (set, member, data) =>
      additions({ ...keyItem(keys.setMember(company, set, member)), d: { S: JSON.stringify(data) } }),
    remove: async (set, member) => {
      await dynamo.remove(keys.setMember(company, set, member));
    },
    list: async (set) => {
      const values = { ":pk": { S: keys.setMember(company, set, "").pk } };
      const members = await queryAll(dynamo, { where: "pk = :pk", values });
      return members.map((item) => ({ member: text(item, "sk"), data: dataSchema.parse(JSON.parse(text(item, "d"))) }));
    },
  };
}

/** Puts that are asked for in one turn go in one request; each resolves when its own is written. */
function together(dynamo: Dynamo): (item: Item) => Promise<void> {
  let waiting: { items: Map<string, Item>; done: Promise<void> } | null = null;
  return (item) => {
    if (!waiting) {
      const items = new Map<string, Item>();
      const flush = async (): Promise<void> => {
        await Promise.resolve();
        waiting = null;
        await dynamo.putMany([...items.values()]);
      };
      waiting = { items, done: flush() };
    }
    // A batch holds no item twice: the last one said is the one that stands.
    waiting.items.set(`${text(item, "pk")}\n${text(item, "sk")}`, item);
    return waiting.done;
  };
}
