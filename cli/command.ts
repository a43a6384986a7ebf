import type { Api } from "#shared/replies/api.ts";

/** What a command is called with, after its options were read. */
export interface Call {
  readonly positionals: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: Readonly<Record<string, string | undefined>>;
  /** The running or deployed stack; found when first asked for, so that commands that need none work without. */
  api(company?: string): Promise<Api>;
  /** The one company that may be asked about: the token's, else `--company`; null where nothing says so. */
  company(): string | null;
  /** All of standard input; null where a person sits before it. */
  stdin(): Promise<string | null>;
}

/** What a command shows: the reply as it came for `--json`, else lines for a person. `code` is the exit code, 0 unless said. */
export interface Shown {
  readonly json: unknown;
  readonly text: string;
  readonly code?: number;
}

export interface Option {
  readonly name: string;
  /** What stands for its value in the help; a flag has none. */
  readonly value?: string;
  readonly about: string;
}

/** One command of `plumbline`, as data; `name` may be two words. */
export interface Command {
  readonly name: string;
  readonly about: string;
  /** Positional words as the help shows them, e.g. `JOB` or `[VENDOR]`. */
  readonly takes: string;
  readonly options: readonly Option[];
  readonly run: (call: Call) => Promise<Shown>;
}

/** The person's command line does not fit; printed with the command's usage, exit code 2. */
export class Usage extends Error {
  override readonly name = "Usage";
}

/** The positional at this place. Throws Usage when it is not there. */
export function wanted(call: Call, place: number, what: string): string {
  const given = call.positionals[place];
  if (given === undefined) throw new Usage(`${what} is missing`);
  return given;
}

/** The value of this option. Throws Usage when it was not given. */
export function needed(call: Call, name: string): string {
  const given = call.values[name];
  if (given === undefined || given === "") throw new Usage(`--${name} is missing`);
  return given;
}

/** `?a=b` of the options that were given. */
export function queryOf(pairs: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(pairs).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return given.length === 0 ? "" : `?${given.join("&")}`;
}
