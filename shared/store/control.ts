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
  const change = async (stopped: boolean, by: string, why: string, epochs: number): Promise<void> => {
    await dynamo.update(keys.control(company), {
      update: "SET stopped = :stopped, who = :by, why = :why ADD epoch :epochs",
      values: {
        ":stopped": { BOOL: stopped },
        ":by": { S: by },
        ":why": { S: why },
        ":epochs": { N: String(epochs) },
      },
    });
  };
  return {
    state: async () => {
      const items = await dynamo.getMany(scopes.map(keys.control));
      const restored = items.some((item) => isRestored(dynamo, item));
      const whys = [...items.map(stopOf), restored ? "the table was restored: look what was written since" : null];
      const stop = whys.find((why) => why !== null) ?? null;
      // Both count upwards only, so a new epoch of either is a new epoch of the company.
      const epoch = items.reduce((sum, item) => sum + (item ? integer(item, "epoch") : 0), restored ? 1 : 0);
      return { stopped: stop !== null, why: stop, epoch };
    },
    stop: async (by, why) => {
      await change(true, by, why, 0);
    },
    resume: async (by) => {
      if (!isRestored(dynamo, await dynamo.get(keys.control(company)))) return change(false, by, "resumed", 0);
      await dynamo.update(keys.control(company), {
        update: "SET stopped = :stopped, who = :by, why = :why, keptIn = :table ADD epoch :epochs",
        values: {
          ":stopped": { BOOL: false },
          ":by": { S: by },
          ":why": { S: "resumed after a restore" },
          ":table": { S: dynamo.tableName },
          ":epochs": { N: "1" },
        },
      });
    },
    newEpoch: async (by, why) => {
      await change(true, by, why, 1);
    },
  };
}

/** Makes the switch of a company (or of all), on, when there is none yet; one that stands is left as it is. */
export async function ensureControl(dynamo: Dynamo, company: string): Promise<void> {
  const item: Item = {
    ...keyItem(keys.control(company)),
    stopped: { BOOL: false },
    epoch: { N: "1" },
    ...(company === everyCompany ? {} : { keptIn: { S: dynamo.tableName } }),
  };
  await dynamo.put(item, isNew);
}

/**
 * A restore always makes a new table (AWS, "Point-in-time recovery: How it works"): a switch that was made in another
 * one says that this one was restored. Until somebody resumes, it is stopped, and in an epoch of its own.
 */
function isRestored(dynamo: Dynamo, item: Item | undefined): boolean {
  const keptIn = item ? maybeText(item, "keptIn") : null;
  return keptIn !== null && keptIn !== dynamo.tableName;
}

function stopOf(item: Item | undefined): string | null {
  if (!item) return "there is no control item: stopped until the configuration is applied";
  return item["stopped"]?.BOOL === false ? null : (maybeText(item, "why") ?? "stopped");
}
