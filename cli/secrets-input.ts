import * as z from "#shared/domain/schema.ts";
import { type Call, Usage } from "./command.ts";

export const secretsOption = {
  name: "secrets",
  value: "-",
  about: "passwords and signatures, as JSON from standard input by their path in the input; sent, and never stored",
} as const;

const howTo = `pipe them in, as in: printf '{"password":"%s"}' "$PASSWORD" | plumbline call ... --secrets -`;
const schema = z.record(z.string(), z.string().check(z.minLength(1, "expected a text that is not empty")));

/**
 * What `--secrets -` reads: texts by their path (`password`, `items.0.signature`); none where it is not said. Throws
 * Usage, which repeats nothing of what was read: not on the command line, where others see it, and not from a keyboard,
 * where it would be echoed.
 */
export async function secretsOf({ values, stdin }: Call): Promise<Readonly<Record<string, string>>> {
  if (values["secrets"] === undefined) return {};
  if (values["secrets"] !== "-") throw new Usage(`--secrets: expected - alone, which is standard input: ${howTo}`);
  const text = await stdin();
  if (text === null) throw new Usage(`--secrets - would echo what is typed: ${howTo}`);
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    // Its message would repeat what stands there.
    throw new Usage("--secrets -: standard input is not JSON");
  }
  const parsed = z.safeParse(schema, given);
  if (parsed.success) return parsed.data;
  const at = parsed.error.issues.map(({ path }) => path.map(String).join(".")).join(", ");
  throw new Usage(`--secrets -: expected an object of texts by path${at === "" ? "" : `; not so: ${at}`}`);
}
