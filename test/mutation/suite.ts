import { setTimeout as wait } from "node:timers/promises";

/**
 * What the tests import as "vitest" while mutants are tried: it collects them, so that the runner can run any of them at
 * any time in one process, hundreds of times. `expect` and `vi` are vitest's own.
 */

type Step = () => unknown;

interface Group {
  readonly name: string;
  readonly parent: Group | null;
  readonly before: Step[];
  readonly after: Step[];
  readonly beforeEach: Step[];
  readonly afterEach: Step[];
}

export interface OneTest {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly group: Group;
  readonly body: Step;
}

const newGroup = (name: string, parent: Group | null): Group => ({
  name,
  parent,
  before: [],
  after: [],
  beforeEach: [],
  afterEach: [],
});

const open: { group: Group; file: string; tests: OneTest[] } = { group: newGroup("", null), file: "", tests: [] };
let finishing: Step[] = [];

const namesOf = (group: Group | null): string[] => (group?.parent ? [...namesOf(group.parent), group.name] : []);
const groupsOf = (group: Group | null): Group[] => (group ? [...groupsOf(group.parent), group] : []);

function add(name: string, ...rest: readonly unknown[]): void {
  const body = rest.find((one) => typeof one === "function") as Step;
  const whole = [...namesOf(open.group), name].join(" > ");
  const twins = open.tests.filter((one) => one.name === whole).length;
  const id = `${open.file}#${whole}${twins > 0 ? ` (${twins + 1})` : ""}`;
  open.tests.push({ id, name: whole, file: open.file, group: open.group, body });
}

/** A row's values in the place of %s and its like, as far as it makes names that differ. */
function named(name: string, row: readonly unknown[], place: number): string {
  const values = [...row];
  const filled = name.replace(/%[sijdofO#]/g, (sign) => {
    if (sign === "%#") return String(place);
    const value = values.shift();
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  });
  return filled === name ? `${name} [${place}]` : filled;
}

const each =
  (one: (name: string, body: Step) => void) =>
  (rows: readonly unknown[]) =>
  (name: string, body: (...values: unknown[]) => unknown): void => {
    for (const [place, row] of rows.entries()) {
      const values: readonly unknown[] = Array.isArray(row) ? row : [row];
      one(named(name, values, place), () => body(...values));
    }
  };

export const test = Object.assign(add, { each: each(add) });

function within(name: string, body: Step): void {
  open.group = newGroup(name, open.group);
  body();
  open.group = open.group.parent ?? open.group;
}

export const describe = Object.assign(within, { each: each(within) });
export const beforeAll = (step: Step): unknown => open.group.before.push(step);
export const afterAll = (step: Step): unknown => open.group.after.push(step);
export const beforeEach = (step: Step): unknown => open.group.beforeEach.push(step);
export const afterEach = (step: Step): unknown => open.group.afterEach.push(step);
export const onTestFinished = (step: Step): unknown => finishing.push(step);

// vitest's expect asks its worker for settings: here there are none.
const nothing = (): void => {};
const worker = { config: { expect: {}, chaiConfig: {}, snapshotOptions: {} }, ctx: {}, environment: { name: "node" } };
Object.assign(globalThis, { __vitest_worker__: { ...worker, onCancel: nothing, onCleanup: nothing } });
const real = await import("../../node_modules/vitest/dist/index.js");
export const expect = real.expect;
export const vi = real.vi;

/** Loads a file of tests and gives what it holds. */
export async function collect(file: string, load: Step): Promise<readonly OneTest[]> {
  Object.assign(open, { group: newGroup("", null), file, tests: [] });
  await load();
  return open.tests;
}

/** Runs one test alone, with every hook that is about it. Resolves to what failed, or null. */
export function runAlone(one: OneTest, limitMs: number): Promise<string | null> {
  const groups = groupsOf(one.group);
  finishing = [];
  const finish = finishing;
  return failureOf(async () => {
    try {
      for (const group of groups) for (const step of group.before) await step();
      for (const group of groups) for (const step of group.beforeEach) await step();
      await one.body();
    } finally {
      const inwards = [...groups].reverse();
      for (const group of inwards) for (const step of group.afterEach) await step();
      for (const step of finish.reverse()) await step();
      for (const group of inwards) for (const step of group.after) await step();
    }
  }, limitMs);
}

async function failureOf(run: () => Promise<void>, limitMs: number): Promise<string | null> {
  const over = new AbortController();
  const tooLong = wait(limitMs, "took too long", { signal: over.signal }).catch(() => null);
  try {
    return await Promise.race([run().then(() => null), tooLong]);
  } catch (cause) {
    return cause instanceof Error ? cause.message.slice(0, 300) : String(cause);
  } finally {
    over.abort();
  }
}
