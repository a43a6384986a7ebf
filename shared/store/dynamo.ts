import {
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactionConflictException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { Failure } from "#shared/domain/failure.ts";
import { fromSdk, type Item, text, toSdk } from "./attributes.ts";
import { gather } from "./gather.ts";
import { newItems } from "./new-items.ts";
import type { Key } from "./table.ts";

/**
 * The few operations the adapters make. Failed conditions are values. Reads are consistent unless they go through an
 * index, which DynamoDB cannot read consistently.
 */
export interface Condition {
  readonly expression: string;
  readonly values?: Item;
}

export interface Update {
  readonly update: string;
  readonly expression?: string;
  readonly values?: Item;
}

export interface Query {
  readonly index?: string;
  /** Key condition with values; attribute names stand as they are. */
  readonly where: string;
  readonly values: Item;
  readonly limit?: number;
  /** Cursor made by an earlier page. */
  readonly from?: Item | undefined;
}

export interface TransactPut {
  readonly item: Item;
  readonly condition: Condition;
}

export interface Dynamo {
  readonly tableName: string;
  get(key: Key): Promise<Item | undefined>;
  /** Same order as asked. Reads asked in one turn go in one request. */
  getMany(keys: readonly Key[]): Promise<readonly (Item | undefined)[]>;
  /** False when the condition does not hold. Puts of new items of one turn go in one request. */
  put(item: Item, condition?: Condition): Promise<boolean>;
  /** Puts without a condition, those of one turn at once; none is lost when some have to be asked for again. */
  putMany(items: readonly Item[]): Promise<void>;
  /** The item's attributes after the update, or null when the condition does not hold. */
  update(key: Key, update: Update): Promise<Item | null>;
  remove(key: Key, condition?: Condition): Promise<boolean>;
  query(query: Query): Promise<{ readonly items: readonly Item[]; readonly next: Item | undefined }>;
  /** Number of items a query finds, without reading them over the wire. */
  count(query: Query): Promise<number>;
  /** All or none; false when a condition does not hold or another transaction is at the same items. */
  transact(puts: readonly TransactPut[]): Promise<boolean>;
}

const transactLimit = 100;
const batchGetLimit = 100;
const batchWriteLimit = 25;
const batchAttempts = 8;
const throttledReason = /^(ThrottlingError|ProvisionedThroughputExceeded)$/;

export function keyItem(key: Key): Item {
  return { pk: { S: key.pk }, sk: { S: key.sk } };
}

/** The operations over one table. Throws what the SDK throws after its own retries, save failed conditions. */
export function dynamoOf(client: DynamoDBClient, tableName: string): Dynamo {
  const TableName = tableName;
  const queryInput = (query: Query) => ({
    TableName,
    ...(query.index ? { IndexName: query.index } : { ConsistentRead: true }),
    KeyConditionExpression: query.where,
    ExpressionAttributeValues: toSdk(query.values),
    ...(query.limit ? { Limit: query.limit } : {}),
    ...(query.from ? { ExclusiveStartKey: toSdk(query.from) } : {}),
  });
  const read = gather(nameOf, (keys: readonly Key[]) => getMany(client, tableName, keys));
  const write = gather(nameOfItem, (items: readonly Item[]) => putMany(client, tableName, items));
  const put = (item: Item, condition?: Condition): Promise<boolean> => {
    const input = { TableName, Item: toSdk(item), ...conditionInput(condition) };
    return holds(async () => {
      await client.send(new PutItemCommand(input));
    });
  };
  const create = newItems(
    nameOfItem,
    (item) => put(item, isNew),
    (items) =>
      transact(
        client,
        tableName,
        items.map((item) => ({ item, condition: isNew })),
      ),
  );
  return {
    tableName,
    get: async (key) => (await read([key]))[0],
    getMany: read,
    put: (item, condition) => (condition === isNew ? create(item) : put(item, condition)),
    putMany: async (items) => {
      await write(items);
    },
    update: async (key, update) => {
      let after: Item = {};
      const done = await holds(async () => {
        const input = {
          TableName,
          Key: toSdk(keyItem(key)),
          UpdateExpression: update.update,
          ...conditionInput(update),
        };
        const { Attributes } = await client.send(new UpdateItemCommand({ ...input, ReturnValues: "ALL_NEW" }));
        after = fromSdk(Attributes ?? {});
      });
      return done ? after : null;
    },
    remove: (key, condition) =>
      holds(async () => {
        await client.send(new DeleteItemCommand({ TableName, Key: toSdk(keyItem(key)), ...conditionInput(condition) }));
      }),
    query: async (query) => {
      const page = await client.send(new QueryCommand(queryInput(query)));
      return {
        items: (page.Items ?? []).map(fromSdk),
        next: page.LastEvaluatedKey ? fromSdk(page.LastEvaluatedKey) : undefined,
      };
    },
    count: async (query) => {
      let total = 0;
      let from: Item | undefined;
      do {
        const page = await client.send(new QueryCommand({ ...queryInput({ ...query, from }), Select: "COUNT" }));
        total += page.Count ?? 0;
        from = page.LastEvaluatedKey ? fromSdk(page.LastEvaluatedKey) : undefined;
      } while (from);
      return total;
    },
    transact: (puts) => transact(client, tableName, puts),
  };
}

/** Every item a query finds, page after page. */
export async function queryAll(dynamo: Dynamo, query: Query): Promise<readonly Item[]> {
  const found: Item[] = [];
  let from: Item | undefined;
  do {
    const page = await dynamo.query({ ...query, from });
    found.push(...page.items);
    from = page.next;
  } while (from);
  return found;
}

/** The item does not stand yet. */
export const isNew: Condition = { expression: "attribute_not_exists(pk)" };

/** A version condition: the item is new at version 0, else stands at exactly this version. */
export function atVersion(version: number): Condition {
  return version === 0 ? isNew : { expression: "v = :v", values: { ":v": { N: String(version) } } };
}

function conditionInput(condition: Partial<Condition> | undefined) {
  return {
    ...(condition?.expression ? { ConditionExpression: condition.expression } : {}),
    ...(condition?.values ? { ExpressionAttributeValues: toSdk(condition.values) } : {}),
  };
}

/**
 * Whether the write's condition held. An item that a transaction is just writing is refused to everybody else
 * (TransactionConflictException, which the SDK does not repeat): nothing was written, so it is asked for again.
 */
async function holds(write: () => Promise<void>): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      await write();
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      if (!(error instanceof TransactionConflictException) || attempt >= batchAttempts) throw error;
      await new Promise((done) => setTimeout(done, 10 * 2 ** attempt * (0.5 + Math.random())));
    }
  }
}

const nameOf = (key: Key): string => `${key.pk}\n${key.sk}`;
const nameOfItem = (item: Item): string => nameOf({ pk: text(item, "pk"), sk: text(item, "sk") });

async function getMany(
  client: DynamoDBClient,
  table: string,
  wanted: readonly Key[],
): Promise<ReadonlyMap<string, Item>> {
  const found = new Map<string, Item>();
  const [only, ...others] = wanted;
  if (only && others.length === 0) {
    const Key = toSdk(keyItem(only));
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
    return Item ? found.set(nameOf(only), fromSdk(Item)) : found;
  }
  for (let start = 0; start < wanted.length; start += batchGetLimit) {
    let Keys = wanted.slice(start, start + batchGetLimit).map((key) => toSdk(keyItem(key)));
    for (let attempt = 1; Keys.length > 0; attempt++) {
      if (attempt > batchAttempts) throw new Failure("transient", `${table}: DynamoDB left keys unread`);
      if (attempt > 1) await new Promise((done) => setTimeout(done, 20 * 2 ** attempt));
      const answer: BatchGetItemCommandOutput = await client.send(
        new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
      );
      for (const item of (answer.Responses?.[table] ?? []).map(fromSdk)) found.set(nameOfItem(item), item);
      // What did not fit into 16 MB, or was throttled, is asked for again.
      Keys = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    }
  }
  return found;
}

async function putMany(
  client: DynamoDBClient,
  table: string,
  items: readonly Item[],
): Promise<ReadonlyMap<string, Item>> {
  for (let start = 0; start < items.length; start += batchWriteLimit) {
    let waiting: WriteRequest[] = items
      .slice(start, start + batchWriteLimit)
      .map((item) => ({ PutRequest: { Item: toSdk(item) } }));
    for (let attempt = 1; waiting.length > 0; attempt++) {
      if (attempt > batchAttempts) throw new Failure("transient", `${table}: DynamoDB left items unwritten`);
      if (attempt > 1) await new Promise((done) => setTimeout(done, 20 * 2 ** attempt));
      const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: waiting } }));
      waiting = answer.UnprocessedItems?.[table] ?? [];
    }
  }
  return new Map(items.map((item) => [nameOfItem(item), item]));
}

async function transact(client: DynamoDBClient, table: string, puts: readonly TransactPut[]): Promise<boolean> {
  if (puts.length > transactLimit) {
    throw new Failure("bad-input", `${puts.length} items at once; one transaction holds ${transactLimit}`);
  }
  const TransactItems = puts.map(({ item, condition }) => ({
    Put: { TableName: table, Item: toSdk(item), ...conditionInput(condition) },
  }));
  for (let attempt = 1; ; attempt++) {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems }));
      return true;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code ?? "");
      if (codes.some((code) => code === "ConditionalCheckFailed" || code === "TransactionConflict")) return false;
      // Throttling comes as a cancellation too, and the SDK repeats none.
      if (!codes.some((code) => throttledReason.test(code)) || attempt >= batchAttempts) throw error;
      await new Promise((done) => setTimeout(done, 20 * 2 ** attempt * (0.5 + Math.random())));
    }
  }
}
