import { AsyncLocalStorage } from "node:async_hooks";
import { buildApp } from "fauxqs";
// fauxqs takes stores from outside but exports no class to make them with: they are taken from beside its entry.
import { S3Store } from "../../node_modules/fauxqs/dist/s3/s3Store.js";
import { SnsStore } from "../../node_modules/fauxqs/dist/sns/snsStore.js";
import { SqsStore } from "../../node_modules/fauxqs/dist/sqs/sqsStore.js";
import type { QueueSpec } from "./declared.ts";
import { region } from "./resolve.ts";

type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>["stores"]>;
type Queue = ReturnType<Stores["sqsStore"]["createQueue"]>;
type Received = ReturnType<Queue["dequeue"]>[number];
type Message = Parameters<Queue["enqueue"]>[0];

/** One received message, with the attributes a consumer gets. */
export interface Delivery {
  readonly received: Received;
  readonly attributes: Readonly<Record<string, string>>;
  /** The trace header that came with SendMessage. */
  readonly trace: string | undefined;
  /** Epoch milliseconds at which it may be received again. */
  readonly visibleAt: number;
}

/** A queue seen from inside the process: what the service's own pollers use instead of HTTP. */
export interface LocalQueue {
  readonly spec: QueueSpec;
  receive(max: number): Delivery[];
  remove(delivery: Delivery): void;
  /** Moves a received message to the dead-letter queue at once; without one it is gone. */
  bury(delivery: Delivery): void;
  /** Resolves when there may be something to receive, or after 20 s. */
  wait(): Promise<void>;
  wake(): void;
  /** Messages ready, delayed and in flight. */
  count(): { readonly waiting: number; readonly inFlight: number };
}

export interface Queues {
  readonly url: string;
  add(specs: readonly QueueSpec[]): void;
  queue(arn: string): LocalQueue;
  all(): readonly LocalQueue[];
  close(): Promise<void>;
}

/** SQS from fauxqs, in this process, on loopback. It forgets its messages when the process ends. */
export async function startQueues(): Promise<Queues> {
  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  const app = buildApp({ logger: false, stores, defaultRegion: region });
  const sender = new AsyncLocalStorage<string>();
  app.addHook("preHandler", (request, _reply, done) => {
    const trace = request.headers["x-amzn-trace-id"];
    if (typeof trace === "string") sender.run(trace, done);
    else done();
  });
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  const traces = new WeakMap<Message, string>();
  const queues = new Map<string, LocalQueue>();

  return {
    url,
    add(specs) {
      for (const spec of specs) {
        const queue = stores.sqsStore.createQueue(spec.name, spec.url, spec.arn, { ...spec.attributes });
        const enqueue = queue.enqueue.bind(queue);
        // fauxqs keeps no trace header; AWS hands it on with the message.
        queue.enqueue = (message) => {
          const trace = sender.getStore();
          if (trace !== undefined && !traces.has(message)) traces.set(message, trace);
          enqueue(message);
        };
        queues.set(spec.arn, localQueue(spec, queue, stores, traces));
      }
    },
    queue(arn) {
      const found = queues.get(arn);
      if (!found) throw new Error(`no queue ${arn} in the template`);
      return found;
    },
    all: () => [...queues.values()],
    close: () => app.close(),
  };
}

function localQueue(spec: QueueSpec, queue: Queue, stores: Stores, traces: WeakMap<Message, string>): LocalQueue {
  const deadLetters = (arn: string): Queue | undefined => stores.sqsStore.getQueueByArn(arn);
  return {
    spec,
    receive(max) {
      const deliveries: Delivery[] = [];
      for (const received of queue.dequeue(max, undefined, deadLetters)) {
        const entry = queue.inflightMessages.get(received.ReceiptHandle);
        if (!entry) throw new Error(`${spec.name}: a message was received and is not in flight`);
        const { message } = entry;
        const trace = traces.get(message);
        const attributes = {
          ApproximateReceiveCount: String(message.approximateReceiveCount),
          SentTimestamp: String(message.sentTimestamp),
          SenderId: "000000000000",
          ApproximateFirstReceiveTimestamp: String(message.approximateFirstReceiveTimestamp ?? Date.now()),
          ...(trace === undefined ? {} : { AWSTraceHeader: trace }),
        };
        deliveries.push({ received, attributes, trace, visibleAt: entry.visibilityDeadline });
      }
      return deliveries;
    },
    remove: ({ received }) => {
      queue.deleteMessage(received.ReceiptHandle);
    },
    bury({ received }) {
      const message = queue.inflightMessages.get(received.ReceiptHandle)?.message;
      queue.deleteMessage(received.ReceiptHandle);
      if (message && spec.deadLetterArn) deadLetters(spec.deadLetterArn)?.enqueue(message);
    },
    wait: () => queue.waitForMessages(20),
    wake: () => queue.cancelWaiters(),
    count: () => ({
      waiting: queue.messages.length + queue.delayedMessages.length,
      inFlight: queue.inflightMessages.size,
    }),
  };
}
