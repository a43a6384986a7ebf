import { Duration, Stack } from "aws-cdk-lib";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Schedule, ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { LambdaInvoke } from "aws-cdk-lib/aws-scheduler-targets";
import type { Construct } from "constructs";
import { envSchema } from "#functions/dispatch-due/env.ts";
import { PipelineFunction } from "#infra/constructs/pipeline-function.ts";
import { queriesIndexes, sendsTo, writesTable } from "#infra/constructs/rights.ts";
import { queueUrls, type Surroundings } from "#infra/constructs/surroundings.ts";
import { timeouts } from "#infra/constructs/timeouts.ts";
import { nameIn } from "#infra/stage.ts";

/** Hands out once a minute what is due: streams to read, intents to send, graces that end. */
export class DispatchDue extends PipelineFunction<typeof envSchema> {
  constructor(scope: Construct, id: string, { stage, store, queues }: Surroundings) {
    super(scope, id, {
      stage,
      folder: "dispatch-due",
      description: "Hands out what is due",
      envSchema,
      environment: {
        TABLE_NAME: store.table.tableName,
        CELL: stage.cell,
        HINT_QUEUES: queueUrls(Stack.of(scope), queues.hints),
        OUTBOUND_QUEUES: queueUrls(Stack.of(scope), queues.outbound),
        INBOUND_QUEUE_URL: queues.inbound.queue.queueUrl,
        SWEEP_QUEUE_URL: queues.sweep.queue.queueUrl,
      },
      timeout: timeouts.dispatchDue,
      memoryMb: 512,
      may: [
        writesTable(store),
        queriesIndexes(store, "dueIndex"),
        sendsTo(...Object.values(queues.hints), queues.inbound, ...Object.values(queues.outbound), queues.sweep),
      ],
    });

    const role = new Role(this, "TickRole", {
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
      inlinePolicies: {
        Invoke: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [this.function.functionArn] }),
          ],
        }),
      },
    });
    new Schedule(this, "Tick", {
      scheduleName: nameIn(stage, "tick"),
      description: "The one tick of the cell",
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      // No retry: what a lost tick would have handed out is still due a minute later.
      target: new LambdaInvoke(this.function, {
        retryAttempts: 0,
        maxEventAge: Duration.minutes(1),
        // As it stands: the target would add every version and alias of the function.
        role: role.withoutPolicyUpdates(),
      }),
    });
  }
}
