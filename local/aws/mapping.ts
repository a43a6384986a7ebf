import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "#shared/domain/schema.ts";
import type { FunctionSpec, MappingSpec } from "./declared.ts";
import type { Functions } from "./functions.ts";
import { longestChain, timesInChain, traceHeader } from "./lineage.ts";
import type { Delivery, LocalQueue } from "./queues.ts";
import { region } from "./resolve.ts";
import { largestPayload } from "./runtime-api.ts";
import type { Outcome } from "./sandbox.ts";

/**
 * Lambda starts with five concurrent batches for a queue and adds more over minutes, which one machine does not; a
 * machine of fewer cores has fewer, because each is a process that has to start.
 */
const firstPollers = Math.min(5, Math.max(2, availableParallelism()));

/** Lambda's poller of one queue. */
export interface Mapping {
  stop(): Promise<void>;
}

/**
 * Receives at most a batch, invokes, and deletes what succeeded; the rest waits out its visibility time-out. `changed`
 * is called after each batch.
 */
export function startMapping(spec: MappingSpec, queue: LocalQueue, functions: Functions, changed: () => void): Mapping {
  const target = functions.spec(spec.functionName);
  const limit = Math.min(spec.maximumConcurrency ?? firstPollers, firstPollers);
  let stopped = false;
  let running = 0;
  let freed: (() => void) | undefined;

  const loop = async (): Promise<void> => {
    while (!stopped) {
      if (running >= limit) {
        await new Promise<void>((done) => {
          freed = done;
        });
        continue;
      }
      const received = await gather(spec, queue, () => stopped);
      if (received.length === 0 && !stopped) await queue.wait();
      const batch = stopRecursion(received, queue, target);
      for (const part of withinPayload(batch, queue.spec.arn)) {
        running++;
        void deliver(part, spec, queue, functions, target).then(() => {
          running--;
          freed?.();
          changed();
        });
      }
    }
  };
  const ended = loop();
  return {
    async stop() {
      stopped = true;
      freed?.();
      queue.wake();
      await ended;
    },
  };
}

/** One receive; with a batching window, more until the batch is full or the window is over. */
async function gather(spec: MappingSpec, queue: LocalQueue, stopped: () => boolean): Promise<Delivery[]> {
  const batch = queue.receive(Math.min(spec.batchSize, 10));
  if (batch.length === 0 || spec.windowSeconds === 0) return batch;
  const end = Date.now() + spec.windowSeconds * 1000;
  while (batch.length < spec.batchSize && Date.now() < end && !stopped()) {
    await Promise.race([queue.wait(), sleep(end - Date.now())]);
    batch.push(...queue.receive(Math.min(spec.batchSize - batch.length, 10)));
  }
  return batch;
}

/** A message whose chain has come through this function too often goes to the dead-letter queue, as AWS does. */
function stopRecursion(batch: readonly Delivery[], queue: LocalQueue, target: FunctionSpec): Delivery[] {
  if (!target.stopsRecursion) return [...batch];
  return batch.filter((delivery) => {
    const tooOften = timesInChain(delivery.trace, target.arn) >= longestChain;
    if (tooOften) queue.bury(delivery);
    return !tooOften;
  });
}

/** Splits a batch whose event would be longer than an invocation may be. */
function withinPayload(batch: readonly Delivery[], queueArn: string): Delivery[][] {
  const parts: Delivery[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const delivery of batch) {
    const own = Buffer.byteLength(JSON.stringify(record(delivery, queueArn))) + 1;
    if (size + own > largestPayload - 16) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(delivery);
    size += own;
  }
  return parts;
}

async function deliver(
  batch: readonly Delivery[],
  spec: MappingSpec,
  queue: LocalQueue,
  functions: Functions,
  target: FunctionSpec,
): Promise<void> {
  const payload = JSON.stringify({ Records: batch.map((delivery) => record(delivery, queue.spec.arn)) });
  const causes = batch.flatMap(({ trace }) => trace ?? []);
  const trace = traceHeader(causes, target.arn);
  const patience = Math.min(...batch.map(({ visibleAt }) => visibleAt));
  let outcome = await functions.invoke(target.name, payload, trace);
  // Throttled, Lambda tries again for as long as the messages are hidden from others.
  while (outcome.kind === "throttled" && functions.open && Date.now() < patience) {
    await Promise.race([functions.slot(target.name), sleep(Math.min(1000, Math.max(1, patience - Date.now())))]);
    if (Date.now() < patience) outcome = await functions.invoke(target.name, payload, trace);
  }
  for (const done of succeeded(batch, outcome, spec.reportsItemFailures)) queue.remove(done);
}

const responseSchema = z.nullish(
  z.object({ batchItemFailures: z.nullish(z.array(z.object({ itemIdentifier: z.string() }))) }),
);

/**
 * Which messages of a batch are done (AWS, "Reporting batch item failures for Amazon SQS"): all when the response is
 * empty or lists nothing; none when the function failed, or the list holds an empty, missing or unknown identifier.
 */
export function succeeded(
  batch: readonly Delivery[],
  outcome: Outcome,
  reportsItemFailures: boolean,
): readonly Delivery[] {
  if (outcome.kind !== "answered") return [];
  if (!reportsItemFailures) return batch;
  const body: unknown = JSON.parse(outcome.body === "" ? "null" : outcome.body);
  // An answer that is no object carries no list, which is the same as an empty one.
  if (typeof body !== "object") return batch;
  const response = z.safeParse(responseSchema, body);
  if (!response.success) return [];
  const failed = new Set((response.data?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  const known = new Set(batch.map(({ received }) => received.MessageId));
  if ([...failed].some((id) => !known.has(id))) return [];
  return batch.filter(({ received }) => !failed.has(received.MessageId));
}

/** One record of the event, in AWS's shape. */
function record({ received, attributes }: Delivery, eventSourceARN: string): unknown {
  const messageAttributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(received.MessageAttributes ?? {})) {
    messageAttributes[name] = {
      ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
      ...(value.BinaryValue === undefined ? {} : { binaryValue: value.BinaryValue }),
      stringListValues: [],
      binaryListValues: [],
      dataType: value.DataType,
    };
  }
  return {
    messageId: received.MessageId,
    receiptHandle: received.ReceiptHandle,
    body: received.Body,
    attributes,
    messageAttributes,
    ...(received.MD5OfMessageAttributes ? { md5OfMessageAttributes: received.MD5OfMessageAttributes } : {}),
    md5OfBody: received.MD5OfBody,
    eventSource: "aws:sqs",
    eventSourceARN,
    awsRegion: region,
  };
}
