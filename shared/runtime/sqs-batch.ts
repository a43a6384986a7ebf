import middy from "@middy/core";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type * as z from "#shared/domain/schema.ts";
import { invocationLog } from "./invocation-log.ts";
import { type Run, runOf } from "./run.ts";

export interface SqsBatchOptions<Schema extends z.ZodMiniType> {
  readonly name: string;
  /** The contract of the queue; a message that does not fit fails for itself and ends in the dead-letter queue. */
  readonly schema: Schema;
  /** Messages of one group are worked one after another in their order, groups side by side. @default each for itself */
  readonly groupOf?: (message: z.infer<Schema>) => string;
  /** Resolves when the message is dealt with; throwing keeps it in the queue (the only way to keep one). */
  readonly work: (message: z.infer<Schema>, run: Run) => Promise<void>;
}

export interface SqsWholeBatchOptions<Schema extends z.ZodMiniType> {
  readonly name: string;
  readonly schema: Schema;
  /** Works all messages that fit together; returns the positions of those to keep in the queue. */
  readonly workAll: (messages: readonly z.infer<Schema>[], run: Run) => Promise<ReadonlySet<number>>;
}

type SqsHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** A queue's trigger, message by message: each succeeds or fails for itself (partial batch response). */
export function sqsBatch<Schema extends z.ZodMiniType>(options: SqsBatchOptions<Schema>): SqsHandler {
  const { name, schema, groupOf, work } = options;
  return sqsWholeBatch({
    name,
    schema,
    workAll: async (messages, run) => {
      const kept = new Set<number>();
      const all = messages.map((message, position) => ({ message, position }));
      const groups = Map.groupBy(all, ({ message, position }) => groupOf?.(message) ?? String(position));
      const workGroup = async (group: typeof all): Promise<void> => {
        for (const { message, position } of group) {
          try {
            await work(message, run);
          } catch (error) {
            kept.add(position);
            run.log.failure("PL003", error);
          }
        }
      };
      await Promise.all([...groups.values()].map(workGroup));
      return kept;
    },
  });
}

/** A queue's trigger for work that is cheaper together; each message still succeeds or fails for itself. */
export function sqsWholeBatch<Schema extends z.ZodMiniType>(options: SqsWholeBatchOptions<Schema>): SqsHandler {
  const { name, schema, workAll } = options;
  const handle = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const run = runOf(name, context);
    const failed: string[] = [];
    const fitting: { readonly id: string; readonly message: z.infer<Schema> }[] = [];
    for (const record of event.Records) {
      const read = messageOf(schema, record);
      if (read.fits) {
        fitting.push({ id: record.messageId, message: read.message });
      } else {
        failed.push(record.messageId);
        run.log.write("PL004", { message: record.messageId, problem: read.problem });
      }
    }
    const messages = fitting.map(({ message }) => message);
    const kept = fitting.length > 0 ? await workAll(messages, run) : new Set<number>();
    failed.push(...fitting.filter((_, position) => kept.has(position)).map(({ id }) => id));
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
  return middy<SQSEvent, SQSBatchResponse>()
    .use(
      invocationLog<SQSEvent, SQSBatchResponse>(name, (event, answer) => ({
        messages: event.Records.length,
        kept: answer?.batchItemFailures.length,
      })),
    )
    .handler(handle);
}

type ReadMessage<Message> =
  | { readonly fits: true; readonly message: Message }
  | { readonly fits: false; readonly problem: string };

function messageOf<Schema extends z.ZodMiniType>(schema: Schema, record: SQSRecord): ReadMessage<z.infer<Schema>> {
  let body: unknown;
  try {
    body = JSON.parse(record.body);
  } catch (cause) {
    return { fits: false, problem: `not JSON: ${cause instanceof Error ? cause.name : "?"}` };
  }
  const result = schema.safeParse(body);
  if (result.success) return { fits: true, message: result.data };
  const issues = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  return { fits: false, problem: issues.slice(0, 3).join("; ") };
}
