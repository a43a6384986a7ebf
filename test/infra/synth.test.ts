import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { App, CfnResource, Stack, Validations } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { AwsSolutionsChecks } from "cdk-nag";
import { afterEach, describe, expect, test } from "vitest";
import { PublicApi } from "#infra/constructs/public-api.ts";
import { committedContext } from "#infra/context.ts";
import { readStage } from "#infra/stage.ts";
import * as z from "#shared/domain/schema.ts";
import { cellApp, deployedFiles, part } from "#test/support/synthesised-cell.ts";

const made: string[] = [];
afterEach(() => {
  for (const outdir of made.splice(0)) rmSync(outdir, { recursive: true, force: true });
});

function synthesised(change: (app: App) => void = () => undefined, bundled = false): string {
  const { app } = cellApp({ bundled });
  made.push(app.outdir);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  change(app);
  app.synth();
  return app.outdir;
}

describe("synthesis", () => {
  test("the security rules and the built-in validator find nothing", () => {
    expect(() => synthesised()).not.toThrow();
  });

  test("and would: a bare bucket stops the synthesis", () => {
    expect(() => synthesised((app) => new Bucket(new Stack(app, "bare"), "Bucket"))).toThrow(/AwsSolutions-S10/);
  });

  test("and would: a value that CloudFormation would refuse stops the synthesis", () => {
    const wrong = { type: "AWS::SQS::Queue", properties: { VisibilityTimeout: 999_999 } };
    expect(() => synthesised((app) => new CfnResource(new Stack(app, "wrong"), "Queue", wrong))).toThrow(
      /VisibilityTimeout: 999999 is greater than/,
    );
  });

  test("is the same twice, to the byte and to the bundles' names", () => {
    const [first, second] = [synthesised(undefined, true), synthesised(undefined, true)];
    expect(deployedFiles(first)).toEqual(deployedFiles(second));
    expect(deployedFiles(first).filter((name) => name.startsWith("asset.")).length).toBeGreaterThan(0);
    for (const name of deployedFiles(first).filter((file) => file.endsWith(".json"))) {
      expect(readFileSync(join(first, name), "utf8")).toBe(readFileSync(join(second, name), "utf8"));
    }
  });
});

describe("the stage", () => {
  const stageWith = (context: Record<string, unknown>) => readStage(new App({ context }).node);

  test("comes from cdk.json; another cell is named on the command line", () => {
    expect(stageWith(committedContext()).cell).toBe("main");
    expect(stageWith({ ...committedContext(), cell: "north" }).cell).toBe("north");
  });

  test("no page of another origin may ask the API, but the one it names", () => {
    const corsOf = (consoleOrigin?: string): unknown => {
      const stack = new Stack(new App(), "api");
      const stage = stageWith(committedContext());
      new PublicApi(stack, "Api", consoleOrigin === undefined ? stage : { ...stage, consoleOrigin });
      const [api] = Object.values(Template.fromStack(stack).findResources("AWS::ApiGatewayV2::Api"));
      return part(api, "Properties", "CorsConfiguration");
    };
    expect(corsOf()).toBeUndefined();
    expect(corsOf("https://desk.example")).toMatchObject({
      AllowOrigins: ["https://desk.example"],
      AllowHeaders: ["authorization", "content-type"],
    });
    const named = (consoleOrigin: string) => () =>
      stageWith({ plumbline: { ...z.parse(z.looseObject({}), committedContext()["plumbline"]), consoleOrigin } });
    expect(named("https://desk.example/")).toThrow(/plumbline\.consoleOrigin: expected an origin/);
    expect(named("https://desk.example")()).toMatchObject({ consoleOrigin: "https://desk.example" });
  });

  test("says where it is wrong", () => {
    expect(() => stageWith({ plumbline: { cell: "Main!", tokenIssuer: "x", tokenAudience: "" } })).toThrow(
      /plumbline\.cell: .*plumbline\.tokenIssuer: .*plumbline\.tokenAudience: /,
    );
  });
});
