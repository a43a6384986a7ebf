import {
  type DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { controlOf, ensureControl } from "#shared/store/control.ts";
import { type Dynamo, dynamoOf } from "#shared/store/dynamo.ts";
import { startTestDatabase, type TestDatabase } from "#test/support/dynamodb.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.close());

const item = (pk: string) => ({ pk: { S: pk }, sk: { S: "x" } });
const key = { pk: "a", sk: "x" };

/** A table whose first answers are these errors; `sent` counts what was asked of it. */
async function refusing(errors: Error[]): Promise<{ readonly dynamo: Dynamo; readonly sent: () => number }> {
  const client: DynamoDBClient = database.client();
  let sent = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      sent++;
      const error = errors.shift();
      if (error) throw error;
      return next(args);
    },
    { step: "initialize", priority: "high" },
  );
  return { dynamo: dynamoOf(client, await database.table()), sent: () => sent };
}

const conflict = () =>
  new TransactionConflictException({ message: "Transaction is ongoing for the item", $metadata: {} });
const cancelled = (...codes: readonly string[]) =>
  new TransactionCanceledException({
    message: "cancelled",
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

describe("an item that a transaction is just writing", () => {
  test.each([
    ["put", (dynamo: Dynamo) => dynamo.put(item("a"), { expression: "attribute_not_exists(v)" })],
    ["updated", async (dynamo: Dynamo) => (await dynamo.update(key, { update: "SET who = sk" })) !== null],
    ["removed", (dynamo: Dynamo) => dynamo.remove(key)],
  ])("is %s when it is done", async (_what, act) => {
    const { dynamo, sent } = await refusing([conflict(), conflict()]);
    expect(await act(dynamo)).toBe(true);
    expect(sent()).toBe(3);
  });

  test("is given up after eight times", async () => {
    const { dynamo, sent } = await refusing(Array.from({ length: 20 }, conflict));
    await expect(dynamo.remove(key)).rejects.toThrow("Transaction is ongoing");
    expect(sent()).toBe(8);
  });
});

describe("a transaction", () => {
  const puts = [{ item: item("a"), condition: { expression: "attribute_not_exists(pk)" } }];

  test.each(["ThrottlingError", "ProvisionedThroughputExceeded"])(
    "that %s cancels is asked for again",
    async (code) => {
      const { dynamo, sent } = await refusing([cancelled("None", code)]);
      expect(await dynamo.transact(puts)).toBe(true);
      expect(sent()).toBe(2);
    },
  );

  test.each(["ConditionalCheckFailed", "TransactionConflict"])("that %s cancels did not happen", async (code) => {
    const { dynamo, sent } = await refusing([cancelled("ThrottlingError", code)]);
    expect(await dynamo.transact(puts)).toBe(false);
    expect(sent()).toBe(1);
  });

  test("that is cancelled for its own fault is an error", async () => {
    const { dynamo } = await refusing([cancelled("ValidationError")]);
    await expect(dynamo.transact(puts)).rejects.toThrow("cancelled");
  });
});

test("a table that was restored is stopped and in a new epoch until somebody resumes, and then for good", async () => {
  const dynamo = dynamoOf(database.client(), await database.table());
  for (const company of ["*", "ridgeline"]) await ensureControl(dynamo, company);
  const before = await controlOf(dynamo, "ridgeline").state();
  expect(before).toEqual({ stopped: false, why: null, epoch: 2 });
  // A restore makes another table, with the items as they stood.
  const restored = controlOf({ ...dynamo, tableName: "restored" }, "ridgeline");
  const stopped = { stopped: true, why: expect.stringContaining("restored"), epoch: 3 };
  expect([await restored.state(), await restored.state()]).toEqual([stopped, stopped]);
  await restored.stop("ana", "wait");
  expect(await restored.state()).toEqual({ stopped: true, why: "wait", epoch: 3 });
  await restored.resume("ana");
  expect(await restored.state()).toEqual({ stopped: false, why: null, epoch: 3 });
  await restored.stop("ana", "again");
  await restored.resume("ana");
  expect(await restored.state()).toEqual({ stopped: false, why: null, epoch: 3 });
});
