import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { dynamoClient } from "#shared/store/client.ts";
import { sqsClient } from "#shared/store/sqs-queues.ts";

// The SDK promises none of these names: after a rename the removal would do nothing and say nothing.
const removed = ["loggerMiddleware", "getUserAgentMiddleware"];
const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI" };
const region = "us-east-1";

let server: Server;
let url = "";
const asked: IncomingHttpHeaders[] = [];

/** An endpoint that is not there for the first request and answers the second with nothing. */
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.headers);
    request.resume().once("end", () => {
      response.writeHead(asked.length === 1 ? 503 : 200, { "content-type": "application/x-amz-json-1.0" }).end("{}");
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});
beforeEach(() => {
  asked.length = 0;
});

const steps = (client: DynamoDBClient | SQSClient): readonly string[] =>
  client.middlewareStack.identify().map((step) => step.split(" ")[0]?.replace(/:$/, "") ?? "");

test.each([
  ["DynamoDB", () => dynamoClient({ region, credentials, endpoints: {} }), () => new DynamoDBClient({ region })],
  ["SQS", () => sqsClient({ region, credentials, endpoints: {} }), () => new SQSClient({ region })],
])("the client of %s has lost the two steps that only tell, and no other", (_name, ours, plain) => {
  const before = steps(plain());
  expect(before).toEqual(expect.arrayContaining(removed));
  expect(steps(ours())).toEqual(before.filter((step) => !removed.includes(step)));
});

test.each([
  [
    "DynamoDB",
    async () => dynamoClient({ region, credentials, endpoints: { dynamodb: url } }).send(new ListTablesCommand({})),
  ],
  ["SQS", async () => sqsClient({ region, credentials, endpoints: { sqs: url } }).send(new ListQueuesCommand({}))],
])("the client of %s still signs, and asks again after a 503", async (_name, ask) => {
  await ask();
  expect(asked).toHaveLength(2);
  for (const headers of asked) expect(headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\//);
});
