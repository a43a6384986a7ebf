import type { CompanyConfig } from "#shared/domain/policy.ts";
import type { ManifestStore } from "#shared/pipeline/ports.ts";
import type { TakeInPorts } from "#shared/pipeline/take-in.ts";
import { type Asked as AskedOfAny, Refused } from "#shared/runtime/asked.ts";
import { type RouteName, routes } from "./routes.ts";

export { bodyOf, choiceOf, connectionAsked, personOf, Refused } from "#shared/runtime/asked.ts";

/** A request that was let in. */
export interface Asked extends AskedOfAny {
  readonly route: RouteName;
}

/** The company a request is about, and the ports bound to it. */
export interface Desk {
  readonly company: CompanyConfig;
  readonly ports: TakeInPorts & { readonly manifest: Pick<ManifestStore, "page"> };
}

/** The route and company of a method and path. Throws Refused 404 when there is no such route. */
export function routeOf(
  method: string,
  path: string,
): { readonly row: (typeof routes)[number]; readonly company: string } {
  const [, , company = "", ...rest] = path.split("/");
  const row = routes.find(
    (known) => known.method === method && known.path.split("/").slice(3).join("/") === rest.join("/"),
  );
  if (!row || company === "" || !path.startsWith("/companies/")) throw new Refused(404, `no route ${method} ${path}`);
  return { row, company: decodeURIComponent(company) };
}
