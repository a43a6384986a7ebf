// npm start: the whole system on this machine.
import { freshAssembly } from "./assembly.js";
import { install, launch, root } from "./pinned-node.js";

install();
process.exitCode = await freshAssembly();
if (process.exitCode === 0) await launch(`${root}local/start.ts`);
