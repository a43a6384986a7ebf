// npm run mutate: small faults put into domain and pipeline one at a time, each of which a test must find (test/README.md).
import { accept, readOptions } from "./options.js";
import { install, root, run } from "./pinned-node.js";

accept("mutate");
const { flags, texts } = readOptions("mutate", process.argv.slice(2));
const more = [
  ...(texts.files ? ["--mutate", texts.files] : []),
  ...(texts.workers ? ["--concurrency", texts.workers] : []),
  ...(flags.has("fresh") ? ["--force"] : []),
];
install();
process.exitCode = await run(
  ["node_modules/@stryker-mutator/core/bin/stryker.js", "run", "test/mutation/stryker.config.json", ...more],
  { cwd: root },
);
