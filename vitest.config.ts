import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two at a time, also on two cores: many of them wait for visibility time-outs and clocks rather than compute.
    maxWorkers: 2,
    reporters: ["default", "./test/support/closing-line.ts"],
  },
});
