import { account, type Naming, type Resolver, region } from "./resolve.ts";
import type { Resource } from "./template.ts";

/** Addresses that only this machine knows, needed before anything can be resolved. */
export interface Addresses {
  readonly sqs: string;
  readonly api: string;
}

interface Kind {
  /** The property that may hold the physical name. */
  readonly nameProperty?: string;
  readonly arn?: (name: string) => string;
  readonly ref?: "name" | "arn" | "url";
}

const arn =
  (service: string, path = "") =>
  (name: string) =>
    `arn:aws:${service}:${region}:${account}:${path}${name}`;

const kinds: Readonly<Record<string, Kind>> = {
  "AWS::SQS::Queue": { nameProperty: "QueueName", arn: arn("sqs"), ref: "url" },
  "AWS::Lambda::Function": { nameProperty: "FunctionName", arn: arn("lambda", "function:") },
  "AWS::DynamoDB::Table": { nameProperty: "TableName", arn: arn("dynamodb", "table/") },
  "AWS::S3::Bucket": { nameProperty: "BucketName", arn: (name) => `arn:aws:s3:::${name}` },
  "AWS::SecretsManager::Secret": { nameProperty: "Name", arn: arn("secretsmanager", "secret:"), ref: "arn" },
  "AWS::IAM::Role": { nameProperty: "RoleName", arn: (name) => `arn:aws:iam::${account}:role/${name}` },
  "AWS::SNS::Topic": { nameProperty: "TopicName", arn: arn("sns"), ref: "arn" },
  "AWS::Logs::LogGroup": { nameProperty: "LogGroupName", arn: arn("logs", "log-group:") },
  "AWS::Scheduler::Schedule": { nameProperty: "Name", arn: arn("scheduler", "schedule/default/") },
};

/** The name a resource has in its account: what the template says, else stack and logical id as CloudFormation makes it. */
export function physicalName(resource: Resource, resolver: Resolver): string {
  const property = kinds[resource.type]?.nameProperty;
  const given = property ? resolver.resolve(resource.stack, resource.properties[property]) : undefined;
  if (typeof given === "string" && given !== "") return given;
  const name = `${resource.stack}-${resource.logicalId}`;
  return resource.type === "AWS::S3::Bucket" ? name.toLowerCase() : name;
}

/** The ARN of a resource, also of kinds the local stack does not run. */
export function arnOf(resource: Resource, resolver: Resolver): string {
  const name = physicalName(resource, resolver);
  return kinds[resource.type]?.arn?.(name) ?? `arn:aws:local:${region}:${account}:${name}`;
}

/** The function that a Lambda ARN names, without its alias or version. */
export function functionOfArn(value: string): string {
  const found = /(?:^|:)function:([^:/]+)/.exec(value);
  return found?.[1] ?? value;
}

/** What Ref and Fn::GetAtt answer here: names as in the account, URLs on loopback. */
export function localNaming(addresses: Addresses, resolver: () => Resolver): Naming {
  return (resource, attribute) => {
    const self = resolver();
    if (resource.type === "AWS::Lambda::Alias" || resource.type === "AWS::Lambda::Version") {
      return `${qualified(resource, self)}:${resource.type === "AWS::Lambda::Alias" ? "live" : "1"}`;
    }
    if (resource.type === "AWS::ApiGatewayV2::Api" && attribute === "ApiEndpoint") return addresses.api;
    const name = physicalName(resource, self);
    const url = `${addresses.sqs}/${account}/${name}`;
    if (attribute === "Arn" || attribute?.endsWith("Arn")) return arnOf(resource, self);
    if (attribute === "QueueUrl") return url;
    if (attribute !== undefined)
      return attribute.endsWith("Name") || attribute.endsWith("Id") ? name : `${name}.${attribute}`;
    const kind = kinds[resource.type];
    if (kind?.ref === "url") return url;
    if (kind?.ref === "arn") return arnOf(resource, self);
    return kind ? name : resource.logicalId;
  };
}

/** An alias or a version answers with its function's ARN and a qualifier. */
function qualified(resource: Resource, resolver: Resolver): string {
  const of = resolver.resolve(resource.stack, resource.properties["FunctionName"]);
  return arn("lambda", "function:")(functionOfArn(String(of)));
}
