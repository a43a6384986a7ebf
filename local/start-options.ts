import { readOptions, wholeNumber } from "./launch/options.js";

/** How `npm start` is called. */
export interface StartOptions {
  readonly once: boolean;
  readonly json: boolean;
  readonly fresh: boolean;
  readonly help: boolean;
  /** After the last day every stream is swept once more; the closing JSON says what that changed. */
  readonly sweep: boolean;
  readonly data: string;
  /** Null takes a free port. */
  readonly port: number | null;
  readonly seed: number;
  /** How many of the demo's days are played; null plays all. */
  readonly days: number | null;
  /** A configuration of one's own instead of the demo's; null takes the demo's. */
  readonly config: string | null;
}

/** The command line, read. Throws Unfit with one line that says what does not fit. */
export function readStartOptions(words: readonly string[], daysThereAre: number): StartOptions {
  const { flags, texts } = readOptions("start", words);
  const { data = "", port, seed = "", days, config = null } = texts;
  return {
    once: flags.has("once"),
    json: flags.has("json"),
    fresh: flags.has("fresh"),
    help: flags.has("help"),
    sweep: flags.has("sweep"),
    data,
    port: port === undefined ? null : Number(port),
    seed: Number(seed),
    days: days === undefined ? null : wholeNumber("--days", days, 1, daysThereAre),
    config,
  };
}
