import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { envSchema } from "#functions/reconcile-job/env.ts";
import { PipelineFunction } from "#infra/constructs/pipeline-function.ts";
import { readsArchive, sendsTo, writesArchive, writesTable } from "#infra/constructs/rights.ts";
import { queueUrls, type Surroundings } from "#infra/constructs/surroundings.ts";
import { timeouts } from "#infra/constructs/timeouts.ts";

/** Folds observations into jobs. It never calls a vendor, so it holds no right to a secret. */
export class ReconcileJob extends PipelineFunction<typeof envSchema> {
  constructor(scope: Construct, id: string, { stage, store, queues }: Surroundings) {
    super(scope, id, {
      stage,
      folder: "reconcile-job",
      description: "Observations become jobs, breaks and intents",
      envSchema,
      environment: {
        TABLE_NAME: store.table.tableName,
        ARCHIVE_BUCKET: store.archive.bucketName,
        INBOUND_QUEUE_URL: queues.inbound.queue.queueUrl,
        HINT_QUEUES: queueUrls(Stack.of(scope), queues.hints),
        OUTBOUND_QUEUES: queueUrls(Stack.of(scope), queues.outbound),
      },
      timeout: timeouts.reconcileJob,
      memoryMb: 512,
      may: [
        writesTable(store),
        readsArchive(store),
        writesArchive(store),
        sendsTo(queues.inbound, ...Object.values(queues.hints), ...Object.values(queues.outbound)),
      ],
    });
    this.consumes(queues.inbound, 50);
    // Behind the live queue: history may take its time, and what its many pages say of one job is then one commit.
    this.consumes(queues.backfill, 2);
  }
}
