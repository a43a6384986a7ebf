import type { Vocabulary } from "#shared/connectors/connector.ts";
import { connectionOf, type WriteTarget } from "#shared/domain/policy.ts";
import type { Context } from "./context.ts";
import type { Wanted } from "./plan.ts";

/**
 * How a target is changed at a vendor: through its API, by asking a person, or not at all. What needs a capability is
 * planned as a write, which `withinAbilities` gives to a person where the connection has not switched it on.
 */
export function wayOf(vocabulary: Vocabulary, target: WriteTarget): "api" | "task" | "none" {
  return vocabulary.withCapability?.[target] === undefined ? (vocabulary.targets[target] ?? "none") : "api";
}

/** A write whose capability the connection has switched off, or never on, becomes a task that says so. */
export function withinAbilities(one: Wanted, context: Context): Wanted {
  const { connection } = one.record;
  const needs = context.vocabularies[connection]?.withCapability?.[one.target];
  if (one.kind === "task" || needs === undefined) return one;
  if (connectionOf(context.company, connection)?.capabilities?.[needs] === true) return one;
  return askedInstead(one, `${connection} has its capability ${needs} switched off`, context);
}

/** What no API may or will do is asked of a person there, in the vendor's own words of how, and why it is asked. */
export function askedInstead(one: Wanted, because: string, context: Context): Wanted {
  const how = context.vocabularies[one.record.connection]?.task(one.target, one.wanted) ?? "";
  const sentence = how === "" ? `${one.sentence}: ${because}` : `${one.sentence}: ${how} (${because})`;
  return { ...one, kind: "task", requests: 0, ask: true, sentence };
}
