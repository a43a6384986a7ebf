import * as z from "#shared/domain/schema.ts";
import type { SetMember, SetStore } from "#shared/pipeline/ports.ts";
import { type Item, text } from "./attributes.ts";
import { type Dynamo, keyItem, queryAll } from "./dynamo.ts";
import { keys, membersRange } from "./table.ts";

const dataSchema = z.record(z.string(), z.unknown());

/** Named sets of one company: one item a member, so that members come and go without a race. */
export function setStore(dynamo: Dynamo, company: string): SetStore {
  /** Sets of one partition, by one query from the first to the last of them. */
  const listTogether = async (pk: string, sets: readonly string[]): Promise<readonly SetMember[]> => {
    const ranges = sets.flatMap((set) => membersRange(set) ?? []).toSorted((a, b) => (a.from < b.from ? -1 : 1));
    const [first, last] = [ranges[0], ranges.at(-1)];
    if (!first || !last)
      return (await queryAll(dynamo, { where: "pk = :pk", values: { ":pk": { S: pk } } })).map(memberOf);
    const found = await queryAll(dynamo, {
      where: "pk = :pk AND sk BETWEEN :from AND :to",
      values: { ":pk": { S: pk }, ":from": { S: first.from }, ":to": { S: last.to } },
    });
    return ranges.flatMap(({ from, to }) =>
      found
        .filter((item) => text(item, "sk") > from && text(item, "sk") < to)
        .map(memberOf)
        .map(({ member, data }) => ({ member: member.slice(from.length), data })),
    );
  };
  return {
    add: (set, member, data) =>
      dynamo.putMany([{ ...keyItem(keys.setMember(company, set, member)), d: { S: JSON.stringify(data) } }]),
    remove: async (set, member) => {
      await dynamo.remove(keys.setMember(company, set, member));
    },
    list: (set) => listTogether(keys.setMember(company, set, "").pk, [set]),
    listAll: async (sets) => {
      const together = Map.groupBy(new Set(sets), (set) => keys.setMember(company, set, "").pk);
      return (await Promise.all([...together].map(([pk, own]) => listTogether(pk, own)))).flat();
    },
  };
}

function memberOf(item: Item): SetMember {
  return { member: text(item, "sk"), data: dataSchema.parse(JSON.parse(text(item, "d"))) };
}
