import * as z from "#shared/domain/schema.ts";
import { read } from "./declared.ts";
import { functionOfArn } from "./naming.ts";
import type { Resolver } from "./resolve.ts";
import { type Assembly, type Resource, resourcesOf } from "./template.ts";

export interface AuthorizerSpec {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** The lower-case name of the header that holds the token. */
  readonly header: string;
}

export interface RouteSpec {
  readonly routeKey: string;
  readonly functionName: string;
  readonly timeoutMs: number;
  readonly authorizer: AuthorizerSpec | undefined;
  /** The token must hold one of these, when there are any. */
  readonly scopes: readonly string[];
}

export interface CorsSpec {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  readonly maxAgeSeconds: number | undefined;
}

export interface HttpApiSpec {
  readonly id: string;
  readonly routes: readonly RouteSpec[];
  readonly cors: CorsSpec | undefined;
}

const strings = z._default(z.array(z.string()), []);

const apiSchema = z.object({
  ProtocolType: z.optional(z.string()),
  CorsConfiguration: z.optional(
    z.object({
      AllowOrigins: strings,
      AllowMethods: strings,
      AllowHeaders: strings,
      ExposeHeaders: strings,
      MaxAge: z.optional(z.number()),
    }),
  ),
});

const routeSchema = z.object({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z._default(z.enum(["NONE", "JWT"]), "NONE"),
  AuthorizerId: z.optional(z.string()),
  AuthorizationScopes: strings,
});

const integrationSchema = z.object({
  IntegrationType: z.literal("AWS_PROXY"),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.optional(z.string()),
  TimeoutInMillis: z._default(z.number(), 30_000),
});

const authorizerSchema = z.object({
  AuthorizerType: z.literal("JWT"),
  IdentitySource: z._default(z.array(z.string()), ["$request.header.Authorization"]),
  JwtConfiguration: z.object({ Issuer: z.string(), Audience: z.array(z.string()) }),
});

/**
 * The HTTP API of the template with its routes, integrations and JWT authorizers. Undefined where there is none; throws
 * when there are two, or when a route needs what is not emulated (IAM or Lambda authorizers, HTTP proxies, payload 1.0).
 */
export function httpApiOf(assembly: Assembly, resolver: Resolver): HttpApiSpec | undefined {
  const apis = resourcesOf(assembly, "AWS::ApiGatewayV2::Api");
  const [api, second] = apis;
  if (!api) return undefined;
  if (second) throw new Error(`two HTTP APIs (${api.logicalId}, ${second.logicalId}): the local stack serves one`);
  const integrations = byReference(resourcesOf(assembly, "AWS::ApiGatewayV2::Integration"), resolver);
  const authorizers = byReference(resourcesOf(assembly, "AWS::ApiGatewayV2::Authorizer"), resolver);
  const routes = resourcesOf(assembly, "AWS::ApiGatewayV2::Route").map((resource): RouteSpec => {
    const route = read(routeSchema, resource, resolver);
    const target = integrations.get(route.Target.replace(/^integrations\//, ""));
    if (!target) throw new Error(`${route.RouteKey}: its integration ${route.Target} is not in the template`);
    const integration = read(integrationSchema, target, resolver);
    if (integration.PayloadFormatVersion !== "2.0") throw new Error(`${route.RouteKey}: only payload 2.0 is emulated`);
    return {
      routeKey: route.RouteKey,
      functionName: functionOfArn(integration.IntegrationUri),
      timeoutMs: integration.TimeoutInMillis,
      authorizer:
        route.AuthorizationType === "JWT" ? jwt(authorizers.get(route.AuthorizerId ?? ""), resolver) : undefined,
      scopes: route.AuthorizationScopes,
    };
  });
  return { id: api.logicalId, routes, cors: cors(read(apiSchema, api, resolver).CorsConfiguration) };
}

/** Keyed by what Ref answers for them, and only for them, on this machine. */
function byReference(resources: readonly Resource[], resolver: Resolver): Map<string, Resource> {
  return new Map(
    resources.map((resource) => [String(resolver.resolve(resource.stack, { Ref: resource.logicalId })), resource]),
  );
}

function jwt(resource: Resource | undefined, resolver: Resolver): AuthorizerSpec {
  if (!resource) throw new Error("a route with AuthorizationType JWT names no authorizer of the template");
  const { IdentitySource, JwtConfiguration } = read(authorizerSchema, resource, resolver);
  const header = /^\$request\.header\.(.+)$/.exec(IdentitySource[0] ?? "")?.[1];
  if (!header) throw new Error(`${resource.logicalId}: identity source ${IdentitySource[0]} is not a header`);
  return { issuer: JwtConfiguration.Issuer, audience: JwtConfiguration.Audience, header: header.toLowerCase() };
}

function cors(declared: z.infer<typeof apiSchema>["CorsConfiguration"]): CorsSpec | undefined {
  if (!declared) return undefined;
  return {
    origins: declared.AllowOrigins,
    methods: declared.AllowMethods,
    headers: declared.AllowHeaders,
    exposed: declared.ExposeHeaders,
    maxAgeSeconds: declared.MaxAge,
  };
}
