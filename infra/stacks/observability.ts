import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { Alarms } from "#infra/constructs/alarms.ts";
import { Overview } from "#infra/constructs/overview.ts";
import type { ConsoleStack } from "#infra/stacks/console.ts";
import type { Store } from "#infra/stacks/data.ts";
import type { PipelineStack } from "#infra/stacks/pipeline.ts";
import type { Stage } from "#infra/stage.ts";

export interface ObservabilityStackProps extends StackProps {
  readonly stage: Stage;
  readonly store: Store;
  readonly pipeline: PipelineStack;
  readonly console: ConsoleStack;
}

/** What watches the other stacks: alarms by severity and one dashboard. */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, { stage, store, pipeline, console, ...props }: ObservabilityStackProps) {
    super(scope, id, { description: "Plumbline: what watches the rest", ...props });
    const watched = {
      table: store.table,
      api: pipeline.publicApi.api,
      queues: pipeline.queues.all(),
      dispatchDue: pipeline.dispatchDue,
      functions: [
        pipeline.receiveWebhook,
        ...Object.values(pipeline.pollers),
        pipeline.reconcileJob,
        ...Object.values(pipeline.writers),
        pipeline.sweepDrift,
        pipeline.dispatchDue,
        console.operate,
        console.callVendor,
      ],
    };
    const alarms = new Alarms(this, "Alarms", stage, watched);
    new Overview(this, "Overview", stage, watched, alarms.all);
  }
}
