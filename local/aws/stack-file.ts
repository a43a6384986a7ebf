import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "#shared/domain/schema.ts";

const fileSchema = z.object({ clockUrl: z.string(), pids: z.object({ runner: z.number() }) });

/** stack.json in the data folder, by which the command line finds a running stack; answers how to take it away again. */
export function writeStackFile(dataDir: string, content: object): () => Promise<void> {
  const file = join(dataDir, "stack.json");
  writeFileSync(`${file}.new`, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return async () => rmSync(file, { force: true });
}

/** Throws when the stack that a data folder's stack.json tells of still answers: two must not write one database. */
export async function refuseSecondStack(dataDir: string): Promise<void> {
  const file = join(dataDir, "stack.json");
  if (!existsSync(file)) return;
  const { clockUrl, pids } = z.parse(fileSchema, JSON.parse(readFileSync(file, "utf8")));
  if (await answers(clockUrl)) {
    throw new Error(`a local stack already runs on ${dataDir} (process ${pids.runner}): stop it first`);
  }
}

/** A stack that was killed left its file; nobody answers there. */
async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1000) })).ok;
  } catch (cause) {
    if (cause instanceof TypeError || cause instanceof DOMException) return false;
    throw cause;
  }
}
