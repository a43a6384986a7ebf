import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { type Entry, isEntry } from "./entry.ts";
import { parseJson } from "./json.ts";

export type LogFile = { entries: Entry[]; append(entry: Entry): void };

/**
 * Opens `DIR/<vendor>.log.jsonl` and reads what stands in it. A torn last line (a crash while appending) is cut off;
 * a broken line anywhere else throws, because then the log is no longer what happened.
 */
export function openLog(dataDir: string, vendor: string): LogFile {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, `${vendor}.log.jsonl`);
  const entries = existsSync(file) ? readEntries(file) : [];
  return {
    entries,
    append: (entry) => {
      appendFileSync(file, `${JSON.stringify(entry)}\n`);
      entries.push(entry);
    },
  };
}

function readEntries(file: string): Entry[] {
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) truncateSync(file, end);
  const lines = bytes.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
  return lines.map((line, at) => {
    const value: unknown = parseJson(line);
    if (!isEntry(value)) throw new Error(`${file}: line ${at + 1} is no log entry`);
    return value;
  });
}
