import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import { fromWire, type Item, text, toWire, wireItem } from "./attributes.ts";
import { type AwsCall, AwsError } from "./signed-call.ts";
import type { Key } from "./table.ts";

/**
 * The few operations the adapters make, over DynamoDB's own JSON protocol: the SDK's client would be 175 KiB of every
 * function for eight of its operations. Failed conditions are values. Reads are consistent unless they go through an
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
  get(key: Key): Promise<Item | undefined>;
  /** Same order as asked. */
  getMany(keys: readonly Key[]): Promise<readonly (Item | undefined)[]>;
  /** False when the condition does not hold. */
  put(item: Item, condition?: Condition): Promise<boolean>;
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
const batchGetAttempts = 8;

export function keyItem(key: Key): Item {
  return { pk: { S: key.pk }, sk: { S: key.sk } };
}

const itemAnswer = z.object({ Item: z.optional(wireItem) });
const updateAnswer = z.object({ Attributes: z.optional(wireItem) });
const queryAnswer = z.object({
  Items: z.optional(z.array(wireItem)),
  Count: z.optional(z.int()),
  LastEvaluatedKey: z.optional(wireItem),
});
const batchAnswer = z.object({
  Responses: z.optional(z.record(z.string(), z.array(wireItem))),
  UnprocessedKeys: z.optional(z.record(z.string(), z.object({ Keys: z.array(wireItem) }))),
});
const canceled = z.object({ CancellationReasons: z.array(z.object({ Code: z.optional(z.string()) })) });

type Ask = <Schema extends z.ZodMiniType>(operation: string, input: object, answer: Schema) => Promise<z.infer<Schema>>;

/** The operations over one table. Throws AwsError, or Failure `transient` when DynamoDB does not answer. */
export function dynamoOf(aws: AwsCall, tableName: string): Dynamo {
  const ask: Ask = async (operation, input, answer) =>
    answer.parse(await aws.json("dynamodb", `DynamoDB_20120810.${operation}`, "1.0", input));
  const on = (key: Key): object => ({ TableName: tableName, Key: keyItem(key) });
  const queryInput = (query: Query): object => ({
    TableName: tableName,
    ...(query.index ? { IndexName: query.index } : { ConsistentRead: true }),
    KeyConditionExpression: query.where,
    ExpressionAttributeValues: toWire(query.values),
    ...(query.limit ? { Limit: query.limit } : {}),
    ...(query.from ? { ExclusiveStartKey: toWire(query.from) } : {}),
  });
  return {
    get: async (key) => {
      const { Item } = await ask("GetItem", { ...on(key), ConsistentRead: true }, itemAnswer);
      return Item ? fromWire(Item) : undefined;
    },
    getMany: (keys) => getMany(ask, tableName, keys),
    put: (item, condition) =>
      holds(async () => {
        const input = { TableName: tableName, Item: toWire(item), ...conditionInput(condition) };
        await ask("PutItem", input, z.object({}));
      }),
    update: async (key, update) => {
      let after: Item = {};
      const done = await holds(async () => {
        const input = {
          ...on(key),
          UpdateExpression: update.update,
          ...conditionInput(update),
          ReturnValues: "ALL_NEW",
        };
        after = fromWire((await ask("UpdateItem", input, updateAnswer)).Attributes ?? {});
      });
      return done ? after : null;
    },
    remove: (key, condition) =>
      holds(async () => {
        await ask("DeleteItem", { ...on(key), ...conditionInput(condition) }, z.object({}));
      }),
    query: async (query) => {
      const page = await ask("Query", queryInput(query), queryAnswer);
      const next = page.LastEvaluatedKey ? fromWire(page.LastEvaluatedKey) : undefined;
      return { items: (page.Items ?? []).map(fromWire), next };
    },
    count: async (query) => {
      let total = 0;
      let from: Item | undefined;
      do {
        const page = await ask("Query", { ...queryInput({ ...query, from }), Select: "COUNT" }, queryAnswer);
        total += page.Count ?? 0;
        from = page.LastEvaluatedKey ? fromWire(page.LastEvaluatedKey) : undefined;
      } while (from);
      return total;
    },
    transact: (puts) => transact(ask, tableName, puts),
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

/** A version condition: the item is new at version 0, else stands at exactly this version. */
export function atVersion(version: number): Condition {
  return version === 0
    ? { expression: "attribute_not_exists(pk)" }
    : { expression: "v = :v", values: { ":v": { N: String(version) } } };
}

function conditionInput(condition: Partial<Condition> | undefined): object {
  return {
    ...(condition?.expression ? { ConditionExpression: condition.expression } : {}),
    ...(condition?.values ? { ExpressionAttributeValues: toWire(condition.values) } : {}),
  };
}

async function holds(write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof AwsError && error.code === "ConditionalCheckFailedException") return false;
    throw error;
  }
}

async function getMany(ask: Ask, table: string, keys: readonly Key[]): Promise<readonly (Item | undefined)[]> {
  const nameOf = (key: Key): string => `${key.pk}\n${key.sk}`;
  const wanted = [...new Map(keys.map((key) => [nameOf(key), key])).values()];
  const found = new Map<string, Item>();
  for (let start = 0; start < wanted.length; start += batchGetLimit) {
    let waiting: readonly object[] = wanted.slice(start, start + batchGetLimit).map(keyItem);
    for (let attempt = 1; waiting.length > 0; attempt++) {
      if (attempt > batchGetAttempts) throw new Failure("transient", `${table}: DynamoDB left keys unread`);
      if (attempt > 1) await new Promise((done) => setTimeout(done, 20 * 2 ** attempt));
      const input = { RequestItems: { [table]: { Keys: waiting, ConsistentRead: true } } };
      const answer = await ask("BatchGetItem", input, batchAnswer);
      for (const item of (answer.Responses?.[table] ?? []).map(fromWire)) {
        found.set(nameOf({ pk: text(item, "pk"), sk: text(item, "sk") }), item);
      }
      // What did not fit into 16 MB, or was throttled, is asked for again.
      waiting = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    }
  }
  return keys.map((key) => found.get(nameOf(key)));
}

async function transact(ask: Ask, table: string, puts: readonly TransactPut[]): Promise<boolean> {
  if (puts.length > transactLimit) {
    throw new Failure("bad-input", `${puts.length} items at once; one transaction holds ${transactLimit}`);
  }
  try {
    const TransactItems = puts.map(({ item, condition }) => ({
      Put: { TableName: table, Item: toWire(item), ...conditionInput(condition) },
    }));
    await ask("TransactWriteItems", { TransactItems }, z.object({}));
    return true;
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "TransactionCanceledException") throw error;
    const reasons = canceled.parse(JSON.parse(error.body)).CancellationReasons;
    if (reasons.some(({ Code }) => Code === "ConditionalCheckFailed" || Code === "TransactionConflict")) return false;
    throw error;
  }
}
