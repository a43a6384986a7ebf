import { type ChildProcess, spawn } from "node:child_process";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoClient } from "#shared/store/client.ts";
import { table as keys } from "#shared/store/table.ts";

/** A real DynamoDB server (dynoxide) in memory on loopback, for one test file; a missing one fails the file. */
export interface TestDatabase {
  readonly url: string;
  /** A client as the functions make it; closed with the database. */
  client(): DynamoDBClient;
  /** A table of its own, with the keys and indexes the template makes. */
  table(): Promise<string>;
  close(): Promise<void>;
}

const program = fileURLToPath(new URL("../../node_modules/@dynoxide/linux-x64/dynoxide", import.meta.url));

export async function startTestDatabase(): Promise<TestDatabase> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const server = spawn(program, ["--port", String(port)], { stdio: "ignore" });
    if (await accepts(port, server)) return databaseAt(`http://127.0.0.1:${port}`, server);
    server.kill("SIGKILL");
    if (attempt === 3) throw new Error(`${program} does not start: without it these tests prove nothing`);
  }
}

function databaseAt(url: string, server: ChildProcess): TestDatabase {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const clients: DynamoDBClient[] = [];
  const client = (): DynamoDBClient => {
    const made = dynamoClient({ region: "us-east-1", credentials, endpoints: { dynamodb: url } });
    clients.push(made);
    return made;
  };
  let tables = 0;
  return {
    url,
    client,
    table: async () => {
      tables += 1;
      const TableName = `plumbline-${tables}`;
      await client().send(new CreateTableCommand({ TableName, ...definition() }));
      return TableName;
    },
    close: async () => {
      for (const made of clients) made.destroy();
      const ended = new Promise((done) => server.once("exit", done));
      server.kill("SIGKILL");
      await ended;
    },
  };
}

function definition() {
  const { partitionKey, sortKey, dueIndex, listIndex } = keys;
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: "HASH" as const },
    { AttributeName: range, KeyType: "RANGE" as const },
  ];
  const indexes = [dueIndex, listIndex];
  const names = [partitionKey, sortKey, ...indexes.flatMap((index) => [index.partitionKey, index.sortKey])];
  return {
    BillingMode: "PAY_PER_REQUEST" as const,
    KeySchema: key(partitionKey, sortKey),
    AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: "S" as const })),
    GlobalSecondaryIndexes: indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: key(index.partitionKey, index.sortKey),
      Projection: { ProjectionType: "KEYS_ONLY" as const },
    })),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("no free port on 127.0.0.1");
  return address.port;
}

async function accepts(port: number, server: ChildProcess): Promise<boolean> {
  for (let tries = 0; tries < 1_000; tries++) {
    if (server.exitCode !== null || server.pid === undefined) return false;
    const accepted = await new Promise<boolean>((done) => {
      const socket = connect(port, "127.0.0.1", () => done(true));
      socket.once("connect", () => socket.destroy()).once("error", () => done(false));
    });
    if (accepted) return true;
    await sleep(10);
  }
  return false;
}
