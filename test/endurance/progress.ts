import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Started } from "#test/stories/started.ts";

const vendors = ["servicetitan", "rotor", "fleetio", "customtrades"];

/** How far a run has come, by what its vendors have logged: lines in all, and writes they took. */
export interface Progress {
  readonly lines: number;
  readonly writes: number;
}

/** Follows the vendors' logs of a data folder, reading only what was added. */
export function follow(dataDir: string): () => Progress {
  const at = new Map(vendors.map((vendor) => [vendor, 0]));
  let lines = 0;
  let writes = 0;
  return () => {
    for (const vendor of vendors) {
      const added = addedText(join(dataDir, "vendors", `${vendor}.log.jsonl`), at.get(vendor) ?? 0);
      at.set(vendor, (at.get(vendor) ?? 0) + Buffer.byteLength(added));
      lines += added.split("\n").length - 1;
      writes += added.split('"kind":"write"').length - 1;
    }
    return { lines, writes };
  };
}

/** Whole lines only: a line that is being written is read the next time. */
function addedText(file: string, from: number): string {
  if (!existsSync(file)) return "";
  const size = statSync(file).size - from;
  if (size <= 0) return "";
  const bytes = Buffer.alloc(size);
  const handle = openSync(file, "r");
  try {
    readSync(handle, bytes, 0, size, from);
  } finally {
    closeSync(handle);
  }
  const end = bytes.lastIndexOf(10);
  return bytes.subarray(0, end + 1).toString("utf8");
}

/** Resolves to true when the run has come so far, to false when it has ended, or has said its closing numbers, before. */
export async function reaches(system: Started, far: () => boolean): Promise<boolean> {
  let over = false;
  const end = (): void => {
    over = true;
  };
  void system.ended.then(end);
  system.closing().then(end, end);
  while (!over) {
    if (far()) return true;
    await sleep(2);
  }
  return false;
}
