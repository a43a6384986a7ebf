import { Failure } from "#shared/domain/failure.ts";
import type { VendorRequest } from "./vendor-client.ts";

type Query = NonNullable<VendorRequest<never>["query"]>;

/**
 * A query as vendors read it: a space is %20, a plus %2B (a bare one would be a space), commas and colons stay as the
 * documents print them, keys stand as given with their brackets, a list repeats its key. Empty text when there is none.
 */
export function queryText(query: Query | undefined): string {
  const parts: string[] = [];
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    const values = typeof value === "object" ? value : [String(value)];
    for (const one of values) parts.push(`${keyText(key)}=${valueText(one)}`);
  }
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

/**
 * A path in which `{name}` stands for a value. Values are encoded, and one that would leave its place all the same (a URL
 * takes `.` and `..` for steps, and nothing for the list) is Failure `bad-input`.
 */
export function pathText(template: string, values: Readonly<Record<string, unknown>>): string {
  return template.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const text = String(values[name]);
    if (/^\.{0,2}$/.test(text))
      throw new Failure("bad-input", `${name}: expected an id, it would lead to another path`);
    return encodeURIComponent(text);
  });
}

/** Names of the `{places}` of a path. */
export function placesOf(template: string): readonly string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
}

function keyText(key: string): string {
  return encodeURIComponent(key).replaceAll("%5B", "[").replaceAll("%5D", "]");
}

function valueText(value: string): string {
  return encodeURIComponent(value).replaceAll("%2C", ",").replaceAll("%3A", ":");
}
