// npm run bench
import { launch, root } from "./pinned-node.js";

await launch(`${root}bench/main.ts`);
