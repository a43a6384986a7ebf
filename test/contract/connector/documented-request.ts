import type { WireRequest } from "#shared/connectors/transport.ts";
import { type DocumentedType, misfits, type Named, queryMisfits } from "./documented-type.ts";

/** A request as the vendor's documents have it; places in the path stand in braces. */
export interface DocumentedRequest {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly body?: {
    readonly kind: "json" | "multipart" | "none";
    readonly required: readonly string[];
    readonly optional: readonly string[];
  };
  readonly types: RequestTypes;
}

/** The types of what stands in a request, by name; `named` are those that others refer to. */
export interface RequestTypes {
  readonly path: Readonly<Record<string, DocumentedType>>;
  readonly query: Readonly<Record<string, DocumentedType>>;
  readonly body: Readonly<Record<string, DocumentedType>>;
  readonly named: Named;
}

/** A vendor's types as committed: `*` for all its operations, else by operation. */
export interface VendorTypes {
  readonly path: RequestTypes["path"];
  readonly query: Readonly<Record<string, RequestTypes["query"]>>;
  readonly body: Readonly<Record<string, RequestTypes["body"]>>;
  readonly named: Named;
}

/** Documented requests with their types. */
export function typed(
  requests: readonly Omit<DocumentedRequest, "types">[],
  { path, query, body, named }: VendorTypes,
): readonly DocumentedRequest[] {
  return requests.map((one) => ({
    ...one,
    types: {
      ...{ path, named },
      query: { ...query["*"], ...query[one.operation] },
      body: { ...body["*"], ...body[one.operation] },
    },
  }));
}

/** What of a request no documented one has, as sentences; empty when it fits one. `base` is the connection's address. */
export function undocumented(
  request: Pick<WireRequest, "method" | "url" | "headers" | "body">,
  base: string,
  documented: readonly DocumentedRequest[],
): readonly string[] {
  const url = new URL(request.url);
  const path = url.href.slice(base.length).replace(/\?.*$/s, "");
  const asked = `${request.method} ${path}`;
  if (!url.href.startsWith(base)) return [`${request.method} ${url.href} is outside of ${base}`];
  const found = documented.filter((one) => one.method === request.method && pathFits(one.path, path));
  if (found.length === 0) return [`${asked} is no documented request`];
  const problems = found.map((one) => [
    ...pathProblems(path, one),
    ...[...url.searchParams].flatMap(([name, value]) =>
      one.query.includes(name)
        ? queryMisfits(value, typeOf(one.types.query, name), one.types.named, `query ${name}`)
        : [`no query ${name}`],
    ),
    ...bodyProblems(request, one),
  ]);
  const fewest = problems.toSorted((a, b) => a.length - b.length)[0] ?? [];
  return fewest.map((problem) => `${asked}: ${problem}`);
}

function pathFits(template: string, path: string): boolean {
  const steps = template.split("/");
  const given = path.split("/");
  return steps.length === given.length && steps.every((step, at) => fitsStep(step, given[at] ?? ""));
}

function fitsStep(step: string, given: string): boolean {
  return step.startsWith("{") ? given !== "" && !/^(undefined|null|%7B.*)$/.test(given) : step === given;
}

function pathProblems(path: string, one: DocumentedRequest): readonly string[] {
  const given = path.split("/");
  return one.path.split("/").flatMap((step, at) => {
    const place = /^\{(\w+)\}$/.exec(step)?.[1];
    if (place === undefined) return [];
    return queryMisfits(decodeURIComponent(given[at] ?? ""), typeOf(one.types.path, place), one.types.named, place);
  });
}

function typeOf(types: Readonly<Record<string, DocumentedType>>, name: string): DocumentedType {
  const type = types[name];
  if (type === undefined) throw new Error(`no type is stated for ${name}`);
  return type;
}

function bodyProblems(request: Pick<WireRequest, "headers" | "body">, one: DocumentedRequest): readonly string[] {
  const text = request.body === null ? "" : new TextDecoder().decode(request.body);
  const kind = one.body?.kind ?? "none";
  if (kind === "none") return text === "" ? [] : ["a body, and none is documented"];
  const type = Object.entries(request.headers).find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  if (kind === "multipart") {
    const parts = [...text.matchAll(/content-disposition: form-data; name="([^"]+)"/gi)].map((match) => match[1] ?? "");
    return memberProblems(parts, one, type.startsWith("multipart/form-data") ? [] : [`content type ${type}`]);
  }
  const body: unknown = text === "" ? {} : JSON.parse(text);
  if (typeof body !== "object" || body === null || Array.isArray(body)) return ["the body is no object"];
  return [
    ...memberProblems(
      Object.keys(body),
      one,
      type === "application/json" || text === "" ? [] : [`content type ${type}`],
    ),
    ...Object.entries(body).flatMap(([name, value]: [string, unknown]) =>
      isMember(one, name) ? misfits(value, typeOf(one.types.body, name), one.types.named, name) : [],
    ),
  ];
}

function isMember({ body }: DocumentedRequest, name: string): boolean {
  return body?.required.includes(name) === true || body?.optional.includes(name) === true;
}

function memberProblems(
  members: readonly string[],
  one: DocumentedRequest,
  found: readonly string[],
): readonly string[] {
  const { required = [] } = one.body ?? {};
  return [
    ...found,
    ...members.filter((name) => !isMember(one, name)).map((name) => `no body member ${name}`),
    ...required.filter((name) => !members.includes(name)).map((name) => `${name} is required in the body`),
  ];
}
