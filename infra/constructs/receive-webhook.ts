import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { envSchema } from "#functions/receive-webhook/env.ts";
import { PipelineFunction } from "#infra/constructs/pipeline-function.ts";
import { readsSecrets, readsTable, sendsTo } from "#infra/constructs/rights.ts";
import { queueUrls, type Surroundings } from "#infra/constructs/surroundings.ts";
import { timeouts } from "#infra/constructs/timeouts.ts";

/** Takes a vendor's event, checks who sent it and answers once its hint is queued. */
export class ReceiveWebhook extends PipelineFunction<typeof envSchema> {
  constructor(scope: Construct, id: string, { stage, store, queues }: Surroundings) {
    super(scope, id, {
      stage,
      folder: "receive-webhook",
      description: "Vendor events become hints",
      envSchema,
      environment: {
        TABLE_NAME: store.table.tableName,
        HINT_QUEUES: queueUrls(Stack.of(scope), queues.hints),
      },
      timeout: timeouts.receiveWebhook,
      memoryMb: 512,
      may: [readsTable(store), sendsTo(...Object.values(queues.hints)), readsSecrets(Stack.of(scope))],
    });
  }
}
