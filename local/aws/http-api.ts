import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "#shared/domain/schema.ts";
import { authorize, type TokenIssuer, type Verdict } from "./authorizer.ts";
import type { CorsSpec, HttpApiSpec } from "./declared-api.ts";
import type { Functions } from "./functions.ts";
import { type Answer, bodyOf } from "./http-server.ts";
import { account } from "./resolve.ts";
import { type Match, router } from "./routes.ts";
import { largestPayload } from "./runtime-api.ts";
import type { Outcome } from "./sandbox.ts";

/** API Gateway's limit of a request to an HTTP API, in bytes. */
const largestRequest = 10 * 1024 * 1024;

/** Serves the template's HTTP API: route, authorizer, payload 2.0, the function's answer. Errors are API Gateway's own. */
export function httpApi(spec: HttpApiSpec, functions: Functions, issuer: TokenIssuer): Answer {
  const choose = router(spec.routes);
  return async (request, response) => {
    const body = await bodyOf(request, largestRequest);
    if (spec.cors && cors(spec.cors, request, response)) return;
    const [path, query] = split(request.url ?? "/");
    const match = choose(request.method ?? "GET", path);
    if (!match) return message(response, 404, "Not Found");
    const verdict = admitted(match, request, issuer);
    if (verdict?.kind === "unauthorized") {
      response.setHeader("www-authenticate", `Bearer error="invalid_token" error_description="${verdict.reason}"`);
      return message(response, 401, "Unauthorized");
    }
    if (verdict?.kind === "forbidden") return message(response, 403, "Forbidden");
    if (body === undefined) return message(response, 413, "Request Entity Too Large");
    const payload = JSON.stringify(eventOf(spec, request, path, query, body, match, verdict));
    if (Buffer.byteLength(payload) > largestPayload) return message(response, 413, "Request Entity Too Large");
    const outcome = await Promise.race([
      functions.invoke(match.route.functionName, payload),
      after(match.route.timeoutMs, response),
    ]);
    if (outcome === undefined || outcome.kind === "throttled") return message(response, 503, "Service Unavailable");
    answer(outcome, response);
  };
}

function split(target: string): [string, string] {
  const mark = target.indexOf("?");
  return mark < 0 ? [target, ""] : [target.slice(0, mark), target.slice(mark + 1)];
}

function admitted({ route }: Match, request: IncomingMessage, issuer: TokenIssuer): Verdict | undefined {
  if (!route.authorizer) return undefined;
  const value = request.headers[route.authorizer.header];
  return authorize(issuer, route.authorizer, route.scopes, [value].flat()[0], Date.now() / 1000);
}

/** The integration's time-out: the caller is told, the function runs on. */
function after(timeoutMs: number, response: ServerResponse): Promise<undefined> {
  return new Promise((done) => {
    const timer = setTimeout(done, timeoutMs, undefined);
    response.once("close", () => clearTimeout(timer));
  });
}

function eventOf(
  spec: HttpApiSpec,
  request: IncomingMessage,
  rawPath: string,
  rawQueryString: string,
  body: Buffer,
  { route, pathParameters }: Match,
  verdict: Verdict | undefined,
): unknown {
  const { cookie, ...rest } = request.headers;
  const headers = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, [value].flat().join(",")]));
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    const earlier = parameters.get(name);
    parameters.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  const now = new Date();
  const allowed = verdict?.kind === "allowed" ? verdict : undefined;
  const host = headers["host"] ?? "";
  return {
    version: "2.0",
    routeKey: route.routeKey,
    rawPath,
    rawQueryString,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/;\s*/) }),
    headers,
    ...(parameters.size === 0 ? {} : { queryStringParameters: Object.fromEntries(parameters) }),
    requestContext: {
      accountId: account,
      apiId: spec.id,
      ...(allowed ? { authorizer: { jwt: { claims: allowed.claims, scopes: scopesOf(allowed.scopes) } } } : {}),
      domainName: host.split(":")[0],
      domainPrefix: spec.id,
      http: {
        method: request.method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress,
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: randomUUID(),
      routeKey: route.routeKey,
      stage: "$default",
      time: clfTime(now),
      timeEpoch: now.getTime(),
    },
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters }),
    ...bodyOfEvent(body, request.headers),
  };
}

function scopesOf(scopes: readonly string[]): readonly string[] | null {
  return scopes.length === 0 ? null : scopes;
}

const textTypes = /^(text\/.*|application\/(json|javascript|xml|[^;]*\+json|[^;]*\+xml))\s*(;|$)/i;

/** Text as it is, everything else in base64; bytes that are no UTF-8 are never taken for text, so that none is altered. */
function bodyOfEvent(body: Buffer, headers: IncomingMessage["headers"]): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const text = body.toString("utf8");
  const plain = textTypes.test(headers["content-type"] ?? "") && headers["content-encoding"] === undefined;
  if (plain && Buffer.from(text).equals(body)) return { body: text, isBase64Encoded: false };
  return { body: body.toString("base64"), isBase64Encoded: true };
}

/** `21/Nov/2026:21:47:44 +0000` */
function clfTime(now: Date): string {
  const [, day, month, year, time] = now.toUTCString().split(" ");
  return `${day}/${month}/${year}:${time} +0000`;
}

const resultSchema = z.object({
  statusCode: z.int().check(z.gte(100), z.lte(599)),
  headers: z.nullish(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
  cookies: z.nullish(z.array(z.string())),
  body: z.nullish(z.string()),
  isBase64Encoded: z.nullish(z.boolean()),
});

/** A function that failed, or answered with a broken shape, is a 500; without statusCode its answer is the body. */
function answer(outcome: Exclude<Outcome, { kind: "throttled" }>, response: ServerResponse): void {
  if (outcome.kind === "failed") return message(response, 500, "Internal Server Error");
  const value: unknown = JSON.parse(outcome.body === "" ? "null" : outcome.body);
  if (typeof value !== "object" || value === null || !("statusCode" in value)) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    response.writeHead(200, { "content-type": "application/json" }).end(text);
    return;
  }
  const result = z.safeParse(resultSchema, value);
  if (!result.success) return message(response, 500, "Internal Server Error");
  const { statusCode, headers, cookies, body, isBase64Encoded } = result.data;
  for (const [name, content] of Object.entries(headers ?? {})) response.setHeader(name, String(content));
  if (cookies && cookies.length > 0) response.setHeader("set-cookie", cookies);
  const bytes = Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8");
  if (!response.hasHeader("content-type") && bytes.length > 0)
    response.setHeader("content-type", "text/plain; charset=utf-8");
  response.setHeader("content-length", bytes.length);
  response.writeHead(statusCode).end(bytes);
}

/** True when it was a preflight request and is answered. */
function cors(spec: CorsSpec, request: IncomingMessage, response: ServerResponse): boolean {
  const origin = request.headers.origin;
  if (origin === undefined || !(spec.origins.includes("*") || spec.origins.includes(origin))) return false;
  response.setHeader("access-control-allow-origin", spec.origins.includes("*") ? "*" : origin);
  if (spec.exposed.length > 0) response.setHeader("access-control-expose-headers", spec.exposed.join(","));
  if (request.method !== "OPTIONS" || !request.headers["access-control-request-method"]) return false;
  response.setHeader("access-control-allow-methods", spec.methods.join(","));
  response.setHeader("access-control-allow-headers", spec.headers.join(","));
  if (spec.maxAgeSeconds !== undefined) response.setHeader("access-control-max-age", String(spec.maxAgeSeconds));
  response.writeHead(204).end();
  return true;
}

function message(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ message: text }));
}
