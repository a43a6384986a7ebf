import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Stack, type StackOptions, startStack } from "#local/aws/stack.ts";
import * as z from "#shared/domain/schema.ts";

export const templateDir = fileURLToPath(new URL("./fixture", import.meta.url));

export interface SmallStack {
  readonly stack: Stack;
  readonly dataDir: string;
  reports(): Report[];
  /** Sends messages to a queue by its name, through the SDK, at most ten. */
  send(queue: string, bodies: readonly string[], delaySeconds?: number): Promise<void>;
  /** Takes everything that can be received from a queue. */
  drain(queue: string): Promise<string[]>;
  close(): Promise<void>;
}

/** The fixture's template, running, over a data folder of its own. */
export async function startSmallStack(more: Pick<StackOptions, "beside"> = {}): Promise<SmallStack> {
  const dataDir = mkdtempSync(join(tmpdir(), "plumbline-local-"));
  const reportFile = join(dataDir, "report.jsonl");
  const stack = await startStack({ dataDir, templateDir, environment: { REPORT_FILE: reportFile }, ...more });
  const sqs = new SQSClient({
    endpoint: stack.endpoints.sqs,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const urlOf = (queue: string): string => stack.queues[queue]?.url ?? `no queue ${queue}`;
  return {
    stack,
    dataDir,
    reports: () => (existsSync(reportFile) ? readFileSync(reportFile, "utf8").trim().split("\n").map(parse) : []),
    async send(queue, bodies, DelaySeconds = 0) {
      const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody, DelaySeconds }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl: urlOf(queue), Entries }));
    },
    async drain(queue) {
      const QueueUrl = urlOf(queue);
      const bodies: string[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
        if (Messages.length === 0) return bodies.sort();
        for (const { Body = "", ReceiptHandle } of Messages) {
          bodies.push(Body);
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
      }
    },
    async close() {
      sqs.destroy();
      await stack.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

const reportSchema = z.object({
  pid: z.number(),
  function: z.string(),
  bodies: z.optional(z.array(z.string())),
  ended: z.optional(z.array(z.string())),
  event: z.optional(z.unknown()),
  env: z.optional(z.array(z.string())),
});

/** What a fixture function reported of itself. */
export type Report = z.infer<typeof reportSchema>;

function parse(line: string): Report {
  return z.parse(reportSchema, JSON.parse(line));
}
