import { expect, test } from "vitest";
import { everyFile } from "#test/support/sources.ts";

test("the README of the pipeline names every file of it, each once", () => {
  const files = everyFile().filter(({ path }) => path.startsWith("shared/pipeline/"));
  const readme = files.find(({ path }) => path.endsWith("/README.md"))?.text ?? "";
  const named = [...readme.matchAll(/`([a-z-]+\.ts)`/g)].map(([, name]) => name);
  const there = files.map(({ path }) => path.split("/").at(-1)).filter((name) => name?.endsWith(".ts"));
  expect(named.toSorted()).toEqual(there.toSorted());
});
