import type { FunctionSpec, QueueSpec } from "./declared.ts";

/**
 * What kind of queue each is, from how the functions of the template know it: a variable `HINT_QUEUES` or
 * `HINT_QUEUE_URL` that holds its URL makes it `hint`. A dead-letter queue is of its source's kind.
 */
export function queueKinds(functions: readonly FunctionSpec[], queues: readonly QueueSpec[]): Map<string, string> {
  const kinds = new Map<string, string>();
  for (const queue of queues) {
    for (const { environment } of functions) {
      for (const [variable, value] of Object.entries(environment)) {
        const stem = /^(.+)_QUEUE(?:S|_URL)$/.exec(variable)?.[1];
        // A URL ends with its queue's name; a longer name that begins with it is another queue.
        if (stem && value.split('"').includes(queue.url)) kinds.set(queue.name, stem.toLowerCase());
      }
    }
  }
  for (const queue of queues) {
    const dead = queues.find(({ arn }) => arn === queue.deadLetterArn);
    const kind = kinds.get(queue.name);
    if (dead && kind) kinds.set(dead.name, kind);
  }
  return kinds;
}
