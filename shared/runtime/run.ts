import type { Context } from "aws-lambda";
import { type Log, logTo, type Sink, standardOutput } from "./log.ts";
import { type Metrics, metricsTo } from "./metrics.ts";

/** What one invocation hands to the work in it. */
export interface Run {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Real milliseconds until Lambda ends this invocation. */
  timeLeftMs(): number;
}

export function runOf(
  name: string,
  context: Pick<Context, "awsRequestId" | "getRemainingTimeInMillis">,
  sink: Sink = standardOutput,
): Run {
  return {
    log: logTo(sink, { function: name, request: context.awsRequestId }),
    metrics: metricsTo(sink),
    timeLeftMs: () => context.getRemainingTimeInMillis(),
  };
}
