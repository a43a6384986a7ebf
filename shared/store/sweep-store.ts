import * as z from "#shared/domain/schema.ts";
import type { SweepState, SweepStore } from "#shared/pipeline/ports.ts";
import { text } from "./attributes.ts";
import { type Dynamo, keyItem } from "./dynamo.ts";
import { keys } from "./table.ts";

const stateSchema: z.ZodMiniType<SweepState> = z.strictObject({
  scope: z.nullable(z.string()),
  provenAt: z.nullable(z.string()),
  missing: z.record(z.string(), z.string()),
});

/** What proven sweeps have found missing. At most as many records as a sweep may conclude, so one item holds it. */
export function sweepStore(dynamo: Dynamo, company: string): SweepStore {
  return {
    load: async (connection, stream) => {
      const item = await dynamo.get(keys.sweep(company, connection, stream));
      return item ? stateSchema.parse(JSON.parse(text(item, "c"))) : { scope: null, provenAt: null, missing: {} };
    },
    save: async (connection, stream, state) => {
      await dynamo.put({ ...keyItem(keys.sweep(company, connection, stream)), c: { S: JSON.stringify(state) } });
    },
  };
}
