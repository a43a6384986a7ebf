import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStack } from "#local/aws/stack.ts";
import { type SmallStack, startSmallStack, templateDir } from "./support.ts";

let small: SmallStack;

beforeAll(async () => {
  small = await startSmallStack();
});
afterAll(() => small.close());

describe("the archive", () => {
  const at = (key: string): string => `${small.stack.endpoints.s3}/${small.stack.archiveBucket}/${key}`;
  const put = (key: string, body: string | Uint8Array<ArrayBuffer>, headers = {}) =>
    fetch(at(key), { method: "PUT", body, headers });

  it("gives back bytes and headers as they were put", async () => {
    const bytes = new Uint8Array([0, 255, 10, 13]);
    const headers = { "content-type": "application/gzip", "x-amz-meta-page": "7" };
    expect((await put("acme/2026/page%201", bytes, headers)).status).toBe(200);
    const got = await fetch(at("acme/2026/page%201"));
    expect(new Uint8Array(await got.arrayBuffer())).toEqual(bytes);
    expect([got.headers.get("content-type"), got.headers.get("x-amz-meta-page")]).toEqual(["application/gzip", "7"]);
    const head = await fetch(at("acme/2026/page%201"), { method: "HEAD" });
    expect([head.status, head.headers.get("content-length"), head.headers.get("etag")]).toEqual([
      200,
      "4",
      got.headers.get("etag"),
    ]);
  });

  it("answers S3's own errors", async () => {
    const missing = await fetch(at("nothing"));
    expect([missing.status, await missing.text()]).toEqual([404, expect.stringContaining("<Code>NoSuchKey</Code>")]);
    const bucket = await fetch(`${small.stack.endpoints.s3}/else/x`);
    expect([bucket.status, await bucket.text()]).toEqual([404, expect.stringContaining("<Code>NoSuchBucket</Code>")]);
    await put("once", "first");
    expect((await put("once", "second", { "if-none-match": "*" })).status).toBe(412);
  });

  it("keeps every key inside its folder", async () => {
    await put("..%2F..%2Fescape", "x");
    await put("a", "file");
    await put("a/b", "folder and file");
    expect(await (await fetch(at("..%2F..%2Fescape"))).text()).toBe("x");
    expect([await (await fetch(at("a"))).text(), await (await fetch(at("a/b"))).text()]).toEqual([
      "file",
      "folder and file",
    ]);
  });

  it("lists by prefix, in pages, and by folder", async () => {
    for (const key of ["list/1", "list/2", "list/deep/1", "list/deep/2", "list/é"]) await put(encodeURI(key), "x");
    const page = async (query: string): Promise<string> =>
      (await fetch(`${at("").slice(0, -1)}?list-type=2&${query}`)).text();
    const keys = (xml: string, tag = "Key"): string[] =>
      [...xml.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, "g"))].map(([, key = ""]) => key);
    expect(keys(await page("prefix=list/"))).toEqual(["list/1", "list/2", "list/deep/1", "list/deep/2", "list/é"]);
    const first = await page("prefix=list/&max-keys=3");
    const token = keys(first, "NextContinuationToken")[0];
    expect(keys(first)).toHaveLength(3);
    expect(keys(await page(`prefix=list/&continuation-token=${token}`))).toEqual(["list/deep/2", "list/é"]);
    const folders = await page("prefix=list/&delimiter=/");
    expect([keys(folders), keys(folders, "Prefix")]).toEqual([
      ["list/1", "list/2", "list/é"],
      ["list/", "list/deep/"],
    ]);
  });

  it("is found by host name too", async () => {
    await put("virtual", "by host");
    const { port } = new URL(small.stack.endpoints.s3);
    const headers = { host: `${small.stack.archiveBucket}.localhost:${port}` };
    const status = await new Promise((done) => {
      request({ host: "127.0.0.1", port, path: "/virtual", headers }, (response) => {
        response.resume();
        done(response.statusCode);
      }).end();
    });
    expect(status).toBe(200);
  });
});

describe("the secrets", () => {
  const ask = async (SecretId: string) => {
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "secretsmanager.GetSecretValue" };
    const body = JSON.stringify({ SecretId });
    const response = await fetch(small.stack.endpoints.secretsManager, { method: "POST", headers, body });
    return { status: response.status, body: await response.json() };
  };

  it("come from secrets.json as it stands now, by name or by ARN", async () => {
    writeFileSync(
      join(small.dataDir, "secrets.json"),
      JSON.stringify({ "acme/rotor": { apiKey: "k" }, plain: "text" }),
    );
    expect(await ask("acme/rotor")).toMatchObject({
      status: 200,
      body: { Name: "acme/rotor", SecretString: '{"apiKey":"k"}' },
    });
    expect(await ask("arn:aws:secretsmanager:us-east-1:000000000000:secret:plain-AbC123")).toMatchObject({
      body: { SecretString: "text" },
    });
    expect(await ask("none")).toMatchObject({ status: 400, body: { __type: "ResourceNotFoundException" } });
  });
});

describe("the table", () => {
  const clientOf = (endpoint: string): DynamoDBClient =>
    new DynamoDBClient({
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });

  it("stands as the template has it, and its items outlive the stack", async () => {
    const dataDir = join(small.dataDir, "kept");
    mkdirSync(dataDir);
    const first = await startStack({ dataDir, templateDir });
    const Item = { pk: { S: "a" }, sk: { S: "1" }, dueShard: { S: "0" } };
    await clientOf(first.endpoints.dynamodb).send(new PutItemCommand({ TableName: first.tableName, Item }));
    await first.close();
    const second = await startStack({ dataDir, templateDir });
    const client = clientOf(second.endpoints.dynamodb);
    const found = await client.send(
      new GetItemCommand({ TableName: second.tableName, Key: { pk: { S: "a" }, sk: { S: "1" } } }),
    );
    expect(found.Item).toEqual(Item);
    const due = await client.send(
      new QueryCommand({
        TableName: second.tableName,
        IndexName: "due",
        KeyConditionExpression: "dueShard = :shard",
        ExpressionAttributeValues: { ":shard": { S: "0" } },
      }),
    );
    expect(due.Count).toBe(1);
    await second.close();
  });
});
