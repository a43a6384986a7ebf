import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import { checkedInput } from "../problems.ts";
import { pathText, placesOf } from "../query.ts";
import { withoutSecrets } from "../secret-places.ts";
import type { VendorClient, VendorRequest } from "../vendor-client.ts";
import type { Action, Inputs } from "./action.ts";
import { fetchAll } from "./fetch-all.ts";
import { pathIn, settingsOf } from "./settings.ts";

/** What an operation gave: the value, what must be said of it, and on demand the request without its secrets. */
export interface Outcome<Value> {
  readonly value: Value;
  readonly notices: readonly string[];
  readonly request: Sent | null;
}

/** A request as shown to a person; headers, which carry the credentials, are no part of it. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** Inputs that steer the executor and are not the API's. */
const ours = ["debugRequest", "fetchAll", "customQueryParams", "allowUnknown"];

/**
 * The one executor of every row. Throws Failure `bad-input` (path and expectation, nothing sent), else what the client
 * throws. The answer is checked against the row's output; what does not fit is no partial success.
 */
export async function perform<Output extends z.ZodMiniType>(
  client: VendorClient,
  action: Action & { readonly output: Output },
  given: unknown,
): Promise<Outcome<z.output<Output>>> {
  const input = inputsOf(checkedInput(action.key, action.input, given));
  const request = requestOf(client, action, input);
  const debugged = input["debugRequest"] === true ? shownRequest(request, action) : null;
  const pages = action.pages;
  if (pages) mustSort(action.key, pages.sorts, input);
  if (pages) mustSay(action.key, input);
  if (pages && input["fetchAll"] === true) {
    const { value, notices } = await fetchAll(client, request, pages.sorts, input["sort"]);
    return { value: fitting(action, value), notices, request: debugged };
  }
  const { value } = await client.request(request);
  return { value, notices: [], request: debugged };
}

/** The request that a checked input makes. */
function requestOf<Output extends z.ZodMiniType>(
  client: VendorClient,
  action: Action & { readonly output: Output },
  given: Inputs,
): VendorRequest<Output> {
  const route = action.route?.(given) ?? { path: action.path, input: given };
  if ("refused" in route) throw refused(action.key, route.refused);
  const { path: template, input } = route;
  const places = placesOf(template);
  const placed: Inputs = { bookingProvider: settingsOf(client.connection).bookingProvider, ...input };
  for (const name of places) {
    if (placed[name] === undefined) throw refused(action.key, `${name}: expected here or in the connection's settings`);
  }
  const named = [...places, ...ours];
  const rest = Object.entries(input).filter(([name, value]) => !named.includes(name) && value !== undefined);
  const reads = action.method === "GET";
  return {
    operation: action.key,
    method: action.method,
    path: pathIn(client.connection, action.module, pathText(template, placed)),
    ...(reads ? { query: { ...queryOf(rest), ...customOf(action, input, places) } } : {}),
    ...(reads || (rest.length === 0 && action.method === "DELETE") ? {} : { json: Object.fromEntries(rest) }),
    schema: action.output,
    writes: action.writes,
  };
}

/** Lists of ids and values are one text with commas. */
function queryOf(inputs: readonly (readonly [string, unknown])[]): Record<string, string> {
  return Object.fromEntries(
    inputs.map(([name, value]) => [name, Array.isArray(value) ? value.map(String).join(",") : String(value)]),
  );
}

/** The API ignores a filter it does not know and lists everything, with a 200: such a one is refused. */
function customOf(action: Action, input: Inputs, places: readonly string[]): Record<string, string> {
  const custom = inputsOf(input["customQueryParams"] ?? {});
  // A place of the path, and what decides between two paths, is no member of the query.
  const known = action.route ? [] : (action.pages?.filters ?? []).filter((name) => !places.includes(name));
  for (const name of Object.keys(custom)) {
    if (input[name] !== undefined) throw refused(action.key, `customQueryParams.${name}: given twice`);
    if (known.includes(name) || input["allowUnknown"] === true) continue;
    throw refused(
      action.key,
      known.length === 0
        ? `customQueryParams.${name}: expected under its own name, not here`
        : `customQueryParams.${name}: not a documented filter; expected one of ${known.join(", ")}`,
    );
  }
  return queryOf(Object.entries(custom));
}

function mustSort(key: string, sorts: readonly string[], input: Inputs): void {
  const all = input["fetchAll"] === true;
  if (all && input["page"] !== undefined)
    throw refused(key, "page: not together with fetchAll, which reads every page");
  const sort = input["sort"];
  if (typeof sort !== "string") return;
  const field = sort.slice(1).toLowerCase();
  if (sorts.some((one) => one.toLowerCase() === field)) return;
  if (sorts.length > 0) throw refused(key, `sort: expected + or - and one of ${sorts.join(", ")}`);
  if (!all) throw refused(key, "sort: the API has none here; expected fetchAll with it, which sorts the rows itself");
}

/** An empty list or text would be an empty filter, and that is none: the API would list everything. */
function mustSay(key: string, input: Inputs): void {
  const custom = Object.entries(inputsOf(input["customQueryParams"] ?? {}));
  for (const [name, value] of [
    ...Object.entries(input),
    ...custom.map(([name, text]) => [`customQueryParams.${name}`, text] as const),
  ])
    if ((Array.isArray(value) || typeof value === "string") && value.length === 0)
      throw refused(key, `${name}: expected a value, an empty filter would list everything`);
}

function refused(key: string, message: string): Failure {
  return new Failure("bad-input", `${key}: ${message}`, { operation: key });
}

function fitting<Output extends z.ZodMiniType>(
  action: Action & { readonly output: Output },
  value: unknown,
): z.output<Output> {
  const parsed = z.safeParse(action.output, value);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.join(".") ?? "";
  throw new Failure("malformed", `${action.key} answered rows of another shape at ${path}`, { operation: action.key });
}

function shownRequest(request: VendorRequest<z.ZodMiniType>, action: Action): Sent {
  return {
    method: request.method,
    path: request.path,
    query: request.query ?? {},
    body: request.json === undefined ? null : withoutSecrets([action], request.json),
  };
}

/** A checked input as its members; inputs are objects in every row. */
function inputsOf(value: unknown): Inputs {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
