// npm run console

import { accept } from "./options.js";
import { launch, root } from "./pinned-node.js";

accept("console");
await launch(`${root}local/console-build.ts`);
