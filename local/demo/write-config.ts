import { writeFileSync } from "node:fs";
import { demoConfig } from "./config.ts";

/** Writes `config.json` beside this file: the demo company's configuration with `{{vendor}}` for the addresses. */
writeFileSync(new URL("config.json", import.meta.url), `${JSON.stringify(demoConfig(), null, 2)}\n`);
