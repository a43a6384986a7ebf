import type { OpenRoute, Route, Vendor } from "./vendor.ts";

export type Routed = { route: Route | OpenRoute; params: Record<string, string> };

/** Finds the route of a method and a path below the base; routes written first win, plain segments and `{parameters}` alike. */
export function findRoute(vendor: Vendor, method: string, path: string): Routed | undefined {
  const parts = path.split("/");
  for (const route of vendor.routes) {
    if (route.method !== method) continue;
    const params = matchPath(route.path.split("/"), parts);
    if (params) return { route, params };
  }
  return undefined;
}

function matchPath(pattern: string[], parts: string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, wanted] of pattern.entries()) {
    const part = parts[at] ?? "";
    if (wanted.startsWith("{") && wanted.endsWith("}")) {
      const value = decode(part);
      if (value === undefined || value === "") return undefined;
      params[wanted.slice(1, -1)] = value;
    } else if (wanted !== part) return undefined;
  }
  return params;
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
