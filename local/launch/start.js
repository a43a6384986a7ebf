// npm start: the whole system on this machine.
import { freshAssembly } from "./assembly.js";
import { accept } from "./options.js";
import { install, launch, root } from "./pinned-node.js";

accept("start");
install();
process.exitCode = await freshAssembly();
if (process.exitCode === 0) await launch(`${root}local/start.ts`);
