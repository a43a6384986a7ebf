import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { envSchema } from "#functions/operate/env.ts";
import { PipelineFunction } from "#infra/constructs/pipeline-function.ts";
import { queriesIndexes, readsArchive, sendsTo, writesTable } from "#infra/constructs/rights.ts";
import { queueUrls, type Surroundings } from "#infra/constructs/surroundings.ts";
import { timeouts } from "#infra/constructs/timeouts.ts";

/** Answers the terminal and the console, and takes a person's decisions. It never calls a vendor. */
export class Operate extends PipelineFunction<typeof envSchema> {
  constructor(scope: Construct, id: string, { stage, store, queues }: Surroundings) {
    super(scope, id, {
      stage,
      folder: "operate",
      description: "What people ask and decide",
      envSchema,
      environment: {
        TABLE_NAME: store.table.tableName,
        CELL: stage.cell,
        ARCHIVE_BUCKET: store.archive.bucketName,
        HINT_QUEUES: queueUrls(Stack.of(scope), queues.hints),
        OUTBOUND_QUEUES: queueUrls(Stack.of(scope), queues.outbound),
        INBOUND_QUEUE_URL: queues.inbound.queue.queueUrl,
      },
      timeout: timeouts.operate,
      // One whole vCPU: `status` reads every job of a company (measured: 19,000 jobs take 4 s of it and 430 MB).
      memoryMb: 1769,
      may: [
        writesTable(store),
        queriesIndexes(store, "listIndex", "dueIndex"),
        readsArchive(store),
        sendsTo(...Object.values(queues.hints), queues.inbound, ...Object.values(queues.outbound)),
      ],
    });
  }
}
