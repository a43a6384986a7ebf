import type { APIGatewayProxyEventV2WithJWTAuthorizer, Context, SQSEvent } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Failure } from "#shared/domain/failure.ts";
import * as z from "#shared/domain/schema.ts";
import { httpApi } from "#shared/runtime/http-api.ts";
import { logTo } from "#shared/runtime/log.ts";
import { logCodes } from "#shared/runtime/log-codes.ts";
import { metricsTo } from "#shared/runtime/metrics.ts";
import { scheduled } from "#shared/runtime/scheduled.ts";
import { sqsBatch } from "#shared/runtime/sqs-batch.ts";
import { codeIn } from "#test/support/sources.ts";

const context: Context = {
  awsRequestId: "r1",
  getRemainingTimeInMillis: () => 1_000,
  callbackWaitsForEmptyEventLoop: false,
  functionName: "f",
  functionVersion: "1",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:1:function:f",
  memoryLimitInMB: "256",
  logGroupName: "f",
  logStreamName: "1",
  done: () => {},
  fail: () => {},
  succeed: () => {},
};
let lines: string[] = [];

beforeEach(() => {
  lines = [];
  vi.spyOn(process.stdout, "write").mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const said = (): readonly unknown[] => lines.map((line): unknown => JSON.parse(line));

describe("a queue's trigger", () => {
  const schema = z.strictObject({ n: z.int(), group: z.string() });
  const event = (...bodies: readonly unknown[]): SQSEvent => ({
    Records: bodies.map((body, n) => ({
      messageId: `m${n}`,
      receiptHandle: `h${n}`,
      body: typeof body === "string" ? body : JSON.stringify(body),
      attributes: {
        ApproximateReceiveCount: "1",
        SentTimestamp: "0",
        SenderId: "sender",
        ApproximateFirstReceiveTimestamp: "0",
      },
      messageAttributes: {},
      md5OfBody: "",
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:us-east-1:1:q",
      awsRegion: "us-east-1",
    })),
  });
  const kept = (...ids: readonly string[]) => ({
    batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
  });

  test("keeps the message that failed and no other", async () => {
    const handler = sqsBatch({
      name: "f",
      schema,
      work: async ({ n }) => {
        if (n === 1) throw new Failure("transient", "table away");
      },
    });
    const batch = event({ n: 0, group: "a" }, { n: 1, group: "a" }, { n: 2, group: "a" });
    expect(await handler(batch, context)).toEqual(kept("m1"));
    expect(said()).toContainEqual(
      expect.objectContaining({ code: "PL003", failure: "transient", disposition: "retry" }),
    );
  });

  test("keeps a message without the queue's shape for the dead-letter queue, and works the others", async () => {
    const worked: number[] = [];
    const handler = sqsBatch({ name: "f", schema, work: async ({ n }) => void worked.push(n) });
    const batch = event("not json", { n: 1, group: "a" }, { n: 2, group: "a", more: true }, { n: "3" });
    expect(await handler(batch, context)).toEqual(kept("m0", "m2", "m3"));
    expect(worked).toEqual([1]);
  });

  test("works one group in order and different groups side by side", async () => {
    const order: string[] = [];
    const handler = sqsBatch({
      name: "f",
      schema,
      groupOf: ({ group }) => group,
      work: async ({ n, group }) => {
        order.push(`${group}${n} begins`);
        await new Promise((done) => setImmediate(done));
        order.push(`${group}${n} ends`);
      },
    });
    await handler(event({ n: 1, group: "a" }, { n: 2, group: "a" }, { n: 1, group: "b" }), context);
    expect(order.indexOf("a2 begins")).toBeGreaterThan(order.indexOf("a1 ends"));
    expect(order.indexOf("b1 begins")).toBeLessThan(order.indexOf("a1 ends"));
  });
});

describe("the HTTP API's trigger", () => {
  const event = (body: string, isBase64Encoded: boolean): APIGatewayProxyEventV2WithJWTAuthorizer => ({
    version: "2.0",
    rawPath: "/webhooks/a/b",
    rawQueryString: "",
    routeKey: "POST /webhooks/{company}/{connection}",
    headers: { "x-signature": "s" },
    pathParameters: { company: "a", connection: "b" },
    requestContext: {
      accountId: "1",
      apiId: "api",
      domainName: "api.example",
      domainPrefix: "api",
      http: { method: "POST", path: "/webhooks/a/b", protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test" },
      authorizer: { principalId: "ana", integrationLatency: 0, jwt: { claims: { sub: "ana" }, scopes: [] } },
      requestId: "r1",
      routeKey: "POST /webhooks/{company}/{connection}",
      stage: "$default",
      time: "01/Nov/2026:00:00:00 +0000",
      timeEpoch: 0,
    },
    body,
    isBase64Encoded,
  });

  test("hands over the very bytes that came, base64 or not, and answers JSON", async () => {
    const bodies: string[] = [];
    const handler = httpApi({
      name: "f",
      work: async ({ body, parameters, claims }) => {
        bodies.push(Buffer.from(body).toString("hex"));
        return { status: 202, json: { parameters, claims } };
      },
    });
    const bytes = Buffer.from([0xc3, 0xa9, 0x00, 0xff]);
    const answer = await handler(event(bytes.toString("base64"), true), context);
    await handler(event("é", false), context);
    expect(bodies).toEqual(["c3a900ff", "c3a9"]);
    expect(answer).toMatchObject({ statusCode: 202, headers: { "content-type": "application/json" } });
    expect(JSON.parse(answer.body ?? "")).toEqual({
      parameters: { company: "a", connection: "b" },
      claims: { sub: "ana" },
    });
  });

  test("answers 500 without a word about why, which the log has", async () => {
    const handler = httpApi({
      name: "f",
      work: () => Promise.reject(new Error("table plumbline-main is away")),
    });
    const answer = await handler(event("{}", false), context);
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain("plumbline-main");
    expect(said()).toContainEqual(expect.objectContaining({ code: "PL005", message: "table plumbline-main is away" }));
  });
});

describe("the schedule's trigger", () => {
  test("fails as its work fails, so that Lambda counts it", async () => {
    const handler = scheduled({ name: "f", work: () => Promise.reject(new Error("no table")) });
    await expect(handler({}, context)).rejects.toThrow("no table");
    expect(said()).toContainEqual(expect.objectContaining({ level: "error", code: "PL005" }));
  });
});

describe("the log", () => {
  test("is one JSON object a line with level and sentence of its code", () => {
    logTo((line) => lines.push(line), { function: "f" })
      .with({ company: "c" })
      .write("PL010", { read: 3 });
    expect(said()).toEqual([
      { level: "info", code: "PL010", says: logCodes.PL010.says, function: "f", company: "c", read: 3 },
    ]);
  });

  test("has no code that nothing writes", () => {
    const code = codeIn("shared", "functions")
      .filter(({ path }) => !path.endsWith("log-codes.ts"))
      .map(({ text }) => text)
      .join("\n");
    expect(Object.keys(logCodes).filter((one) => !code.includes(`"${one}"`))).toEqual([]);
  });
});

describe("metrics", () => {
  test("are one line in CloudWatch's embedded form, and none where all is zero", () => {
    const { emit } = metricsTo((line) => lines.push(line));
    emit({ RecordsForwarded: 3, RecordsQuarantined: 0 }, "rotor", 1_700_000_000_000);
    emit({ DriftFound: 0 }, "rotor");
    const Metrics = [{ Name: "RecordsForwarded", Unit: "Count" }];
    expect(said()).toEqual([
      {
        _aws: {
          Timestamp: 1_700_000_000_000,
          CloudWatchMetrics: [{ Namespace: "Plumbline", Dimensions: [["vendor"]], Metrics }],
        },
        vendor: "rotor",
        RecordsForwarded: 3,
      },
    ]);
  });
});
