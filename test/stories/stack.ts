import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as z from "#shared/domain/schema.ts";

const stackSchema = z.looseObject({
  apiUrl: z.string(),
  endpoints: z.looseObject({ dynamodb: z.string(), sqs: z.string() }),
  tableName: z.string(),
  queues: z.record(z.string(), z.looseObject({ url: z.string(), deadLetter: z.boolean() })),
  pids: z.record(z.string(), z.number()),
});
export type RunningStack = z.infer<typeof stackSchema>;

/** What stack.json tells of the stack that runs on this data folder. */
export function stackOf(dataDir: string): RunningStack {
  return z.parse(stackSchema, JSON.parse(readFileSync(join(dataDir, "stack.json"), "utf8")));
}

const access = { region: "us-east-1", credentials: { accessKeyId: "local", secretAccessKey: "local" } };

/** Messages that wait or are being worked on, dead letters counted apart. */
export async function depths({ queues, endpoints }: RunningStack): Promise<{ live: number; dead: number }> {
  const sqs = new SQSClient({ ...access, endpoint: endpoints.sqs });
  const sums = { live: 0, dead: 0 };
  for (const { url, deadLetter } of Object.values(queues)) {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
    );
    sums[deadLetter ? "dead" : "live"] +=
      Number(Attributes["ApproximateNumberOfMessages"] ?? 0) +
      Number(Attributes["ApproximateNumberOfMessagesNotVisible"] ?? 0) +
      Number(Attributes["ApproximateNumberOfMessagesDelayed"] ?? 0);
  }
  sqs.destroy();
  return sums;
}

/** Resolves when no queue holds a message: what follows from a message is sent before it is deleted. */
export async function quiet(stack: RunningStack): Promise<void> {
  while ((await depths(stack)).live > 0) await sleep(100);
}

/** A digest of everything that is kept: the table's items, and which files the archive holds. */
export async function everythingKept(dataDir: string): Promise<string> {
  const { endpoints, tableName } = stackOf(dataDir);
  const client = new DynamoDBClient({ ...access, endpoint: endpoints.dynamodb });
  const items: string[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: tableName }))
    items.push(...Items.map((item) => JSON.stringify(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))));
  client.destroy();
  const files = readdirSync(join(dataDir, "archive"), { recursive: true }).map(String);
  return createHash("sha256")
    .update(JSON.stringify([items.toSorted(), files.toSorted()]))
    .digest("hex");
}
