// What each command takes, in one place for its launcher, its help and its program: plain JavaScript, because a launcher
// answers --help and refuses an unknown option before anything is installed or synthesised.
import { parseArgs } from "node:util";

/** The command line does not fit; exit code 2. */
export class Unfit extends Error {
  name = "Unfit";
}

const help = { name: "help", about: "this text" };

/** Rows: `value` stands for an option's value in the help, a flag has none; `least` makes it a whole number. */
export const commands = {
  start: {
    usage: "npm start [-- options]",
    about: "the whole system on loopback, and the demo company's days",
    options: [
      { name: "once", about: "end when the last day is played and all is at rest" },
      { name: "json", about: "one JSON object when all is at rest; with --once it is the last line" },
      { name: "sweep", about: "after the last day sweep every stream once more, and say what that changed" },
      { name: "fresh", about: "empty the data folder first (else it goes on where it was)" },
      { name: "data", value: "DIR", default: ".plumbline", about: "the data folder (.plumbline)" },
      { name: "port", value: "N", least: 1, most: 65_535, about: "the HTTP API's port (a free one)" },
      { name: "seed", value: "N", default: "1", least: 0, about: "another demo company (1)" },
      { name: "days", value: "N", least: 1, about: "only the first N days" },
      {
        name: "config",
        value: "FILE",
        about: "another configuration for the demo company ({{vendor}} stands for a simulator's address)",
      },
      help,
    ],
    more: ["With PLUMBLINE_DEBUG set to anything, an error is shown with its stack."],
  },
  test: {
    usage: "npm test [-- FILES and options]",
    about: "everything, or what is named (npm test -- test/unit)",
    words: true,
    options: [
      { name: "testNamePattern", short: "t", value: "TEXT", about: "only tests whose name holds it; also -t" },
      { name: "reporter", value: "NAME", about: "vitest's reporter of this name instead" },
      { name: "bail", value: "N", least: 1, about: "end after so many failures" },
      help,
    ],
    more: ["What else vitest takes, npx vitest takes."],
  },
  check: { usage: "npm run check", about: "types, lint, boundaries, format, dead code", options: [help] },
  synth: { usage: "npm run synth", about: "the CDK app into cdk.out, offline", options: [help] },
  bench: { usage: "npm run bench", about: "what a run costs, each figure with its floor beside it", options: [help] },
  console: {
    usage: "npm run console [-- options]",
    about: "the page as files for any static host, and the headers it must send with them",
    options: [
      { name: "out", value: "DIR", default: ".plumbline-console", about: "where to (.plumbline-console)" },
      {
        name: "api",
        value: "URL",
        default: "",
        about: "the API, where it does not answer under the page's own address",
      },
      help,
    ],
  },
  stories: {
    usage: "npm run stories [-- options]",
    about: "the demo with other seeds, each against the oracle",
    options: [
      { name: "seeds", value: "N", default: "10", least: 1, about: "how many (10)" },
      { name: "from", value: "N", default: "2", least: 0, about: "the first of them (2)" },
      help,
    ],
  },
  simulate: {
    usage: "npm run simulate [-- options]",
    about: "many seeds of the whole system in one process; simulate -- worlds explores the small worlds",
    options: [
      { name: "seeds", value: "N", default: "200", least: 1, about: "how many (200)" },
      { name: "from", value: "N", default: "1", least: 0, about: "the first of them (1)" },
      { name: "seed", value: "N", least: 0, about: "one seed alone" },
      { name: "trace", about: "every call of it" },
      { name: "defect", value: "NAME", about: "with a defect put in, which must be found" },
      help,
    ],
  },
  mutate: {
    usage: "npm run mutate [-- options]",
    about:
      "small faults put into domain and pipeline, each of which a test must find; what is known is not tried again",
    options: [
      { name: "files", value: "GLOBS", about: "only in these files, with a comma between (shared/domain/money.ts)" },
      { name: "workers", value: "N", default: "2", least: 1, about: "processes side by side (2)" },
      { name: "fresh", about: "try all of them again" },
      help,
    ],
  },
  worlds: {
    usage: "npm run simulate -- worlds [options]",
    about: "every order of a few events in worlds of two or three systems",
    options: [
      { name: "depth", value: "N", default: "3", least: 0, about: "events with two systems (3)" },
      { name: "three", value: "N", default: "2", least: 0, about: "events with three systems (2)" },
      { name: "faults", value: "N", default: "1", least: 0, about: "late readings, crashes and empty answers (1)" },
      { name: "limit", value: "N", default: "5000000", least: 1, about: "states of a world at most (5000000)" },
      { name: "only", value: "NAME", about: "worlds whose name holds this" },
      help,
    ],
  },
};

/** What `--help` prints of a command. */
export function helpOf(command) {
  const { usage, about, options, more = [] } = commands[command];
  const rows = options.map((row) => [`--${row.name}${row.value ? ` ${row.value}` : ""}`, row.about]);
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
  return [`${usage}   ${about}`, ...lines, ...more.map((line) => `  ${line}`), ""].join("\n");
}

/** A command's words, read: its flags, and the texts of its other options. Throws Unfit with one line. */
export function readOptions(command, words) {
  const { usage, options, words: takesWords = false } = commands[command];
  const asked = Object.fromEntries(
    options.map((row) => [
      row.name,
      row.value === undefined
        ? { type: "boolean" }
        : {
            type: "string",
            ...(row.short ? { short: row.short } : {}),
            ...(row.default === undefined ? {} : { default: row.default }),
          },
    ]),
  );
  let values;
  try {
    ({ values } = parseArgs({ args: [...words], options: asked, strict: true, allowPositionals: takesWords }));
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    const [line] = cause.message.split("\n");
    throw new Unfit(
      `${line} (${usage.replace(/ \[.*$/, "")}${usage.includes(" -- ") ? "" : " --"} --help lists the options)`,
      { cause },
    );
  }
  const texts = Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === "string"));
  for (const { name, least, most } of options)
    if (least !== undefined && texts[name] !== undefined) wholeNumber(`--${name}`, texts[name], least, most);
  return { flags: new Set(Object.keys(values).filter((name) => values[name] === true)), texts };
}

/** The whole number of an option's text. Throws Unfit. */
export function wholeNumber(option, text, least, most = Number.MAX_SAFE_INTEGER) {
  const value = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new Unfit(`${option} takes a whole number ${range}, not ${text}`);
}

/** For a launcher: answers --help with 0, refuses what does not fit with one line and 2, and goes on otherwise. */
export function accept(command, words = process.argv.slice(2)) {
  try {
    if (!readOptions(command, words).flags.has("help")) return;
    process.stdout.write(helpOf(command));
    process.exit(0);
  } catch (cause) {
    if (!(cause instanceof Unfit)) throw cause;
    process.stderr.write(`${cause.message}\n`);
    process.exit(2);
  }
}
