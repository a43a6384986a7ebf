import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { alarmRegistry } from "#infra/constructs/alarm-registry.ts";
import { vendors } from "#shared/connectors/vendors.ts";
import * as z from "#shared/domain/schema.ts";
import { part, type Resource, synthesisedResources } from "#test/support/synthesised-cell.ts";

let all: readonly Resource[] = [];
const of = (type: string): readonly Resource[] => all.filter((resource) => resource.Type === type);
const text = (of_: unknown): string => JSON.stringify(of_);

beforeAll(() => {
  all = synthesisedResources();
});

describe("queues", () => {
  const isDeadLetters = ({ Properties }: Resource): boolean =>
    String(Properties["QueueName"]).endsWith("-dead-letters");

  test("every queue hands its failures to a dead-letter queue of its own", () => {
    const work = of("AWS::SQS::Queue").filter((queue) => !isDeadLetters(queue));
    const homes = work.map(({ Properties }) => text(part(Properties, "RedrivePolicy", "deadLetterTargetArn")));
    expect(new Set(homes).size).toBe(work.length);
    for (const { Properties } of work) expect(part(Properties, "RedrivePolicy", "maxReceiveCount")).toBe(5);
    expect(of("AWS::SQS::Queue").filter(isDeadLetters)).toHaveLength(work.length);
  });

  test("each vendor has a hint queue and an outbound queue; the cell has inbound, backfill and sweep", () => {
    const names = of("AWS::SQS::Queue")
      .filter((queue) => !isDeadLetters(queue))
      .map(({ Properties }) => String(Properties["QueueName"]).replace("plumbline-main-", ""));
    const perVendor = vendors.flatMap(({ id }) => [`hints-${id}`, `outbound-${id}`]);
    expect(names.sort()).toEqual([...perVendor, "inbound", "backfill", "sweep"].sort());
  });

  test("a message stays hidden for six times the time-out of what works it off", () => {
    const mappings = of("AWS::Lambda::EventSourceMapping");
    expect(mappings.length).toBe(vendors.length * 2 + 3);
    for (const { Properties } of mappings) {
      const queue = all.find(({ id }) => text(Properties["EventSourceArn"]).includes(`"${id}"`));
      const worker = all.find(({ id }) => text(Properties["FunctionName"]).includes(`"${id}"`));
      const timeout = Number(worker?.Properties["Timeout"]);
      const window = Number(Properties["MaximumBatchingWindowInSeconds"] ?? 0);
      expect(Number(queue?.Properties["VisibilityTimeout"])).toBeGreaterThanOrEqual(6 * timeout + window);
    }
  });

  test("every batch reports which of its messages failed", () => {
    for (const { Properties } of of("AWS::Lambda::EventSourceMapping")) {
      expect(Properties["FunctionResponseTypes"]).toEqual(["ReportBatchItemFailures"]);
    }
  });

  test("the pages of a first reading wait for one another, a sweep has an invocation to itself; all else comes by ten", () => {
    const batches = of("AWS::Lambda::EventSourceMapping").map(({ Properties }) => {
      const window = Properties["MaximumBatchingWindowInSeconds"] ?? 0;
      const queue = of("AWS::SQS::Queue").find(({ id }) => text(Properties["EventSourceArn"]).includes(`"${id}"`));
      return `${text(queue?.Properties["QueueName"])} ${text(Properties["BatchSize"])} ${text(window)}`;
    });
    const special = batches.filter((batch) => !batch.endsWith(" 10 0"));
    expect(special.toSorted()).toEqual(['"plumbline-main-backfill" 100 3', '"plumbline-main-sweep" 1 0']);
    expect(batches.length).toBeGreaterThan(special.length);
  });

  test("backfill stands behind the live queue: it may run two batches at once, inbound fifty", () => {
    const concurrency = (name: string): unknown => {
      const queue = of("AWS::SQS::Queue").find(
        ({ Properties }) => Properties["QueueName"] === `plumbline-main-${name}`,
      );
      const mapping = of("AWS::Lambda::EventSourceMapping").find(({ Properties }) =>
        text(Properties["EventSourceArn"]).includes(`"${queue?.id}"`),
      );
      return part(mapping?.Properties, "ScalingConfig", "MaximumConcurrency");
    };
    expect([concurrency("inbound"), concurrency("backfill")]).toEqual([50, 2]);
  });

  test("no message is dropped before its dead-letter queue would keep it, and none travels in the clear", () => {
    for (const { Properties } of of("AWS::SQS::Queue")) {
      const days = Number(Properties["MessageRetentionPeriod"]) / 86_400;
      expect(days).toBe(String(Properties["QueueName"]).endsWith("-dead-letters") ? 14 : 4);
      expect(Properties["SqsManagedSseEnabled"]).toBe(true);
    }
  });
});

describe("what must never be lost", () => {
  test("the table is on demand, recoverable to any second, and survives its stack", () => {
    const [table, ...others] = of("AWS::DynamoDB::Table");
    expect(others).toEqual([]);
    expect(table).toMatchObject({ stack: "data", DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
    expect(table?.Properties).toMatchObject({
      BillingMode: "PAY_PER_REQUEST",
      TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  test("the archive is closed to the public, versioned, and survives its stack", () => {
    const [archive, ...others] = of("AWS::S3::Bucket");
    expect(others).toEqual([]);
    expect(archive).toMatchObject({ stack: "data", DeletionPolicy: "Retain" });
    expect(archive?.Properties).toMatchObject({
      VersioningConfiguration: { Status: "Enabled" },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
  });
});

describe("the HTTP API", () => {
  test("every route but the webhooks stands behind the operators' token", () => {
    const open = of("AWS::ApiGatewayV2::Route").filter(({ Properties }) => Properties["AuthorizationType"] !== "JWT");
    expect(open.map(({ Properties }) => Properties["RouteKey"])).toEqual(["POST /webhooks/{company}/{connection}"]);
    const closed = of("AWS::ApiGatewayV2::Route").filter(({ Properties }) => Properties["AuthorizationType"] === "JWT");
    expect(closed.length).toBeGreaterThan(0);
    for (const { Properties } of closed) expect(Properties["AuthorizerId"]).toBeDefined();
  });

  test("the token's issuer and audience come from the stage", () => {
    const [authorizer] = of("AWS::ApiGatewayV2::Authorizer");
    expect(authorizer?.Properties["JwtConfiguration"]).toEqual({
      Audience: ["plumbline"],
      Issuer: "https://identity.example.com/",
    });
  });

  test("it is throttled and logs each request without a header, a body or a query", () => {
    const [stage] = of("AWS::ApiGatewayV2::Stage");
    expect(stage?.Properties["DefaultRouteSettings"]).toEqual({ ThrottlingBurstLimit: 200, ThrottlingRateLimit: 100 });
    expect(text(part(stage?.Properties, "AccessLogSettings", "Format"))).not.toMatch(
      /header|body|query|authorization"/i,
    );
  });
});

describe("schedules and alarms", () => {
  test("one tick a minute starts dispatch-due, and nothing else is scheduled", () => {
    const schedules = of("AWS::Scheduler::Schedule").map(({ Properties }) => Properties["ScheduleExpression"]);
    expect(schedules).toEqual(["rate(1 minute)"]);
    expect(of("AWS::Events::Rule")).toEqual([]);
  });

  test("every alarm has a page in the runbook, and every page an alarm", () => {
    const runbook = readFileSync(new URL("../../infra/RUNBOOK.md", import.meta.url), "utf8");
    const headings = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    const kinds = of("AWS::CloudWatch::Alarm").map(({ Properties }) => String(Properties["AlarmName"]).split("/")[1]);
    expect([...new Set(kinds)].sort()).toEqual(Object.keys(alarmRegistry).sort());
    expect(headings.sort()).toEqual(Object.keys(alarmRegistry).sort());
  });

  test("every alarm goes somewhere, says what it means, and says what silence means", () => {
    for (const { Properties } of of("AWS::CloudWatch::Alarm")) {
      expect(z.parse(z.array(z.unknown()), Properties["AlarmActions"])).toHaveLength(1);
      expect(String(Properties["AlarmDescription"])).toContain("infra/RUNBOOK.md");
      expect(["breaching", "notBreaching"]).toContain(Properties["TreatMissingData"]);
    }
  });

  test("every dead-letter queue and every function is watched", () => {
    const watched = of("AWS::CloudWatch::Alarm").map(({ Properties }) => String(Properties["AlarmName"]));
    const count = (kind: string): number => watched.filter((name) => name.includes(`/${kind}/`)).length;
    expect(count("dead-letters-waiting")).toBe(vendors.length * 2 + 3);
    expect(count("function-failing")).toBe(of("AWS::Lambda::Function").length);
  });
});

describe("functions", () => {
  test("there is one for each folder, or one for each vendor where the folder works for a vendor", () => {
    const names = of("AWS::Lambda::Function").map(({ Properties }) => String(Properties["FunctionName"]).slice(15));
    const once = ["call-vendor", "dispatch-due", "operate", "receive-webhook", "reconcile-job", "sweep-drift"];
    const perVendor = vendors.flatMap(({ id }) => [`poll-vendor-${id}`, `write-back-${id}`]);
    expect(names.sort()).toEqual([...once, ...perVendor].sort());
    for (const name of once)
      expect(existsSync(new URL(`../../functions/${name}/handler.ts`, import.meta.url))).toBe(true);
  });

  test("all run the same Node on the same processor and log JSON to a group that forgets", () => {
    for (const { Properties } of of("AWS::Lambda::Function")) {
      expect(Properties).toMatchObject({ Runtime: "nodejs24.x", Architectures: ["arm64"], Handler: "index.handler" });
      expect(part(Properties, "LoggingConfig", "LogFormat")).toBe("JSON");
    }
    for (const { Properties } of of("AWS::Logs::LogGroup")) expect(Properties["RetentionInDays"]).toBe(90);
  });
});
