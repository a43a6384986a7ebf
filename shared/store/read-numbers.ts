import type { ReadNumbers } from "#shared/pipeline/ports.ts";
import { integer } from "./attributes.ts";
import { type Dynamo } from "./dynamo.ts";
import { keys } from "./table.ts";

/** One counter per (connection, stream), raised by one atomic update per read: no two reads share a number (law 2). */
export function readNumbers(dynamo: Dynamo, company: string): ReadNumbers {
  return {
    take: async (connection, stream) => {
      const item = await dynamo.update(keys.readNumber(company, connection, stream), {
        update: "ADD n :one",
        values: { ":one": { N: "1" } },
      });
      if (item === null) throw new Error("an unconditional update was refused");
      return integer(item, "n");
    },
  };
}
