import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "#shared/domain/schema.ts";
import { bodyOf, listen } from "./http-server.ts";

/** AWS's limit of a synchronous invocation's request and response, in bytes. */
export const largestPayload = 6 * 1024 * 1024;

export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

export type Answer =
  | { readonly kind: "answered"; readonly body: string }
  | { readonly kind: "failed"; readonly error: FunctionError };

export interface Event {
  readonly requestId: string;
  readonly functionArn: string;
  /** JSON text. */
  readonly payload: string;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly traceHeader: string;
}

/** Lambda's Runtime API for one sandbox, which has at most one invocation at a time. */
export interface RuntimeApi {
  /** host:port, as AWS_LAMBDA_RUNTIME_API holds it. */
  readonly address: string;
  /** Resolves when the function asks for its first event; with the error when it could not be loaded. */
  readonly initialised: Promise<FunctionError | undefined>;
  /** Hands an event over and resolves with what the function answers to it. */
  deliver(event: Event): Promise<Answer>;
  close(): Promise<void>;
}

const errorSchema = z.object({
  errorType: z._default(z.string(), "Error"),
  errorMessage: z._default(z.string(), ""),
  trace: z._default(z.array(z.string()), []),
});

export async function startRuntimeApi(): Promise<RuntimeApi> {
  let asking: ServerResponse | undefined;
  let waiting: Event | undefined;
  let answer: { readonly requestId: string; readonly resolve: (answer: Answer) => void } | undefined;
  const initialised = Promise.withResolvers<FunctionError | undefined>();

  const handOver = (): void => {
    if (!asking || !waiting) return;
    asking.writeHead(200, {
      "content-type": "application/json",
      "lambda-runtime-aws-request-id": waiting.requestId,
      "lambda-runtime-deadline-ms": String(waiting.deadline),
      "lambda-runtime-invoked-function-arn": waiting.functionArn,
      "lambda-runtime-trace-id": waiting.traceHeader,
    });
    asking.end(waiting.payload);
    asking = undefined;
    waiting = undefined;
  };

  const settle = (requestId: string, result: Answer): number => {
    if (answer?.requestId !== requestId) return 400;
    const { resolve } = answer;
    answer = undefined;
    resolve(result);
    return 202;
  };

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, , , action, id, end] = (request.url ?? "").split("/");
    if (action === "invocation" && id === "next") {
      initialised.resolve(undefined);
      asking = response;
      handOver();
      return;
    }
    const body = await bodyOf(request, largestPayload);
    if (action === "init") initialised.resolve(errorIn(body));
    const status =
      action === "init"
        ? 202
        : settle(
            decodeURIComponent(id ?? ""),
            end === "error"
              ? { kind: "failed", error: errorIn(body) }
              : body === undefined
                ? { kind: "failed", error: tooLarge }
                : { kind: "answered", body: body.toString("utf8") },
          );
    response.writeHead(status, { "content-type": "application/json" }).end('{"status":"OK"}');
  };

  const server = await listen(respond);
  return {
    address: `127.0.0.1:${server.port}`,
    initialised: initialised.promise,
    deliver(event) {
      const pending = Promise.withResolvers<Answer>();
      answer = { requestId: event.requestId, resolve: pending.resolve };
      waiting = event;
      handOver();
      return pending.promise;
    },
    close: () => server.close(),
  };
}

const tooLarge: FunctionError = {
  errorType: "Function.ResponseSizeTooLarge",
  errorMessage: `Response payload size exceeded maximum allowed payload size (${largestPayload} bytes).`,
  trace: [],
};

function errorIn(body: Buffer | undefined): FunctionError {
  const result = z.safeParse(errorSchema, JSON.parse(body?.toString("utf8") ?? "{}"));
  return result.success ? result.data : { errorType: "Error", errorMessage: body?.toString("utf8") ?? "", trace: [] };
}
