import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { INSTRUMENTER_CONSTANTS, type MutantCoverage } from "@stryker-mutator/api/core";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import {
  type DryRunResult,
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestRunner,
  TestStatus,
} from "@stryker-mutator/api/test-runner";
import { type Modules, manyLoads } from "./modules.ts";
import { suites } from "./suites.ts";

/** What the instrumented code reads and writes. */
interface Switches {
  activeMutant?: string | undefined;
  currentTestId?: string;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: MutantCoverage;
  /** Ours: what covers what is known. */
  counted?: boolean;
}

type Suite = typeof import("./suite.ts");
type OneTest = import("./suite.ts").OneTest;

/** A test that took longer than this has failed. */
const limitMs = 15_000;
/** A mutant that no test has found after so much of the processor's time has survived: its quickest tests ran. */
const budgetMs = 500;
const nobody = "nobody";
const spentMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const timesFile = "mutation-times.json";

/**
 * Runs tests over mutants within one process that has everything loaded: a test takes the milliseconds of its own code.
 * A mutant that is seen only while modules load makes them load again. The tests that found this file's mutants last
 * come first, then the quickest.
 */
class InProcess implements TestRunner {
  readonly #sandbox = process.cwd();
  readonly #found = new Map<string, string[]>();
  readonly #finds = new Map<string, number>();
  readonly #switches: Switches = {};
  #modules: Modules | null = null;
  #suite: Suite | null = null;
  #tests = new Map<string, OneTest>();
  #times: Readonly<Record<string, number>> | null = null;
  #loads = 0;

  capabilities(): { reloadEnvironment: boolean } {
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    Object.assign(globalThis, { [INSTRUMENTER_CONSTANTS.NAMESPACE]: this.#switches });
    const switches = this.#switches;
    switches.mutantCoverage = { static: {}, perTest: {} };
    this.#modules = manyLoads(this.#sandbox);
    this.#suite = await import("./suite.ts");
    // What runs while they load is theirs alone if they load before the tests do.
    for (const path of globSync("shared/{domain,pipeline}/*.ts").sort()) await import(this.#url(path));
    const whileLoading = { ...switches.mutantCoverage.static };
    for (const file of suites()) for (const one of await this.#collect(file)) this.#tests.set(one.id, one);
    switches.mutantCoverage.static = whileLoading;
    switches.currentTestId = nobody;
  }

  async dryRun(): Promise<DryRunResult> {
    const switches = this.#switches;
    const tests = [];
    const times: Record<string, number> = {};
    for (const one of this.#tests.values()) {
      const since = performance.now();
      switches.currentTestId = one.id;
      const failure = await this.#run(one, 60_000);
      switches.currentTestId = nobody;
      const warm = spentMs();
      const secondFailure = failure ?? (await this.#run(one, 60_000));
      times[one.id] = spentMs() - warm;
      const base = { id: one.id, name: one.name, fileName: resolve(one.file), timeSpentMs: performance.now() - since };
      tests.push(
        secondFailure === null
          ? { ...base, status: TestStatus.Success as const }
          : { ...base, status: TestStatus.Failed as const, failureMessage: secondFailure },
      );
    }
    const { static: whileLoading, perTest } = switches.mutantCoverage ?? { static: {}, perTest: {} };
    switches.counted = true;
    const { [nobody]: _between, ...byTest } = perTest;
    writeFileSync(timesFile, JSON.stringify(times));
    return { status: DryRunStatus.Complete, tests, mutantCoverage: { static: whileLoading, perTest: byTest } };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, hitLimit, mutantActivation, sandboxFileName, testFilter } = options;
    const switches = this.#switches;
    Object.assign(switches, { activeMutant: activeMutant.id, hitCount: 0, hitLimit, counted: true });
    const result =
      mutantActivation === "static"
        ? await this.#whileLoading(sandboxFileName)
        : await this.#inTurn(this.#inOrder(testFilter ?? [], sandboxFileName), sandboxFileName);
    const hits = switches.hitCount ?? 0;
    switches.activeMutant = undefined;
    if (hitLimit !== undefined && hits > hitLimit)
      return { status: MutantRunStatus.Timeout, reason: `Hit limit reached (${hits}/${hitLimit})` };
    if (result.status === MutantRunStatus.Killed) await this.#makeSure(result.killedBy[0] ?? "");
    return result;
  }

  /** A test that finds a mutant passes without it: else the mutant left something behind, and a new process tries. */
  async #makeSure(id: string): Promise<void> {
    const one = this.#tests.get(id);
    const failure = one ? await this.#run(one, 60_000) : null;
    if (failure !== null) throw new Error(`${id} fails without a mutant after one: ${failure}`);
  }

  async #inTurn(tests: Iterable<OneTest>, path: string): Promise<MutantRunResult> {
    const until = spentMs() + budgetMs;
    let count = 0;
    for (const one of tests) {
      count += 1;
      const failure = await this.#run(one, limitMs);
      if (failure !== null) {
        this.#note(path, one.id);
        return { status: MutantRunStatus.Killed, killedBy: [one.id], failureMessage: failure, nrOfTests: count };
      }
      if (spentMs() > until) break;
    }
    return { status: MutantRunStatus.Survived, nrOfTests: count };
  }

  /** The files of tests that import the mutant's file, each loaded anew with the mutant, until a test fails. */
  async #whileLoading(path: string): Promise<MutantRunResult> {
    const files = this.#filesInOrder(path);
    const until = spentMs() + budgetMs;
    this.#loads += 1;
    let count = 0;
    for (const file of files) {
      const all = [...this.#tests.values()].filter((one) => one.file === file);
      let tests: readonly OneTest[];
      try {
        tests = await this.#collect(file, this.#loads);
      } catch (cause) {
        const [first] = all;
        this.#note(path, first?.id ?? "");
        return {
          status: MutantRunStatus.Killed,
          killedBy: [first?.id ?? ""],
          failureMessage: String(cause),
          nrOfTests: 1,
        };
      }
      const byId = new Map(tests.map((one) => [one.id, one]));
      const ordered = this.#inOrder(
        all.map(({ id }) => id),
        path,
      ).flatMap(({ id }) => byId.get(id) ?? []);
      const result = await this.#inTurn(ordered, path);
      count +=
        result.status === MutantRunStatus.Killed || result.status === MutantRunStatus.Survived ? result.nrOfTests : 0;
      if (result.status === MutantRunStatus.Killed) return { ...result, nrOfTests: count };
      if (spentMs() > until) break;
    }
    return { status: MutantRunStatus.Survived, nrOfTests: count };
  }

  #filesInOrder(path: string): readonly string[] {
    const files = new Map<string, number>();
    for (const one of this.#tests.values()) files.set(one.file, (files.get(one.file) ?? 0) + this.#timeOf(one.id));
    const last = (this.#found.get(path) ?? []).map((id) => this.#tests.get(id)?.file);
    return [...files]
      .filter(([file]) => this.#modules?.reach(join(this.#sandbox, file), path))
      .sort(([a, first], [b, second]) => last.lastIndexOf(b) - last.lastIndexOf(a) || first - second)
      .map(([file]) => file);
  }

  #inOrder(ids: readonly string[], path: string): readonly OneTest[] {
    const last = this.#found.get(path) ?? [];
    return ids
      .toSorted((a, b) => last.indexOf(b) - last.indexOf(a) || this.#worthOf(b) - this.#worthOf(a))
      .flatMap((id) => this.#tests.get(id) ?? []);
  }

  #note(path: string, id: string): void {
    const others = (this.#found.get(path) ?? []).filter((one) => one !== id);
    this.#found.set(path, [...others.slice(-11), id]);
    this.#finds.set(id, (this.#finds.get(id) ?? 0) + 1);
  }

  /** What a test has found so far for the time it takes. */
  #worthOf(id: string): number {
    return ((this.#finds.get(id) ?? 0) + 1) / (this.#timeOf(id) + 2);
  }

  #timeOf(id: string): number {
    this.#times ??= JSON.parse(readFileSync(timesFile, "utf8")) as Record<string, number>;
    return this.#times[id] ?? 0;
  }

  #run(one: OneTest, limit: number): Promise<string | null> {
    if (this.#suite === null) throw new Error("not begun");
    return this.#suite.runAlone(one, limit);
  }

  #collect(file: string, load?: number): Promise<readonly OneTest[]> {
    if (this.#suite === null) throw new Error("not begun");
    return this.#suite.collect(file, () => import(`${this.#url(file)}${load === undefined ? "" : `?load=${load}`}`));
  }

  #url(path: string): string {
    return pathToFileURL(join(this.#sandbox, relative(this.#sandbox, resolve(path)))).href;
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "in-process", InProcess)];
