import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const notOurs = new Set(["node_modules", "cdk.out", ".git", "coverage"]);

/** One file of the repository: its path from the root, with `/`, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** Every file that is ours, in order of path; binary ones as they decode. */
export function everyFile(): readonly Source[] {
  return walk("").map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

/** TypeScript and JavaScript below one of the folders. */
export function codeIn(...folders: readonly string[]): readonly Source[] {
  return everyFile().filter(
    ({ path }) => /\.(ts|js|cjs|mjs)$/.test(path) && folders.some((folder) => path.startsWith(`${folder}/`)),
  );
}

function walk(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !notOurs.has(name) && !name.startsWith(".plumbline") && name !== ".DS_Store")
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? walk(path) : [path];
    })
    .sort();
}

/** An import as the file states it: what it resolves to, and whether only types are taken. */
export interface Import {
  /** A path from the root for our own files, else the package or `node:` name. */
  readonly target: string;
  readonly typeOnly: boolean;
}

const statement = /^\s*(?:import|export)\s+(type\s)?[^;'"]*?from\s*["']([^"']+)["']/gm;
const sideEffect = /^\s*import\s*["']([^"']+)["']/gm;
const dynamic = /\bimport\(\s*["']([^"']+)["']/g;

/** What a file imports, `#x/` and relative specifiers resolved to paths from the root. */
export function importsOf({ path, text }: Source): readonly Import[] {
  const code = withoutComments(text);
  const resolve = (specifier: string): string => {
    if (specifier.startsWith("#")) return specifier.slice(1);
    return specifier.startsWith(".") ? posix.join(dirname(path), specifier) : specifier;
  };
  return [
    ...[...code.matchAll(statement)].map(([, type, from = ""]) => ({ target: resolve(from), typeOnly: Boolean(type) })),
    ...[...code.matchAll(sideEffect), ...code.matchAll(dynamic)].map(([, from = ""]) => ({
      target: resolve(from),
      typeOnly: false,
    })),
  ];
}

/** The code alone: comments become spaces, strings and templates stay. */
export function withoutComments(text: string): string {
  const piece =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`|\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g;
  return text.replace(piece, (found) =>
    found.startsWith("//") || found.startsWith("/*") ? found.replace(/[^\n]/g, " ") : found,
  );
}
