import { text as readText } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { Declined } from "#shared/replies/api.ts";
import { type Call, type Command, type Option, Usage } from "./command.ts";
import { commands } from "./commands/all.ts";
import { companyAsked, findApi } from "./stack.ts";

/** Options of every command. */
const everywhere: readonly Option[] = [
  { name: "data", value: "DIR", about: "the data folder of the stack on this machine (.plumbline)" },
  { name: "api", value: "URL", about: "a deployed API instead, with --token" },
  { name: "token", value: "T", about: "who asks there" },
  { name: "company", value: "ID", about: "which company, where the stack serves several" },
  { name: "json", about: "the reply as it is, for programs" },
  { name: "help", about: "this text" },
];

/** What is printed where, and the exit code: 0 done, 1 refused or wrong, 2 the command line or a file does not fit. */
export interface Ended {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

/** Runs one command line (without `node` and the script). Prints nothing itself; reads `stdin` only where a command asks. */
export async function plumbline(words: readonly string[], stdin: Call["stdin"] = standardInput): Promise<Ended> {
  const command = commandOf(words);
  if (command === null) return overall(words);
  try {
    const { values, positionals } = parsed(command, words);
    if (values["help"] === true) return { out: helpOf(command), err: "", code: 0 };
    const text = (name: string): string | undefined => {
      const value = values[name];
      return typeof value === "string" ? value : undefined;
    };
    const where = {
      data: text("data") ?? ".plumbline",
      api: text("api"),
      token: text("token"),
      company: text("company"),
    };
    const call: Call = {
      positionals,
      flags: new Set(Object.keys(values).filter((name) => values[name] === true)),
      values: Object.fromEntries(command.options.map(({ name }) => [name, text(name)])),
      api: async (company) => findApi(where, company),
      company: () => companyAsked(where),
      stdin,
    };
    const { json, text: lines, code = 0 } = await command.run(call);
    return { out: values["json"] === true ? `${JSON.stringify(json)}\n` : `${lines}\n`, err: "", code };
  } catch (error) {
    return failed(command, error, words.includes("--json"));
  }
}

async function standardInput(): Promise<string | null> {
  return process.stdin.isTTY ? null : readText(process.stdin);
}

/** The command of the first two words, else of the first. */
function commandOf(words: readonly string[]): Command | null {
  const [first = "", second = ""] = words;
  return (
    commands.find(({ name }) => name === `${first} ${second}`) ?? commands.find(({ name }) => name === first) ?? null
  );
}

function parsed(
  command: Command,
  words: readonly string[],
): { values: Readonly<Record<string, unknown>>; positionals: readonly string[] } {
  const options = Object.fromEntries(
    [...command.options, ...everywhere].map(({ name, value }) => [
      name,
      { type: value === undefined ? "boolean" : "string" } as const,
    ]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: words.slice(command.name.split(" ").length),
      options,
      allowPositionals: true,
      strict: true,
    });
    if (positionals.length > 0 && command.takes === "")
      throw new Usage(`${command.name} takes no ${positionals.join(" ")}`);
    return { values, positionals };
  } catch (cause) {
    if (cause instanceof TypeError) throw new Usage(cause.message, { cause });
    throw cause;
  }
}

function failed(command: Command, error: unknown, isJson: boolean): Ended {
  if (error instanceof Usage)
    return { out: "", err: `plumbline ${command.name}: ${error.message}\n${usageOf(command)}\n`, code: 2 };
  if (error instanceof Declined)
    return {
      out: isJson ? `${JSON.stringify(error.reply)}\n` : "",
      err: `plumbline ${command.name}: ${error.message}\n`,
      code: 1,
    };
  if (error instanceof Error) return { out: "", err: `plumbline ${command.name}: ${error.message}\n`, code: 1 };
  throw error;
}

function usageOf({ name, takes, options }: Command): string {
  const own = options.map((option) => `[--${option.name}${option.value ? ` ${option.value}` : ""}]`);
  return ["usage: plumbline", name, takes, ...own].filter((part) => part !== "").join(" ");
}

function helpOf(command: Command): string {
  const lines = [...command.options, ...everywhere].map(
    ({ name, value, about }) => `  ${`--${name}${value ? ` ${value}` : ""}`.padEnd(18)}  ${about}`,
  );
  return [usageOf(command), `  ${command.about}`, "", ...lines, ""].join("\n");
}

function overall(words: readonly string[]): Ended {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const help = [
    "usage: plumbline COMMAND ...",
    "",
    ...commands.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`),
    "",
    "plumbline COMMAND --help tells more.",
    "",
  ].join("\n");
  const [first] = words.filter((word) => !word.startsWith("-"));
  if (first === undefined) {
    const [option] = words.filter((word) => word !== "--help");
    if (option === undefined) return { out: help, err: "", code: 0 };
    return { out: "", err: `plumbline: ${option} stands before no command: plumbline --help lists them\n`, code: 2 };
  }
  const near = commands.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name);
  const hint = near.length > 0 ? `there are ${near.join(", ")}` : "plumbline --help lists them";
  return { out: "", err: `plumbline: no command ${first}: ${hint}\n`, code: 2 };
}
