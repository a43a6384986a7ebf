import { readFileSync } from "node:fs";
import { connectors } from "#shared/connectors/registry.ts";
import { type Config, configSchema, connectionSchema } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import { type ConfigProblem, checkConfig, problemSentence } from "#shared/pipeline/config-check.ts";
import { type Command, type Shown, Usage, wanted } from "../command.ts";
import { counted } from "../counted.ts";

export const configCheck: Command = {
  name: "config check",
  about: "checks a configuration: its shape, the vendors' own settings, and what refers to what; needs no stack",
  takes: "FILE",
  options: [],
  async run(call) {
    const file = wanted(call, 0, "FILE");
    const { config, problems } = readConfig(file);
    if (config === null) return refused(file, problems);
    const connections = config.companies.flatMap((company) => company.connections);
    const text = `${file} fits: ${counted(config.companies.length, "company", "companies")}, ${counted(connections.length, "connection")}`;
    return { json: { file, problems }, text };
  },
};

export const configApply: Command = {
  name: "config apply",
  about: "puts a checked configuration into the table; a new company or connection needs no deploy",
  takes: "FILE",
  options: [],
  async run(call) {
    const file = wanted(call, 0, "FILE");
    const { config, problems } = readConfig(file);
    if (config === null) return refused(file, problems);
    const replies: unknown[] = [];
    const lines: string[] = [];
    // A token is for one company: at a deployed API its part of the document is applied, and the rest is named.
    const only = call.company();
    const [asked, others] = [
      config.companies.filter(({ id }) => only === null || id === only),
      config.companies.filter(({ id }) => only !== null && id !== only),
    ];
    if (asked.length === 0) throw new Usage(`${file} holds no company ${only}`);
    for (const { id } of asked) {
      replies.push(await (await call.api(id)).post("config", config));
      lines.push(`${id} applied`);
    }
    for (const { id } of others) lines.push(`${id} not applied: it needs a token of its own`);
    return { json: { file, applied: replies }, text: lines.join("\n") };
  },
};

export const configSchemaPrinted: Command = {
  name: "config schema",
  about: 'the JSON Schema of a configuration, for an editor: name its file as "$schema" in the document',
  takes: "",
  options: [],
  async run() {
    const json = jsonSchemaOf();
    return { json, text: JSON.stringify(json, null, 2) };
  },
};

/** As `config check` reads a document, the vendors' own settings included; what refers to what only the check knows. */
function jsonSchemaOf(): object {
  const options = { io: "input", unrepresentable: "any" } as const;
  return z.toJSONSchema(configSchema, {
    ...options,
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema !== connectionSchema) return;
      jsonSchema.properties = { ...jsonSchema.properties, vendor: { enum: Object.keys(connectors) } };
      jsonSchema.anyOf = Object.entries(connectors).map(([vendor, { settings }]) => {
        const { $schema: _, properties, ...rest } = z.toJSONSchema(settings, options);
        return { ...rest, properties: { vendor: { const: vendor }, ...properties } };
      });
    },
  });
}

/** The document of a file, or what does not fit in it. `fill` puts in what the file leaves open before it is read. */
export function readConfig(
  file: string,
  fill: (text: string) => string = (text) => text,
): {
  readonly config: Config | null;
  readonly problems: readonly ConfigProblem[];
} {
  const read = jsonIn(file, fill);
  if ("expected" in read) return { config: null, problems: [{ path: "", expected: read.expected }] };
  const { document } = read;
  const problems = checkConfig(document, {
    vendors: Object.keys(connectors),
    settingsOf: (vendor) => connectors[vendor]?.settings ?? null,
    streamsOf: (vendor) => Object.keys(connectors[vendor]?.streams ?? {}),
  });
  return { config: problems.length === 0 ? z.parse(configSchema, document) : null, problems };
}

function jsonIn(
  file: string,
  fill: (text: string) => string,
): { readonly document: unknown } | { readonly expected: string } {
  try {
    return { document: JSON.parse(fill(readFileSync(file, "utf8"))) };
  } catch (cause) {
    if (cause instanceof SyntaxError) return { expected: `JSON; ${cause.message}` };
    if (cause instanceof Error && "syscall" in cause) return { expected: `a file that can be read; ${cause.message}` };
    throw cause;
  }
}

/** The answer to a file that does not fit: what and where, exit code 2. */
export function refused(file: string, problems: readonly ConfigProblem[]): Shown {
  return { json: { file, problems }, text: problemLines(file, problems).join("\n"), code: 2 };
}

/** One line a problem: the file, the path in it, and what was expected. */
export function problemLines(file: string, problems: readonly ConfigProblem[]): readonly string[] {
  return problems.map((problem) => `${file}: ${problemSentence(problem)}`);
}
