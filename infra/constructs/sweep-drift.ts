import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { envSchema } from "#functions/sweep-drift/env.ts";
import { PipelineFunction } from "#infra/constructs/pipeline-function.ts";
import { queriesIndexes, readsSecrets, sendsTo, writesArchive, writesTable } from "#infra/constructs/rights.ts";
import { queueUrls, type Surroundings } from "#infra/constructs/surroundings.ts";
import { timeouts } from "#infra/constructs/timeouts.ts";

/** Compares a vendor's records with the job items' digests and hints at every difference. */
export class SweepDrift extends PipelineFunction<typeof envSchema> {
  constructor(scope: Construct, id: string, { stage, store, queues }: Surroundings) {
    super(scope, id, {
      stage,
      folder: "sweep-drift",
      description: "Finds what any message lost",
      envSchema,
      environment: {
        TABLE_NAME: store.table.tableName,
        ARCHIVE_BUCKET: store.archive.bucketName,
        HINT_QUEUES: queueUrls(Stack.of(scope), queues.hints),
        INBOUND_QUEUE_URL: queues.inbound.queue.queueUrl,
      },
      timeout: timeouts.sweepDrift,
      memoryMb: 512,
      may: [
        writesTable(store),
        writesArchive(store),
        queriesIndexes(store, "listIndex"),
        sendsTo(...Object.values(queues.hints), queues.inbound),
        readsSecrets(Stack.of(scope)),
      ],
    });
    this.consumes(queues.sweep, 2);
  }
}
