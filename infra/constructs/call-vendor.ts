import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { envSchema } from "#functions/call-vendor/env.ts";
import { PipelineFunction } from "#infra/constructs/pipeline-function.ts";
import { readsArchive, readsSecrets, sendsTo, writesArchive, writesTable } from "#infra/constructs/rights.ts";
import { queueUrls, type Surroundings } from "#infra/constructs/surroundings.ts";
import { timeouts } from "#infra/constructs/timeouts.ts";

/** Runs what a person calls by hand: reads, writes as intents that write-back sends, and writes with secrets at once. */
export class CallVendor extends PipelineFunction<typeof envSchema> {
  constructor(scope: Construct, id: string, { stage, store, queues }: Surroundings) {
    super(scope, id, {
      stage,
      folder: "call-vendor",
      description: "Operations of vendors that people call by hand",
      envSchema,
      environment: {
        TABLE_NAME: store.table.tableName,
        ARCHIVE_BUCKET: store.archive.bucketName,
        OUTBOUND_QUEUES: queueUrls(Stack.of(scope), queues.outbound),
      },
      timeout: timeouts.operate,
      memoryMb: 512,
      may: [
        writesTable(store),
        writesArchive(store),
        readsArchive(store),
        sendsTo(...Object.values(queues.outbound)),
        readsSecrets(Stack.of(scope)),
      ],
    });
  }
}
