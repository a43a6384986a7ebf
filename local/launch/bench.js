// npm run bench

import { accept } from "./options.js";
import { launch, root } from "./pinned-node.js";

accept("bench");
await launch(`${root}bench/main.ts`);
