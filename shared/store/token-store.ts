import type { TokenStore } from "#shared/connectors/tokens.ts";
import { type Item, text } from "./attributes.ts";
import { type Dynamo, keyItem } from "./dynamo.ts";
import { keys } from "./table.ts";

/** One item a connection: its token, sealed before it comes here, and until when somebody renews it. */
export function tokenStore(dynamo: Dynamo, company: string): TokenStore {
  const keyOf = (connection: string) => keys.token(company, connection);
  return {
    load: async (connection) => {
      const item = await dynamo.get(keyOf(connection));
      return item?.["c"] ? { sealed: text(item, "c"), until: text(item, "renewAt") } : null;
    },
    lease: async (connection, seen, at, until) => {
      const same = seen === null ? "attribute_not_exists(c)" : "c = :c";
      const values: Item = { ":at": { S: at }, ":u": { S: until }, ...(seen ? { ":c": { S: seen.sealed } } : {}) };
      const expression = `${same} AND (attribute_not_exists(leasedUntil) OR leasedUntil <= :at)`;
      return (await dynamo.update(keyOf(connection), { update: "SET leasedUntil = :u", expression, values })) !== null;
    },
    save: async (connection, { sealed, until }) => {
      await dynamo.put({ ...keyItem(keyOf(connection)), c: { S: sealed }, renewAt: { S: until } });
    },
    release: async (connection) => {
      await dynamo.update(keyOf(connection), { update: "REMOVE leasedUntil" });
    },
  };
}
