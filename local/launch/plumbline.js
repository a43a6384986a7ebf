// npm run plumbline
import { launch, root } from "./pinned-node.js";

await launch(`${root}cli/main.ts`);
