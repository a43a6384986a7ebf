import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The small process that ends the database and the sandboxes when the runner is gone, even by SIGKILL. */
export interface Keeper {
  readonly pid: number;
  /** The process it started: the database. */
  readonly childPid: number;
  /** From now on this process ends with the runner. */
  keep(pid: number): void;
  forget(pid: number): void;
  /** Resolves when the child has ended, with what it said on stderr. */
  readonly ended: Promise<string>;
  close(): Promise<void>;
}

/** Starts `command` under a keeper. Rejects with what the command said when it cannot be started. */
export async function startKeeper(command: string, argv: readonly string[]): Promise<Keeper> {
  const script = fileURLToPath(new URL("./keeper.cjs", import.meta.url));
  // Where the kernel offers it, the child's own death signal covers even the death of the keeper; nothing relies on it.
  const setpriv = ["/usr/bin/setpriv", "/bin/setpriv"].find((path) => existsSync(path));
  const started = setpriv ? [setpriv, "--pdeathsig", "KILL", command, ...argv] : [command, ...argv];
  const keeper = spawn(process.execPath, [script, ...started], { stdio: ["pipe", "pipe", "pipe"], env: {} });
  let said = "";
  keeper.stderr.on("data", (chunk: Buffer) => {
    said = `${said}${chunk.toString("utf8")}`.slice(-2000);
  });
  const ended = once(keeper, "close").then(() => said.trim());
  const childPid = await Promise.race([firstPid(keeper), ended.then((reason) => Promise.reject(new Error(reason)))]);
  // It fails when the keeper is gone, which `ended` tells.
  keeper.stdin.on("error", () => undefined);
  const tell = (line: string): void => {
    if (keeper.stdin.writable) keeper.stdin.write(`${line}\n`);
  };
  return {
    pid: keeper.pid ?? 0,
    childPid,
    keep: (pid) => tell(`+${pid}`),
    forget: (pid) => tell(`-${pid}`),
    ended,
    async close() {
      keeper.stdin.end();
      await ended;
    },
  };
}

/** The keeper's first line is the process id of its child; what follows is the child's own output, which nobody reads. */
async function firstPid(keeper: ChildProcess): Promise<number> {
  if (!keeper.stdout) throw new Error("the keeper has no output");
  const lines = createInterface({ input: keeper.stdout });
  const line = String((await once(lines, "line"))[0]);
  const pid = Number(/"pid":(\d+)/.exec(line)?.[1]);
  if (!Number.isInteger(pid)) throw new Error(`the keeper said ${line} instead of a process id`);
  lines.on("line", () => undefined);
  return pid;
}
