import type { Json } from "./json.ts";
import { record, type Simulator } from "./simulator.ts";
import type { Account, PlantedEdit } from "./world.ts";

export type AskedEdit = Omit<PlantedEdit, "id" | "sequence">;

/** Puts edits on an account's calendar. One already known by (label, at, collection, key, op) is left alone, done or not. */
export function plantEdits(sim: Simulator, account: Account, asked: AskedEdit[]): Json {
  const planted: PlantedEdit[] = [];
  const ids = new Set<string>();
  const first = (account.counters["planted"] ?? 0) + 1;
  for (const edit of asked) {
    const id = [edit.label ?? "", edit.at, edit.collection, edit.key, edit.op].join("|");
    if (account.knownEdits.has(id) || ids.has(id)) continue;
    ids.add(id);
    planted.push({ ...edit, id, sequence: first + planted.length });
  }
  if (planted.length > 0) {
    const counters = { planted: first + planted.length - 1 };
    record(sim, {
      account: account.id,
      kind: "plant",
      operation: "plant",
      planted,
      counters,
      effect: true,
      answered: true,
    });
  }
  return { planted: planted.length, known: asked.length - planted.length };
}
