import * as z from "#shared/domain/schema.ts";
import type { SetStore } from "#shared/pipeline/ports.ts";
import { text } from "./attributes.ts";
import { type Dynamo, keyItem, queryAll } from "./dynamo.ts";
import { keys } from "./table.ts";

const dataSchema = z.record(z.string(), z.unknown());

/** Named sets of one company: one item a member, so that members come and go without a race. */
export function setStore(dynamo: Dynamo, company: string): SetStore {
  return {
    add: (set, member, data) =>
      dynamo.putMany([{ ...keyItem(keys.setMember(company, set, member)), d: { S: JSON.stringify(data) } }]),
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
