import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readAws } from "#shared/runtime/env.ts";
import { s3Archive } from "#shared/store/archive.ts";
import { secretsManager } from "#shared/store/secrets.ts";
import type { AwsRequest } from "#shared/store/signed-call.ts";

const names = ["", "_DYNAMODB", "_SQS", "_S3", "_SECRETS_MANAGER"].map((service) => `AWS_ENDPOINT_URL${service}`);
const before = { ...process.env };
const say = (said: Readonly<Record<string, string>>): void => {
  Object.assign(process.env, said);
};

beforeEach(() => {
  for (const name of names) delete process.env[name];
  say({ AWS_REGION: "us-west-2", AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "key" });
});
afterEach(() => {
  for (const name of [...names, "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) {
    const was = before[name];
    if (was === undefined) delete process.env[name];
    else process.env[name] = was;
  }
});

describe("addresses of AWS", () => {
  test("are AWS's own where the environment says nothing", () => {
    expect(readAws().endpoints).toEqual({});
  });

  test("are AWS_ENDPOINT_URL for every service, and a service's own before it", () => {
    say({
      AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
      AWS_ENDPOINT_URL_S3: "http://127.0.0.1:9000",
      AWS_ENDPOINT_URL_SQS: "",
    });
    expect(readAws().endpoints).toEqual({
      dynamodb: "http://127.0.0.1:4566",
      sqs: "http://127.0.0.1:4566",
      s3: "http://127.0.0.1:9000",
      secretsmanager: "http://127.0.0.1:4566",
    });
  });

  test.each([
    [
      "eu-central-1",
      "https://raw.s3.eu-central-1.amazonaws.com/a",
      "https://secretsmanager.eu-central-1.amazonaws.com/",
    ],
    [
      "cn-north-1",
      "https://raw.s3.cn-north-1.amazonaws.com.cn/a",
      "https://secretsmanager.cn-north-1.amazonaws.com.cn/",
    ],
  ])("of the archive and the secrets in %s", async (region, archive, secrets) => {
    say({ AWS_REGION: region });
    const asked: string[] = [];
    const aws = {
      access: readAws(),
      send: async ({ url }: AwsRequest) => {
        asked.push(url.href);
        return JSON.stringify({ SecretString: "{}" });
      },
    };
    await s3Archive(aws, "raw").get("a");
    await secretsManager(aws).get("a secret");
    expect(asked).toEqual([archive, secrets]);
  });
});
