// Finds the Node that everything but these launchers runs under. Plain JavaScript without dependencies: it has to
// parse and run on Node 20 before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));
const marker = join(root, "node_modules", ".plumbline-lock");
const oldest = 24;

/** Says one line and ends with 2: the machine or its set-up has to change before anything can start. */
export function refuse(line) {
  process.stderr.write(`${line}\n`);
  process.exit(2);
}

/** The local DynamoDB decides where all of it runs (local/aws/dynamodb.ts): x64 as it is, arm64 with Java. */
function refuseOtherPlatforms() {
  const here = `${process.platform}-${process.arch}`;
  if (here === "linux-x64" || here === "linux-arm64") return;
  refuse(
    `Plumbline runs on Linux x64 and, with Java, on Linux arm64, not on ${here}: use a container or a virtual machine ` +
      "of one of these (on Windows, WSL).",
  );
}

/** Runs `npm ci` when what is installed is not what package-lock.json says. */
export function install() {
  refuseOtherPlatforms();
  const lock = readFileSync(join(root, "package-lock.json"), "utf8");
  const wanted = createHash("sha256").update(lock).digest("hex");
  if (existsSync(marker) && readFileSync(marker, "utf8").trim() === wanted) return;
  if (!installedIs(lock)) {
    process.stderr.write("Installing what package-lock.json lists (npm ci) ...\n");
    const script = process.env.npm_execpath;
    const [command, ...first] = script?.endsWith("npm-cli.js") ? [process.execPath, script] : ["npm"];
    const done = spawnSync(command, [...first, "ci"], { cwd: root, stdio: ["ignore", 2, 2] });
    if (done.error) refuse(`npm could not be started (${done.error.message}): install npm 10 or later and run again.`);
    if (done.status !== 0) refuse("npm ci failed; its lines above say why.");
  }
  writeFileSync(marker, `${wanted}\n`);
}

/** True when npm's own record of node_modules names the same packages as the lockfile (after an `npm install`). */
function installedIs(lock) {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const there = JSON.parse(readFileSync(record, "utf8")).packages;
  const wanted = Object.entries(JSON.parse(lock).packages).filter(([path]) => path !== "");
  return (
    wanted.every(([path, { optional, integrity }]) =>
      there[path] === undefined ? optional === true : there[path].integrity === integrity,
    ) && Object.keys(there).length <= wanted.length
  );
}

/** The path of a Node 24 or later: the pinned one of the lockfile by its path, else the system's own. */
export function pinnedNode() {
  const pinned = join(root, "node_modules", `node-${process.platform}-${process.arch}`, "bin", "node");
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split(".")[0]) >= oldest) return process.execPath;
  return refuse(
    `Plumbline needs Node ${oldest} or later. The lockfile brings none for ${process.platform}-${process.arch}, ` +
      `and this is Node ${process.versions.node}: install Node ${oldest} and run again.`,
  );
}

/**
 * The environment of everything started here: the pinned Node first on the path, nothing that calls home, and one place
 * for what Node has compiled, with which a command of the terminal starts in half the time.
 */
function environment(node, extra) {
  return {
    ...process.env,
    PATH: `${join(node, "..")}:${process.env.PATH ?? ""}`,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, "node_modules", ".cache", "node"),
    CDK_DISABLE_CLI_TELEMETRY: "true",
    AWS_EC2_METADATA_DISABLED: "true",
    ...extra,
  };
}

/** Runs the pinned Node with these arguments, passes signals on, and resolves to its exit code. */
export function run(args, { env = {}, cwd = root } = {}) {
  const node = pinnedNode();
  const child = spawn(node, args, { cwd, stdio: "inherit", env: environment(node, env) });
  // Ctrl-C in a terminal reaches the whole group already; a second one would read as "stop at once".
  const reachesChild = (signal) => signal === "SIGINT" && process.stdin.isTTY === true;
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  const forward = signals.map((signal) => [signal, () => reachesChild(signal) || child.kill(signal)]);
  for (const [signal, pass] of forward) process.on(signal, pass);
  return new Promise((resolve) => {
    child.once("error", (error) => refuse(`${node} could not be started: ${error.message}`));
    child.once("exit", (code, signal) => {
      for (const [name, pass] of forward) process.off(name, pass);
      resolve(code ?? 128 + ({ SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 0));
    });
  });
}

/** Installs, runs one entry under the pinned Node with this command's own arguments, and ends with its exit code. */
export async function launch(entry) {
  install();
  process.exitCode = await run([entry, ...process.argv.slice(2)], { cwd: process.cwd() });
}
