import { describe, expect, it } from "vitest";
import { mappingsOf, queuesOf, schedulesOf } from "#local/aws/declared.ts";
import { httpApiOf } from "#local/aws/declared-api.ts";
import { localNaming } from "#local/aws/naming.ts";
import { inTurns } from "#local/aws/queues.ts";
import { type Resolver, resolver } from "#local/aws/resolve.ts";
import { router } from "#local/aws/routes.ts";
import { inputOf, nextAfter } from "#local/aws/schedules.ts";
import { readAssembly } from "#local/aws/template.ts";
import { templateDir } from "./support.ts";

const assembly = readAssembly(templateDir);
const names: Resolver = resolver(
  assembly,
  localNaming({ sqs: "http://sqs", api: "http://api" }, () => names),
);
const pipeline = (value: unknown): unknown => names.resolve("small-pipeline", value);

describe("the template's intrinsic functions", () => {
  it.each([
    ["the name of a queue", { "Fn::GetAtt": ["WorkQueue", "QueueName"] }, "small-work"],
    ["the URL of a queue", { Ref: "WorkQueue" }, "http://sqs/000000000000/small-work"],
    ["an ARN", { "Fn::GetAtt": "WorkQueue.Arn" }, "arn:aws:sqs:us-east-1:000000000000:small-work"],
    ["a name that CloudFormation makes", { "Fn::GetAtt": ["AgainDead", "QueueName"] }, "small-pipeline-AgainDead"],
    ["another stack's export", { "Fn::ImportValue": "small:table" }, "small-data-Table"],
    ["another stack's export, named by a function", { "Fn::ImportValue": "small-data:archive" }, "small-data-archive"],
    [
      "another stack's output",
      { "Fn::GetStackOutput": { StackName: "small-data", OutputName: "TableName" } },
      "small-data-Table",
    ],
    [
      "a sentence",
      { "Fn::Sub": ["${AWS::Region}/${who}/${Api.ApiEndpoint}/${!kept}", { who: { Ref: "Worker" } }] },
      "us-east-1/small-worker/http://api/${kept}",
    ],
    ["a part", { "Fn::Select": [1, { "Fn::Split": ["-", { Ref: "Worker" }] }] }, "worker"],
    ["nothing", { left: { Ref: "AWS::NoValue" }, list: [1, { Ref: "AWS::NoValue" }] }, { list: [1] }],
  ])("resolve %s", (_what, value, expected) => {
    expect(pipeline(value)).toEqual(expected);
  });

  it("are refused by name when unknown or dangling", () => {
    expect(() => pipeline({ "Fn::Cidr": [] })).toThrow("Fn::Cidr is not known");
    expect(() => pipeline({ Ref: "Nobody" })).toThrow("no resource or parameter Nobody");
    expect(() => pipeline({ "Fn::ImportValue": "nobody" })).toThrow("which no stack exports");
  });
});

describe("what the template declares", () => {
  it("is read with AWS's defaults", () => {
    expect(mappingsOf(assembly, names)).toContainEqual({
      functionName: "small-plain",
      queueArn: "arn:aws:sqs:us-east-1:000000000000:small-plain",
      batchSize: 10,
      windowSeconds: 0,
      maximumConcurrency: undefined,
      reportsItemFailures: false,
    });
    expect(queuesOf(assembly, names, "http://sqs").find(({ name }) => name === "small-work")?.attributes).toEqual({
      VisibilityTimeout: "1",
      RedrivePolicy:
        '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:small-work-dead-letters","maxReceiveCount":3}',
    });
    expect(
      httpApiOf(assembly, names)
        ?.routes.filter(({ authorizer }) => !authorizer)
        .map(({ routeKey }) => routeKey),
    ).toEqual(["POST /webhooks/{company}/{connection}", "POST /broken"]);
  });

  it("leaves disabled schedules out", () => {
    expect(schedulesOf(assembly, names).map(({ name }) => name)).toEqual(["small-tick"]);
  });
});

describe("a schedule", () => {
  const spec = { name: "s", arn: "arn:s", functionName: "f", timezone: "UTC", input: undefined };
  const from = new Date("2026-10-28T06:30:30.000Z");

  it.each([
    ["rate(1 minute)", "2026-10-28T06:31:30.000Z"],
    ["rate(2 hours)", "2026-10-28T08:30:30.000Z"],
    ["cron(0 7 * * ? *)", "2026-10-28T07:00:00.000Z"],
    ["cron(15 10 L * ? *)", "2026-10-31T10:15:00.000Z"],
    ["at(2026-11-01T00:00:00)", "2026-11-01T00:00:00.000Z"],
    ["at(2026-10-01T00:00:00)", undefined],
  ])("%s fires next as EventBridge Scheduler would", (expression, expected) => {
    expect(nextAfter({ ...spec, expression }, from)?.toISOString()).toBe(expected);
  });

  it("refuses what it cannot read, rather than fire at the wrong hour", () => {
    expect(() => nextAfter({ ...spec, expression: "weekly" }, from)).toThrow("is no schedule");
    expect(() => nextAfter({ ...spec, expression: "cron(0 7 * * ? *)", timezone: "America/Denver" }, from)).toThrow(
      "only UTC",
    );
  });

  it("without an input sends EventBridge Scheduler's own event", () => {
    expect(JSON.parse(inputOf({ ...spec, expression: "rate(1 minute)" }, from))).toMatchObject({
      source: "aws.scheduler",
      "detail-type": "Scheduled Event",
      time: "2026-10-28T06:30:30Z",
      resources: ["arn:s"],
    });
  });
});

describe("a fair queue", () => {
  it("takes one message of each group in turn, each group in its order", () => {
    const waiting = ["a1", "a2", "a3", "b1", "c1", "b2"];
    expect(inTurns(waiting, (name) => name[0])).toEqual(["a1", "b1", "c1", "a2", "b2", "a3"]);
    expect(inTurns(waiting, () => undefined)).toEqual(waiting);
  });
});

describe("routes", () => {
  const keys = ["$default", "ANY /a/{proxy+}", "GET /a/{id}", "GET /a/b", "ANY /a/b"];
  const choose = router(
    keys.map((routeKey) => ({ routeKey, functionName: "f", timeoutMs: 1, authorizer: undefined, scopes: [] })),
  );

  it.each([
    ["GET", "/a/b", "GET /a/b"],
    ["POST", "/a/b", "ANY /a/b"],
    ["GET", "/a/c", "GET /a/{id}"],
    ["POST", "/a/c", "ANY /a/{proxy+}"],
    ["GET", "/a/b/c", "ANY /a/{proxy+}"],
    ["GET", "/elsewhere", "$default"],
  ])("%s %s goes to %s", (method, path, expected) => {
    expect(choose(method, path)?.route.routeKey).toBe(expected);
  });
});
