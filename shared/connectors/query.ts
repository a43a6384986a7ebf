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

/** A path in which `{name}` stands for a value; values are encoded, so none can leave its place. */
export function pathText(template: string, values: Readonly<Record<string, unknown>>): string {
  return template.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(String(values[name])));
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
