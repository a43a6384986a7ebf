// npm test: everything, or what is named (npm test -- test/unit).
import { freshAssembly } from "./assembly.js";
import { accept } from "./options.js";
import { install, run } from "./pinned-node.js";

accept("test");
install();
process.exitCode = await freshAssembly();
if (process.exitCode === 0) {
  process.exitCode = await run(["node_modules/vitest/vitest.mjs", "run", ...process.argv.slice(2)]);
}
