import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import * as z from "#shared/domain/schema.ts";
import type { Database } from "./database.ts";
import { read } from "./declared.ts";
import { javaDatabaseIn, startJavaDatabase } from "./dynamodb-java.ts";
import { startKeeper } from "./keeper.ts";
import { physicalName } from "./naming.ts";
import { type Resolver, region } from "./resolve.ts";
import { type Assembly, resourcesOf } from "./template.ts";

/** Why no database can be started here, a line for each thing that is missing and what to do; null when one can. */
export function databaseLacks(): string | null {
  if (dynoxide()) return null;
  const java = javaDatabaseIn(moduleFolders);
  if ("home" in java) return null;
  const why =
    process.arch === "x64"
      ? "dynoxide is not installed (npm ci brings it, unless optional packages are left out)"
      : `there is no dynoxide for ${process.platform}-${process.arch}`;
  return [
    `no local DynamoDB: ${why}, and for DynamoDB Local is missing`,
    ...java.missing.map((one) => `  ${one}`),
  ].join("\n");
}

/** Starts dynoxide, else DynamoDB Local, on loopback over files in the data folder, which survive the process. */
export async function startDatabase(dataDir: string): Promise<Database> {
  const folder = join(dataDir, "dynamodb");
  const program = dynoxide();
  if (program) return startDynoxide(program, folder);
  const java = javaDatabaseIn(moduleFolders);
  if ("home" in java) return startJavaDatabase(java.home, join(folder, "java"));
  throw new Error(databaseLacks() ?? "no local DynamoDB");
}

async function startDynoxide(program: string, folder: string): Promise<Database> {
  mkdirSync(folder, { recursive: true });
  // Another process may take the free port between finding and using it: then another one.
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const keeper = await startKeeper(program, ["--port", String(port), "--db-path", join(folder, "table.sqlite")]);
    const failure = await Promise.race([answers(port), keeper.ended.then((said) => said || "it ended at once")]);
    if (failure === undefined) return { url: `http://127.0.0.1:${port}`, keeper, close: () => keeper.close() };
    await keeper.close();
    if (attempt === 3) throw new Error(`the local DynamoDB did not start: ${failure.split("\n")[0]}`);
  }
}

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(["HASH", "RANGE"]) }));

const tableSchema = z.object({
  KeySchema: keySchema,
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(["S", "N", "B"]) })),
  GlobalSecondaryIndexes: z._default(
    z.array(
      z.object({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.object({
          ProjectionType: z._default(z.enum(["ALL", "KEYS_ONLY", "INCLUDE"]), "ALL"),
          NonKeyAttributes: z.optional(z.array(z.string())),
        }),
      }),
    ),
    [],
  ),
  TimeToLiveSpecification: z.optional(
    z.object({ AttributeName: z.optional(z.string()), Enabled: z._default(z.boolean(), true) }),
  ),
  StreamSpecification: z.optional(z.unknown()),
});

/**
 * Makes the template's tables where they are not there yet, on demand as the template has them; returns their names.
 * An existing table is kept as it is.
 */
export async function createTables(assembly: Assembly, resolver: Resolver, url: string): Promise<string[]> {
  const client = new DynamoDBClient({
    endpoint: url,
    region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const names: string[] = [];
  for (const resource of resourcesOf(assembly, "AWS::DynamoDB::Table")) {
    const name = physicalName(resource, resolver);
    names.push(name);
    if (await exists(client, name)) continue;
    const spec = read(tableSchema, resource, resolver);
    if (spec.StreamSpecification !== undefined) throw new Error(`${name} has a stream: streams are not emulated`);
    const indexes = spec.GlobalSecondaryIndexes.map(({ Projection, ...index }) => ({
      ...index,
      Projection: {
        ProjectionType: Projection.ProjectionType,
        ...(Projection.NonKeyAttributes ? { NonKeyAttributes: Projection.NonKeyAttributes } : {}),
      },
    }));
    await client.send(
      new CreateTableCommand({
        TableName: name,
        KeySchema: spec.KeySchema,
        AttributeDefinitions: spec.AttributeDefinitions,
        BillingMode: "PAY_PER_REQUEST",
        ...(indexes.length > 0 ? { GlobalSecondaryIndexes: indexes } : {}),
      }),
    );
    const ttl = spec.TimeToLiveSpecification;
    if (!ttl?.Enabled || !ttl.AttributeName) continue;
    const TimeToLiveSpecification = { AttributeName: ttl.AttributeName, Enabled: true };
    await client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }));
  }
  client.destroy();
  return names;
}

async function exists(client: DynamoDBClient, name: string): Promise<boolean> {
  try {
    await client.send(new DescribeTableCommand({ TableName: name }));
    return true;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
}

const moduleFolders = createRequire(import.meta.url).resolve.paths("@dynoxide/linux-x64") ?? [];

function dynoxide(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  return moduleFolders
    .map((folder) => join(folder, "@dynoxide", "linux-x64", "dynoxide"))
    .find((file) => existsSync(file));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, failed) => {
    server.once("error", failed);
    server.listen(0, "127.0.0.1", done);
  });
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("no free port on 127.0.0.1");
  return address.port;
}

/** Undefined once the port accepts a connection; after 15 s the reason why not. */
async function answers(port: number): Promise<string | undefined> {
  for (const started = Date.now(); Date.now() - started < 15_000; await sleep(5)) {
    const accepted = await new Promise<boolean>((done) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => done(true)).once("error", () => done(false));
      socket.once("connect", () => socket.destroy());
    });
    if (accepted) return undefined;
  }
  return "it did not answer within 15 s";
}
