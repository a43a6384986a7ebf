import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { Failure } from "#shared/domain/failure.ts";
import { type Hint, hintSchema, type SweepOrder, sweepSchema } from "#shared/messages/hint.ts";
import { type Inbound, inboundSchema } from "#shared/messages/inbound.ts";
import { type Outbound, outboundSchema } from "#shared/messages/outbound.ts";
import type { AwsAccess } from "./signed-call.ts";
import { spare } from "./spare-client.ts";

/** Queue URLs as a function's environment names them; a queue it does not name it may not send to. */
export interface QueueUrls {
  readonly hints?: Readonly<Record<string, string>>;
  readonly outbound?: Readonly<Record<string, string>>;
  readonly inbound?: string;
  readonly backfill?: string;
  readonly sweeps?: string;
}

/** The SDK's client with everything said; a queue's URL names its host. */
export function sqsClient(access: AwsAccess): SQSClient {
  const { region, credentials, endpoints } = access;
  return spare(
    new SQSClient({
      region,
      credentials,
      cacheMiddleware: true,
      ...(endpoints.sqs ? { endpoint: endpoints.sqs } : {}),
    }),
  );
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
export function sqsQueues(sqs: SQSClient, urls: QueueUrls) {
  const send = (url: string | undefined, queue: string, entries: readonly Entry[]): Promise<void> => {
    if (url === undefined) throw new Error(`this function is not given the ${queue} queue`);
    return sendAll(sqs, url, entries);
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

async function sendAll(sqs: SQSClient, url: string, entries: readonly Entry[]): Promise<void> {
  for (const batch of batchesOf(entries)) await sendBatch(sqs, url, batch);
}

async function sendBatch(sqs: SQSClient, QueueUrl: string, batch: readonly Entry[]): Promise<void> {
  let Entries = batch.map(({ body, group }, index) => ({
    Id: String(index),
    MessageBody: body,
    MessageGroupId: group,
  }));
  let code = "";
  for (let attempt = 1; attempt <= attempts && Entries.length > 0; attempt++) {
    if (attempt > 1) await new Promise((done) => setTimeout(done, 50 * 2 ** attempt));
    const { Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    // A batch is answered entry by entry: a success may still hold refusals.
    const refused = Failed ?? [];
    code = refused[0]?.Code ?? "";
    Entries = Entries.filter(({ Id }) => refused.some((entry) => entry.Id === Id));
  }
  if (Entries.length > 0) throw new Failure("transient", `SQS kept ${Entries.length} messages back: ${code}`);
}
