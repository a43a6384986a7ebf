import type { Control } from "#shared/pipeline/ports.ts";
import { type Item, integer, maybeText } from "./attributes.ts";
import { type Dynamo, isNew, keyItem } from "./dynamo.ts";
import { everyCompany, keys } from "./table.ts";

/**
 * The stop switch (law 13): one item for the company and one for all, both read consistently; either one stops. It
 * fails closed: a company whose item is not there is stopped, and a read that fails throws, so nothing is written.
 * `company` is `everyCompany` for the switch of all. Configuration makes the items (`ensureControl`).
 */
export function controlOf(dynamo: Dynamo, company: string): Control {
  const scopes = company === everyCompany ? [everyCompany] : [everyCompany, company];
  const change = (stopped: boolean, by: string, why: string, epochs: number) =>
    dynamo.update(keys.control(company), {
      update: "SET stopped = :stopped, who = :by, why = :why ADD epoch :epochs",
      values: {
        ":stopped": { BOOL: stopped },
        ":by": { S: by },
        ":why": { S: why },
        ":epochs": { N: String(epochs) },
      },
    });
  return {
    state: async () => {
      const items = await dynamo.getMany(scopes.map(keys.control));
      const stop = items.map(stopOf).find((why) => why !== null) ?? null;
      // Both count upwards only, so a new epoch of either is a new epoch of the company.
      const epoch = items.reduce((sum, item) => sum + (item ? integer(item, "epoch") : 0), 0);
      return { stopped: stop !== null, why: stop, epoch };
    },
    stop: async (by, why) => {
      await change(true, by, why, 0);
    },
    resume: async (by) => {
      await change(false, by, "resumed", 0);
    },
    newEpoch: async (by, why) => {
      await change(true, by, why, 1);
    },
  };
}

/** Makes the switch of a company (or of all), on, when there is none yet; one that stands is left as it is. */
export async function ensureControl(dynamo: Dynamo, company: string): Promise<void> {
  const item: Item = { ...keyItem(keys.control(company)), stopped: { BOOL: false }, epoch: { N: "1" } };
  await dynamo.put(item, isNew);
}

function stopOf(item: Item | undefined): string | null {
  if (!item) return "there is no control item: stopped until the configuration is applied";
  return item["stopped"]?.BOOL === false ? null : (maybeText(item, "why") ?? "stopped");
}
