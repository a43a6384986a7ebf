import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pageHeaders } from "#console/headers.ts";
import { pageFile, pageFiles, pageScript } from "./console.ts";
import { readOptions } from "./launch/options.js";

/** `npm run console`: the page as files for any static host, and the headers that host must send with them. */
const { out = "", api = "" } = readOptions("console", process.argv.slice(2)).texts;
mkdirSync(out, { recursive: true });
const put = (name: string, text: string): void => writeFileSync(join(out, name), text);
for (const name of Object.keys(pageFiles)) put(name, pageFile(name));
const headers = pageHeaders(api);
put(
  "index.html",
  pageFile("index.html").replace('name="plumbline-api" content=""', `name="plumbline-api" content="${apiOrigin()}"`),
);
put("page.js", await pageScript());
put("headers.json", `${JSON.stringify(headers, null, 2)}\n`);
process.stdout.write(`${out}: ${[...Object.keys(pageFiles), "page.js"].join(", ")}; send headers.json with each\n`);

/** Empty where the API answers under the page's own address. As an origin, nothing in it can end the attribute it is put in. */
function apiOrigin(): string {
  return api === "" ? "" : new URL(api).origin;
}
