import { type Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime } from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { bundleOf } from "#infra/bundling/bundle.ts";
import type { Right } from "#infra/constructs/rights.ts";
import type { WorkQueue } from "#infra/constructs/work-queue.ts";
import { nameIn, type Stage } from "#infra/stage.ts";
import type * as z from "#shared/domain/schema.ts";

/** What only one machine adds to an environment; the template never sets it. */
type OnOneMachine = "PLUMBLINE_CLOCK_URL";

/** The variables a function's own schema asks for, as text: a missing or an unknown one does not compile. */
export type EnvironmentOf<Schema extends z.ZodMiniType> = {
  readonly [Name in Exclude<keyof z.input<Schema>, OnOneMachine>]: string;
};

export interface PipelineFunctionProps<Schema extends z.ZodMiniType> {
  readonly stage: Stage;
  /** The folder under functions/. */
  readonly folder: string;
  /** The vendor it works for, where there is one function for each. */
  readonly vendor?: string;
  readonly description: string;
  readonly envSchema: Schema;
  readonly environment: NoInfer<EnvironmentOf<Schema>>;
  readonly timeout: Duration;
  readonly memoryMb: number;
  /** Everything it may do besides writing its own log. */
  readonly may: readonly Right[];
}

/** One Lambda function: bundle, log group, and a role that holds what it was given and nothing else. */
export class PipelineFunction<Schema extends z.ZodMiniType> extends Construct {
  readonly name: string;
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: PipelineFunctionProps<Schema>) {
    super(scope, id);
    this.name = [props.folder, ...(props.vendor === undefined ? [] : [props.vendor])].join("-");
    const functionName = nameIn(props.stage, this.name);
    const logGroup = new LogGroup(this, "Log", {
      logGroupName: `/plumbline/${props.stage.cell}/${this.name}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role of our own: the managed basic execution role may write to every log group of the account.
    const role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    logGroup.grantWrite(role);
    for (const right of props.may) {
      role.addToPolicy(right.statement);
      if (right.wildcard) Validations.of(role).acknowledge(right.wildcard);
    }

    this.function = new LambdaFunction(this, "Function", {
      functionName,
      description: props.description,
      code: bundleOf(this, props.folder),
      handler: "index.handler",
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      timeout: props.timeout,
      memorySize: props.memoryMb,
      environment: { ...props.environment },
    });
  }

  /** Works off a queue: each message of a batch succeeds or fails for itself. */
  consumes(work: WorkQueue, maxConcurrency: number): void {
    const { most: batchSize, window } = work.batch;
    this.function.addEventSource(
      new SqsEventSource(work.queue, {
        ...{ batchSize, reportBatchItemFailures: true, maxConcurrency },
        ...(window ? { maxBatchingWindow: window } : {}),
      }),
    );
  }
}
