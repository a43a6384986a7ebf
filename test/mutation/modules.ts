import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const stands: Readonly<Record<string, string>> = {
  vitest: new URL("./suite.ts", import.meta.url).href,
  "fast-check": new URL("./fewer-cases.ts", import.meta.url).href,
};
const here = pathToFileURL(`${dirname(fileURLToPath(import.meta.url))}/`).href;

/** Which of the sandbox's files reach which others by imports. */
export interface Modules {
  reach(from: string, to: string): boolean;
}

/**
 * Lets one process load the sandbox's modules many times: a module asked for as `?load=7` brings all it imports as
 * `?load=7` too, so that what runs while a module loads can run again with a mutant. Packages are loaded once.
 */
export function manyLoads(sandbox: string): Modules {
  const ours = pathToFileURL(`${sandbox}/`).href;
  const isOurs = (url: string): boolean => url.startsWith(ours) && !url.includes("/node_modules/");
  const sources = new Map<string, string>();
  const imports = new Map<string, Set<string>>();
  registerHooks({
    resolve(specifier, context, next) {
      const from = context.parentURL ?? "";
      const stand = stands[specifier];
      if (stand !== undefined && !from.startsWith(here)) return { url: stand, shortCircuit: true };
      const found = next(specifier, context);
      if (!isOurs(found.url) || !isOurs(from)) return found;
      const [importer = "", load] = from.split("?load=");
      imports.set(importer, (imports.get(importer) ?? new Set()).add(found.url));
      return load === undefined ? found : { ...found, url: `${found.url}?load=${load}` };
    },
    load(url, context, next) {
      const [plain = ""] = url.split("?");
      if (!isOurs(url) || !plain.endsWith(".ts")) return next(url, context);
      const source = sources.get(plain) ?? quieter(stripTypeScriptTypes(readFileSync(fileURLToPath(plain), "utf8")));
      sources.set(plain, source);
      return { format: "module", source, shortCircuit: true };
    },
  });
  const reached = new Map<string, ReadonlySet<string>>();
  return {
    reach(from, to) {
      const start = pathToFileURL(from).href;
      const known = reached.get(start) ?? everythingFrom(start, imports);
      reached.set(start, known);
      return known.has(pathToFileURL(to).href);
    },
  };
}

/** Instrumented code counts every hit of every mutant; once the first run has told who covers what, it need not. */
function quieter(source: string): string {
  return source.replace("function cover() {", "function cover() { if (ns.counted) return;");
}

function everythingFrom(start: string, imports: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const found = new Set([start]);
  for (const one of found) for (const next of imports.get(one) ?? []) found.add(next);
  return found;
}
