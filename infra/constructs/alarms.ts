import { Duration } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { Operation } from "aws-cdk-lib/aws-dynamodb";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { type AlarmKind, alarmRegistry } from "#infra/constructs/alarm-registry.ts";
import type { WorkQueue } from "#infra/constructs/work-queue.ts";
import type { TableOfCell } from "#infra/stacks/data.ts";
import { nameIn, type Stage } from "#infra/stage.ts";

interface Named {
  readonly name: string;
  readonly function: LambdaFunction;
}

/** What is watched, from all stacks. */
export interface Watched {
  readonly table: TableOfCell;
  readonly api: HttpApi;
  readonly queues: readonly WorkQueue[];
  readonly functions: readonly Named[];
  readonly dispatchDue: Named;
}

interface Threshold {
  readonly threshold: number;
  readonly evaluationPeriods: number;
  readonly below?: boolean;
  readonly treatMissingData: TreatMissingData;
}

// A queue or a function that reports nothing has nothing to do, which is good.
const atLeastOne: Threshold = { threshold: 1, evaluationPeriods: 1, treatMissingData: TreatMissingData.NOT_BREACHING };
const fiveMinutes = { period: Duration.minutes(5) };

/** The alarms of alarm-registry.ts over everything that is watched, and one topic per severity. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];
  readonly #made: Alarm[] = [];
  readonly #stage: Stage;
  readonly #topics: Readonly<Record<"page" | "ticket", Topic>>;

  constructor(scope: Construct, id: string, stage: Stage, watched: Watched) {
    super(scope, id);
    this.#stage = stage;
    const topic = (severity: string): Topic =>
      new Topic(this, severity, { topicName: nameIn(stage, "alarms", severity), enforceSSL: true });
    this.#topics = { page: topic("page"), ticket: topic("ticket") };

    for (const work of watched.queues) this.#watchQueue(work);
    for (const named of watched.functions) this.#watchFunction(named);
    this.#add("tick-missing", watched.dispatchDue.name, watched.dispatchDue.function.metricInvocations(fiveMinutes), {
      threshold: 1,
      evaluationPeriods: 2,
      below: true,
      // A function that is never invoked reports nothing at all: exactly what this alarm is for.
      treatMissingData: TreatMissingData.BREACHING,
    });
    this.#add("webhook-refused", "api", watched.api.metricServerError(fiveMinutes), { ...atLeastOne, threshold: 5 });
    const operations = [Operation.GET_ITEM, Operation.PUT_ITEM, Operation.UPDATE_ITEM, Operation.TRANSACT_WRITE_ITEMS];
    this.#add(
      "table-failing",
      "table",
      watched.table.metricSystemErrorsForOperations({ operations, ...fiveMinutes }),
      atLeastOne,
    );
    this.all = this.#made;
  }

  #watchQueue(work: WorkQueue): void {
    const waiting = work.deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: "Maximum", ...fiveMinutes });
    this.#add("dead-letters-waiting", work.name, waiting, atLeastOne);
    this.#add("queue-behind", work.name, work.queue.metricApproximateAgeOfOldestMessage(fiveMinutes), {
      ...atLeastOne,
      threshold: 600,
      evaluationPeriods: 3,
    });
  }

  #watchFunction(named: Named): void {
    this.#add("function-failing", named.name, named.function.metricErrors(fiveMinutes), atLeastOne);
    this.#add("function-throttled", named.name, named.function.metricThrottles(fiveMinutes), {
      ...atLeastOne,
      evaluationPeriods: 3,
    });
  }

  #add(kind: AlarmKind, about: string, metric: IMetric, { below, ...threshold }: Threshold): void {
    const { severity, says } = alarmRegistry[kind];
    const alarm = new Alarm(this, `${kind}.${about}`, {
      alarmName: `${nameIn(this.#stage)}/${kind}/${about}`,
      alarmDescription: `${says} What to do: infra/RUNBOOK.md, "${kind}".`,
      metric,
      comparisonOperator: below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      ...threshold,
    });
    alarm.addAlarmAction(new SnsAction(this.#topics[severity]));
    this.#made.push(alarm);
  }
}
