import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as z from "#shared/domain/schema.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const scriptsSchema = z.object({ scripts: z.record(z.string(), z.string()) });
const launchers = fileURLToPath(new URL("../../local/launch", import.meta.url));
const lock = JSON.stringify({ packages: { "": {}, "node_modules/a": { version: "1.0.0", integrity: "sha512-a" } } });

let clone = "";

/** A clone of the repository as far as a launcher sees it: no node_modules, a fake npm that says it was called. */
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), "plumbline-clone-"));
  cpSync(launchers, join(clone, "local/launch"), { recursive: true });
  mkdirSync(join(clone, "cli"));
  mkdirSync(join(clone, "npm"));
  writeFileSync(join(clone, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(clone, "package-lock.json"), lock);
  writeFileSync(
    join(clone, "npm/npm-cli.js"),
    'import { appendFileSync, mkdirSync } from "node:fs"; mkdirSync("node_modules", { recursive: true });' +
      'appendFileSync("npm-called", `${process.argv.slice(2).join(" ")}\\n`);',
  );
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

function start(
  entry: string,
  args: readonly string[] = [],
  as: { node?: string; platform?: string; arch?: string } = {},
): ChildProcess {
  writeFileSync(join(clone, "cli/main.ts"), entry);
  const pretend =
    `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${as.node ?? process.versions.node}" } });` +
    `Object.defineProperty(process, "platform", { value: "${as.platform ?? process.platform}" });` +
    `Object.defineProperty(process, "arch", { value: "${as.arch ?? process.arch}" });`;
  const script = join(clone, "local/launch/plumbline.js");
  return spawn(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(pretend)}`, script, ...args], {
    cwd: clone,
    env: { ...process.env, npm_execpath: join(clone, "npm/npm-cli.js") },
  });
}

async function finished(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  let [out, err] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (err += chunk.toString()));
  await once(child, "close");
  return { code: child.exitCode, out, err };
}

const npmCalls = (): string =>
  existsSync(join(clone, "npm-called")) ? readFileSync(join(clone, "npm-called"), "utf8") : "";

const prints = "process.stdout.write(process.argv.slice(2).join());";

/** Runs another launcher of the clone to its end. */
const run = (launcher: string, ...args: string[]): ReturnType<typeof finished> =>
  finished(
    spawn(process.execPath, [join(clone, "local/launch", `${launcher}.js`), ...args], {
      cwd: clone,
      env: { ...process.env, npm_execpath: join(clone, "npm/npm-cli.js") },
    }),
  );

const own = ["start", "stories", "simulate", "bench", "console", "check", "synth", "mutate"];

describe("what a command is called with, before anything is installed or synthesised", () => {
  test.each([...own, "test"])("%s --help is answered with 0", async (launcher) => {
    const { code, out, err } = await run(launcher, "--help");
    expect({ code, err, calls: npmCalls() }).toEqual({ code: 0, err: "", calls: "" });
    expect(out).toMatch(/^npm (run )?[a-z]+.*\n/);
    expect(out).toContain("--help");
  });

  test.each([
    ...own.map((launcher) => [launcher, "--loud"]),
    ["simulate", "worlds", "--seeds=3"],
    ["simulate", "--seeds", "many"],
    ["start", "--port", "70000"],
    ["test", "--loud"],
    ["mutate", "--workers", "none"],
    ["stories", "--from"],
  ])("%s %s is refused with one line and 2", async (launcher, ...words) => {
    const { code, out, err } = await run(launcher, ...words);
    expect({ code, out, calls: npmCalls() }).toEqual({ code: 2, out: "", calls: "" });
    expect(err).toMatch(/^[^\n]+\n$/);
  });

  test("every command of package.json that reads options of its own has its launcher's table", () => {
    const { scripts } = scriptsSchema.parse(JSON.parse(readFileSync(join(repository, "package.json"), "utf8")));
    // Plumbline and the simulators have commands of their own, each with its help.
    const others = Object.keys(scripts).filter((name) => name !== "plumbline" && name !== "simulators");
    expect(others.sort()).toEqual([...own, "test"].sort());
  });
});

describe("a launcher", () => {
  test("installs what the lockfile lists, once, and again when the lockfile changes", async () => {
    await finished(start(prints));
    await finished(start(prints));
    expect(npmCalls()).toBe("ci\n");
    writeFileSync(join(clone, "package-lock.json"), lock.replace("sha512-a", "sha512-b"));
    await finished(start(prints));
    expect(npmCalls()).toBe("ci\nci\n");
  });

  test("does not install again what npm's own record says is there", async () => {
    mkdirSync(join(clone, "node_modules"));
    const { packages } = { packages: { "node_modules/a": { version: "1.0.0", integrity: "sha512-a" } } };
    writeFileSync(join(clone, "node_modules/.package-lock.json"), JSON.stringify({ packages }));
    await finished(start(prints));
    expect(npmCalls()).toBe("");
    const marker = readFileSync(join(clone, "node_modules/.plumbline-lock"), "utf8").trim();
    expect(marker).toBe(createHash("sha256").update(lock).digest("hex"));
  });

  test("hands its arguments and the exit code through", async () => {
    const { code, out } = await finished(start(`${prints} process.exitCode = 7;`, ["explain", "--json"]));
    expect({ code, out }).toEqual({ code: 7, out: "explain,--json" });
  });

  test("hands a signal on and waits for what it started", async () => {
    const entry =
      'process.on("SIGTERM", () => process.exit(9)); setInterval(() => {}, 1000); process.stdout.write("up");';
    const child = start(entry);
    child.stdout?.once("data", () => child.kill("SIGTERM"));
    expect(await finished(child)).toMatchObject({ code: 9, out: "up" });
  });

  test("prefers the Node of the lockfile to the one it was started with", async () => {
    const bin = join(clone, `node_modules/node-${process.platform}-${process.arch}/bin`);
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "node"), `#!/bin/sh\necho pinned\nexec "${process.execPath}" "$@"\n`, { mode: 0o755 });
    expect((await finished(start(prints, ["x"]))).out).toBe("pinned\nx");
  });

  test("refuses a Node below 24 in one line when the lockfile brings none", async () => {
    const { code, err } = await finished(start(prints, [], { node: "20.20.2" }));
    expect(code).toBe(2);
    expect(err.trim().split("\n").at(-1)).toMatch(/^Plumbline needs Node 24 or later\. .* this is Node 20\.20\.2: /);
  });

  test.each([
    { platform: "darwin", arch: "arm64" },
    { platform: "win32", arch: "x64" },
    { platform: "linux", arch: "riscv64" },
  ])("refuses $platform-$arch by its name in one line, before it installs", async (as) => {
    const { code, err } = await finished(start(prints, [], as));
    expect({ code, calls: npmCalls() }).toEqual({ code: 2, calls: "" });
    expect(err.trim()).toMatch(
      new RegExp(`^Plumbline runs on Linux x64 and, with Java, on Linux arm64, not on ${as.platform}-${as.arch}: .*$`),
    );
  });
});
