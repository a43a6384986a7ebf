import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { envSchema } from "#functions/write-back/env.ts";
import { PipelineFunction } from "#infra/constructs/pipeline-function.ts";
import { readsArchive, readsSecrets, sendsTo, writesArchive, writesTable } from "#infra/constructs/rights.ts";
import type { Surroundings } from "#infra/constructs/surroundings.ts";
import { timeouts } from "#infra/constructs/timeouts.ts";
import type { VendorId } from "#shared/connectors/vendors.ts";

/** The only function that changes anything at a vendor. */
export class WriteBack extends PipelineFunction<typeof envSchema> {
  constructor(scope: Construct, id: string, { stage, store, queues }: Surroundings, vendor: VendorId) {
    const outbound = queues.outbound[vendor];
    super(scope, id, {
      stage,
      folder: "write-back",
      vendor,
      description: `Writes agreed corrections to ${vendor}`,
      envSchema,
      environment: {
        VENDOR: vendor,
        TABLE_NAME: store.table.tableName,
        ARCHIVE_BUCKET: store.archive.bucketName,
        INBOUND_QUEUE_URL: queues.inbound.queue.queueUrl,
        OUTBOUND_QUEUE_URL: outbound.queue.queueUrl,
      },
      timeout: timeouts.writeBack,
      memoryMb: 512,
      may: [
        writesTable(store),
        readsArchive(store),
        writesArchive(store),
        sendsTo(queues.inbound, outbound),
        readsSecrets(Stack.of(scope)),
      ],
    });
    // Few at a time: what the stop switch cannot call back is what is in flight here.
    this.consumes(outbound, 2);
  }
}
