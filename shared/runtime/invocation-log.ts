import type { MiddlewareObj } from "@middy/core";
import { type LogFields, logTo, standardOutput } from "./log.ts";

/**
 * One line when an invocation ends: what it was about in counts, how long it took, and whether it failed. A failure is
 * logged and goes on to Lambda: this swallows nothing.
 */
export function invocationLog<Event, Result>(
  name: string,
  counts: (event: Event, answer: Result | null | undefined) => LogFields,
): MiddlewareObj<Event, Result> {
  const log = logTo(standardOutput, { function: name });
  const started = new WeakMap<object, number>();
  return {
    before: (request) => {
      started.set(request.context, performance.now());
    },
    after: (request) => {
      const ms = Math.round(performance.now() - (started.get(request.context) ?? performance.now()));
      log.write("PL002", { request: request.context.awsRequestId, ms, ...counts(request.event, request.response) });
    },
    onError: (request) => {
      log.failure("PL005", request.error, { request: request.context.awsRequestId });
    },
  };
}
