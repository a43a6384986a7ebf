import { afterAll, beforeAll } from "vitest";
import { openCell, openStore } from "#shared/store/open.ts";
import { portsContract } from "#test/contract/ports-contract.ts";
import { startTestDatabase, type TestDatabase } from "#test/support/dynamodb.ts";
import { memoryWorld } from "#test/support/memory-ports.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.close());

portsContract("DynamoDB", async () => {
  const client = database.client();
  const tableName = await database.table();
  const cell = openCell({ client, tableName, cell: "main" });
  const { archive } = memoryWorld();
  return { cell, company: (company) => openStore({ client, tableName, company, config: cell.config, archive }) };
});
