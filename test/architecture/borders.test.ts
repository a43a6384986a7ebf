import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import * as z from "#shared/domain/schema.ts";
import { codeIn, everyFile, withoutComments } from "#test/support/sources.ts";

const versions = z.record(z.string(), z.string());
const manifestSchema = z.object({ dependencies: versions, devDependencies: versions });
const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.optional(z.string()),
      optionalDependencies: z._default(z.record(z.string(), z.string()), {}),
    }),
  ),
});
const product = ["shared", "functions", "infra", "cli", "console", "local", "bench"];
const pathsOf = (files: readonly { readonly path: string }[]): string[] => files.map(({ path }) => path);

/** Beside shared/runtime/env.ts: processes that are started by a person or by the cdk command, and set environments. */
const readsEnvironment = [
  "shared/runtime/env.ts",
  "infra/app.ts",
  "infra/bundling/env-credentials.js",
  "local/launch/assembly.js",
  "local/launch/pinned-node.js",
  "local/start.ts",
];
const mayReadEnvironment = (path: string): boolean =>
  readsEnvironment.includes(path) || path.startsWith("cli/") || path.startsWith("local/aws/");

describe("borders", () => {
  test("process.env is read in one place of the product", () => {
    const readers = codeIn(...product).filter(({ text }) => /\bprocess\.env\b/.test(withoutComments(text)));
    expect(pathsOf(readers).filter((path) => !mayReadEnvironment(path))).toEqual([]);
  });

  test("what was parsed from text is checked, never asserted", () => {
    const asserted = codeIn(...product).flatMap(({ path, text }) =>
      afterCalls(withoutComments(text), /\bJSON\.parse\(|\.json\(/g)
        .filter((rest) => /^[\s)]*as\s/.test(rest))
        .map((rest) => `${path}: ${rest.trim().split("\n")[0]}`),
    );
    expect(asserted).toEqual([]);
  });

  test("no value is forced into a type", () => {
    const forced = /\bas unknown as\b|\bas any\b/;
    const files = codeIn(...product, "test").filter(({ path }) => path !== "test/architecture/borders.test.ts");
    expect(pathsOf(files.filter(({ text }) => forced.test(withoutComments(text))))).toEqual([]);
  });

  test("nothing is caught and dropped", () => {
    const empty = /catch\s*(\([^)]*\))?\s*\{\s*\}|\.catch\(\s*\(\s*\)\s*=>\s*(\{\s*\}|undefined|null)\s*\)/;
    // The simulators' chain of turns goes on after a failed one, whose caller has the failure.
    const files = codeIn(...product).filter(({ path }) => !path.startsWith("local/vendors/"));
    expect(pathsOf(files.filter(({ text }) => empty.test(withoutComments(text))))).toEqual([]);
  });

  test("the clock of the machine is read at the edge, never below the handlers", () => {
    const reads = /\bDate\.now\(|\bnew Date\(\s*\)|\bperformance\.now\(/;
    const files = codeIn("shared/domain", "shared/pipeline", "shared/messages", "shared/store", "shared/connectors");
    expect(pathsOf(files.filter(({ text }) => reads.test(withoutComments(text))))).toEqual([]);
  });

  test("the name of a cell stands in cdk.json, not beside it in a program", () => {
    const named = /\bcell: "|\bCELL\b["']?: "/;
    expect(pathsOf(codeIn(...product).filter(({ text }) => named.test(withoutComments(text))))).toEqual([]);
  });

  test("no check is switched off in the code", () => {
    const off =
      /@ts-(ignore|expect-error|nocheck)|(eslint|oxlint|biome)-(disable|ignore)|\b(test|it|describe)\.(skip|todo|only)\b/;
    const files = codeIn(...product, "test").filter(({ path }) => path !== "test/architecture/borders.test.ts");
    expect(pathsOf(files.filter(({ text }) => off.test(text)))).toEqual([]);
  });
});

describe("size and shape", () => {
  test("no file is longer than 300 lines", () => {
    const long = everyFile()
      .filter(({ path }) => path !== "package-lock.json" && !/^test\/.*\bfixtures?\//.test(path))
      .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
      .filter(({ lines }) => lines > 300);
    expect(long).toEqual([]);
  });

  const functions = new URL("../../functions/", import.meta.url);
  const folders = readdirSync(functions, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  test.each(folders.map(({ name }) => name))("functions/%s has its four files", (name) => {
    const has = (file: string): boolean => existsSync(new URL(`${name}/${file}`, functions));
    const wanted = ["handler.ts", "env.ts", "deps.ts", "README.md"];
    expect(
      wanted.filter((file) => !has(file)),
      fileURLToPath(functions),
    ).toEqual([]);
  });

  test("a handler is a thin adapter: at most forty lines of code, and nothing else exported", () => {
    const handlers = codeIn("functions").filter(({ path }) => path.endsWith("/handler.ts"));
    const fat = handlers.filter(
      ({ text }) =>
        withoutComments(text)
          .split("\n")
          .filter((line) => line.trim() !== "").length > 40,
    );
    const extra = handlers.filter(({ text }) => /^export (?!const handler\b)/m.test(text));
    expect({ fat: pathsOf(fat), extra: pathsOf(extra) }).toEqual({ fat: [], extra: [] });
  });
});

describe("the repository stands anywhere", () => {
  test("no file names a place of one machine or a registry", () => {
    const place =
      /(^|[\s"'`(=])\/(work|home|Users|root|opt|mnt)\/\w|registry\.[a-z]+js\.\w+|\bnpm\.[a-z-]+\.(com|io|dev)\b/m;
    const files = everyFile().filter(({ path }) => path !== "test/architecture/borders.test.ts");
    expect(pathsOf(files.filter(({ text }) => place.test(text)))).toEqual([]);
  });

  test("no comment sends its reader to a text that is not here", () => {
    const elsewhere =
      /\bdesign section|\bdomain notes\b|\bmerge-rules\b|\b(design|domain-notes|vendor-contracts)\.md\b/i;
    const files = everyFile().filter(({ path }) => path !== "test/architecture/borders.test.ts");
    expect(pathsOf(files.filter(({ text }) => elsewhere.test(text)))).toEqual([]);
  });

  test("every docs/*.md that a comment names is there", () => {
    const files = everyFile();
    const named = files.flatMap(({ path, text }) =>
      [...text.matchAll(/\bdocs\/[a-z-]+\.md\b/g)].map(([name]) => ({ path, name })),
    );
    expect(named.filter(({ name }) => !files.some(({ path }) => path === name))).toEqual([]);
  });

  test("every version in package.json is one version, and the lockfile's", () => {
    const file = (name: string): unknown => JSON.parse(everyFile().find(({ path }) => path === name)?.text ?? "");
    const asked = z.parse(manifestSchema, file("package.json"));
    const { packages } = z.parse(lockSchema, file("package-lock.json"));
    for (const [name, version] of Object.entries({ ...asked.dependencies, ...asked.devDependencies }))
      expect(`${name} ${packages[`node_modules/${name}`]?.version}`).toBe(`${name} ${version}`);
  });

  test("the lockfile holds integrity and no address", () => {
    const lock = everyFile().find(({ path }) => path === "package-lock.json");
    expect(lock?.text).toContain('"integrity"');
    expect(lock?.text).not.toContain('"resolved"');
  });

  test("the lockfile names every platform's build, or npm ci would refuse it (complete-lockfile.js adds them)", () => {
    const lock = everyFile().find(({ path }) => path === "package-lock.json");
    const { packages } = z.parse(lockSchema, JSON.parse(lock?.text ?? ""));
    const wanted = Object.values(packages).flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies));
    expect(wanted.filter((name) => packages[`node_modules/${name}`] === undefined)).toEqual([]);
  });
});

/** What follows the closing parenthesis of every call that `call` finds. */
function afterCalls(code: string, call: RegExp): string[] {
  return [...code.matchAll(call)].map((found) => {
    let depth = 1;
    let at = found.index + found[0].length;
    for (; at < code.length && depth > 0; at++) {
      if (code[at] === "(") depth++;
      if (code[at] === ")") depth--;
    }
    return code.slice(at, at + 80);
  });
}
