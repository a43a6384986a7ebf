import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { envSchema } from "#functions/poll-vendor/env.ts";
import { PipelineFunction } from "#infra/constructs/pipeline-function.ts";
import { readsSecrets, sendsTo, writesArchive, writesTable } from "#infra/constructs/rights.ts";
import type { Surroundings } from "#infra/constructs/surroundings.ts";
import { timeouts } from "#infra/constructs/timeouts.ts";
import type { VendorId } from "#shared/connectors/vendors.ts";

/** Reads from one vendor what hints name and what is due, and forwards what differs from the manifest. */
export class PollVendor extends PipelineFunction<typeof envSchema> {
  constructor(scope: Construct, id: string, { stage, store, queues }: Surroundings, vendor: VendorId) {
    const hints = queues.hints[vendor];
    super(scope, id, {
      stage,
      folder: "poll-vendor",
      vendor,
      description: `Reads ${vendor}`,
      envSchema,
      environment: {
        VENDOR: vendor,
        TABLE_NAME: store.table.tableName,
        ARCHIVE_BUCKET: store.archive.bucketName,
        HINT_QUEUE_URL: hints.queue.queueUrl,
        INBOUND_QUEUE_URL: queues.inbound.queue.queueUrl,
        BACKFILL_QUEUE_URL: queues.backfill.queue.queueUrl,
      },
      timeout: timeouts.pollVendor,
      memoryMb: 512,
      may: [
        writesTable(store),
        writesArchive(store),
        sendsTo(hints, queues.inbound, queues.backfill),
        readsSecrets(Stack.of(scope)),
      ],
    });
    // Two at a time: a vendor's budget is counted in the table, and more readers would only wait for each other.
    this.consumes(hints, 2);
  }
}
