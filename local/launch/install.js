// npm-free install: `node local/launch/install.js` brings node_modules to what package-lock.json says.
import { install, pinnedNode } from "./pinned-node.js";

install();
pinnedNode();
