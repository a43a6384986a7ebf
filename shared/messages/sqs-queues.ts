import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import { type Hint, hintSchema, type SweepOrder, sweepSchema } from "./hint.ts";
import { type Inbound, inboundSchema } from "./inbound.ts";
import { type Outbound, outboundSchema } from "./outbound.ts";

/** Queue URLs as a function's environment names them; a queue it does not name it may not send to. */
export interface QueueUrls {
  readonly hints?: Readonly<Record<string, string>>;
  readonly outbound?: Readonly<Record<string, string>>;
  readonly inbound?: string;
  readonly backfill?: string;
  readonly sweeps?: string;
}

/** One signed call of an AWS JSON protocol; the store's signed calls are that. */
export interface SqsCall {
  json(service: "sqs", target: string, version: "1.0", body: unknown): Promise<unknown>;
}

/** SQS takes ten messages and a megabyte at once (AWS, "SQS quotas"). */
export const batchLimits = { messages: 10, bytes: 1_048_576 } as const;

const attempts = 4;

interface Entry {
  readonly body: string;
  /** Standard queues deal fairly between groups: one connection's backlog never delays another's (fair queues). */
  readonly group: string;
}

/** The queues of a cell. Resolves once SQS has every message; throws Failure `transient` when it has not. */
export function sqsQueues(aws: SqsCall, urls: QueueUrls) {
  const send = (url: string | undefined, queue: string, entries: readonly Entry[]): Promise<void> => {
    if (url === undefined) throw new Error(`this function is not given the ${queue} queue`);
    return sendAll(aws, url, entries);
  };
  const inbound = (messages: readonly Inbound[]): readonly Entry[] =>
    messages.map((message) => ({
      body: JSON.stringify(inboundSchema.parse(message)),
      group: groupOf(message.company, "connection" in message ? message.connection : "due"),
    }));
  return {
    hints: async (vendor: string, hints: readonly Hint[]): Promise<void> =>
      send(
        urls.hints?.[vendor],
        `hints of ${vendor}`,
        hints.map((hint) => ({
          body: JSON.stringify(hintSchema.parse(hint)),
          group: groupOf(hint.company, hint.connection),
        })),
      ),
    inbound: async (messages: readonly Inbound[]): Promise<void> => send(urls.inbound, "inbound", inbound(messages)),
    backfill: async (messages: readonly Inbound[]): Promise<void> => send(urls.backfill, "backfill", inbound(messages)),
    outbound: async (vendor: string, messages: readonly Outbound[]): Promise<void> =>
      send(
        urls.outbound?.[vendor],
        `outbound of ${vendor}`,
        messages.map((message) => ({
          body: JSON.stringify(outboundSchema.parse(message)),
          group: groupOf(message.company, vendor),
        })),
      ),
    sweeps: async (orders: readonly SweepOrder[]): Promise<void> =>
      send(
        urls.sweeps,
        "sweep",
        orders.map((order) => ({
          body: JSON.stringify(sweepSchema.parse(order)),
          group: groupOf(order.company, order.connection),
        })),
      ),
  };
}

function groupOf(company: string, connection: string): string {
  return `${company}.${connection}`;
}

/** Packs entries into batches that SQS takes: in order, at most ten, at most a megabyte. Throws on one too large alone. */
export function batchesOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const batches: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.body);
    if (size > batchLimits.bytes) {
      throw new Failure(
        "bad-input",
        `a message of ${size} bytes is more than a queue takes; it belongs in the archive`,
      );
    }
    const last = batches.at(-1);
    if (last && last.length < batchLimits.messages && bytes + size <= batchLimits.bytes) {
      last.push(entry);
      bytes += size;
    } else {
      batches.push([entry]);
      bytes = size;
    }
  }
  return batches;
}

const answerSchema = z.object({
  Failed: z.optional(
    z.array(z.object({ Id: z.string(), Code: z.optional(z.string()), SenderFault: z.optional(z.boolean()) })),
  ),
});

async function sendAll(aws: SqsCall, url: string, entries: readonly Entry[]): Promise<void> {
  for (const batch of batchesOf(entries)) await sendBatch(aws, url, batch);
}

async function sendBatch(aws: SqsCall, url: string, batch: readonly Entry[]): Promise<void> {
  let waiting = batch.map(({ body, group }, index) => ({
    Id: String(index),
    MessageBody: body,
    MessageGroupId: group,
  }));
  let code = "";
  for (let attempt = 1; attempt <= attempts && waiting.length > 0; attempt++) {
    if (attempt > 1) await new Promise((done) => setTimeout(done, 50 * 2 ** attempt));
    const answer = await aws.json("sqs", "AmazonSQS.SendMessageBatch", "1.0", { QueueUrl: url, Entries: waiting });
    // A batch is answered entry by entry: a success may still hold refusals.
    const refused = answerSchema.parse(answer).Failed ?? [];
    code = refused[0]?.Code ?? "";
    waiting = waiting.filter(({ Id }) => refused.some((entry) => entry.Id === Id));
  }
  if (waiting.length > 0) throw new Failure("transient", `SQS kept ${waiting.length} messages back: ${code}`);
}
