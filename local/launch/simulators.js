// npm run simulators
import { launch, root } from "./pinned-node.js";

await launch(`${root}local/vendors/main.ts`);
