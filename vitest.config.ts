import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";

/** Folders whose tests start no stack and replace no module: files of one worker share what they import. */
const pure = ["architecture", "contract", "oracle", "property", "simulation", "simulators", "unit"];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two at a time, also on two cores: many of them wait for visibility time-outs and clocks rather than compute.
    maxWorkers: 2,
    reporters: ["default", "./test/support/closing-line.ts"],
    globalSetup: ["./test/support/own-tmp.ts"],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: { name: "processes", include: ["test/**/*.test.ts"], exclude: pure.map((folder) => `test/${folder}/**`) },
      },
      {
        extends: true,
        test: { name: "pure", include: pure.map((folder) => `test/${folder}/**/*.test.ts`), isolate: false },
      },
    ],
  },
});
