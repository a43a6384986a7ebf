import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SmallStack, startSmallStack } from "./support.ts";

let small: SmallStack;

beforeAll(async () => {
  small = await startSmallStack();
  await small.stack.setNow("2026-10-28T06:00:00.000Z");
  await small.stack.tick();
  await small.stack.idle();
});
afterAll(() => small.close());

describe("a function's sandbox", () => {
  it("has the template's environment, the Lambda service's, and a closed list of additions", () => {
    const template = ["TABLE_NAME", "ARCHIVE_BUCKET", "WORK_QUEUE_URL", "HINT_QUEUES"];
    const added = [
      "AWS_ENDPOINT_URL_DYNAMODB",
      "AWS_ENDPOINT_URL_SQS",
      "AWS_ENDPOINT_URL_S3",
      "AWS_ENDPOINT_URL_SECRETS_MANAGER",
      "PLUMBLINE_CLOCK_URL",
    ];
    // docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html, "Defined runtime environment variables"
    const service = [
      "_HANDLER",
      "_X_AMZN_TRACE_ID",
      "AWS_DEFAULT_REGION",
      "AWS_REGION",
      "AWS_EXECUTION_ENV",
      "AWS_LAMBDA_FUNCTION_NAME",
      "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
      "AWS_LAMBDA_FUNCTION_VERSION",
      "AWS_LAMBDA_INITIALIZATION_TYPE",
      "AWS_LAMBDA_LOG_GROUP_NAME",
      "AWS_LAMBDA_LOG_STREAM_NAME",
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_SESSION_TOKEN",
      "AWS_LAMBDA_RUNTIME_API",
      "LAMBDA_TASK_ROOT",
      "LAMBDA_RUNTIME_DIR",
      "LANG",
      "TZ",
      "PATH",
    ];
    const [report] = small.reports();
    expect([...(report?.env ?? [])].sort()).toEqual([...template, ...added, ...service, "REPORT_FILE"].sort());
  });

  it("gets a schedule's input, filled in with the clock's instant, once for each tick and enabled schedule", () => {
    expect(small.reports().map(({ event }) => event)).toEqual([{ scheduled: "2026-10-28T06:00:00Z" }]);
  });

  it("reads the time from the clock service", async () => {
    const answer = await fetch(small.stack.clockUrl);
    expect(await answer.json()).toEqual({ now: "2026-10-28T06:00:00.000Z" });
  });
});
