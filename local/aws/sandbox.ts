import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FunctionSpec } from "./declared.ts";
import { serviceVariables } from "./environment.ts";
import type { Keeper } from "./keeper.ts";
import { type Answer, type FunctionError, startRuntimeApi } from "./runtime-api.ts";

/** How one invocation ended. */
export type Outcome =
  | { readonly kind: "answered"; readonly body: string }
  | { readonly kind: "failed"; readonly error: FunctionError; readonly timedOut: boolean }
  | { readonly kind: "throttled" };

/** One process that runs one invocation at a time, under AWS's own runtime client. */
export interface Sandbox {
  readonly pid: number;
  /** False once its process has ended, or is being ended. */
  readonly alive: boolean;
  invoke(requestId: string, payload: string, traceHeader: string): Promise<Outcome>;
  kill(): Promise<void>;
}

export interface SandboxPlace {
  readonly keeper: Keeper;
  readonly logFolder: string;
  /** What this machine adds to the environment, see environment.ts. */
  readonly additions: Readonly<Record<string, string>>;
}

const shim = fileURLToPath(new URL("./shim.cjs", import.meta.url));
const runtimeClient = fileURLToPath(import.meta.resolve("aws-lambda-ric"));

/** Sixteen processes that each allocate for one request after another: fewer collections, for memory a machine has. */
const nursery = "--max-semi-space-size=64";

/** AWS gives an on-demand function ten seconds to initialise. */
const initialiseMs = 10_000;

/** Starts a process for a function; it is ready to be invoked at once, and initialises meanwhile. */
export async function startSandbox(spec: FunctionSpec, place: SandboxPlace): Promise<Sandbox> {
  const api = await startRuntimeApi();
  mkdirSync(place.logFolder, { recursive: true });
  const log = openSync(join(place.logFolder, `${spec.name}.log`), "a");
  const heap = `--max-old-space-size=${Math.floor(spec.memoryMb * 0.9)}`;
  const child = spawn(process.execPath, [heap, nursery, "--require", shim, runtimeClient, spec.handler], {
    cwd: spec.code,
    env: { ...spec.environment, ...place.additions, ...serviceVariables(spec, api.address, randomUUID()) },
    stdio: ["pipe", log, log],
  });
  closeSync(log);
  const pid = child.pid;
  if (pid === undefined) {
    throw new Error(`${spec.name}: no process: ${String((await once(child, "error"))[0])}`);
  }
  place.keeper.keep(pid);
  child.stdin?.on("error", () => undefined);
  let alive = true;
  const exited = once(child, "exit").then(async ([code, signal]): Promise<string> => {
    alive = false;
    place.keeper.forget(pid);
    await api.close();
    return signal === null
      ? `exit status ${String(code)}`
      : `signal: ${String(signal).replace("SIG", "").toLowerCase()}`;
  });
  const kill = async (): Promise<void> => {
    alive = false;
    child.kill("SIGKILL");
    await exited;
  };
  const exitError = (requestId: string) =>
    exited.then((how) =>
      failed("Runtime.ExitError", `RequestId: ${requestId} Error: Runtime exited with error: ${how}`),
    );

  return {
    pid,
    get alive() {
      return alive;
    },
    kill,
    async invoke(requestId, payload, traceHeader) {
      const ready = await within(initialiseMs, Promise.race([api.initialised, exitError(requestId)]));
      if (ready !== undefined) {
        await kill();
        if (ready === late) return timedOut(requestId, initialiseMs, true);
        return "kind" in ready ? ready : { kind: "failed", error: ready, timedOut: false };
      }
      const limit = spec.timeoutSeconds * 1000;
      const event = { requestId, payload, traceHeader, functionArn: spec.arn, deadline: Date.now() + limit };
      const outcome = await within(limit, Promise.race([api.deliver(event).then(outcomeOf), exitError(requestId)]));
      if (outcome !== late) return outcome;
      await kill();
      return timedOut(requestId, limit, false);
    },
  };
}

const late = Symbol("later than its limit");

async function within<Value>(limitMs: number, work: Promise<Value>): Promise<Value | typeof late> {
  const clock = Promise.withResolvers<typeof late>();
  const timer = setTimeout(clock.resolve, limitMs, late);
  try {
    return await Promise.race([work, clock.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function outcomeOf(answer: Answer): Outcome {
  return answer.kind === "answered" ? answer : { ...answer, timedOut: false };
}

function failed(errorType: string, errorMessage: string): Outcome & { kind: "failed" } {
  return { kind: "failed", error: { errorType, errorMessage, trace: [] }, timedOut: false };
}

function timedOut(requestId: string, limitMs: number, initialising: boolean): Outcome {
  const what = initialising ? "Initialisation" : "Task";
  const message = `RequestId: ${requestId} Error: ${what} timed out after ${(limitMs / 1000).toFixed(2)} seconds`;
  return { ...failed("Sandbox.Timedout", message), timedOut: true };
}
