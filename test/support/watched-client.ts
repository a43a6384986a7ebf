import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

const writes = new Set([
  "PutItemCommand",
  "UpdateItemCommand",
  "DeleteItemCommand",
  "BatchWriteItemCommand",
  "TransactWriteItemsCommand",
]);

export interface Write {
  /** `PutItemCommand` and so on. */
  readonly name: string;
  /** Sort key of the item that is put; null for what is no put. */
  readonly putSortKey: string | null;
}

/** Calls `look` before every write of the client; what it throws is what the store's caller gets, and nothing is sent. */
export function beforeWrites(client: DynamoDBClient, look: (write: Write) => void): void {
  client.middlewareStack.add(
    (next, { commandName: name = "" }) =>
      async (request) => {
        const { input } = request;
        const sortKey = "Item" in input ? input.Item?.["sk"]?.S : undefined;
        if (writes.has(name)) look({ name, putSortKey: sortKey ?? null });
        return next(request);
      },
    { step: "initialize", name: "looksBeforeWrites" },
  );
}

/** The names of the client's requests, in their order. */
export function requestsOf(client: DynamoDBClient): readonly string[] {
  const asked: string[] = [];
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      (request) => {
        asked.push(commandName);
        return next(request);
      },
    { step: "initialize", name: "listsRequests" },
  );
  return asked;
}

/** Adds up the client's writes and the write units DynamoDB itself says they used, indexes included. */
export function metered(client: DynamoDBClient): { units: number; requests: number } {
  const meter = { units: 0, requests: 0 };
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (request) => {
        if (!writes.has(commandName)) return next(request);
        const answer = await next({ ...request, input: { ...request.input, ReturnConsumedCapacity: "TOTAL" } });
        const { output } = answer;
        const consumed = "ConsumedCapacity" in output ? [output.ConsumedCapacity ?? []].flat() : [];
        const units = consumed.map((used) => ("CapacityUnits" in used ? used.CapacityUnits : undefined) ?? Number.NaN);
        meter.requests += 1;
        // An answer that says nothing of its cost spoils the sum, so that no test passes on silence.
        meter.units += units.length === 0 ? Number.NaN : units.reduce((sum, unit) => sum + unit, 0);
        return answer;
      },
    { step: "initialize", name: "metersWrites" },
  );
  return meter;
}
