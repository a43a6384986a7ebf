import { Duration } from "aws-cdk-lib";
import { type Alarm, AlarmStatusWidget, Dashboard, GraphWidget, type IMetric } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import type { Watched } from "#infra/constructs/alarms.ts";
import { nameIn, type Stage } from "#infra/stage.ts";

const width = 12;
const height = 6;

/** The one dashboard of a cell: what waits, what fails, how long it takes. */
export class Overview extends Construct {
  constructor(scope: Construct, id: string, stage: Stage, watched: Watched, alarms: readonly Alarm[]) {
    super(scope, id);
    const graph = (title: string, left: IMetric[]): GraphWidget => new GraphWidget({ title, left, width, height });
    const perFunction = (metric: (of: Watched["functions"][number]) => IMetric): IMetric[] =>
      watched.functions.map(metric);

    new Dashboard(this, "Dashboard", {
      dashboardName: nameIn(stage),
      defaultInterval: Duration.hours(12),
      widgets: [
        [new AlarmStatusWidget({ title: "Alarms", alarms: [...alarms], width: 24, height })],
        [
          graph(
            "Oldest message waiting (seconds)",
            watched.queues.map(({ name, queue }) => queue.metricApproximateAgeOfOldestMessage({ label: name })),
          ),
          graph(
            "Dead letters",
            watched.queues.map(({ name, deadLetters }) =>
              deadLetters.metricApproximateNumberOfMessagesVisible({ label: name }),
            ),
          ),
        ],
        [
          graph(
            "Function errors",
            perFunction(({ name, function: fn }) => fn.metricErrors({ label: name })),
          ),
          graph(
            "Function duration, p95 (ms)",
            perFunction(({ name, function: fn }) => fn.metricDuration({ label: name, statistic: "p95" })),
          ),
        ],
        [
          graph("Write units used", [watched.table.metricConsumedWriteCapacityUnits()]),
          graph("Webhooks and operators", [watched.api.metricCount(), watched.api.metricServerError()]),
        ],
      ],
    });
  }
}
