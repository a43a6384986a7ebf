// npm run check: types, lint, boundaries, format, dead code. All of them run; one that fails makes the whole fail.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { accept } from "./options.js";
import { install, root, run } from "./pinned-node.js";

const sources = ["shared", "functions", "infra", "cli", "console", "local", "bench", "test"];
const there = sources.filter((path) => existsSync(join(root, path)));

// oxlint and biome always get paths: without them oxlint walks through node_modules.
const steps = [
  ["types", ["node_modules/typescript/bin/tsc", "-p", "."]],
  ["lint", ["node_modules/oxlint/bin/oxlint", "--type-aware", "--deny-warnings", ...there]],
  ["boundaries", ["node_modules/vitest/vitest.mjs", "run", "test/architecture", "--reporter=dot"]],
  ["format", ["node_modules/@biomejs/biome/bin/biome", "check", ...there, "package.json", "cdk.json", "tsconfig.json"]],
  ["dead code", ["node_modules/knip/bin/knip.js", "--no-progress"]],
];

accept("check");
install();
const failed = [];
for (const [name, args] of steps) {
  process.stdout.write(`\n${name}: `);
  const started = performance.now();
  const code = await run(args);
  process.stdout.write(
    `${name}: ${code === 0 ? "clean" : "NOT clean"} (${Math.round(performance.now() - started)} ms)\n`,
  );
  if (code !== 0) failed.push(name);
}
process.stdout.write(failed.length === 0 ? "\ncheck: clean\n" : `\ncheck: not clean: ${failed.join(", ")}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
