import type { WireRequest } from "#shared/connectors/transport.ts";

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
    ...[...url.searchParams.keys()].filter((name) => !one.query.includes(name)).map((name) => `no query ${name}`),
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
  const members = Object.entries(body).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  return memberProblems(members, one, type === "application/json" || text === "" ? [] : [`content type ${type}`]);
}

function memberProblems(
  members: readonly string[],
  one: DocumentedRequest,
  found: readonly string[],
): readonly string[] {
  const { required = [], optional = [] } = one.body ?? {};
  return [
    ...found,
    ...members
      .filter((name) => !required.includes(name) && !optional.includes(name))
      .map((name) => `no body member ${name}`),
    ...required.filter((name) => !members.includes(name)).map((name) => `${name} is required in the body`),
  ];
}
