import { randomUUID } from "node:crypto";
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { FunctionSpec } from "./declared.ts";
import { traceHeader } from "./lineage.ts";
import { type Outcome, type Sandbox, type SandboxPlace, startSandbox } from "./sandbox.ts";

export interface Counts {
  invoked: number;
  failed: number;
  timedOut: number;
}

/** The Lambda service of this machine: a pool of sandboxes for each function. */
export interface Functions {
  spec(name: string): FunctionSpec;
  /** Runs it once and resolves with how it ended; `throttled` at once when its reserved concurrency is used up. */
  invoke(name: string, payload: string, trace?: string): Promise<Outcome>;
  /** Queues an event as Lambda does: after a failure it is retried after one and after two minutes, then dropped. */
  invokeLater(name: string, payload: string): void;
  /** Resolves when an invocation of this function ends. */
  slot(name: string): Promise<void>;
  /** False once it is being closed: then everything is throttled. */
  readonly open: boolean;
  /** Invocations running, and asynchronous events that wait for a free slot; not those that wait for a retry. */
  readonly busy: number;
  counts(): Record<string, Counts>;
  restart(name?: string): Promise<void>;
  close(): Promise<void>;
}

interface Pool {
  readonly spec: FunctionSpec;
  readonly counts: Counts;
  readonly all: Set<Sandbox>;
  /** Warm and unused; the last one used is used first, as AWS does, so that few processes stand. */
  readonly free: Sandbox[];
  running: number;
  waiters: (() => void)[];
}

const retryAfterMs = [60_000, 120_000];

/** `changed` is called whenever an invocation has ended. */
export function startFunctions(specs: readonly FunctionSpec[], place: SandboxPlace, changed: () => void): Functions {
  const pools = new Map<string, Pool>();
  for (const spec of specs) {
    const counts = { invoked: 0, failed: 0, timedOut: 0 };
    pools.set(spec.name, { spec, counts, all: new Set(), free: [], running: 0, waiters: [] });
  }
  const timers = new Set<NodeJS.Timeout>();
  let later = 0;
  let closed = false;
  mkdirSync(place.logFolder, { recursive: true });

  const pool = (name: string): Pool => {
    const found = pools.get(name);
    if (!found) throw new Error(`no function ${name} with a bundle; there are ${[...pools.keys()].join(", ")}`);
    return found;
  };

  const slot = (name: string): Promise<void> => new Promise((done) => pool(name).waiters.push(done));

  const invoke = async (name: string, payload: string, trace = traceHeader()): Promise<Outcome> => {
    const own = pool(name);
    if (closed || own.running >= (own.spec.reservedConcurrency ?? Number.POSITIVE_INFINITY))
      return { kind: "throttled" };
    own.running++;
    own.counts.invoked++;
    try {
      const outcome = await runIn(own, place, payload, trace);
      if (outcome.kind === "failed" && !closed) record(own, place.logFolder, outcome);
      return outcome;
    } finally {
      own.running--;
      for (const wake of own.waiters.splice(0)) wake();
      changed();
    }
  };

  const attempt = async (name: string, payload: string, tried: number): Promise<void> => {
    later++;
    let outcome = await invoke(name, payload);
    while (outcome.kind === "throttled" && !closed) {
      await slot(name);
      outcome = await invoke(name, payload);
    }
    later--;
    changed();
    const wait = tried < pool(name).spec.asyncRetries ? retryAfterMs[tried] : undefined;
    if (outcome.kind !== "failed" || wait === undefined || closed) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      void attempt(name, payload, tried + 1);
    }, wait);
    timers.add(timer);
  };

  return {
    spec: (name) => pool(name).spec,
    invoke,
    invokeLater(name, payload) {
      pool(name);
      void attempt(name, payload, 0);
    },
    slot,
    get open() {
      return !closed;
    },
    get busy() {
      return [...pools.values()].reduce((sum, { running }) => sum + running, later);
    },
    counts: () => Object.fromEntries([...pools].map(([name, { counts }]) => [name, { ...counts }])),
    async restart(name) {
      const chosen = name === undefined ? [...pools.values()] : [pool(name)];
      await Promise.all(chosen.flatMap(({ all }) => [...all].map((sandbox) => sandbox.kill())));
    },
    async close() {
      closed = true;
      for (const { waiters } of pools.values()) for (const wake of waiters.splice(0)) wake();
      for (const timer of timers) clearTimeout(timer);
      await Promise.all([...pools.values()].flatMap(({ all }) => [...all].map((sandbox) => sandbox.kill())));
    },
  };
}

async function runIn(own: Pool, place: SandboxPlace, payload: string, trace: string): Promise<Outcome> {
  let sandbox = own.free.pop();
  while (sandbox && !sandbox.alive) {
    own.all.delete(sandbox);
    sandbox = own.free.pop();
  }
  if (!sandbox) {
    sandbox = await startSandbox(own.spec, place);
    own.all.add(sandbox);
  }
  const outcome = await sandbox.invoke(randomUUID(), payload, trace);
  if (sandbox.alive) own.free.push(sandbox);
  else own.all.delete(sandbox);
  return outcome;
}

function record(own: Pool, logFolder: string, outcome: Outcome & { kind: "failed" }): void {
  own.counts.failed++;
  if (outcome.timedOut) own.counts.timedOut++;
  const { errorType, errorMessage } = outcome.error;
  appendFileSync(join(logFolder, `${own.spec.name}.log`), `FAILED ${errorType}: ${errorMessage}\n`);
}
