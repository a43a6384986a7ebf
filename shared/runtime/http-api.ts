import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { invocationLog } from "./invocation-log.ts";
import { type Run, runOf } from "./run.ts";

/** A request as the work sees it: payload format 2.0 with the body as the very bytes that were sent. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly parameters: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  /** Claims of the token, where the route is behind one. */
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface HttpReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
}

type HttpHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** The HTTP API's trigger. What the work throws becomes a 500 without a word about why; the log has it. */
export function httpApi(options: {
  readonly name: string;
  readonly work: (request: HttpRequest, run: Run) => Promise<HttpReply>;
}): HttpHandler {
  const { name, work } = options;
  const handle = async (
    event: APIGatewayProxyEventV2,
    context: Context,
  ): Promise<APIGatewayProxyStructuredResultV2> => {
    const run = runOf(name, context);
    try {
      return resultOf(await work(requestOf(event), run));
    } catch (error) {
      run.log.failure("PL005", error);
      return resultOf({ status: 500, json: { error: "something of ours failed; nothing was taken" } });
    }
  };
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(
      invocationLog<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>(name, (event, answer) => ({
        route: event.routeKey,
        status: answer?.statusCode,
      })),
    )
    .handler(handle);
}

function requestOf(event: APIGatewayProxyEventV2): HttpRequest {
  const authorizer = "authorizer" in event.requestContext ? claimsOf(event.requestContext.authorizer) : {};
  return {
    method: event.requestContext.http.method,
    path: event.rawPath,
    parameters: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    headers: event.headers,
    body: Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8"),
    claims: authorizer,
  };
}

function claimsOf(authorizer: unknown): Readonly<Record<string, unknown>> {
  const jwt = typeof authorizer === "object" && authorizer !== null && "jwt" in authorizer ? authorizer.jwt : null;
  const claims = typeof jwt === "object" && jwt !== null && "claims" in jwt ? jwt.claims : null;
  return typeof claims === "object" && claims !== null ? Object.fromEntries(Object.entries(claims)) : {};
}

function resultOf(reply: HttpReply): APIGatewayProxyStructuredResultV2 {
  const headers = { ...(reply.json === undefined ? {} : { "content-type": "application/json" }), ...reply.headers };
  const body = reply.json === undefined ? "" : JSON.stringify(reply.json);
  return { statusCode: reply.status, headers, body };
}
