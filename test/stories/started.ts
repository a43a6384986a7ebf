import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as z from "#shared/domain/schema.ts";

/** `npm start` behind its launcher: the separate-process stack, as a child in a process group of its own. */
export interface Started {
  readonly pid: number;
  /** Everything it has said so far, both streams, line by line. */
  readonly lines: readonly string[];
  /** The closing JSON, once it is said. Rejects with the last lines when the process ends before. */
  closing(): Promise<Readonly<Record<string, unknown>>>;
  /** Resolves with the exit code; null when it was killed. */
  readonly ended: Promise<number | null>;
  /** Ends it as Ctrl-C does. */
  stop(): Promise<void>;
  /** SIGKILL to the runner, its queues, its table, its functions and its vendors, all at once. */
  killEverything(): Promise<void>;
}

const startScript = fileURLToPath(new URL("../../local/start.ts", import.meta.url));
const projectFolder = fileURLToPath(new URL("../..", import.meta.url));

const numbersSchema = z.record(z.string(), z.unknown());

/** `before` goes to Node itself, in front of the script. */
export function startSystem(options: readonly string[], before: readonly string[] = []): Started {
  const child = spawn(process.execPath, [...before, startScript, ...options], {
    cwd: projectFolder,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("the system could not be started");
  const lines: string[] = [];
  const closing = Promise.withResolvers<Readonly<Record<string, unknown>>>();
  // Who does not wait for the closing numbers may end the process without them.
  closing.promise.catch(() => undefined);
  listen(child, lines, (line) => {
    if (line.startsWith("{")) closing.resolve(z.parse(numbersSchema, JSON.parse(line)));
  });
  const ended = once(child, "close").then(() => {
    closing.reject(new Error(`it ended (${child.exitCode ?? child.signalCode}):\n${lines.slice(-20).join("\n")}`));
    return child.exitCode;
  });
  return {
    pid,
    lines,
    closing: () => closing.promise,
    ended,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await ended;
    },
    async killEverything() {
      if (child.exitCode === null && child.signalCode === null) process.kill(-pid, "SIGKILL");
      await ended;
    },
  };
}

function listen(child: ChildProcess, lines: string[], heard: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) throw new Error("the system has no output");
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      heard(line);
    });
  }
}

const rawSchema = z.record(z.string(), z.json());
const entrySchema = z.looseObject({
  seq: z.number(),
  at: z.string(),
  account: z.nullable(z.string()),
  kind: z.string(),
  operation: z.string(),
  method: z.optional(z.string()),
  path: z.optional(z.string()),
  collection: z.optional(z.string()),
  key: z.optional(z.string()),
  body: z.optional(z.json()),
  before: z.optional(z.nullable(rawSchema)),
  after: z.optional(z.nullable(rawSchema)),
  effect: z.boolean(),
  answered: z.optional(z.boolean()),
});
export type VendorEntry = z.infer<typeof entrySchema>;

/** The vendors' own logs of a data folder, in their order. A torn last line was never answered and does not count. */
export function vendorLogs(dataDir: string): VendorEntry[] {
  return ["servicetitan", "rotor", "fleetio", "customtrades"].flatMap((vendor) => {
    const text = readFileSync(join(dataDir, "vendors", `${vendor}.log.jsonl`), "utf8");
    return text
      .slice(0, text.lastIndexOf("\n") + 1)
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => z.parse(entrySchema, JSON.parse(line)));
  });
}
