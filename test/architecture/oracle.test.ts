import { describe, expect, test } from "vitest";
import { codeIn, importsOf, type Source } from "#test/support/sources.ts";

// An oracle that took anything of what it judges, by however many steps, would agree with its faults.

/** What the oracle works from: itself, and the demo's shape. How the demo was made, and what it expects, it does not see. */
const oracle = [/^test\/oracle\/(?!.*\.test\.ts$)/, /^node:/, /^local\/demo\/demo\.ts$/];

/** Its tests also make the demo: the files that are data, and none of those that run the company. */
const oracleTests = [
  ...oracle,
  /^vitest$/,
  /^local\/demo\/(build|config|customtrades|desk|expectation|faults|fleetio|instants|job|money|names)\.ts$/,
  /^local\/demo\/(people|quiet|random|rotor|servicetitan(-[a-z]+)?|stories|story|world)\.ts$/,
  /^local\/demo\/stories\/[a-z]+\.ts$/,
];

/** What is taken, directly or by others that are taken, and is not allowed. */
function strays(entries: readonly Source[], files: readonly Source[], may: readonly RegExp[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const open = [...entries];
  const seen = new Set(open.map(({ path }) => path));
  const found: string[] = [];
  for (let file = open.shift(); file; file = open.shift())
    for (const { target } of importsOf(file)) {
      if (!may.some((allowed) => allowed.test(target))) found.push(`${file.path} takes ${target}`);
      const next = byPath.get(target);
      if (!next || seen.has(target)) continue;
      seen.add(target);
      open.push(next);
    }
  return found;
}

describe("an oracle takes nothing of what it judges", () => {
  const files = codeIn("test/oracle", "local/demo");
  const own = files.filter(({ path }) => path.startsWith("test/oracle/"));
  const isTest = ({ path }: Source): boolean => path.endsWith(".test.ts");

  test("itself, however many steps it takes", () => {
    const entries = own.filter((file) => !isTest(file));
    expect(entries.length).toBeGreaterThan(5);
    expect(strays(entries, files, oracle)).toEqual([]);
  });

  test("its tests, which also make the demo", () => {
    expect(strays(own.filter(isTest), files, oracleTests)).toEqual([]);
  });

  test("what the demo's shape takes of the product would be found, two steps on", () => {
    const tampered = files.map((file) =>
      file.path === "local/demo/demo.ts"
        ? { ...file, text: `import { play } from "./play.ts";\n${file.text}` }
        : file.path === "local/demo/money.ts"
          ? { ...file, text: `import { amount } from "#shared/replies/amounts.ts";\n${file.text}` }
          : file,
    );
    const entries = tampered.filter((file) => file.path.startsWith("test/oracle/"));
    const told = strays(entries, tampered, oracleTests);
    expect(told).toContain("local/demo/demo.ts takes local/demo/play.ts");
    expect(told).toContain("local/demo/money.ts takes shared/replies/amounts.ts");
  });
});
