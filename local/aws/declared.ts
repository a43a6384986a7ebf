import { existsSync } from "node:fs";
import * as z from "#shared/domain/schema.ts";
import { arnOf, functionOfArn, physicalName } from "./naming.ts";
import type { Resolver } from "./resolve.ts";
import { type Assembly, type Resource, resourcesOf } from "./template.ts";

/** A function as the template declares it; times in seconds, memory in megabytes. */
export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  readonly handler: string;
  /** The folder of its bundle. */
  readonly code: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly reservedConcurrency: number | undefined;
  readonly logFormat: "JSON" | "Text";
  /** Whether Lambda stops a chain that comes back to this function more than 16 times. */
  readonly stopsRecursion: boolean;
  /** Retries after a failed asynchronous invocation. */
  readonly asyncRetries: number;
}

export interface QueueSpec {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  /** Attributes as CreateQueue takes them. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly deadLetterArn: string | undefined;
}

export interface MappingSpec {
  readonly functionName: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly maximumConcurrency: number | undefined;
  readonly reportsItemFailures: boolean;
}

export interface ScheduleSpec {
  readonly name: string;
  readonly arn: string;
  readonly functionName: string;
  readonly expression: string;
  readonly timezone: string;
  readonly input: string | undefined;
}

const functionSchema = z.object({
  Code: z.object({ S3Key: z.optional(z.string()) }),
  Handler: z.optional(z.string()),
  Runtime: z.optional(z.string()),
  Timeout: z._default(z.number(), 3),
  MemorySize: z._default(z.number(), 128),
  Environment: z.optional(z.object({ Variables: z.optional(z.record(z.string(), z.coerce.string())) })),
  ReservedConcurrentExecutions: z.optional(z.number()),
  RecursiveLoop: z._default(z.enum(["Allow", "Terminate"]), "Terminate"),
  LoggingConfig: z.optional(z.object({ LogFormat: z.optional(z.enum(["JSON", "Text"])) })),
});

/** The Node functions that have a bundle among the assets; others (custom resources of the CDK) run at deployment only. */
export function functionsOf(assembly: Assembly, resolver: Resolver): FunctionSpec[] {
  const retries = new Map<string, number>();
  for (const resource of resourcesOf(assembly, "AWS::Lambda::EventInvokeConfig")) {
    const config = read(invokeConfigSchema, resource, resolver);
    retries.set(functionOfArn(config.FunctionName), config.MaximumRetryAttempts);
  }
  const found: FunctionSpec[] = [];
  for (const resource of resourcesOf(assembly, "AWS::Lambda::Function")) {
    const spec = read(functionSchema, resource, resolver);
    const code = spec.Code.S3Key === undefined ? undefined : assembly.assets.get(spec.Code.S3Key);
    if (!spec.Runtime?.startsWith("nodejs") || code === undefined) continue;
    const name = physicalName(resource, resolver);
    if (!existsSync(code)) throw new Error(`${name}: its bundle ${code} is missing; synthesise again`);
    found.push({
      name,
      arn: arnOf(resource, resolver),
      handler: spec.Handler ?? "index.handler",
      code,
      timeoutSeconds: spec.Timeout,
      memoryMb: spec.MemorySize,
      environment: spec.Environment?.Variables ?? {},
      reservedConcurrency: spec.ReservedConcurrentExecutions,
      logFormat: spec.LoggingConfig?.LogFormat ?? "Text",
      stopsRecursion: spec.RecursiveLoop === "Terminate",
      asyncRetries: retries.get(name) ?? 2,
    });
  }
  return found;
}

const invokeConfigSchema = z.object({
  FunctionName: z.string(),
  MaximumRetryAttempts: z._default(z.number(), 2),
});

const redriveSchema = z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() });

const queueSchema = z.object({
  VisibilityTimeout: z.optional(z.number()),
  DelaySeconds: z.optional(z.number()),
  MaximumMessageSize: z.optional(z.number()),
  MessageRetentionPeriod: z.optional(z.number()),
  ReceiveMessageWaitTimeSeconds: z.optional(z.number()),
  RedrivePolicy: z.optional(redriveSchema),
  FifoQueue: z.optional(z.boolean()),
});

export function queuesOf(assembly: Assembly, resolver: Resolver, sqsUrl: string): QueueSpec[] {
  return resourcesOf(assembly, "AWS::SQS::Queue").map((resource) => {
    const { RedrivePolicy, FifoQueue, ...numbers } = read(queueSchema, resource, resolver);
    const name = physicalName(resource, resolver);
    if (FifoQueue) throw new Error(`${name} is a FIFO queue: the local stack runs standard queues only`);
    const attributes: Record<string, string> = {};
    for (const [key, value] of Object.entries(numbers)) if (value !== undefined) attributes[key] = String(value);
    if (RedrivePolicy) attributes["RedrivePolicy"] = JSON.stringify(RedrivePolicy);
    const arn = arnOf(resource, resolver);
    const url = `${sqsUrl}/${arn.split(":")[4]}/${name}`;
    return { name, arn, url, attributes, deadLetterArn: RedrivePolicy?.deadLetterTargetArn };
  });
}

const mappingSchema = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z._default(z.number(), 10),
  MaximumBatchingWindowInSeconds: z._default(z.number(), 0),
  FunctionResponseTypes: z._default(z.array(z.string()), []),
  ScalingConfig: z.optional(z.object({ MaximumConcurrency: z.optional(z.number()) })),
  FilterCriteria: z.optional(z.unknown()),
  Enabled: z._default(z.boolean(), true),
});

export function mappingsOf(assembly: Assembly, resolver: Resolver): MappingSpec[] {
  const found: MappingSpec[] = [];
  for (const resource of resourcesOf(assembly, "AWS::Lambda::EventSourceMapping")) {
    const spec = read(mappingSchema, resource, resolver);
    if (!spec.Enabled) continue;
    if (!spec.EventSourceArn.startsWith("arn:aws:sqs:")) {
      throw new Error(`${resource.logicalId}: only queues are event sources here, not ${spec.EventSourceArn}`);
    }
    if (spec.FilterCriteria !== undefined) throw new Error(`${resource.logicalId}: FilterCriteria are not emulated`);
    found.push({
      functionName: functionOfArn(spec.FunctionName),
      queueArn: spec.EventSourceArn,
      batchSize: spec.BatchSize,
      windowSeconds: spec.MaximumBatchingWindowInSeconds,
      maximumConcurrency: spec.ScalingConfig?.MaximumConcurrency,
      reportsItemFailures: spec.FunctionResponseTypes.includes("ReportBatchItemFailures"),
    });
  }
  return found;
}

const scheduleSchema = z.object({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z._default(z.string(), "UTC"),
  State: z._default(z.string(), "ENABLED"),
  Target: z.object({ Arn: z.string(), Input: z.optional(z.string()) }),
});

export function schedulesOf(assembly: Assembly, resolver: Resolver): ScheduleSpec[] {
  const found: ScheduleSpec[] = [];
  for (const resource of resourcesOf(assembly, "AWS::Scheduler::Schedule")) {
    const spec = read(scheduleSchema, resource, resolver);
    if (spec.State !== "ENABLED") continue;
    found.push({
      name: physicalName(resource, resolver),
      arn: arnOf(resource, resolver),
      functionName: functionOfArn(spec.Target.Arn),
      expression: spec.ScheduleExpression,
      timezone: spec.ScheduleExpressionTimezone,
      input: spec.Target.Input,
    });
  }
  return found;
}

/** Resolves a resource's properties and checks the part the local stack reads; throws naming the resource. */
export function read<Schema extends z.ZodMiniType>(
  schema: Schema,
  resource: Resource,
  resolver: Resolver,
): z.infer<Schema> {
  const result = z.safeParse(schema, resolver.resolve(resource.stack, resource.properties));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(`${resource.stack}.${resource.logicalId}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
}
