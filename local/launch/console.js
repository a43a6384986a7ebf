// npm run console
import { launch, root } from "./pinned-node.js";

await launch(`${root}local/console-build.ts`);
