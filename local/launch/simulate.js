// npm run simulate: many seeds of the whole system in one process; `npm run simulate -- worlds` explores the small worlds.
import { accept } from "./options.js";
import { launch, root } from "./pinned-node.js";

const worlds = process.argv[2] === "worlds";
if (worlds) process.argv.splice(2, 1);
accept(worlds ? "worlds" : "simulate");
await launch(`${root}test/${worlds ? "worlds" : "simulation"}/main.ts`);
