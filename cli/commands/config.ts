import { readFileSync } from "node:fs";
import { connectors } from "#shared/connectors/registry.ts";
import { type Config, configSchema } from "#shared/domain/policy.ts";
import * as z from "#shared/domain/schema.ts";
import { type ConfigProblem, checkConfig } from "#shared/pipeline/config-check.ts";
import { type Command, type Shown, wanted } from "../command.ts";

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
    const text = `${file} fits: ${config.companies.length} companies, ${connections.length} connections`;
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
    for (const { id } of config.companies) {
      replies.push(await (await call.api(id)).post("config", config));
      lines.push(`${id} applied`);
    }
    return { json: { file, applied: replies }, text: lines.join("\n") };
  },
};

/** The document of a file, or what does not fit in it. */
export function readConfig(file: string): {
  readonly config: Config | null;
  readonly problems: readonly ConfigProblem[];
} {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    if (cause instanceof SyntaxError)
      return { config: null, problems: [{ path: "", expected: `JSON; ${cause.message}` }] };
    throw cause;
  }
  const problems = checkConfig(document, {
    vendors: Object.keys(connectors),
    settingsOf: (vendor) => connectors[vendor]?.settings ?? null,
    streamsOf: (vendor) => Object.keys(connectors[vendor]?.streams ?? {}),
  });
  return { config: problems.length === 0 ? z.parse(configSchema, document) : null, problems };
}

function refused(file: string, problems: readonly ConfigProblem[]): Shown {
  const lines = problems.map(
    ({ path, expected }) =>
      `${file}: ${path === "" ? "the document" : path}: ${expected.startsWith("expected") ? "" : "expected "}${expected}`,
  );
  return { json: { file, problems }, text: lines.join("\n"), code: 2 };
}
