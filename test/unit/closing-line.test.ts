import { afterEach, expect, test, vi } from "vitest";
import ClosingLine from "#test/support/closing-line.ts";

afterEach(() => vi.restoreAllMocks());

/** What is printed after one module whose tests ended so. */
function line(states: readonly string[], { named = false, module = "passed", unhandled = 0 } = {}): string {
  let printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  const tests = states.map((state) => ({ result: () => ({ state }) }));
  const reporter = new ClosingLine();
  reporter.onInit({ config: { testNamePattern: named ? /one/ : undefined } } as never);
  reporter.onTestRunEnd(
    [{ children: { allTests: () => tests }, state: () => module }] as never,
    Array.from({ length: unhandled }, () => new Error("x")),
  );
  return printed;
}

test.each([
  ["all passed", ["passed", "passed"], {}, "2 passed, 0 failed"],
  ["one failed", ["passed", "failed"], {}, "1 passed, 1 failed"],
  ["one was skipped", ["passed", "skipped"], {}, "1 passed, 1 failed"],
  ["one was left out by a name", ["passed", "skipped"], { named: true }, "1 passed, 0 failed"],
  ["one that was named failed", ["skipped", "failed"], { named: true }, "0 passed, 1 failed"],
  ["a file could not be loaded", [], { module: "failed" }, "0 passed, 1 failed"],
  ["something was thrown beside the tests", ["passed"], { unhandled: 1 }, "1 passed, 1 failed"],
])("the last line where %s", (_name, states, more, says) => {
  expect(line(states, more)).toBe(`\n${says}\n`);
});
