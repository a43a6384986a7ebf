import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  CorsHttpMethod,
  type CorsPreflightOptions,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpJwtAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { nameIn, type Stage } from "#infra/stage.ts";

/** One line a request: who asked for what, and what came back. No header, no body, no query. */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    at: "$context.requestTime",
    request: "$context.requestId",
    from: "$context.identity.sourceIp",
    person: "$context.authorizer.claims.sub",
    route: "$context.routeKey",
    path: "$context.path",
    status: "$context.status",
    bytes: "$context.responseLength",
    error: "$context.error.message",
    integration: "$context.integrationErrorMessage",
  }),
);

/** A page of this origin may ask what people may; the token still decides. Without it no page of another origin may. */
const askedFrom = (origin: string): CorsPreflightOptions => ({
  allowOrigins: [origin],
  allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST],
  allowHeaders: ["authorization", "content-type"],
  maxAge: Duration.hours(1),
});

/** One HTTP API per cell. A route is behind the token unless it is a vendor's webhook, which proves itself by signature. */
export class PublicApi extends Construct {
  readonly api: HttpApi;
  readonly #authorizer: HttpJwtAuthorizer;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    this.#authorizer = new HttpJwtAuthorizer("Operators", stage.tokenIssuer, { jwtAudience: [stage.tokenAudience] });
    this.api = new HttpApi(this, "Api", {
      apiName: nameIn(stage, "api"),
      createDefaultStage: false,
      defaultAuthorizer: this.#authorizer,
      ...(stage.consoleOrigin === undefined ? {} : { corsPreflight: askedFrom(stage.consoleOrigin) }),
    });
    const accessLog = new LogGroup(this, "AccessLog", {
      logGroupName: `/plumbline/${stage.cell}/api-access`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, "Stage", {
      httpApi: this.api,
      stageName: "$default",
      autoDeploy: true,
      throttle: { rateLimit: 100, burstLimit: 200 },
      accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: accessLogFormat },
    });
  }

  /** The one kind of route that is open. */
  openToVendors(id: string, path: string, handler: IFunction): HttpRoute {
    const route = new HttpRoute(this, id, {
      httpApi: this.api,
      routeKey: HttpRouteKey.with(path, HttpMethod.POST),
      integration: new HttpLambdaIntegration(`${id}Integration`, handler, { timeout: Duration.seconds(10) }),
      authorizer: new HttpNoneAuthorizer(),
    });
    Validations.of(route).acknowledge({
      id: "AwsSolutions-APIG4",
      reason: "Vendors cannot carry our tokens; the function takes nothing whose signature does not hold.",
    });
    return route;
  }
}
