import { CfnOutput, Duration, Stack, type StackProps } from "aws-cdk-lib";
import { HttpMethod, HttpRoute, HttpRouteKey } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { Construct } from "constructs";
import { route } from "#functions/call-vendor/route.ts";
import { routes } from "#functions/operate/routes.ts";
import { CallVendor } from "#infra/constructs/call-vendor.ts";
import { Operate } from "#infra/constructs/operate.ts";
import type { Store } from "#infra/stacks/data.ts";
import type { PipelineStack } from "#infra/stacks/pipeline.ts";
import type { Stage } from "#infra/stage.ts";

export interface ConsoleStackProps extends StackProps {
  readonly stage: Stage;
  readonly store: Store;
  readonly pipeline: PipelineStack;
}

/** What people look at and decide on. The pipeline goes on without it. */
export class ConsoleStack extends Stack {
  readonly operate: Operate;
  readonly callVendor: CallVendor;

  constructor(scope: Construct, id: string, { stage, store, pipeline, ...props }: ConsoleStackProps) {
    super(scope, id, { description: "Plumbline: what people look at", ...props });
    this.operate = new Operate(this, "Operate", { stage, store, queues: pipeline.queues });
    this.callVendor = new CallVendor(this, "CallVendor", { stage, store, queues: pipeline.queues });
    const timeout = Duration.seconds(29);
    const operated = new HttpLambdaIntegration("OperateIntegration", this.operate.function, { timeout });
    const called = new HttpLambdaIntegration("CallVendorIntegration", this.callVendor.function, { timeout });
    const { api } = pipeline.publicApi;
    const all = [...routes.map((one) => ({ ...one, integration: operated })), { ...route, integration: called }];
    for (const { method, path, integration } of all) {
      // No authorizer is named: the API's own stands in front of every route that does not refuse it.
      new HttpRoute(this, `${method} ${path}`.replaceAll("/", "."), {
        httpApi: api,
        routeKey: HttpRouteKey.with(path, HttpMethod[method]),
        integration,
      });
    }
    new CfnOutput(this, "ApiUrl", { value: api.apiEndpoint, description: "For plumbline --api" });
  }
}
