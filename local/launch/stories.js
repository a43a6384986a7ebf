// npm run stories: the demo with other seeds, each held against the oracle.
import { freshAssembly } from "./assembly.js";
import { accept } from "./options.js";
import { install, launch, root } from "./pinned-node.js";

accept("stories");
install();
process.exitCode = await freshAssembly();
if (process.exitCode === 0) await launch(`${root}test/stories/main.ts`);
