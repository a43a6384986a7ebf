import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { invocationLog } from "./invocation-log.ts";
import type { LogFields } from "./log.ts";
import { type Run, runOf } from "./run.ts";

/** A schedule's trigger. The event says nothing that matters: what is due stands in the table. */
export function scheduled(options: {
  readonly name: string;
  /** Returns counts for the closing line. */
  readonly work: (run: Run) => Promise<LogFields>;
}): (event: unknown, context: Context) => Promise<LogFields> {
  const { name, work } = options;
  return middy<unknown, LogFields>()
    .use(invocationLog<unknown, LogFields>(name, (_event, counted) => counted ?? {}))
    .handler((_event: unknown, context: Context) => work(runOf(name, context)));
}
