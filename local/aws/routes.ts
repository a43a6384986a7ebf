import type { RouteSpec } from "./declared-api.ts";

export interface Match {
  readonly route: RouteSpec;
  readonly pathParameters: Readonly<Record<string, string>>;
}

export type Router = (method: string, path: string) => Match | undefined;

/**
 * Chooses as an HTTP API does (API Gateway, "Routes for HTTP APIs"): a full match before a greedy `{name+}` before
 * `$default`, fixed segments before variables, a method before ANY.
 */
export function router(routes: readonly RouteSpec[]): Router {
  const compiled = routes.map(compile).sort((a, b) => compare(b.rank, a.rank));
  return (method, path) => {
    for (const { route, verb, pattern, names } of compiled) {
      if (verb !== "ANY" && verb !== method) continue;
      const found = pattern.exec(path);
      if (!found) continue;
      const pairs = names.map((name, index) => [name, decoded(found[index + 1] ?? "")] as const);
      return { route, pathParameters: Object.fromEntries(pairs) };
    }
    return undefined;
  };
}

interface Compiled {
  readonly route: RouteSpec;
  readonly verb: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  /** Greater is chosen first. */
  readonly rank: readonly number[];
}

function compile(route: RouteSpec): Compiled {
  if (route.routeKey === "$default") return { route, verb: "ANY", pattern: /^/, names: [], rank: [-1] };
  const [verb = "ANY", path = "/"] = route.routeKey.split(" ");
  const names: string[] = [];
  const rank: number[] = [];
  const source = path
    .split("/")
    .slice(1)
    .map((segment) => {
      const variable = /^\{(.+?)(\+?)\}$/.exec(segment);
      rank.push(variable ? (variable[2] ? 0 : 1) : 2);
      if (!variable) return segment.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
      names.push(variable[1] ?? "");
      return variable[2] ? "(.+)" : "([^/]+)";
    })
    .join("/");
  return { route, verb, pattern: new RegExp(`^/${source}$`), names, rank: [...rank, verb === "ANY" ? 0 : 1] };
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? -1) - (b[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A stray percent sign stays as it is. */
function decoded(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escaped) =>
    Buffer.from(escaped.replaceAll("%", ""), "hex").toString("utf8"),
  );
}
