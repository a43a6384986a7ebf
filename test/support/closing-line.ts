import type { Reporter, TestModule, Vitest } from "vitest/node";

/** Prints `N passed, N failed` alone on the last line, which every runner of tests can read. */
export default class ClosingLine implements Reporter {
  /** With `-t` the others are not asked for; without it a test that is skipped has not passed. */
  private isNamed = false;

  onInit(vitest: Vitest): void {
    this.isNamed = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandled.length;
    for (const module of modules) {
      let inModule = 0;
      for (const test of module.children.allTests()) {
        inModule++;
        const state = test.result().state;
        if (state === "passed") passed++;
        else if (state === "skipped" && this.isNamed) continue;
        else failed++;
      }
      if (inModule === 0 && module.state() === "failed") failed++;
    }
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  }
}
