// npm run synth, and the app command of cdk.json: the templates and bundles, offline.
import { synth } from "./assembly.js";
import { accept } from "./options.js";
import { install } from "./pinned-node.js";

accept("synth");
install();
process.exitCode = await synth();
