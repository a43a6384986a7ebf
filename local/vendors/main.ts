import { fstatSync } from "node:fs";
import { parseArgs } from "node:util";
import { commands } from "./commands.ts";
import { forgetSimulators, refuseIfRunning, rememberSimulators } from "./find-simulators.ts";
import { helpOf } from "./help.ts";

const flags = {
  data: { type: "string", default: ".plumbline/vendors" },
  vendors: { type: "string" },
  seed: { type: "string", default: "1" },
  "port-base": { type: "string", default: "0" },
  help: { type: "boolean", default: false },
} as const;

/** Starts the simulators, or runs one command against those that run on the same data folder. */
async function main(args: string[]): Promise<number> {
  const [first, ...rest] = args;
  const named = first !== undefined && !first.startsWith("-") ? first : undefined;
  if (named === "help" || args.includes("--help")) {
    process.stdout.write(helpOf(named === "help" ? rest[0] : named));
    return 0;
  }
  if (named === undefined) return start(args);
  const command = commands[named];
  if (command) return command(rest);
  process.stderr.write(`no command ${named}\n\n${helpOf(undefined)}`);
  return 2;
}

async function start(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: flags });
  await refuseIfRunning(values.data);
  const end = ended();
  // Only a start needs the vendors; the commands answer faster without them.
  const { startVendors } = await import("./start.ts");
  const started = await startVendors({
    dataDir: values.data,
    seed: wholeNumber("seed", values.seed),
    portBase: wholeNumber("port-base", values["port-base"]),
    ...(values.vendors === undefined ? {} : { vendors: values.vendors.split(",") }),
  });
  rememberSimulators(values.data, started.urls);
  process.stdout.write(`${JSON.stringify({ ready: true, urls: started.urls })}\n`);
  await end;
  forgetSimulators(values.data);
  await started.close();
  return 0;
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < 0) throw new Error(`--${name} takes a whole number`);
  return value;
}

/** Resolves on SIGTERM or SIGINT, when stdin was a pipe and closes, or when the parent is gone. */
function ended(): Promise<void> {
  return new Promise((resolve) => {
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid !== parent) done();
    }, 500);
    const done = () => {
      clearInterval(watch);
      process.stdin.destroy();
      resolve();
    };
    process.once("SIGTERM", done);
    process.once("SIGINT", done);
    const stdin = fstatSync(0);
    // Without a pipe (a terminal, /dev/null) the end of stdin says nothing about the parent.
    if (stdin.isFIFO() || stdin.isSocket()) process.stdin.once("close", done).once("end", done).resume();
  });
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message.split("\n")[0] : String(error)}\n`);
    process.exit(error instanceof TypeError && "code" in error ? 2 : 1);
  },
);
