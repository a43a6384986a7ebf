import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { startStack } from "#local/aws/stack.ts";
import * as z from "#shared/domain/schema.ts";
import { type SmallStack, startSmallStack, templateDir } from "./support.ts";

/** The processes below one, found by asking each who its parent is. */
function below(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const file = `/proc/${entry}/stat`;
    if (!existsSync(file)) continue;
    const [, parent = "0"] = /\) \S (\d+)/.exec(readFileSync(file, "utf8")) ?? [];
    parents.set(Number(entry), Number(parent));
  }
  const children = [...parents].filter(([, parent]) => parent === pid).map(([child]) => child);
  return [...children, ...children.flatMap(below)];
}

/** A killed process may stand as a zombie until whoever inherited it looks. */
function runs(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !/\) Z /.test(readFileSync(file, "utf8"));
}

const runnerSchema = z.object({ dataDir: z.string(), sandboxes: z.array(z.number()) });

const stackSchema = z.object({
  apiUrl: z.string(),
  pids: z.object({ runner: z.number(), keeper: z.number(), dynamodb: z.number() }),
  token: z.object({ issuer: z.string() }),
});

function stackFile(dataDir: string): z.infer<typeof stackSchema> {
  return z.parse(stackSchema, JSON.parse(readFileSync(join(dataDir, "stack.json"), "utf8")));
}

async function gone(pids: readonly number[]): Promise<void> {
  while (pids.some(runs)) await new Promise((done) => setTimeout(done, 10));
}

describe("when the runner is killed with SIGKILL", () => {
  let runner: ChildProcess | undefined;
  afterEach(() => runner?.kill("SIGKILL"));

  it("leaves no process behind, not even a sandbox in an endless loop", async () => {
    const script = fileURLToPath(new URL("./runner.ts", import.meta.url));
    runner = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
    if (!runner.stdout || !runner.pid) throw new Error("no runner");
    const line = String((await once(createInterface({ input: runner.stdout }), "line"))[0]);
    const { dataDir, sandboxes } = z.parse(runnerSchema, JSON.parse(line));
    const { pids } = stackFile(dataDir);
    const family = below(runner.pid);
    expect(family).toEqual(expect.arrayContaining([pids.keeper, pids.dynamodb, ...sandboxes.slice(-1)]));
    runner.kill("SIGKILL");
    await once(runner, "exit");
    await gone(family);
    expect(family.filter(runs)).toEqual([]);
    // The stack.json it left is stale: the next one starts over it.
    await (await startStack({ dataDir, templateDir })).close();
    rmSync(dataDir, { recursive: true });
  });
});

describe("when the stack is closed", () => {
  let small: SmallStack | undefined;
  afterEach(() => small?.close());

  it("leaves no process and no stack.json behind", async () => {
    small = await startSmallStack();
    const file = join(small.dataDir, "stack.json");
    const { pids, token, apiUrl } = stackFile(small.dataDir);
    expect([apiUrl, token.issuer, pids.runner]).toEqual([small.stack.apiUrl, "https://issuer.example", process.pid]);
    await small.send("small-work", ["ok"]);
    await small.stack.idle();
    const processes: number[] = [pids.keeper, pids.dynamodb, ...small.reports().map(({ pid }) => pid)];
    expect(processes.filter(runs)).toEqual(processes);
    await small.stack.close();
    expect(processes.filter(runs)).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });
});
