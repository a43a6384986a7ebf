// The synthesised CDK app in cdk.out, made again only when what it is made from has changed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./pinned-node.js";

const output = join(root, "cdk.out");
const stamp = join(output, ".made-from");
const lock = join(root, ".plumbline-synth.lock");
const madeFrom = ["cdk.json", "package-lock.json", "functions", "infra", "shared"];

/** Synthesises into cdk.out, or where CDK_OUTDIR says when the cdk command asks. Resolves to the exit code. */
export async function synth() {
  if (process.env.CDK_OUTDIR) return run(["infra/app.ts"]);
  return alone(make);
}

/** Synthesises when the sources changed since the last time. Resolves to the exit code. */
export async function freshAssembly() {
  if (isFresh()) return 0;
  return alone(async () => {
    if (isFresh()) return 0;
    process.stderr.write("Synthesising the CDK app ...\n");
    return make();
  });
}

const isFresh = () => existsSync(stamp) && readFileSync(stamp, "utf8") === sourcesHash();

async function make() {
  const hash = sourcesHash();
  rmSync(stamp, { force: true });
  const code = await run(["infra/app.ts"], { env: { CDK_OUTDIR: output } });
  if (code === 0) writeFileSync(stamp, hash);
  return code;
}

function sourcesHash() {
  const hash = createHash("sha256");
  for (const file of madeFrom.flatMap((path) => filesOf(path)).sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

function filesOf(path) {
  if (!statSync(join(root, path)).isDirectory()) return path.endsWith(".md") ? [] : [path];
  return readdirSync(join(root, path)).flatMap((name) => filesOf(`${path}/${name}`));
}

/** Two commands started at once must not write into cdk.out together: the second waits for the first. */
async function alone(work) {
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (!holderLives()) rmSync(lock, { recursive: true, force: true });
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  try {
    writeFileSync(join(lock, "pid"), String(process.pid));
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function holderLives() {
  try {
    const made = statSync(lock).mtimeMs;
    const pid = Number(existsSync(join(lock, "pid")) ? readFileSync(join(lock, "pid"), "utf8") : 0);
    if (pid === 0) return Date.now() - made < 5_000;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
