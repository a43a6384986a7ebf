import { setTimeout as sleep } from "node:timers/promises";
import type { Functions } from "./functions.ts";
import type { LocalQueue } from "./queues.ts";

export interface Depths {
  readonly waiting: number;
  readonly inFlight: number;
  /** Messages of each queue by name, dead-letter queues too. */
  readonly byQueue: Readonly<Record<string, number>>;
  readonly deadLettered: number;
}

/** Tells when nothing is under way: no message outside the dead-letter queues and no invocation. */
export interface Activity {
  /** To be called when a batch or an invocation has ended. */
  changed(): void;
  idle(): Promise<void>;
}

/** Changes that nobody reports (a delay that ends, a client that deletes) are seen this many ms later at most. */
const lookAgainMs = 5;

export function activity(busy: () => boolean): Activity {
  let change = Promise.withResolvers<void>();
  return {
    changed() {
      change.resolve();
      change = Promise.withResolvers();
    },
    async idle() {
      while (busy()) await Promise.race([change.promise, sleep(lookAgainMs)]);
    },
  };
}

/** The names of queues to which another queue's redrive policy points. */
export function deadLetterNames(queues: readonly LocalQueue[]): ReadonlySet<string> {
  const arns = new Set(queues.flatMap(({ spec }) => spec.deadLetterArn ?? []));
  return new Set(queues.filter(({ spec }) => arns.has(spec.arn)).map(({ spec }) => spec.name));
}

export function isBusy(queues: readonly LocalQueue[], dead: ReadonlySet<string>, functions: Functions): boolean {
  if (functions.busy > 0) return true;
  return queues.some((queue) => {
    if (dead.has(queue.spec.name)) return false;
    const { waiting, inFlight } = queue.count();
    return waiting + inFlight > 0;
  });
}

export function depthsOf(queues: readonly LocalQueue[], dead: ReadonlySet<string>): Depths {
  const byQueue: Record<string, number> = {};
  const sums = { waiting: 0, inFlight: 0, deadLettered: 0 };
  for (const queue of queues) {
    const { waiting, inFlight } = queue.count();
    byQueue[queue.spec.name] = waiting + inFlight;
    if (dead.has(queue.spec.name)) {
      sums.deadLettered += waiting + inFlight;
    } else {
      sums.waiting += waiting;
      sums.inFlight += inFlight;
    }
  }
  return { ...sums, byQueue };
}
