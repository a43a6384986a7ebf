import { globSync } from "node:fs";

/** The suites that reach domain and pipeline within milliseconds. */
const taken = [
  "test/unit/*.test.ts",
  "test/property/*.test.ts",
  "test/contract/{memory-ports,kit-parts}.test.ts",
  "test/mutation/few-seeds.ts",
];

/** They start processes, or look at what no mutant changes. */
const left = /\/(launch|java-database|console-[a-z]+)\.test\.ts$/;

/** Their files, from the root. */
export const suites = (): readonly string[] =>
  taken.flatMap((glob) => globSync(glob).sort()).filter((file) => !left.test(file));
