import { AsyncLocalStorage } from "node:async_hooks";
import { buildApp } from "fauxqs";
import * as z from "#shared/domain/schema.ts";
import type { QueueSpec } from "./declared.ts";
import { newQueueStores, type QueueStores } from "./queue-stores.ts";
import { region } from "./resolve.ts";

type Queue = ReturnType<QueueStores["sqsStore"]["createQueue"]>;
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
  /** Messages that a function dealt with since the start. */
  handled(): number;
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
  const stores = await newQueueStores();
  const app = buildApp({ logger: false, stores, defaultRegion: region });
  const sender = new AsyncLocalStorage<Sender>();
  app.addHook("preHandler", (request, _reply, done) => sender.run(senderOf(request.headers, request.body), done));
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  const origins = new WeakMap<Message, Origin>();
  const queues = new Map<string, LocalQueue>();

  return {
    url,
    add(specs) {
      for (const spec of specs) {
        const queue = stores.sqsStore.createQueue(spec.name, spec.url, spec.arn, { ...spec.attributes });
        const enqueue = queue.enqueue.bind(queue);
        // fauxqs keeps neither the trace header nor a standard queue's group; AWS hands both on with the message.
        queue.enqueue = (message) => {
          const from = sender.getStore();
          if (from && !origins.has(message)) {
            origins.set(message, { trace: from.trace, group: from.groups.get(message.body)?.shift() });
          }
          enqueue(message);
        };
        queues.set(spec.arn, localQueue(spec, queue, stores, origins));
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

function localQueue(spec: QueueSpec, queue: Queue, stores: QueueStores, origins: WeakMap<Message, Origin>): LocalQueue {
  const deadLetters = (arn: string): Queue | undefined => stores.sqsStore.getQueueByArn(arn);
  let handled = 0;
  return {
    spec,
    receive(max) {
      const deliveries: Delivery[] = [];
      queue.processTimers();
      if (queue.messages.length > max) {
        queue.messages = inTurns(queue.messages, (message) => origins.get(message)?.group);
      }
      for (const received of queue.dequeue(max, undefined, deadLetters)) {
        const entry = queue.inflightMessages.get(received.ReceiptHandle);
        if (!entry) throw new Error(`${spec.name}: a message was received and is not in flight`);
        const { message } = entry;
        const { trace, group } = origins.get(message) ?? {};
        const attributes = {
          ApproximateReceiveCount: String(message.approximateReceiveCount),
          SentTimestamp: String(message.sentTimestamp),
          SenderId: "000000000000",
          ApproximateFirstReceiveTimestamp: String(message.approximateFirstReceiveTimestamp ?? Date.now()),
          ...(trace === undefined ? {} : { AWSTraceHeader: trace }),
          ...(group === undefined ? {} : { MessageGroupId: group }),
        };
        deliveries.push({ received, attributes, trace, visibleAt: entry.visibilityDeadline });
      }
      return deliveries;
    },
    remove: ({ received }) => {
      queue.deleteMessage(received.ReceiptHandle);
      handled++;
    },
    handled: () => handled,
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

/** What came with a message besides its body. */
interface Origin {
  readonly trace: string | undefined;
  readonly group: string | undefined;
}

/** What one request of SendMessage or SendMessageBatch says of its messages: their groups by body, in order. */
interface Sender {
  readonly trace: string | undefined;
  readonly groups: ReadonlyMap<string, (string | undefined)[]>;
}

const entrySchema = z.object({ MessageBody: z.string(), MessageGroupId: z.optional(z.string()) });
const sendSchema = z.union([z.object({ Entries: z.array(entrySchema) }), entrySchema]);

function senderOf(headers: Readonly<Record<string, unknown>>, body: unknown): Sender {
  const trace = headers["x-amzn-trace-id"];
  const sent = z.safeParse(sendSchema, body);
  const entries = sent.success ? ("Entries" in sent.data ? sent.data.Entries : [sent.data]) : [];
  const groups = new Map<string, (string | undefined)[]>();
  for (const { MessageBody, MessageGroupId } of entries) {
    groups.set(MessageBody, [...(groups.get(MessageBody) ?? []), MessageGroupId]);
  }
  return { trace: typeof trace === "string" ? trace : undefined, groups };
}

/** Each group's messages in their order, one of each group in turn; messages of no group are a group. */
export function inTurns<Item>(items: readonly Item[], groupOf: (item: Item) => string | undefined): Item[] {
  const groups = Map.groupBy(items, groupOf);
  if (groups.size < 2) return [...items];
  const rounds = Math.max(...[...groups.values()].map((group) => group.length));
  return Array.from({ length: rounds }, (_none, round) =>
    [...groups.values()].flatMap((group) => group.slice(round, round + 1)),
  ).flat();
}
