import { expect, test } from "vitest";
import { codeIn, importsOf, withoutComments } from "#test/support/sources.ts";

test("every way to import is seen, with what it resolves to", () => {
  const text = [
    'import { a } from "#shared/domain/money.ts";',
    'import type { B } from "../kit/b.ts";',
    "import {",
    "  c,",
    "  type D,",
    '} from "./c.ts";',
    'import "node:fs";',
    'export * as z from "zod/mini";',
    'const late = await import("#shared/store/table.ts");',
    'type E = import("../e.ts").E;',
    '// import { x } from "#infra/app.ts";',
    '/** import { y } from "#infra/app.ts"; */',
  ].join("\n");
  expect(importsOf({ path: "shared/pipeline/a.ts", text })).toEqual([
    { target: "shared/domain/money.ts", typeOnly: false },
    { target: "shared/kit/b.ts", typeOnly: true },
    { target: "shared/pipeline/c.ts", typeOnly: false },
    { target: "zod/mini", typeOnly: false },
    { target: "node:fs", typeOnly: false },
    { target: "shared/store/table.ts", typeOnly: false },
    { target: "shared/e.ts", typeOnly: false },
  ]);
});

test("comments go, strings and expressions that look like them stay", () => {
  const code = [
    'const url = "http://x/*y*/"; // gone',
    "const quote = /[\"'/]/; /* gone */ const after = `//stays`;",
  ].join("\n");
  const left = withoutComments(code);
  expect(left).not.toContain("gone");
  expect(left).toContain('"http://x/*y*/"');
  expect(left).toContain("const after = `//stays`;");
});

test("the rules look at the code that is there", () => {
  for (const folder of ["shared", "functions", "infra", "local"]) expect(codeIn(folder).length).toBeGreaterThan(0);
  expect(codeIn("infra").flatMap((file) => importsOf(file)).length).toBeGreaterThan(20);
});
