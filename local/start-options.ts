import { parseArgs } from "node:util";

/** How `npm start` is called. */
export interface StartOptions {
  readonly once: boolean;
  readonly json: boolean;
  readonly fresh: boolean;
  readonly help: boolean;
  readonly data: string;
  /** Null takes a free port. */
  readonly port: number | null;
  readonly seed: number;
  /** How many of the demo's days are played; null plays all. */
  readonly days: number | null;
  /** A configuration of one's own instead of the demo's; null takes the demo's. */
  readonly config: string | null;
}

export const startHelp = [
  "npm start [-- options]   the whole system on loopback, and the demo company's days",
  "  --once        end when the last day is played and all is at rest",
  "  --json        one JSON object when all is at rest; with --once it is the last line",
  "  --fresh       empty the data folder first (else it goes on where it was)",
  "  --data DIR    the data folder (.plumbline)",
  "  --port N      the HTTP API's port (a free one)",
  "  --seed N      another demo company (1)",
  "  --days N      only the first N days",
  "  --config FILE another configuration for the demo company ({{vendor}} stands for a simulator's address)",
  "",
].join("\n");

/** The command line does not fit; exit code 2. */
export class Unfit extends Error {
  override readonly name = "Unfit";
}

/** The command line, read. Throws Unfit with one line that says what does not fit. */
export function readStartOptions(words: readonly string[], daysThereAre: number): StartOptions {
  const values = parsed(words);
  const { port, days } = values;
  return {
    ...values,
    port: port === undefined ? null : wholeNumber("--port", port, 1, 65_535),
    seed: wholeNumber("--seed", values.seed, 0, Number.MAX_SAFE_INTEGER),
    days: days === undefined ? null : wholeNumber("--days", days, 1, daysThereAre),
    config: values.config ?? null,
  };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: known, strict: true }).values;
  } catch (cause) {
    if (cause instanceof TypeError)
      throw new Unfit(`${cause.message.split("\n")[0]} (npm start -- --help lists the options)`, { cause });
    throw cause;
  }
}

const known = {
  once: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  fresh: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
  data: { type: "string", default: ".plumbline" },
  port: { type: "string" },
  seed: { type: "string", default: "1" },
  days: { type: "string" },
  config: { type: "string" },
} as const;

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new Unfit(`${option} takes a whole number ${range}, not ${text}`);
}
