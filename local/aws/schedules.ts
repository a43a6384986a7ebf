import { randomUUID } from "node:crypto";
import cron from "aws-cron-parser";
import type { ScheduleSpec } from "./declared.ts";
import type { Functions } from "./functions.ts";
import { account, region } from "./resolve.ts";

/** Fires one schedule: an asynchronous invocation with its input, scheduled for `instant`. */
export function fire(spec: ScheduleSpec, functions: Functions, instant: Date): void {
  functions.invokeLater(spec.functionName, inputOf(spec, instant));
}

/** EventBridge Scheduler's input with its context attributes filled in; without an input, its own event. */
export function inputOf(spec: ScheduleSpec, instant: Date): string {
  const time = instant.toISOString().replace(/\.\d{3}Z$/, "Z");
  const executionId = randomUUID();
  if (spec.input === undefined) {
    return JSON.stringify({
      version: "0",
      id: executionId,
      "detail-type": "Scheduled Event",
      source: "aws.scheduler",
      account,
      time,
      region,
      resources: [spec.arn],
      detail: "{}",
    });
  }
  const context: Readonly<Record<string, string>> = {
    "<aws.scheduler.scheduled-time>": time,
    "<aws.scheduler.execution-id>": executionId,
    "<aws.scheduler.schedule-arn>": spec.arn,
    "<aws.scheduler.attempt-number>": "1",
  };
  return spec.input.replaceAll(/<aws\.scheduler\.[a-z-]+>/g, (name) => context[name] ?? name);
}

/** When a schedule fires next after `from`, on real time; undefined when never again. Throws on what it cannot read. */
export function nextAfter(spec: ScheduleSpec, from: Date): Date | undefined {
  const [, kind, text = ""] = /^(rate|cron|at)\((.+)\)$/.exec(spec.expression) ?? [];
  if (kind === "rate") {
    const [, count, unit = ""] = /^(\d+) (minute|hour|day)s?$/.exec(text) ?? [];
    const step = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }[unit];
    if (step !== undefined) return new Date(from.getTime() + Number(count) * step);
  }
  // The parser and this clock know UTC only; a wrong hour would be worse than none.
  if (spec.timezone !== "UTC") throw new Error(`${spec.name}: only UTC is emulated, not ${spec.timezone}`);
  if (kind === "at") {
    const once = new Date(`${text}Z`);
    return once > from ? once : undefined;
  }
  if (kind === "cron") return cron.next(cron.parse(text), from) ?? undefined;
  throw new Error(`${spec.name}: ${spec.expression} is no schedule`);
}

/** Fires each schedule when it is due on real time; answers how to stop. */
export function startSchedules(specs: readonly ScheduleSpec[], functions: Functions, now: () => Date): () => void {
  const timers = new Map<ScheduleSpec, NodeJS.Timeout>();
  const plan = (spec: ScheduleSpec, from: Date): void => {
    const due = nextAfter(spec, from);
    if (due === undefined) return;
    const wait = due.getTime() - Date.now();
    // Timers hold at most 24 days.
    const timer = setTimeout(
      () => {
        if (Date.now() < due.getTime()) return plan(spec, from);
        fire(spec, functions, now());
        plan(spec, due);
      },
      Math.min(Math.max(wait, 0), 2_000_000_000),
    );
    timers.set(spec, timer);
  };
  for (const spec of specs) plan(spec, new Date());
  return () => {
    for (const timer of timers.values()) clearTimeout(timer);
  };
}
